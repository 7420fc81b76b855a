"""Weights of labels speak of labels, weights of a column of outputs: the share of all outputs counts accordingly."""

from __future__ import annotations

from judgeaudit.model import Judgement, Label, Output, Rubric
from judgeaudit.readers._from_records import from_records
from judgeaudit.table import AuditInput

RUBRIC = Rubric(name="harm", values=("no", "yes"), positive=("yes",))


def read(weight: str | None) -> AuditInput:
    """Three outputs, one of which has a label that stands for two."""
    outputs = [Output(item_id=i, prompt="p" + i, response="r", meta={"w": 2.0}) for i in "abc"]
    said = [Judgement(item_id=i, judge="j", rubric="harm", verdict="no") for i in "abc"]
    labels = [Label(item_id="a", annotator="h", rubric="harm", value="no", kind="human", weight=2.0)]
    return from_records(outputs, said, labels, RUBRIC, weight=weight)


def test_what_weights_are_of() -> None:
    assert read(None).weights_of == "labels"
    assert read("w").weights_of == "outputs"
