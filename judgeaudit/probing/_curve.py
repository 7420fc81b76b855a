"""The psychometric curve of changed verdicts over doses, and the dose at which half of them have changed (ED50).

p(x) = g + (1 - g - l) / (1 + exp(-s (x - c))), with x the dose, g the guess rate at dose 0, which is the judge's
test-retest flip rate and held fixed, and l the lapse rate: the share that no dose changes, at least g and up to 0.4
(Wichmann and Hill 2001, doi:10.3758/BF03194544). ED50 is where p is one half. Maximum likelihood over a grid of c, of
slopes up to 40 (a step between two doses) and of lapse rates, c refined by a parabola.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from judgeaudit.sums.intervals import expanded_tail
from judgeaudit.sums.patterns import Ints, pool_rows
from judgeaudit.sums.resample import draw, generator
from judgeaudit.table import Floats

MIN_CLUSTERS = 10
"""Fewer bases than this give no interval."""
LEAST_FLOOR, MOST_FLOOR = 0.005, 0.4
_STEP = 0.05
_CENTRES = np.arange(-0.5, 2.0 + _STEP / 2, _STEP)
_SLOPES = np.array([1.0, 2.0, 4.0, 8.0, 15.0, 25.0, 40.0])
_LAPSES = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
_BLOCK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The dose at which half of the verdicts have changed; doses run from 0 to 1.

    Parameters
    ----------
    ed50
        None: not reached, or nothing to fit; `reason` says which in words.
    low, high
        The 95 % interval; an end of None lies above dose 1 where `high_open`, and there is no interval where both are None.
    points
        (dose, expected share) of the fitted curve, for the chart.
    """

    ed50: float | None
    low: float | None = None
    high: float | None = None
    high_open: bool = False
    slope: float | None = None
    floor: float = LEAST_FLOOR
    reason: str | None = None
    note: str | None = None
    points: tuple[tuple[float, float], ...] = ()


def fit(
    doses: Floats, changed: Floats, asked: Floats, *, floor: float, draws: int = 1000, seed: int = 0, name: str = ""
) -> Curve:
    """Fit one cell.

    Parameters
    ----------
    doses
        (D,) ascending.
    changed, asked
        (B, D) per base: verdicts that changed, and verdicts given, at each dose. A base is a cluster.
    floor
        Test-retest flip rate; held fixed, and kept within [0.005, 0.4].

    Examples
    --------
    >>> doses = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    >>> steps = (doses >= np.array([0.25, 0.5, 0.5, 0.75] * 5)[:, None]).astype(float)
    >>> curve = fit(doses, steps, np.ones_like(steps), floor=0.0, draws=200)
    >>> round(curve.ed50, 1), curve.low < curve.ed50 < curve.high
    (0.4, True)
    >>> fit(doses, steps * 0, np.ones_like(steps), floor=0.0).reason
    'not_reached: 0 of 20 verdicts had changed at dose 1'
    """
    floor = float(np.clip(floor, LEAST_FLOOR, MOST_FLOOR))
    total = asked.sum(axis=0)
    if not total.any() or not total[doses > 0].any():
        return Curve(ed50=None, floor=floor, reason="no_verdicts: no verdict was given on these probes")
    table = _Likelihoods(doses, floor)
    rows = np.concatenate([changed, asked], axis=1)
    best = table.best(rows.sum(axis=0)[None, :])
    shape = float(best.centre[0]), float(best.slope[0]), float(best.lapse[0])
    points = tuple((round(x, 3), float(table.share(x, *shape))) for x in np.linspace(0, 1, 26).tolist())
    half, slope = float(best.half[0]), shape[1]
    last = int(np.flatnonzero(total)[-1])
    if half > doses[last]:
        k, n = int(changed[:, last].sum()), int(total[last])
        why = f"not_reached: {k} of {n} verdicts had changed at dose {doses[last]:g}"
        return Curve(ed50=None, slope=slope, floor=floor, reason=why, points=points)
    ed50 = max(0.0, half)
    known = Curve(ed50=ed50, slope=slope, floor=floor, points=points)
    clusters = int((asked.sum(axis=1) > 0).sum())
    if clusters < MIN_CLUSTERS:
        return _noted(known, f"few_clusters: {clusters} bases, fewer than {MIN_CLUSTERS}")
    return _with_interval(known, doses, rows, table, draws, generator(seed, f"ed50 {name}"))


def _with_interval(
    curve: Curve, doses: Floats, rows: Floats, table: _Likelihoods, draws: int, rng: np.random.Generator
) -> Curve:
    patterns = pool_rows(np.arange(len(rows)), rows)
    sums, own = np.unique(draw(patterns, draws, rng), axis=0, return_inverse=True)
    halves = np.concatenate([table.best(sums[i : i + _BLOCK]).half for i in range(0, len(sums), _BLOCK)])[own.ravel()]
    tail = expanded_tail(patterns.clusters, 0.95)
    low, high = np.quantile(np.maximum(halves, 0.0), [tail, 1 - tail], method="inverted_cdf").tolist()
    note = None
    if np.ptp(halves) < _STEP / 2:
        # All bases turned between the same two doses: nothing is known of where between them.
        low, high = _bracket(doses, float(halves[0]))
        note = "no base differed: the doses tried on both sides"
    limit = float(doses[-1])
    return Curve(
        ed50=curve.ed50,
        low=min(low, limit),
        high=None if high > limit else high,
        high_open=high > limit,
        slope=curve.slope,
        floor=curve.floor,
        note=note,
        points=curve.points,
    )


def _bracket(doses: Floats, centre: float) -> tuple[float, float]:
    below, above = doses[doses <= centre], doses[doses >= centre]
    return float(below[-1]) if len(below) else 0.0, float(above[0]) if len(above) else float("inf")


def _noted(curve: Curve, note: str) -> Curve:
    return Curve(ed50=curve.ed50, slope=curve.slope, floor=curve.floor, note=note, points=curve.points)


class Best(NamedTuple):
    """(T,) where half has changed, and the parameters of the curves."""

    half: Floats
    centre: Floats
    slope: Floats
    lapse: Floats


class _Likelihoods:
    """Log-likelihoods of counts over the grid, by two matrix products."""

    def __init__(self, doses: Floats, floor: float) -> None:
        self.floor = floor
        x, centre = doses[None, None, None, :], _CENTRES[:, None, None, None]
        slope, lapse = _SLOPES[None, :, None, None], np.maximum(_LAPSES, floor)[None, None, :, None]
        flat = self.share(x, centre, slope, lapse).reshape(-1, len(doses))
        self._yes, self._no = np.log(flat).T, np.log1p(-flat).T

    def share(self, x: Floats | float, centre: Floats | float, slope: Floats | float, lapse: Floats | float) -> Floats:
        """Expected share of changed verdicts."""
        logistic = 1 / (1 + np.exp(np.clip(-slope * (np.asarray(x) - centre), -60.0, 60.0)))
        return np.asarray(self.floor + (1 - self.floor - lapse) * logistic)

    def best(self, sums: Floats) -> Best:
        """The most likely curves for (T, 2 D) sums of changed and asked."""
        half = sums.shape[1] // 2
        k, n = sums[:, :half], sums[:, half:]
        grid = (k @ self._yes + (n - k) @ self._no).reshape(len(sums), len(_CENTRES), -1)
        # Rounded, so that ties, as on a plateau of step curves, are settled alike on every machine.
        grid = np.round(grid, 9)
        shape = grid.reshape(len(sums), -1).argmax(axis=1) % grid.shape[2]
        lines = grid[np.arange(len(sums)), :, shape]
        top = lines >= lines.max(axis=1, keepdims=True)
        first, last = top.argmax(axis=1), lines.shape[1] - 1 - top[:, ::-1].argmax(axis=1)
        centre = (_CENTRES[first] + _CENTRES[last]) / 2 + _refined(lines, first, last)
        slope, lapse = _SLOPES[shape // len(_LAPSES)], np.maximum(_LAPSES[shape % len(_LAPSES)], self.floor)
        odds = (0.5 - self.floor) / (0.5 - lapse)
        return Best(half=centre + np.log(odds) / slope, centre=centre, slope=slope, lapse=lapse)


def _refined(lines: Floats, first: Ints, last: Ints) -> Floats:
    """How far the parabola through the best centre and its neighbours has its top from it; 0 on a plateau or at an edge."""
    rows = np.arange(len(lines))
    inner = (first == last) & (first > 0) & (first < lines.shape[1] - 1)
    at = np.clip(first, 1, lines.shape[1] - 2)
    left, middle, right = (lines[rows, at + i] for i in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, -1.0), 0.0)
    return np.asarray(np.where(inner, np.clip(shift, -0.5, 0.5) * _STEP, 0.0))
