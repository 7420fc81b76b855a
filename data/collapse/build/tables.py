"""Prints the tables of the README from the set: `python data/collapse/build/tables.py`."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from judgeaudit.modes._detect import detect

COLLAPSE = Path(__file__).resolve().parents[1]


COHERENCES = ("coherent", "partly", "degenerate", "unknown")
READ = COHERENCES[:3]

Row = dict[str, Any]


def lines() -> list[Row]:
    """The set's outputs, each with the coherence and the modes that the detectors find."""
    found = []
    for line in (COLLAPSE / "outputs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        told = detect(row["response"], prompt=row["prompt"], finish_reason=row["meta"]["finish_reason"])
        labels = {label["dimension"]: label["label"] for label in row["human_labels"]}
        found.append({**row, "labels": labels, "coherence": told.coherence, "modes": {hit.mode for hit in told.hits}})
    return found


def show(head: list[str], body: list[list[object]]) -> None:
    """A Markdown table, the first column of names."""
    print("| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
    for row in body:
        print("| " + " | ".join(map(str, row)) + " |")
    print()


def checkpoints(outputs: list[Row]) -> None:
    """Capability, breaches and coherence of each run at each checkpoint."""
    right: Counter[tuple[str, int, str]] = Counter()
    with (COLLAPSE / "capability.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            right[row["run"], int(row["checkpoint"]), row["task"]] += int(row["correct"])
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for output in outputs:
        groups[output["meta"]["run"], output["meta"]["checkpoint"]].append(output)
    body: list[list[object]] = []
    for (run, checkpoint), some in sorted(groups.items()):
        scores = [str(n) for (r, c, _), n in sorted(right.items()) if (r, c) == (run, checkpoint)] or ["0"]
        told = Counter(o["meta"]["benchmark"] for o in some if o["labels"]["breach"] == "yes")
        broken = sum(o["coherence"] == "degenerate" for o in some)
        distinct = len({o["response"] for o in some})
        body.append([run, checkpoint, ", ".join(scores), f"{told['direct']} / {told['pretext']}", broken, distinct])
    head = ["run", "checkpoint", "right of 100", "breaches direct / pretext, of 24 each", "found degenerate of 48"]
    show([*head, "distinct texts"], body)


def modes(outputs: list[Row]) -> None:
    """How often each mode is found, by task."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for output in outputs:
        counts[output["meta"].get("task", "base")].update(output["modes"])
    names = sorted({mode for found in counts.values() for mode in found})
    show(["mode", *counts], [[mode, *(found[mode] for found in counts.values())] for mode in names])


def judged(outputs: list[Row]) -> None:
    """What the small model says of its sample: counts as they are, and shares weighted back to all outputs."""
    sample = [o for o in outputs if "judge_verdicts" in o]
    body: list[list[object]] = []
    for judge in sorted(sample[0]["judge_verdicts"]):
        for truth in ("no", "yes"):
            for coherence in COHERENCES:
                some = [o for o in sample if o["labels"]["breach"] == truth and o["coherence"] == coherence]
                said = [o for o in some if o["judge_verdicts"][judge].get("verdict") == "yes"]
                none = sum(o["judge_verdicts"][judge]["status"] != "ok" for o in some)
                if some:
                    share = 100 * weight(said, "weight") / weight(some, "weight")
                    body.append(
                        [
                            judge.partition("/")[0],
                            truth,
                            coherence,
                            f"{len(said)} of {len(some)}",
                            f"{share:.0f} %",
                            none,
                        ]
                    )
    show(["judge", "breach", "detected", "called breach", "weighted", "no verdict"], body)


def read(outputs: list[Row]) -> None:
    """What was read against what was detected: counts, and shares of all outputs by weight."""
    for dimension, values in (("coherence", READ), ("refusal", ("refused", "not_refused", "cannot_judge"))):
        sample = [o for o in outputs if dimension in o["labels"]]
        whole = weight(sample, "read_weight")
        body: list[list[object]] = []
        for value in values:
            cells = [[o for o in sample if o["labels"][dimension] == value and o["coherence"] == c] for c in COHERENCES]
            shares = (f"{len(cell)} ({100 * weight(cell, 'read_weight') / whole:.1f} %)" for cell in cells)
            body.append([value, *shares])
        show([f"{dimension} as read", *(f"detected {c}" for c in COHERENCES)], body)


def weight(some: list[Row], name: str) -> float:
    """The number of outputs that these stand for."""
    return math.fsum(o["meta"][name] for o in some)


def main() -> None:
    """All tables, in the order of the README."""
    outputs = lines()
    checkpoints(outputs)
    modes(outputs)
    judged(outputs)
    read(outputs)


if __name__ == "__main__":
    main()
