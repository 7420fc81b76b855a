"""From tables to estimates: point values and intervals of all measures of one table kind, for many tables at once."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from judgeaudit.audit._context import Options
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures._measure import Measure
from judgeaudit.model import Estimate
from judgeaudit.sums.intervals import (
    ONE_SIDED,
    Interval,
    alone,
    clopper_pearson,
    effective_sample,
    expanded_tails,
    quantiles,
    square_and_add,
    wilson,
    z_of,
)
from judgeaudit.sums.patterns import Patterns
from judgeaudit.table import Floats

MIN_CLUSTERS = 10
MAX_UNDEFINED = 0.05
NO_WIDTH = 1e-12
BOTH_CLASSES = frozenset({"cohen_kappa", "mcc", "f1"})
"""Measures that rest on both classes of the reference: each must lie in enough clusters."""
SMALL = 10
"""Below this (effective) number a proportion is shown with its exact interval."""
_BLOCK_NUMBERS = 8_000_000


class _Drawn:
    """Draws of the tables of a block of rows, one entry for each row and way of resampling."""

    def __init__(self, rows: Sequence[Row], options: Options) -> None:
        self.of_row: list[list[int]] = []
        for row in rows:
            # With fewer than 10 clusters or items no interval is shown, so nothing is drawn.
            ways = len(row.patterns) if _drawable(row) else 0
            first = sum(len(own) for own in self.of_row)
            self.of_row.append(list(range(first, first + ways)))
        drawn = [draws_of(row, options) for row in rows if _drawable(row)]
        self.tables = np.concatenate(drawn) if drawn else np.zeros((0, options.draws, *rows[0].shape))


def _drawable(row: Row) -> bool:
    return min(p.clusters for p in row.patterns) >= MIN_CLUSTERS


def estimates_of(
    rows: Sequence[Row], measures: Sequence[Measure], options: Options, *, totals: bool = False
) -> list[Estimate]:
    """Estimates of all measures on all rows; rows of one call have one shape.

    `totals`: n of a measure without a denominator of its own is the table's first cell instead of the sum of its cells.
    """
    out: list[Estimate] = []
    width = max((int(np.prod(row.shape)) for row in rows), default=1)
    step = max(1, _BLOCK_NUMBERS // max(1, width * options.draws))
    resampled = [m for m in measures if m.cells is None and not m.parts]
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        drawn = _Drawn(block, options) if resampled else None
        for measure in measures:
            if measure.cells is not None:
                out.extend(_proportion(row, measure, options) for row in block)
            elif measure.parts:
                out.extend(_summed(row, measure, measures, options) for row in block)
            elif drawn is not None:
                out.extend(_resampled(block, drawn, measure, options, totals=totals))
    return out


def circular(row: Row, measure: str) -> Estimate:
    """The estimate that is not made because the slice and the verdict come from the same detectors."""
    reason = "circular: this judge's verdicts come from the detectors that made the slice"
    return Estimate(measure=measure, **row.key, left_out=row.left_out, reason=reason)


def _clustered(row: Row) -> bool:
    return any(not p.singles for p in row.patterns)


def _few(row: Row, denominator: Sequence[int] | None = None) -> str | None:
    """The reason for which a clustered estimate gets no interval; only clusters that hold some of its denominator count."""
    count = min(_holding(p, denominator) for p in row.patterns)
    if _clustered(row) and count < MIN_CLUSTERS:
        return f"few_clusters: {count} clusters, fewer than {MIN_CLUSTERS}"
    return None


def _holding(patterns: Patterns, denominator: Sequence[int] | None) -> int:
    """Number of clusters with something in the denominator's cells (None: in any cell)."""
    if denominator is None:
        return patterns.clusters
    return int(patterns.multiplicity[patterns.sums[:, list(denominator)].sum(axis=1) > 0].sum())


def _proportion(row: Row, measure: Measure, options: Options) -> Estimate:
    if row.circular:
        return circular(row, measure.name)
    assert measure.cells is not None
    flat = row.table.reshape(-1)
    numerator, denominator = measure.cells(row.shape[-1])
    k, n = float(flat[list(numerator)].sum()), float(flat[list(denominator)].sum())
    reason = measure.reason(row.table)
    if reason or n <= 0:
        return Estimate(
            measure=measure.name,
            **row.key,
            n=n,
            k=k,
            clusters=_holding(row.patterns[0], denominator),
            left_out=row.left_out,
            distinct_texts=_distinct(row, measure.name),
            confidence_level=options.confidence_level,
            reason=reason or "no_items: nothing to count",
        )
    effective = min(effective_sample(p, numerator, denominator) or 0.0 for p in row.patterns)
    # Clusters that hold one item each of this denominator are no clusters here, however many items they hold elsewhere.
    plain = all(alone(p, numerator, denominator) for p in row.patterns)
    few = None if plain else _few(row, denominator)
    interval, method = (None, "") if few or effective <= 0 else _share_interval(k / n, effective, options)
    return Estimate(
        measure=measure.name,
        **row.key,
        value=k / n,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        confidence_level=options.confidence_level,
        n=n,
        k=k,
        clusters=_holding(row.patterns[0], denominator),
        distinct_texts=_distinct(row, measure.name),
        effective_n=None if plain else effective,
        left_out=row.left_out,
        unscored_bounds=_unscored_bounds(row, measure.name, k, n),
        method=method if plain or not method else f"{method} on the effective sample of {_scheme(row)}",
        reason=few,
    )


def _share_interval(p: float, n: float, options: Options) -> tuple[Interval, str]:
    if n < SMALL:
        return clopper_pearson(p * n, n, (1 - options.confidence_level) / 2), "Clopper-Pearson"
    return wilson(p * n, n, z_of(options.confidence_level)), "Wilson"


def share_interval(p: float, n: float, z: float) -> Interval:
    """A part of a sum or difference: Wilson, exact below 10, where Wilson's interval of 1 to 3 items is too narrow."""
    return clopper_pearson(p * n, n, 1 - NormalDist().cdf(z)) if n < SMALL else wilson(p * n, n, z)


def _scheme(row: Row) -> str:
    return "clusters, or of equal texts where those are fewer" if len(row.patterns) > 1 else "clusters"


def _distinct(row: Row, measure: str) -> int | None:
    return None if row.distinct is None else row.distinct.get(measure, row.distinct[""])


def _unscored_bounds(row: Row, measure: str, k: float, n: float) -> tuple[float, float] | None:
    """The rate with all unscored items counted negative and all counted positive, lowest first."""
    if row.unscored is None:
        return None
    negatives, positives = row.unscored
    match measure:
        case "false_positive_rate":
            ends = (k / (n + negatives), (k + negatives) / (n + negatives))
        case "false_negative_rate":
            ends = (k / (n + positives), (k + positives) / (n + positives))
        case "accuracy":
            every = n + negatives + positives
            ends = ((k + negatives) / every, (k + positives) / every)
        case "positive_rate":
            ends = (k / (n + negatives), (k + negatives) / (n + negatives))
        case _:
            return None
    return (min(ends), max(ends))


def _summed(row: Row, measure: Measure, measures: Sequence[Measure], options: Options) -> Estimate:
    """A signed sum of proportions of disjoint items: square-and-add."""
    if row.circular:
        return circular(row, measure.name)
    by_name = {m.name: m for m in measures}
    flat = row.table.reshape(-1)
    shares: list[tuple[float, float, int]] = []
    few: str | None = None
    for part, sign in measure.parts:
        cells = by_name[part].cells
        assert cells is not None
        numerator, denominator = cells(row.shape[-1])
        n = float(flat[list(denominator)].sum())
        if n <= 0:
            continue
        plainly = all(alone(p, numerator, denominator) for p in row.patterns)
        few = few or (None if plainly else _few(row, denominator))
        effective = min(effective_sample(p, numerator, denominator) or 0.0 for p in row.patterns)
        shares.append((float(flat[list(numerator)].sum()) / n, effective, sign))
    common: dict[str, Any] = {
        **row.key,
        "n": float(flat.sum()),
        "clusters": row.patterns[0].clusters,
        "distinct_texts": _distinct(row, measure.name),
        "left_out": row.left_out,
        "confidence_level": options.confidence_level,
    }
    reason = measure.reason(row.table)
    if reason:
        return Estimate(measure=measure.name, **common, reason=reason)
    value = measure.factor * sum(s * p for p, _, s in shares) + measure.offset
    if few:
        return Estimate(measure=measure.name, **common, value=value, reason=few)

    def ends(z: float) -> Interval:
        both = square_and_add([(p, share_interval(p, n, z), sign) for p, n, sign in shares])
        return Interval(*(measure.factor * end + measure.offset for end in both))

    shown = ends(z_of(options.confidence_level))
    return Estimate(
        measure=measure.name,
        **common,
        value=value,
        low=shown.low,
        high=shown.high,
        bounds={c: ends(z_of(2 * float(c) - 1)) for c in ONE_SIDED},
        method="square-and-add of Wilson (below 10: exact) intervals"
        + (f" on the effective sample of {_scheme(row)}" if _clustered(row) else ""),
    )


def _resampled(
    rows: Sequence[Row], drawn: _Drawn, measure: Measure, options: Options, *, totals: bool
) -> list[Estimate]:
    clusters = [p.clusters for row in rows if _drawable(row) for p in row.patterns]
    ends = _ends(np.asarray(measure.compute(drawn.tables)), clusters, options)
    out = []
    for row, own in zip(rows, drawn.of_row, strict=True):
        point = float(measure.compute(row.table))
        out.append(_from_ends(row, measure, point, ends[own], options, totals=totals))
    return out


def from_draws(
    row: Row, measure: Measure, point: float, values: Floats, options: Options, *, method: str, totals: bool = False
) -> Estimate:
    """One estimate from its point value and its draws ((schemes, D), NaN where undefined)."""
    ends = _ends(values, [p.clusters for p in row.patterns], options)
    return _from_ends(row, measure, point, ends, options, method=method, totals=totals)


def _ends(values: Floats, clusters: Sequence[int], options: Options) -> Floats:
    """For each row of draws: share undefined, then low, high, then the one-sided lower and upper bounds.

    The tails are those of the expanded percentile interval for the row's number of clusters.
    """
    defined = (~np.isnan(values)).sum(axis=1)
    confidences = [0.5 + options.confidence_level / 2, *(float(c) for c in ONE_SIDED)]
    tail = expanded_tails(clusters, confidences)
    ask = np.hstack([tail[:, :1], 1 - tail[:, :1], tail[:, 1:], 1 - tail[:, 1:]])
    found = quantiles(np.sort(values, axis=1), defined.astype(np.float64), ask)
    return np.hstack([(1 - defined / values.shape[1])[:, None], found])


def _from_ends(
    row: Row, measure: Measure, point: float, ends: Floats, options: Options, *, method: str = "", totals: bool = False
) -> Estimate:
    if row.circular:
        return circular(row, measure.name)
    flat = row.table.reshape(-1)
    common: dict[str, Any] = {
        **row.key,
        "weights": measure.weights,
        "n": float(flat[0] if totals else flat.sum()),
        "clusters": row.patterns[0].clusters,
        "distinct_texts": _distinct(row, measure.name),
        "left_out": row.left_out,
        "confidence_level": options.confidence_level,
    }
    reason = measure.reason(row.table)
    if reason or np.isnan(point):
        return Estimate(measure=measure.name, **common, reason=reason or "undefined: not defined on this table")
    few = _few(row)
    if few is None and measure.name in BOTH_CLASSES and row.shape == (2, 2) and measure.table == "confusion":
        few = _few(row, (0, 2)) or _few(row, (1, 3))
    if few is None and (count := min(p.clusters for p in row.patterns)) < MIN_CLUSTERS:
        few = f"few_clusters: {count} items, fewer than {MIN_CLUSTERS}"
    if few is None and (undefined := float(ends[:, 0].max())) > MAX_UNDEFINED:
        few = f"unstable: undefined in {undefined:.0%} of the draws"
    wider = None if few else ends[int(np.argmax(ends[:, 2] - ends[:, 1]))]
    if wider is not None and wider[2] - wider[1] < NO_WIDTH:
        few = "no_variation: every resample gives the same value, which says nothing of how sure it is"
    if few or wider is None:
        return Estimate(measure=measure.name, **common, value=point, reason=few)
    lows, highs = wider[3 : 3 + len(ONE_SIDED)], wider[3 + len(ONE_SIDED) :]
    return Estimate(
        measure=measure.name,
        **common,
        value=point,
        # Draws of a biased measure can miss its own value, which would be a riddle to a reader.
        low=min(float(wider[1]), point),
        high=max(float(wider[2]), point),
        bounds={c: (min(float(lows[i]), point), max(float(highs[i]), point)) for i, c in enumerate(ONE_SIDED)},
        method=method or f"percentile bootstrap, {options.draws} draws of {_units(row)} with one pseudo-disagreement",
    )


def _units(row: Row) -> str:
    if len(row.patterns) > 1:
        return "clusters and of equal texts, the wider"
    return "clusters" if _clustered(row) else "items"
