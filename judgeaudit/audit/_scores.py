"""Scores: how well a judge's probability of positive tells positives from negatives, and whether it means what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import from_draws
from judgeaudit.audit._rows import Row, draws_of
from judgeaudit.measures import auroc, brier, calibration_error_squared_debiased
from judgeaudit.measures._measure import Measure
from judgeaudit.model import LABEL_KINDS, Estimate
from judgeaudit.references._reference import NO_LABEL, UNRESOLVED, Reference
from judgeaudit.slices import Slice, distinct
from judgeaudit.sums.intervals import wilson, z_of
from judgeaudit.sums.patterns import Ints, counted
from judgeaudit.table import NOT_ASKED, Floats

FINE, ROUGH = 200, 20
"""Bins of scores on which draws are taken; the point values are exact. Rough with more than 5,000 clusters, for memory."""
_MANY_CLUSTERS = 5000


def scores(context: Context) -> tuple[list[Estimate], list[Mapping[str, Any]]]:
    """Brier, debiased calibration error and AUROC of every judge with scores; and its reliability table on the whole."""
    out: list[Estimate] = []
    tables: list[Mapping[str, Any]] = []
    if context.binary is None:
        return out, tables
    for judge, trials in context.judges.items():
        if trials[0].scores is None:
            continue
        for kind in (k for k in LABEL_KINDS if k in context.references):
            reference = context.references[kind]
            for part in context.slices:
                p, y, items = scored_pairs(context, trials[0].scores, reference, part)
                if len(p) or part.name == "all":
                    out.extend(_estimates(context, judge, reference, part, p, y, items))
            tables.append(_reliability(context, judge, reference, trials[0].scores))
    return out, tables


def scored_pairs(context: Context, column: Floats, reference: Reference, part: Slice) -> tuple[Floats, Ints, Ints]:
    """Scores, references (0 or 1) and places of the items of a slice that have both."""
    assert context.binary is not None
    codes = reference.codes[part.items]
    y = np.where(codes >= 0, context.binary[np.maximum(codes, 0)], -1).astype(np.int64)
    p = column[part.items]
    kept = (y >= 0) & ~np.isnan(p)
    return p[kept], y[kept], part.items[kept]


def _estimates(
    context: Context, judge: str, reference: Reference, part: Slice, p: Floats, y: Ints, items: Ints
) -> list[Estimate]:
    value, code, count = np.unique(p, return_inverse=True, return_counts=True)
    size, weights = bins_of(context, part), context.data.weights
    fine = max(1, min(size, len(value)))
    # Everything is summed by score and class first, so that the order of items changes nothing.
    mass = counted(code * 2 + y, 2 * len(value), None if weights is None else weights[items]).reshape(-1, 2)
    error = np.stack([value**2, (1 - value) ** 2], axis=1)
    exact = np.concatenate([mass.sum(axis=1), mass[:, 1], (mass * error).sum(axis=1)])
    bins, wide = equal_mass(count, fine), np.minimum((value * size).astype(np.int64), size - 1)
    by_bin = row_of(
        context, judge, reference, part, items, bins[code] * 2 + y, _bin_features(bins, mass, error, fine), "scores"
    )
    calibration = row_of(
        context,
        judge,
        reference,
        part,
        items,
        wide[code] * 2 + y,
        calibration_features(
            wide, mass, np.stack([value, value], axis=1), size, calibration_error_squared_debiased.BINS
        ),
        "calibration",
    )
    drawn = draws_of(by_bin, context.options)
    said = f"{context.options.draws} draws on at most {fine} bins of scores, exact point"
    out = []
    for measure in (brier.MEASURE, auroc.MEASURE):
        point = float(measure.compute(exact))
        # Scores in one bin count as ties: what that takes from the point is given back to the draws.
        values = np.clip(measure.compute(drawn) + (point - float(measure.compute(by_bin.table))), 0.0, 1.0)
        out.append(_made(context, by_bin, measure, point, values, said))
    return [*out, _calibration(context, calibration, draws_of(calibration, context.options))]


def _made(context: Context, row: Row, measure: Measure, point: float, values: Floats, method: str) -> Estimate:
    bins = row.shape[0] // 3
    estimate = from_draws(row, measure, point, values, context.options, method=method)
    return replace(estimate, n=float(row.table[:bins].sum()))


def _calibration(context: Context, row: Row, drawn: Floats) -> Estimate:
    """Draws of the debiased error, shifted by plug-in minus debiased: for the draws the plug-in error is the truth."""
    module = calibration_error_squared_debiased
    point = float(module.compute(row.table))
    values = module.compute(drawn) - (float(module.plug_in(row.table)) - point)
    estimate = from_draws(
        row,
        module.MEASURE,
        point,
        values,
        context.options,
        method=f"{context.options.draws} draws shifted by the bias of the plug-in",
    )
    return replace(estimate, n=float(row.table[: module.BINS].sum()))


def row_of(
    context: Context,
    judge: str,
    reference: Reference,
    part: Slice,
    items: Ints,
    rows: Ints,
    features: Floats,
    table: str,
) -> Row:
    """The table to which each item of a slice that has both adds its row of features."""
    whole = replace(part, items=items)
    texts = None if context.texts is None else distinct(context.texts[items])
    return Row(
        key={
            "rubric": context.rubric.name,
            "judge": judge,
            "reference": reference.kind,
            "reference_rule": reference.rule,
            "scale": "binary",
            "slice": part.name,
        },
        name=f"{context.rubric.name}|{judge}|{reference.kind}|{table}|{part.name}",
        patterns=context.row_pools(whole, rows, features, schemes=context.schemes(part)),
        shape=(features.shape[1],),
        left_out=_left_out(context, judge, reference, part),
        distinct=None if texts is None else {"": texts},
        circular=context.is_circular(judge, part),
    )


def weight_of(context: Context, items: Ints) -> float:
    """How many items these are, by weight."""
    weights = context.data.weights
    return float(counted(np.zeros(len(items), np.int64), 1, None if weights is None else weights[items])[0])


def _left_out(context: Context, judge: str, reference: Reference, part: Slice) -> dict[str, float]:
    """Items of the slice without a score or a binary reference, by the first reason that holds."""
    assert context.binary is not None
    ratings = context.judges[judge][0]
    assert ratings.scores is not None
    codes, truth = part.take(ratings.codes), part.take(reference.codes)
    scored = ~np.isnan(part.take(ratings.scores))
    outside = (truth >= 0) & (context.binary[np.maximum(truth, 0)] < 0)
    why = np.select(
        [~scored & (codes == NOT_ASKED), ~scored, truth == UNRESOLVED, truth == NO_LABEL, outside], [1, 2, 3, 4, 5], 0
    )
    names = ("skipped", "no_score", "reference_unresolved", "no_label", "reference_abstained")
    counts = counted(why, 6, None if context.data.weights is None else part.take(context.data.weights))[1:]
    return {name: float(count) for name, count in zip(names, counts, strict=True) if count > 0}


def bins_of(context: Context, part: Slice) -> int:
    """Bins of scores for the draws of a slice."""
    clusters = context.data.clusters
    many = clusters is not None and len(np.unique(clusters[part.items])) > _MANY_CLUSTERS
    return ROUGH if many else FINE


def equal_mass(count: Ints, size: int) -> Ints:
    """(V,) bin of each distinct score, rising: one each where there are at most `size`, else about equally many items.

    Bins of equal width would put the scores of a sure judge, all near 0 and 1, into two.
    """
    if len(count) <= size:
        return np.arange(len(count))
    return np.asarray((np.cumsum(count) - 1) * size // int(count.sum()))


def _bin_features(bins: Ints, mass: Floats, error: Floats, size: int) -> Floats:
    """(2 * bins, 3 * bins) what an item of each (bin, class) adds; errors by the mean of its bin and class."""
    features = np.zeros((2 * size, 3 * size))
    own = np.arange(2 * size)
    features[own, own // 2] = 1.0
    features[own, size + own // 2] = own % 2
    features[own, 2 * size + own // 2] = cell_means(bins, mass, error, size)
    return features


def calibration_features(bins: Ints, mass: Floats, scores: Floats, size: int, coarse: int) -> Floats:
    """(2 * bins, 3 * coarse) the same over bins of equal width: items, sum of scores, positives."""
    features = np.zeros((2 * size, 3 * coarse))
    own = np.arange(2 * size)
    place = (own // 2) * coarse // size
    features[own, place] = 1.0
    features[own, coarse + place] = cell_means(bins, mass, scores, size)
    features[own, 2 * coarse + place] = own % 2
    return features


def cell_means(bins: Ints, mass: Floats, values: Floats, size: int) -> Floats:
    """(2 * bins,) mean of values (V, 2) over the scores of each (bin, class), by their mass (V, 2)."""
    cell = (bins[:, None] * 2 + np.arange(2)).reshape(-1)
    total = np.bincount(cell, weights=(mass * values).reshape(-1), minlength=2 * size)
    count = np.bincount(cell, weights=mass.reshape(-1), minlength=2 * size)
    return np.asarray(total / np.where(count > 0, count, 1.0))


def _reliability(context: Context, judge: str, reference: Reference, column: Floats) -> Mapping[str, Any]:
    size = calibration_error_squared_debiased.BINS
    p, y, _ = scored_pairs(context, column, reference, context.slices[0])
    place = np.minimum((p * size).astype(np.int64), size - 1)
    z = z_of(context.options.confidence_level)
    bins = []
    for i in range(size):
        inside = place == i
        n, k = int(inside.sum()), float(y[inside].sum())
        ends = wilson(k, n, z) if n else None
        bins.append(
            {
                "low": i / size,
                "high": (i + 1) / size,
                "n": n,
                "mean_score": float(p[inside].mean()) if n else None,
                "positive_rate": k / n if n else None,
                "ci_low": ends.low if ends else None,
                "ci_high": ends.high if ends else None,
            }
        )
    return {"rubric": context.rubric.name, "judge": judge, "reference": reference.kind, "slice": "all", "bins": bins}
