"""A judge against itself: repeated trials on the same item."""

from __future__ import annotations

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.audit._rows import Row
from judgeaudit.model import Estimate
from judgeaudit.slices import Slice
from judgeaudit.sums.patterns import counted
from judgeaudit.table import Ratings


def trials(context: Context) -> list[Estimate]:
    """Flip rate and test-retest agreement of every judge with at least two trials, on every slice."""
    out: list[Estimate] = []
    for judge, ratings in context.judges.items():
        if len(ratings) < 2:
            continue
        rows = [_row(context, judge, ratings, part) for part in context.slices]
        out.extend(estimates_of(rows, measures_on("trials"), context.options))
    return out


def _row(context: Context, judge: str, ratings: tuple[Ratings, ...], part: Slice) -> Row:
    values = np.stack([r.codes[part.items] for r in ratings], axis=1)
    counts = np.stack([(values == v).sum(axis=1) for v in range(len(context.offered))], axis=1)
    given = counts.sum(axis=1)
    repeated = given >= 2
    agreeing = (counts * (counts - 1)).sum(axis=1) // 2
    features = np.stack(
        [np.ones(len(given)), counts.max(axis=1) < given, given * (given - 1) / 2, agreeing], axis=1
    ).astype(np.float64)
    distinct, pattern = np.unique(features, axis=0, return_inverse=True)
    patterns = context.row_pools(part, np.where(repeated, pattern.reshape(-1), -1), distinct)
    own = None if context.data.weights is None else part.take(context.data.weights)
    once = float(counted(repeated.astype(np.int64), 2, own)[0])
    used = context.distinct(part, repeated)
    return Row(
        key={"rubric": context.rubric.name, "judge": judge, "scale": "full", "slice": part.name},
        name=f"{context.rubric.name}|{judge}|trials|{part.name}",
        patterns=patterns,
        shape=(4,),
        left_out={"fewer_than_two_verdicts": once} if once else {},
        distinct=None if used is None else {"": used},
    )
