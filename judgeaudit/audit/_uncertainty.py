"""The uncertainty part of a Brier score, y (1 - y): its interval is the one that the share of positives y gives it."""

from __future__ import annotations

from dataclasses import replace

from judgeaudit.audit._context import Options
from judgeaudit.audit._estimate import share_interval
from judgeaudit.audit._rows import Row
from judgeaudit.model import Estimate
from judgeaudit.sums.intervals import ONE_SIDED, Interval, effective_sample, z_of


def of_positives(e: Estimate, row: Row, options: Options) -> Estimate:
    """An estimate that has an interval with the one in closed form; of rare positives in clusters draws know too little.

    Parameters
    ----------
    row
        Sums by bin: items, scores, positives, and two more blocks.
    """
    if e.low is None:
        return e
    bins = row.shape[0] // 5
    items, positives = range(bins), range(2 * bins, 3 * bins)
    n = min(effective_sample(p, positives, items) or 0.0 for p in row.patterns)
    if n <= 0:
        return e
    y = float(row.table[2 * bins : 3 * bins].sum() / row.table[:bins].sum())

    def ends(z: float) -> Interval:
        share = share_interval(y, n, z)
        low, high = sorted(x * (1 - x) for x in share)
        return Interval(low, 0.25 if share.low <= 0.5 <= share.high else high)

    shown = ends(z_of(options.confidence_level))
    return replace(
        e,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        method="from the interval of the share of positives",
    )
