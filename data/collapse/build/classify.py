"""The verdicts of a small classifier that learned elsewhere, to classifier.csv: `python data/collapse/build/classify.py`.

The outputs here repeat so much, and answer the same 48 questions, that they hang together as one cluster: nothing could be held
back to cross-fit on. So the classifier learns the program's labels of the other set (`../../demo/demo.jsonl`: same policy, same
questions, answers of another model), and of each output here only the models that never saw its question or its text are
asked. Its penalty is weak: with the usual one it says "no" to everything. The same texts give the same bytes.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from judgeaudit.config import read_audit_config
from judgeaudit.judges import classifier
from judgeaudit.judges._judge import Material
from judgeaudit.readers import read_records

COLLAPSE = Path(__file__).resolve().parents[1]
DEMO = COLLAPSE.parent / "demo"
RECORDED = COLLAPSE / "classifier.csv"
WEAK = 10.0
"""Inverse strength of the penalty; 1, 10, 100 and 1000 were tried on these outputs, so its figures are tuned here."""


def verdicts() -> str:
    """The text of classifier.csv: item_id and verdict of every output."""
    rubric = read_audit_config(COLLAPSE / "audit.yaml").rubrics["breach"].rubric("breach")
    taught, asked = read_records(DEMO / "demo.jsonl"), read_records(COLLAPSE / "outputs.jsonl")
    material = Material(outputs=(*taught.outputs, *asked.outputs), rubric=rubric, labels=taught.labels)
    answers = classifier.build("classifier", classifier.Params(c=WEAK)).judge(material)[len(taught.outputs) :]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("item_id", "verdict"))
    table.writerows((a.item_id, a.verdict) for a in answers)
    return text.getvalue()


if __name__ == "__main__":
    RECORDED.write_text(verdicts(), encoding="utf-8")
