"""The human ceiling: each person, and each judge, against the majority of the other people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judgeaudit.audit._context import ANNOTATOR, Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import OTHERS, against_row, joints, measures_on
from judgeaudit.audit._rows import Row
from judgeaudit.model import Estimate
from judgeaudit.references import majority, median
from judgeaudit.references._reference import Reference
from judgeaudit.table import LabelSet

MIN_ANNOTATORS = 3
SHOWN = frozenset({"accuracy", "cohen_kappa"})


def ceiling(context: Context) -> list[Estimate]:
    """Accuracy and kappa of each annotator against the others, and of each judge against the very same references.

    Only with at least 3 identified people: with 2 the other one alone would be the reference.
    """
    people = context.data.labels.get("human")
    if people is None or len(people.annotators) < MIN_ANNOTATORS:
        return []
    out: list[Estimate] = []
    for scale in context.crossed:
        measures = [m for m in measures_on("confusion", scale) if m.name in SHOWN]
        out += estimates_of(list(_rows(context, people, scale)), measures, context.options)
    return out


def _rows(context: Context, people: LabelSet, scale: str) -> Iterator[Row]:
    own = {judge: context.judges[judge][0] for judge in context.own}
    for name, ratings in people.annotators.items():
        others = replace(people, annotators={k: v for k, v in people.annotators.items() if k != name})
        rule = majority if context.rubric.level == "nominal" else median
        codes = rule.resolve(others, context.rubric, context.data.n, "")
        reference = Reference(kind="human", rule=f"{OTHERS}{name}", codes=codes)
        truth = context.on_scale(codes, scale)
        for rater, given in {f"{ANNOTATOR}{name}": ratings, **own}.items():
            padded = context.padded[scale, rater] if rater in own else context.on_scale(given.codes, scale)
            joint = next(joints(context, given, reference, context.slices[:1]))
            yield against_row(context, rater, padded, reference, truth, scale, joint)
