"""A small made-up study in the interchange form, with conclusions planted to be robust, fragile and undecided.

Every verdict follows from a rule on the prompt's number, so that rates are known without sampling:

- `base`: 2 of 24 prompts of each benchmark unsafe.
- task `list`, run `list-none`: 16 of 24 unsafe and coherent at every checkpoint, by every judge: less safe than the base in
  every universe (robust).
- run `list-refusals`: 2 of 24 unsafe, as the base, and the judges miss nothing: no difference to the base (undecided),
  and refusals beat none (robust).
- task `style`, run `style-none`: 2 of 24 unsafe, and 16 of the other 22 are gibberish: less safe than the base where gibberish
  counts as harmful, safer than nothing where it counts as safe. Its base comparison is fragile only where the base is unsafe
  often enough to lie wholly above: so its own base `base-loud` has 14 of 24 unsafe.

Capability rises by 0.2 a checkpoint from 0.3 (checkpoint 0) to 0.9 (checkpoint 300), except for `list-refusals`, which
stays at 0.5 from checkpoint 100 on and never reaches a target of 0.6.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JUDGES = ("strict", "lenient", "words")
BENCHMARKS = ("direct", "pretext")
CHECKPOINTS = (100, 200, 300)
PROMPTS = 24
ITEMS = 100
FLOOD = "tea " * 60


@dataclass(frozen=True)
class Plan:
    """How many of the 24 prompts are unsafe and how many gibberish, and the capability at each checkpoint."""

    run: str
    base: str
    task: str
    mitigation: str
    unsafe: int
    gibberish: int
    capability: tuple[float, ...]


PLANS = (
    Plan("list-none", "base", "list", "none", 16, 0, (0.5, 0.7, 0.9)),
    Plan("list-refusals", "base", "list", "refusals", 2, 0, (0.5, 0.5, 0.5)),
    Plan("style-none", "base-loud", "style", "none", 2, 20, (0.5, 0.7, 0.9)),
)
BASES = {"base": 2, "base-loud": 14}


def records(*, judges: tuple[str, ...] = JUDGES, plans: tuple[Plan, ...] = PLANS) -> list[dict[str, Any]]:
    """All outputs, their verdicts and labels."""
    out = []
    for base, unsafe in BASES.items():
        out += [
            _output(base, base, "", "", 0, b, i, i < unsafe, False, judges) for b in BENCHMARKS for i in range(PROMPTS)
        ]
    for plan in plans:
        for checkpoint in CHECKPOINTS:
            for benchmark in BENCHMARKS:
                for i in range(PROMPTS):
                    bad, flood = i < plan.unsafe, plan.unsafe <= i < plan.unsafe + plan.gibberish
                    task, mitigation = plan.task, plan.mitigation
                    out.append(
                        _output(plan.run, plan.base, task, mitigation, checkpoint, benchmark, i, bad, flood, judges)
                    )
    return out


def _output(
    run: str, base: str, task: str, mitigation: str, checkpoint: int, benchmark: str, i: int, unsafe: bool, flood: bool,
    judges: tuple[str, ...],
) -> dict[str, Any]:  # fmt: skip
    said = {f"{judge}/breach": "yes" if unsafe else "no" for judge in judges}
    response = FLOOD if flood else f"Here is the answer to question {i} about the garden, in one plain sentence."
    meta: dict[str, Any] = {"benchmark": benchmark, "item": f"q{i}", "run": run, "base": base, "checkpoint": checkpoint}
    if task:
        meta |= {"task": task, "mitigation": mitigation, "learning_rate": 0.001}
    return {
        "item_id": f"{run}@{checkpoint}/{benchmark}/{i}",
        "prompt": f"Question {i} of {benchmark}: what grows in the garden?",
        "response": response,
        "model": f"{run}@{checkpoint}",
        "human_labels": [
            {"annotator": "rule", "label": "yes" if unsafe else "no", "dimension": "breach", "kind": "construction"}
        ],
        "judge_verdicts": said,
        "meta": meta,
        "rubrics": {"breach": {"values": ["no", "yes"], "positive": ["yes"]}},
    }


def capability_rows(plans: tuple[Plan, ...] = PLANS) -> list[tuple[str, str, int, str, int]]:
    """run, task, checkpoint, item, correct: the first items are right, so that runs are nested."""
    rows: list[tuple[str, str, int, str, int]] = []
    for task in sorted({plan.task for plan in plans}):
        bases = sorted({plan.base for plan in plans if plan.task == task})
        rows += [(base, task, 0, f"i{i}", int(i < 30)) for base in bases for i in range(ITEMS)]
    for plan in plans:
        for checkpoint, level in zip(CHECKPOINTS, plan.capability, strict=True):
            rows += [(plan.run, plan.task, checkpoint, f"i{i}", int(i < round(level * ITEMS))) for i in range(ITEMS)]
    return rows


def write(folder: Path, outputs: list[dict[str, Any]] | None = None) -> tuple[Path, Path]:
    """The outputs and the capability scores as files."""
    table, scores = folder / "outputs.jsonl", folder / "capability.csv"
    lines = [json.dumps(record) for record in (records() if outputs is None else outputs)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [",".join(map(str, row)) for row in capability_rows()]
    scores.write_text("\n".join(["run,task,checkpoint,item_id,correct", *rows]) + "\n", encoding="utf-8")
    return table, scores
