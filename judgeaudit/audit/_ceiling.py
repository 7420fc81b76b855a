"""The human ceiling: each person, and each judge, against the majority of the other people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judgeaudit.audit._context import Context, Small
from judgeaudit.audit._estimate import Row, estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.audit._pairs import ANNOTATOR
from judgeaudit.model import Estimate
from judgeaudit.references import majority, median
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
    for scale in context.scales:
        measures = [m for m in measures_on("confusion", scale) if m.name in SHOWN]
        out += estimates_of(list(_rows(context, people, scale)), measures, context.options)
    return out


def _rows(context: Context, people: LabelSet, scale: str) -> Iterator[Row]:
    for name, ratings in people.annotators.items():
        others = replace(people, annotators={k: v for k, v in people.annotators.items() if k != name})
        rule = majority if context.rubric.level == "nominal" else median
        reference = rule.resolve(others, context.rubric, context.data.n, "")
        truth = context.on_scale(reference, scale)
        own = [j for j in context.judges if not context.info[j].baseline]
        raters = {f"{ANNOTATOR}{name}": context.on_scale(ratings.codes, scale)}
        raters |= {j: context.padded[scale, j] for j in own}
        for rater, codes in raters.items():
            yield _row(context, rater, name, codes, truth, scale)


def _row(context: Context, rater: str, left_out: str, codes: Small, truth: Small, scale: str) -> Row:
    size, whole = context.size(scale), context.slices[0]
    patterns = context.two_way(whole, codes, truth, size)
    left = whole.weight(context.data.weights) - float(patterns[0].total.sum())
    return Row(
        key={
            "rubric": context.rubric.name, "judge": rater, "reference": "human",
            "reference_rule": f"others_than:{left_out}", "scale": scale, "slice": "all",
        },
        name=f"{context.rubric.name}|{rater}|others_than:{left_out}|{scale}",
        patterns=patterns,
        shape=(size, size),
        left_out={"not_both": left} if left > 0 else {},
    )  # fmt: skip
