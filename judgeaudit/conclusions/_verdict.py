"""What the universes say together: robust, fragile or undecided, and which choice it turns on. Shares only, no p-value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeaudit.conclusions._multiverse import CHOICES, Grid, Universes
from judgeaudit.conclusions._study import Index
from judgeaudit.table import Floats

Result = Literal["robust", "fragile", "undecided", "not computed"]
ENOUGH = 0.8
"""Share of the universes that must lie wholly on one side of 0."""
_STILL = 1e-18


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one choice does to the size of a difference: its part of the variance over the complete grid.

    Parameters
    ----------
    alone
        Main effect, in [0, 1].
    altogether
        With all interactions it takes part in, in [0, 1]; over all choices these sum to 1 or more.
    """

    choice: str
    alone: float
    altogether: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance:
    """Variance shares over the largest grid without gaps that was found, or the reason why there are none."""

    shares: tuple[Share, ...] = ()
    levels: Mapping[str, tuple[str, ...]]
    universes: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCount:
    """Universes of one level of a choice: computed, with their interval wholly above 0, wholly below 0."""

    level: str
    computed: int
    above: int
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The universes of one claim, counted.

    Parameters
    ----------
    positive, negative
        Computed universes whose value is above or below 0.
    above, below
        Computed universes whose interval lies wholly above or below 0.
    not_computed
        Universes without value or interval, by reason.
    turns_on
        The choice by which the universes above and below 0 part most; None where they are not on both sides.
    by_level
        For each choice with several levels the counts at each.
    """

    result: Result
    universes: int
    computed: int
    positive: int
    negative: int
    above: int
    below: int
    not_computed: Mapping[str, int]
    median: float | None
    lowest: float | None
    highest: float | None
    variance: Variance
    turns_on: str | None
    by_level: Mapping[str, tuple[LevelCount, ...]]


def verdict(universes: Universes, k: int, grid: Grid) -> Verdict:
    """The verdict on the k-th claim."""
    value, low, high = universes.value[k], universes.low[k], universes.high[k]
    computed = np.array([not reason for reason in universes.reasons[k]])
    above, below = computed & (low > 0), computed & (high < 0)
    missing = Counter(reason for reason in universes.reasons[k] if reason)
    values = value[computed]
    result = judged(int(computed.sum()), int(above.sum()), int(below.sum()))
    side = np.where(above, 1.0, np.where(below, -1.0, np.nan))
    return Verdict(
        result=result,
        universes=len(value),
        computed=int(computed.sum()),
        positive=int((values > 0).sum()),
        negative=int((values < 0).sum()),
        above=int(above.sum()),
        below=int(below.sum()),
        not_computed=dict(sorted(missing.items())),
        median=float(np.median(values)) if len(values) else None,
        lowest=float(values.min()) if len(values) else None,
        highest=float(values.max()) if len(values) else None,
        variance=variance_shares(np.where(computed, value, np.nan).reshape(grid.shape), grid),
        turns_on=_parting(side, grid) if result == "fragile" else None,
        by_level=_by_level(computed, above, below, grid),
    )


def judged(computed: int, above: int, below: int) -> Result:
    """Robust: nothing wholly on the other side and at least 80 % wholly on one. Fragile: both. Else undecided.

    Examples
    --------
    >>> judged(10, 8, 0), judged(10, 7, 0), judged(10, 9, 1), judged(0, 0, 0)
    ('robust', 'undecided', 'fragile', 'not computed')
    """
    if not computed:
        return "not computed"
    if above and below:
        return "fragile"
    return "robust" if max(above, below) >= ENOUGH * computed else "undecided"


def variance_shares(values: Floats, grid: Grid) -> Variance:
    """Parts of the variance of a value over a grid, by choice.

    Levels are taken out, the one with the most gaps first, until no gap is left: only on a complete grid do main effects and
    interactions add up. Source: Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018, for first-order and total shares.

    Parameters
    ----------
    values
        One axis a choice, NaN where there is no value.
    """
    kept = complete_part(values)
    levels = {c: tuple(grid.levels[c][i] for i in part) for c, part in zip(CHOICES, kept, strict=True)}
    inner = values[np.ix_(*kept)]
    if inner.size < 2:
        return Variance(levels=levels, universes=int(inner.size), reason="no_complete_grid")
    total = float(((inner - inner.mean()) ** 2).mean())
    if total < _STILL:
        return Variance(levels=levels, universes=int(inner.size), reason="no_variation")
    shares = []
    for axis, choice in enumerate(CHOICES):
        if inner.shape[axis] < 2:
            continue
        others = tuple(a for a in range(inner.ndim) if a != axis)
        alone = float(inner.mean(axis=others).var()) / total
        without = float(inner.mean(axis=axis).var()) / total
        shares.append(Share(choice=choice, alone=min(alone, 1.0), altogether=min(max(1 - without, 0.0), 1.0)))
    shares.sort(key=lambda s: -s.altogether)
    return Variance(shares=tuple(shares), levels=levels, universes=int(inner.size))


def complete_part(values: Floats) -> list[Index]:
    """Levels of each axis that are left when those with the most gaps are taken out until there is no gap."""
    kept = [np.arange(size) for size in values.shape]
    while True:
        gaps = np.isnan(values[np.ix_(*kept)])
        if not gaps.any():
            return kept
        worst = (-1.0, 0, 0)
        for axis in range(gaps.ndim):
            others = tuple(a for a in range(gaps.ndim) if a != axis)
            shares = gaps.mean(axis=others)
            level = int(shares.argmax())
            worst = max(worst, (float(shares[level]), axis, level), key=lambda w: w[0])
        kept[worst[1]] = np.delete(kept[worst[1]], worst[2])
        if not len(kept[worst[1]]):
            return kept


def _parting(side: Floats, grid: Grid) -> str | None:
    """The choice whose levels explain most of the variance of the side (+1 or -1) among universes wholly off 0."""
    cells = np.indices(grid.shape).reshape(len(CHOICES), -1)
    there = ~np.isnan(side)
    total = float(side[there].var())
    best, found = 0.0, None
    for axis, choice in enumerate(CHOICES):
        codes = cells[axis][there]
        n = np.bincount(codes)
        mean = np.bincount(codes, weights=side[there]) / np.maximum(n, 1)
        between = float((n * (mean - side[there].mean()) ** 2).sum() / n.sum())
        if total and between / total > best + 1e-12:
            best, found = between / total, choice
    return found


def _by_level(
    computed: np.ndarray[tuple[int], np.dtype[np.bool_]], above: Floats, below: Floats, grid: Grid
) -> dict[str, tuple[LevelCount, ...]]:
    cells = np.indices(grid.shape).reshape(len(CHOICES), -1)
    out: dict[str, tuple[LevelCount, ...]] = {}
    for axis, choice in enumerate(CHOICES):
        if grid.shape[axis] > 1:
            masks = [cells[axis] == i for i in range(grid.shape[axis])]
            out[choice] = tuple(
                LevelCount(
                    level=level,
                    computed=int((computed & mask).sum()),
                    above=int((above & mask).sum()),
                    below=int((below & mask).sum()),
                )
                for level, mask in zip(grid.levels[choice], masks, strict=True)
            )
    return out
