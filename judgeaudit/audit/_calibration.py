"""Calibration of a judge's scores on the whole: estimates, and what a chart needs (null bands, consistency bars, curves).

A calibration error is never 0, not even for a perfect judge. So each is held against what a judge whose scores mean what they
say would give on as many outputs: outcomes are drawn from the scores themselves (Broecker and Smith 2007,
doi:10.1175/WAF993.1), for as many independent outputs as the clusters are worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from judgeaudit.audit._context import NEGATIVE, POSITIVE, Context
from judgeaudit.audit._estimate import from_draws
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.audit._scores import (
    bins_of,
    calibration_features,
    cell_means,
    equal_mass,
    row_of,
    scored_pairs,
    weight_of,
)
from judgeaudit.audit._thresholds import operating_points
from judgeaudit.audit._uncertainty import of_positives
from judgeaudit.measures import (
    _brier_parts,
    aurc,
    brier_reliability,
    brier_resolution,
    brier_uncertainty,
    brier_within_bins,
    calibration_error_squared_debiased,
    cox_intercept,
    cox_slope,
    expected_calibration_error,
    smooth_calibration_error,
)
from judgeaudit.measures._logistic import LEAST_SCORE, of_sums
from judgeaudit.measures._measure import Measure
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.sums.resample import generator
from judgeaudit.table import Floats

BINS = expected_calibration_error.BINS
GRID = 100
"""Bins of scores on which draws are taken here, at most; the point values are exact."""
COVERAGES = 20
"""Points of the risk-coverage curve that are kept."""
_PARTS = (brier_reliability, brier_resolution, brier_uncertainty, brier_within_bins)
_ERRORS = (expected_calibration_error, smooth_calibration_error)


class Calibrated(NamedTuple):
    """Estimates and tables (JSON objects by name) of all judges with scores."""

    estimates: list[Estimate]
    tables: dict[str, list[Mapping[str, Any]]]


class _Scored(NamedTuple):
    """One judge's scores of the outputs with a reference: scores, references, places, and sums by distinct score."""

    p: Floats
    y: Ints
    items: Ints
    value: Floats
    code: Ints
    mass: Floats

    @property
    def exact(self) -> Floats:
        """(3 * V,) items, sums of scores and positives by distinct score."""
        n = self.mass.sum(axis=1)
        return np.concatenate([n, n * self.value, self.mass[:, 1]])


def calibration(context: Context) -> Calibrated:
    """Everything on the whole of the outputs, by judge with scores and kind of reference."""
    estimates: list[Estimate] = []
    tables: dict[str, list[Mapping[str, Any]]] = {"calibration": [], "risk_coverage": [], "operating_points": []}
    if context.binary is None:
        return Calibrated(estimates, tables)
    for judge, trials in context.judges.items():
        column = trials[0].scores
        if column is None:
            continue
        for reference in context.references.values():
            one = _scored(context, column, reference)
            made, nulls = _errors(context, judge, reference, one)
            estimates += [*made, *_brier(context, judge, reference, one)]
            about = {"rubric": context.rubric.name, "judge": judge, "reference": reference.kind, "slice": "all"}
            tables["calibration"].append({**about, **nulls})
            area, curve = _risk(context, judge, reference, one)
            estimates.append(area)
            tables["risk_coverage"].append({**about, "points": curve})
            tables["operating_points"].append(
                {**about, **operating_points(context, judge, reference, one.p, one.y, one.items)}
            )
    return Calibrated(estimates, tables)


def _scored(context: Context, column: Floats, reference: Reference) -> _Scored:
    p, y, items = scored_pairs(context, column, reference, context.slices[0])
    value, code = np.unique(p, return_inverse=True)
    weights = context.data.weights
    mass = counted(code * 2 + y, 2 * len(value), None if weights is None else weights[items]).reshape(-1, 2)
    return _Scored(p, y, items, value, code, mass)


def _errors(
    context: Context, judge: str, reference: Reference, one: _Scored
) -> tuple[list[Estimate], Mapping[str, Any]]:
    """ECE, smooth ECE, Cox slope and intercept; and the null bands of the errors with the consistency bars of the bins."""
    size = min(bins_of(context, context.slices[0]), GRID)
    wide = np.minimum((one.value * size).astype(np.int64), size - 1)
    features = calibration_features(wide, one.mass, np.stack([one.value, one.value], axis=1), size, size)
    row = row_of(
        context, judge, reference, context.slices[0], one.items, wide[one.code] * 2 + one.y, features, "curves"
    )
    drawn = draws_of(row, context.options)
    ten = _in_ten(drawn, size)
    said = f"{context.options.draws} draws on {size} bins of scores, exact point"
    nulls, bars = _null(context, judge, reference, one, size)
    made = []
    for module in _ERRORS:
        exact = module is smooth_calibration_error
        point = float(module.compute(one.exact)) if exact else float(module.compute(_in_ten(row.table, size)))
        values = module.compute(drawn if exact else ten)
        estimate = _made(row, module.MEASURE, point, _centred(values, point), context, f"{said}, draws centred on it")
        made.append(replace(estimate, p_value=nulls.get(estimate.measure, {}).get("p_value")))
    clipped = float(one.mass.sum(axis=1)[(one.value < LEAST_SCORE) | (one.value > 1 - LEAST_SCORE)].sum())
    ends = f"; {clipped:g} scores taken as {LEAST_SCORE:g} from 0 or 1" if clipped else ""
    for module, values in zip((cox_intercept, cox_slope), of_sums(drawn), strict=True):
        why = module.MEASURE.reason(one.exact)
        point, binned = (float(module.compute(sums)) for sums in (one.exact, row.table))
        shift = 0.0 if np.isnan(binned) or np.isnan(point) else point - binned
        # Whether there is one is said of the scores themselves, not of their bins.
        measure = replace(module.MEASURE, reason=lambda _, why=why: why)
        made.append(_made(row, measure, point, values + shift, context, said + ends))
    worth = _worth(context, one) if bars else None
    return made, {"null": nulls, "bars": bars, "independent_outputs": worth, "draws": context.options.draws}


def _centred(values: Floats, point: float) -> Floats:
    """Draws of an error without sign: resampling adds noise, and every noise makes it larger; that is taken off again."""
    if np.isnan(point):
        return values
    return np.asarray(np.maximum(values - (np.nanmean(values, axis=-1, keepdims=True) - point), 0.0))


def _made(row: Row, measure: Measure, point: float, values: Floats, context: Context, method: str) -> Estimate:
    estimate = from_draws(row, measure, point, values, context.options, method=method)
    return replace(estimate, n=_items(row))


def _items(row: Row) -> float:
    return float(row.table[: row.shape[0] // 3].sum())


def _in_ten(sums: Floats, size: int) -> Floats:
    """(..., 3 * 10) sums by bin of equal width from (..., 3 * size) by finer ones."""
    fine = sums.reshape(*sums.shape[:-1], 3, BINS, size // BINS)
    return np.asarray(fine.sum(axis=-1).reshape(*sums.shape[:-1], 3 * BINS))


def _null(
    context: Context, judge: str, reference: Reference, one: _Scored, size: int
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """What the errors and the shares of positives would be if the scores meant what they say."""
    if len(one.p) == 0 or context.data.weights is not None:
        return {}, []
    draws = context.options.draws
    rng = generator(context.options.seed, f"{context.rubric.name}|{judge}|{reference.kind}|null|all")
    # On a grid of scores, finer than any of the errors looks.
    grid = np.minimum((one.value * GRID).astype(np.int64), GRID - 1)
    n = np.bincount(grid, weights=one.mass.sum(axis=1), minlength=GRID)
    mean = np.bincount(grid, weights=one.mass.sum(axis=1) * one.value, minlength=GRID) / np.where(n > 0, n, 1.0)
    count = rng.multinomial(_worth(context, one), n / n.sum(), size=draws)
    positive = rng.binomial(count, np.clip(mean, 0.0, 1.0))
    perfect = np.concatenate([count, count * mean, positive], axis=1).astype(np.float64)
    ten = _in_ten(perfect, GRID)
    seen = np.concatenate([n, n * mean, np.bincount(grid, weights=one.mass[:, 1], minlength=GRID)])
    nulls = {}
    for module in (*_ERRORS, calibration_error_squared_debiased):
        smooth = module is smooth_calibration_error
        values = module.compute(perfect if smooth else ten)
        # The same grid for both, so that rounding the scores moves neither against the other.
        own = float(module.compute(seen[None])[0] if smooth else module.compute(_in_ten(seen, GRID)))
        nulls[module.MEASURE.name] = _band(values[~np.isnan(values)], own, context.options.confidence_level)
    return {k: v for k, v in nulls.items() if v}, _bars(ten, context.options.confidence_level)


def _worth(context: Context, one: _Scored) -> int:
    """How many independent outputs the clusters are worth: n over the design effect of the errors about their bin's mean.

    The design effect is the variance of a cluster's sum over what it would be if its errors were independent, at least 1
    (Kish 1965); where equal texts are clusters too, the larger.
    """
    place = np.minimum((one.p * BINS).astype(np.int64), BINS - 1)
    residual = one.y - one.p
    size = np.bincount(place, minlength=BINS)
    residual = residual - (np.bincount(place, weights=residual, minlength=BINS) / np.maximum(size, 1))[place]
    plain = float((residual**2).sum())
    effect = 1.0
    for codes in context.schemes(context.slices[0]):
        if codes is not None and plain > 0:
            sums = np.bincount(np.unique(codes[one.items], return_inverse=True)[1], weights=residual)
            effect = max(effect, float((sums**2).sum()) / plain)
    return max(1, round(len(one.p) / effect))


def _band(values: Floats, own: float, level: float) -> Mapping[str, float]:
    """Two-sided band, mean, and the share of draws at least as large as what was seen, which counts as one of them."""
    if len(values) == 0 or np.isnan(own):
        return {}
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    above = float((values >= own - 1e-12).sum() + 1) / (len(values) + 1)
    return {"low": float(low), "high": float(high), "mean": float(values.mean()), "p_value": above}


def _bars(ten: Floats, level: float) -> list[Mapping[str, Any]]:
    """For each bin the range of its share of positives under calibration; None where the bin is nearly always empty."""
    count, positive = ten[:, :BINS], ten[:, 2 * BINS :]
    out: list[Mapping[str, Any]] = []
    for i in range(BINS):
        there = count[:, i] > 0
        ends = None
        if there.mean() >= 0.5:
            ends = np.quantile(positive[there, i] / count[there, i], [(1 - level) / 2, (1 + level) / 2])
        out.append({"low": None if ends is None else float(ends[0]), "high": None if ends is None else float(ends[1])})
    return out


def _brier(context: Context, judge: str, reference: Reference, one: _Scored) -> list[Estimate]:
    size = min(bins_of(context, context.slices[0]), GRID)
    wide = np.minimum((one.value * size).astype(np.int64), size - 1)
    features = np.zeros((2 * size, 5 * BINS))
    own = np.arange(2 * size)
    place, positive = (own // 2) * BINS // size, own % 2
    twice = np.stack([one.value, one.value], axis=1)
    mean = cell_means(wide, one.mass, twice, size)
    blocks = (np.ones(2 * size), mean, positive, cell_means(wide, one.mass, twice**2, size), mean * positive)
    for block, values in enumerate(blocks):
        features[own, block * BINS + place] = values
    row = row_of(context, judge, reference, context.slices[0], one.items, wide[one.code] * 2 + one.y, features, "parts")
    drawn = draws_of(row, context.options)
    out = []
    for module in _PARTS:
        point, values = float(module.compute(row.table)), module.compute(drawn)
        if module in (brier_reliability, brier_resolution):
            values = _centred(values, point)
        estimate = from_draws(
            row, module.MEASURE, point, values, context.options,
            method=f"{context.options.draws} draws, {_brier_parts.BINS} bins of equal width",
        )  # fmt: skip
        if module is brier_uncertainty:
            estimate = of_positives(estimate, row, context.options)
        out.append(replace(estimate, n=float(row.table[:BINS].sum())))
    return out


def _risk(
    context: Context, judge: str, reference: Reference, one: _Scored
) -> tuple[Estimate, list[Mapping[str, float]]]:
    """AURC and the curve: how often the judge errs on the share of outputs whose verdicts it is surest of."""
    assert context.binary is not None
    codes = context.judges[judge][0].codes[one.items]
    verdict = np.where(codes >= 0, context.binary[np.maximum(codes, 0)], -1)
    kept = (verdict == NEGATIVE) | (verdict == POSITIVE)
    sure = np.round(np.where(verdict == POSITIVE, one.p, 1 - one.p)[kept], 12)
    wrong = (verdict != one.y)[kept].astype(np.int64)
    items = one.items[kept]
    value, code = np.unique(-sure, return_inverse=True)
    weights = context.data.weights
    mass = counted(code * 2 + wrong, 2 * len(value), None if weights is None else weights[items]).reshape(-1, 2)
    exact = np.concatenate([mass.sum(axis=1), mass[:, 1]])
    size = max(1, min(bins_of(context, context.slices[0]), GRID, len(value)))
    bins = equal_mass(np.bincount(code, minlength=len(value)), size) if len(value) else np.zeros(0, np.int64)
    own = np.arange(2 * size)
    features = np.zeros((2 * size, 2 * size))
    features[own, own // 2] = 1.0
    features[own, size + own // 2] = own % 2
    row = row_of(context, judge, reference, context.slices[0], items, bins[code] * 2 + wrong, features, "risk")
    silent = weight_of(context, one.items[~kept])
    row = replace(row, left_out={**row.left_out, "no_binary_verdict": silent} if silent else row.left_out)
    point, binned = float(aurc.compute(exact)), float(aurc.compute(row.table))
    drawn = aurc.compute(draws_of(row, context.options)) + (0.0 if np.isnan(binned) else point - binned)
    said = f"{context.options.draws} draws on at most {size} bins of confidence, exact point"
    estimate = from_draws(row, aurc.MEASURE, point, np.clip(drawn, 0.0, 1.0), context.options, method=said)
    return replace(estimate, n=float(row.table[:size].sum())), _curve(mass, value)


def _curve(mass: Floats, value: Floats) -> list[Mapping[str, float]]:
    """At most `COVERAGES` points: share kept, error rate among those kept, least confidence kept; never inside a tie."""
    if not len(mass):
        return []
    upto, errors = np.cumsum(mass.sum(axis=1)), np.cumsum(mass[:, 1])
    coverage = upto / upto[-1]
    picked = np.unique(
        np.minimum(np.searchsorted(coverage, np.arange(1, COVERAGES + 1) / COVERAGES - 1e-9), len(value) - 1)
    )
    return [
        {"coverage": float(coverage[i]), "risk": float(errors[i] / upto[i]), "confidence": float(-value[i])}
        for i in picked.tolist()
    ]
