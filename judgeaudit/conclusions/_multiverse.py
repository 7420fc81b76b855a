"""Every difference in every universe: one judge, benchmark, handling of gibberish, anchoring and rate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judgeaudit.conclusions._anchor import Anchoring
from judgeaudit.conclusions._contrasts import Contrast
from judgeaudit.conclusions._rates import AS_JUDGED, HANDLINGS, Resamples, labelled_of, sums_of
from judgeaudit.conclusions._study import Index, Judge, Study
from judgeaudit.sums.intervals import expanded_tail, square_and_add, wilson, z_of
from judgeaudit.table import Floats

RAW, CORRECTED = "raw", "corrected"
BOTH = "all benchmarks"
FEW = 10
"""Fewer outputs or prompts than this on one side give no interval, and so no universe."""
UNDEFINED = 0.05
"""A larger share of draws without a value gives no interval."""
CHOICES = ("judge", "benchmark", "gibberish", "anchoring", "rate")
"""The choices, in the order of the axes of every table of universes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The levels of each choice, in the order of `CHOICES`."""

    levels: Mapping[str, tuple[str, ...]]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each choice."""
        return tuple(len(self.levels[c]) for c in CHOICES)

    @property
    def size(self) -> int:
        """Number of universes."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Universes:
    """K differences in all universes: arrays of shape (K, U), the universes in the order of the grid.

    Parameters
    ----------
    value, low, high
        NaN where there is none, and a reason in `reasons`.
    reasons
        (K, U) text; "" where value and interval are there.
    """

    value: Floats
    low: Floats
    high: Floats
    reasons: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """A judge's labelled outputs by verdict and label, (1 + draws, 4), or the reason why no rate is corrected by them."""

    labelled: Floats
    reason: str = ""
    youden_j: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """The positive rates of all places in one universe, before anchoring."""

    rates: Floats
    n: Index
    prompts: int
    reason: str = ""


def benchmark_sets(study: Study) -> dict[str, list[int]]:
    """Each benchmark alone and, where there are several, all together."""
    alone = {name: [code] for code, name in enumerate(study.benchmarks)}
    return alone if len(alone) < 2 else {**alone, BOTH: list(range(len(alone)))}


def handlings_of(study: Study) -> tuple[str, ...]:
    """Ways to handle gibberish; one where nothing is degenerate, since then all are the same."""
    return HANDLINGS if study.degenerate is not None and study.degenerate.any() else (AS_JUDGED,)


def grid_of(study: Study, anchorings: Sequence[Anchoring], rates: Sequence[str]) -> Grid:
    """All choices that these data leave open."""
    return Grid(
        levels={
            "judge": tuple(j.name for j in study.judges),
            "benchmark": tuple(benchmark_sets(study)),
            "gibberish": handlings_of(study),
            "anchoring": tuple(a.name for a in anchorings),
            "rate": tuple(rates),
        }
    )


def errors_of(study: Study, drawn: Resamples, confidence_level: float) -> dict[tuple[str, str], Errors]:
    """By judge and benchmark what its rates are corrected by; refused where the interval of Youden's J touches 0."""
    found = {}
    for judge in study.judges:
        for name, codes in benchmark_sets(study).items():
            prompts = sum(len(drawn.prompts[code]) for code in codes)
            found[judge.name, name] = _errors(labelled_of(study, drawn, judge, codes), prompts, confidence_level)
    return found


def _errors(labelled: Floats, prompts: int, confidence_level: float) -> Errors:
    tn, fn, fp, tp = (labelled[:, i] for i in range(4))
    if labelled[0].sum() <= 0:
        return Errors(labelled=labelled, reason="no_label")
    if tn[0] + fp[0] <= 0 or tp[0] + fn[0] <= 0:
        return Errors(labelled=labelled, reason="one_class")
    with np.errstate(invalid="ignore", divide="ignore"):
        j = tp / (tp + fn) + tn / (tn + fp) - 1
    low, high = percentile_interval(j[1:, None], prompts, confidence_level)
    told = None if np.isnan(low[0]) else float(low[0])
    reason = "unstable" if told is None else "youden_j_touches_zero" if told <= 0 else ""
    upper = None if told is None else float(high[0])
    return Errors(labelled=labelled, reason=reason, youden_j=float(j[0]), low=told, high=upper)


def differences(
    study: Study,
    grid: Grid,
    group: Index,
    drawn: Resamples,
    anchorings: Sequence[Anchoring],
    contrasts: Sequence[Contrast],
    errors: Mapping[tuple[str, str], Errors],
    confidence_level: float,
) -> Universes:
    """Every contrast in every universe of the grid.

    Parameters
    ----------
    group
        (n,) place of each output.
    errors
        By judge and benchmark, for corrected rates.
    """
    made = []
    for judge in study.judges:
        for cell in _cells(study, grid, group, drawn, judge, errors):
            made.append([_summary(cell, a, study, contrasts, confidence_level) for a in anchorings])
    return _arranged(made, grid, len(contrasts))


def by_labels(
    study: Study,
    group: Index,
    drawn: Resamples,
    anchorings: Sequence[Anchoring],
    contrasts: Sequence[Contrast],
    confidence_level: float,
) -> Universes | None:
    """The same with labels in the place of verdicts, degenerate outputs by their labels; None without labels."""
    if study.truth is None:
        return None
    made = []
    for codes in benchmark_sets(study).values():
        sums = sums_of(study, group, drawn, study.truth, None, codes, handled=False)
        cell = _Cell(rates=sums.rate(AS_JUDGED), n=sums.n(AS_JUDGED), prompts=sums.prompts)
        made.append([_summary(cell, a, study, contrasts, confidence_level) for a in anchorings])
    flat = [x for row in made for x in row]
    return _stacked(flat)


def _cells(
    study: Study,
    grid: Grid,
    group: Index,
    drawn: Resamples,
    judge: Judge,
    errors: Mapping[tuple[str, str], Errors],
) -> Iterator[_Cell]:
    """Cells of one judge by benchmark, handling and rate, in the order of the grid."""
    for name, codes in benchmark_sets(study).items():
        sums = sums_of(study, group, drawn, judge.verdicts, judge.weights, codes)
        known = errors.get((judge.name, name))
        true = None if known is None else sums.true_share(known.labelled)
        for handling in grid.levels["gibberish"]:
            for rate in grid.levels["rate"]:
                if rate == RAW or known is None or true is None:
                    rates, reason = sums.rate(handling), ""
                else:
                    rates, reason = sums.corrected(handling, true), known.reason
                yield _Cell(rates=rates, n=sums.n(handling), prompts=sums.prompts, reason=reason)


def _summary(
    cell: _Cell, anchoring: Anchoring, study: Study, contrasts: Sequence[Contrast], confidence_level: float
) -> tuple[Floats, Floats, Floats, list[str]]:
    """Value, interval and reason of each contrast in one universe."""
    anchored, reasons = _anchored(cell, anchoring)
    index = {run.name: i for i, run in enumerate(study.runs)}
    values = _compared(anchored, index, contrasts)
    why = [_reason(cell, contrast, [reasons[index[r]] for r in contrast.runs]) for contrast in contrasts]
    low, high = percentile_interval(values[1:], cell.prompts, confidence_level)
    z = z_of(confidence_level)
    for k, contrast in enumerate(contrasts):
        if why[k]:
            values[0, k] = low[k] = high[k] = np.nan
        elif np.isnan(low[k]):
            why[k] = "unstable"
        elif low[k] == high[k]:
            low[k], high[k] = _closed_form(contrast, anchored[0], index, cell.prompts, z)
    return values[0], low, high, why


def _compared(anchored: Floats, index: Mapping[str, int], contrasts: Sequence[Contrast]) -> Floats:
    """(1 + draws, K) differences; NaN wherever one of the runs has none. Single runs are most, and done at once."""
    plus = anchored[:, [index[c.plus[0]] for c in contrasts]]
    minus = anchored[:, [index[c.minus[0]] for c in contrasts]]
    for k, c in enumerate(contrasts):
        if len(c.plus) > 1 or len(c.minus) > 1:
            plus[:, k] = anchored[:, [index[run] for run in c.plus]].mean(axis=1)
            minus[:, k] = anchored[:, [index[run] for run in c.minus]].mean(axis=1)
    return np.asarray(plus - minus)


def _anchored(cell: _Cell, anchoring: Anchoring) -> tuple[Floats, list[str]]:
    """(1 + draws, runs) rates at the anchors, NaN where undefined, and for each run why it has none in the data."""
    columns, reasons = [], []
    for anchor in anchoring.anchors:
        rates, n = cell.rates[:, anchor.groups], cell.n[anchor.groups]
        used = anchor.weights > 0
        column = (anchor.weights * np.nan_to_num(rates)).sum(axis=1)
        column[anchor.undefined | (used & np.isnan(rates)).any(axis=1)] = np.nan
        columns.append(column)
        least = n[used[0]].min(initial=FEW)
        reasons.append(anchor.reason or ("no_outputs" if least == 0 else "few_outputs" if least < FEW else ""))
    return np.stack(columns, axis=1), reasons


def _reason(cell: _Cell, contrast: Contrast, of_runs: Sequence[str]) -> str:
    if cell.reason:
        return cell.reason
    if cell.prompts < FEW:
        return "few_prompts"
    return next((reason for reason in of_runs if reason), "")


def percentile_interval(draws: Floats, clusters: int, confidence_level: float) -> tuple[Floats, Floats]:
    """Expanded percentile interval of each column of draws; NaN where over 5 % of them are undefined.

    Its tails are those of `judgeaudit.sums.intervals.expanded_tail`.

    Parameters
    ----------
    draws
        (D, K).
    clusters
        Number of clusters resampled, at least 2 for an interval.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = percentile_interval(np.linspace(0, 1, 1001)[:, None], 1_000_000, 0.95)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.025, 0.975)
    """
    tail = expanded_tail(clusters, confidence_level)
    ordered = np.sort(draws.T, axis=1)
    counts = (~np.isnan(ordered)).sum(axis=1)
    last = np.maximum(counts - 1, 0)
    rows = np.arange(len(ordered))

    def at(probability: float) -> Floats:
        position = last * probability
        below = np.floor(position).astype(np.int64)
        first, second = ordered[rows, below], ordered[rows, np.minimum(below + 1, last)]
        return np.asarray(first + (second - first) * (position - below))

    low, high = at(tail), at(1 - tail)
    unstable = counts < (1 - UNDEFINED) * draws.shape[0]
    return np.where(unstable, np.nan, low), np.where(unstable, np.nan, high)


def _closed_form(
    contrast: Contrast, rates: Floats, index: Mapping[str, int], prompts: int, z: float
) -> tuple[float, float]:
    """Where every draw gives one value a resample knows no error: Wilson intervals with n = prompts, squared and added."""
    parts = []
    for runs, sign in ((contrast.plus, 1.0), (contrast.minus, -1.0)):
        for run in runs:
            p = min(max(float(rates[index[run]]), 0.0), 1.0)
            parts.append((p, wilson(p * prompts, prompts, z), sign / len(runs)))
    found = square_and_add(parts)
    return found.low, found.high


_Summary = tuple[Floats, Floats, Floats, list[str]]


def _arranged(made: Sequence[Sequence[_Summary]], grid: Grid, contrasts: int) -> Universes:
    """From the order of computing (judge, benchmark, gibberish, rate; anchoring inside) to that of the grid."""
    judges, benchmarks, handlings, anchors, rates = grid.shape
    order = np.arange(grid.size).reshape(judges, benchmarks, handlings, rates, anchors).swapaxes(3, 4).reshape(-1)
    flat = [summary for row in made for summary in row]
    return _stacked([flat[i] for i in order.tolist()])


def _stacked(summaries: Sequence[_Summary]) -> Universes:
    value, low, high = (np.stack([s[i] for s in summaries], axis=1) for i in range(3))
    count = value.shape[0]
    return Universes(value=value, low=low, high=high, reasons=[[s[3][k] for s in summaries] for k in range(count)])
