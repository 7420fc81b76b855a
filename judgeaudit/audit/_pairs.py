"""Pairs of raters without a reference: judge against judge, annotator against annotator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import Row, estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.measures._measure import Measure
from judgeaudit.model import Estimate
from judgeaudit.slices import Slice
from judgeaudit.sums.patterns import Ints

ANNOTATOR = "annotator:"
"""Prefix of a person's name where it stands in the place of a judge."""


def pairs(context: Context) -> list[Estimate]:
    """Agreement of every two judges on every slice, and of every two identified people on the whole.

    Judges that are baselines or panels made of other judges are left out: they would agree by construction.
    """
    judges = [j for j in context.judges if not context.info[j].baseline and not context.info[j].panel]
    codes: dict[str, Ints] = {j: context.judges[j][0].codes.astype(np.int64) for j in judges}
    out = list(_of(context, codes, list(combinations(judges, 2)), context.slices))
    if "human" in context.data.labels:
        people = {
            f"{ANNOTATOR}{a}": r.codes.astype(np.int64) for a, r in context.data.labels["human"].annotators.items()
        }
        out += _of(context, people, list(combinations(people, 2)), context.slices[:1])
    return out


def _of(context: Context, codes: Mapping[str, Ints], wanted: list[tuple[str, str]], slices: Any) -> Iterator[Estimate]:
    for scale in context.scales:
        rows = [
            row for first, second in wanted for part in slices
            if (row := _row(context, first, second, codes[first], codes[second], scale, part)) is not None
        ]  # fmt: skip
        yield from estimates_of(rows, [*_chance(scale), *measures_on("pair", scale)], context.options)


def _chance(scale: str) -> list[Measure]:
    return [m for m in measures_on("confusion", scale) if m.name in {"cohen_kappa", "gwet_ac1"}]


def _row(context: Context, first: str, second: str, a: Ints, b: Ints, scale: str, part: Slice) -> Row | None:
    a, b = a[part.items], b[part.items]
    size = len(context.offered)
    if scale == "binary":
        assert context.binary is not None
        size = 2
        a = np.where(a >= 0, context.binary[np.maximum(a, 0)], -1)
        b = np.where(b >= 0, context.binary[np.maximum(b, 0)], -1)
    both = (a >= 0) & (b >= 0)
    if not both.any():
        return None
    return Row(
        key={"rubric": context.rubric.name, "judge": first, "other": second, "scale": scale, "slice": part.name},
        name=f"{context.rubric.name}|{first}|{second}|pair|{scale}|{part.name}",
        patterns=context.pools(part, np.where(both, a * size + b, -1), size * size),
        shape=(size, size),
        left_out={"not_both": float((~both).sum())} if not both.all() else {},
        distinct=None if part.distinct_texts is None else (part.distinct_texts,) * 3,
    )
