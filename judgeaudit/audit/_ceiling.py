"""The human ceiling: each person, and each judge, against the majority of the other people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import Row, estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.audit._pairs import ANNOTATOR
from judgeaudit.model import Estimate
from judgeaudit.references import majority, median
from judgeaudit.table import Codes, LabelSet

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
        raters = {f"{ANNOTATOR}{name}": ratings.codes}
        raters |= {j: r[0].codes for j, r in context.judges.items() if not context.info[j].baseline}
        for rater, codes in raters.items():
            yield _row(context, rater, name, codes, reference, scale)


def _row(context: Context, rater: str, left_out: str, codes: Codes, reference: Codes, scale: str) -> Row:
    size = len(context.offered)
    a, b = codes.astype(np.int64), reference.astype(np.int64)
    if scale == "binary":
        assert context.binary is not None
        size = 2
        a = np.where(a >= 0, context.binary[np.maximum(a, 0)], -1)
        b = np.where(b >= 0, context.binary[np.maximum(b, 0)], -1)
    both = (a >= 0) & (b >= 0)
    return Row(
        key={
            "rubric": context.rubric.name, "judge": rater, "reference": "human",
            "reference_rule": f"others_than:{left_out}", "scale": scale, "slice": "all",
        },
        name=f"{context.rubric.name}|{rater}|others_than:{left_out}|{scale}",
        patterns=context.pools(context.slices[0], np.where(both, a * size + b, -1), size * size),
        shape=(size, size),
        left_out={"not_both": float((~both).sum())} if not both.all() else {},
    )  # fmt: skip
