"""Scores: how well a judge's probability of positive tells positives from negatives, and whether it means what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from judgeaudit.audit._context import LABEL_ORDER, Context
from judgeaudit.audit._estimate import Row, from_draws
from judgeaudit.measures import auroc, brier, calibration_error_squared_debiased
from judgeaudit.measures._measure import Measure
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.slices import Slice, distinct
from judgeaudit.sums.intervals import wilson, z_of
from judgeaudit.sums.patterns import Ints, Patterns
from judgeaudit.sums.resample import draw, generator
from judgeaudit.table import Floats

FINE, ROUGH = 200, 20
"""Score bins on which draws are taken; the point values are exact. Rough with more than 5,000 clusters, for memory."""
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
        for kind in (k for k in LABEL_ORDER if k in context.references):
            reference = context.references[kind]
            for part in context.slices:
                p, y, items = _pairs(context, trials[0].scores, reference, part)
                if len(p) or part.name == "all":
                    out.extend(_estimates(context, judge, reference, part, p, y, items))
            tables.append(_reliability(context, judge, reference, trials[0].scores))
    return out, tables


def _pairs(context: Context, column: Floats, reference: Reference, part: Slice) -> tuple[Floats, Floats, Ints]:
    assert context.binary is not None
    codes = reference.codes[part.items]
    y = np.where(codes >= 0, context.binary[np.maximum(codes, 0)], -1)
    p = column[part.items]
    kept = (y >= 0) & ~np.isnan(p)
    return p[kept], y[kept].astype(np.float64), part.items[kept]


def _estimates(
    context: Context, judge: str, reference: Reference, part: Slice, p: Floats, y: Floats, items: Ints
) -> list[Estimate]:
    size = _bins(context, part)
    cell = np.minimum((p * size).astype(np.int64), size - 1) * 2 + y.astype(np.int64)
    error = (p - y) ** 2
    point_auc = auroc.exact(p, y) if len(p) else float("nan")
    point_brier = float(error.mean()) if len(p) else float("nan")
    by_bin = _row(context, judge, reference, part, items, cell, _bin_features(cell, error, size), "scores")
    binned = _calibration_features(cell, p, size)
    calibration = _row(context, judge, reference, part, items, cell, binned, "calibration")
    drawn, shifted = _draws(context, by_bin), _draws(context, calibration)
    said = f"{context.options.draws} draws on {size} score bins, exact point"
    return [
        _made(context, by_bin, brier.MEASURE, point_brier, brier.compute(drawn), said),
        _made(context, by_bin, auroc.MEASURE, point_auc, auroc.compute(drawn), said),
        _calibration(context, calibration, shifted),
    ]


def _made(context: Context, row: Row, measure: Measure, point: float, values: Floats, method: str) -> Estimate:
    bins = row.shape[0] // 3
    estimate = from_draws(row, measure, point, values, context.options, method=method)
    return replace(estimate, n=float(row.table[:bins].sum()))


def _calibration(context: Context, row: Row, drawn: Floats) -> Estimate:
    """Draws of the plug-in error, shifted by plug-in minus debiased at the point, so that they are not biased twice."""
    module = calibration_error_squared_debiased
    point = float(module.compute(row.table))
    values = module.plug_in(drawn) - (float(module.plug_in(row.table)) - point)
    estimate = from_draws(
        row, module.MEASURE, point, values, context.options,
        method=f"{context.options.draws} draws shifted by the bias of the plug-in",
    )  # fmt: skip
    return replace(estimate, n=float(row.table[: module.BINS].sum()))


def _row(
    context: Context,
    judge: str,
    reference: Reference,
    part: Slice,
    items: Ints,
    rows: Ints,
    features: Floats,
    table: str,
) -> Row:
    whole = Slice(
        name=part.name, items=items, detected=part.detected, distinct_texts=part.distinct_texts,
        largest_text_share=part.largest_text_share,
    )  # fmt: skip
    left = float(part.n - len(items))
    return Row(
        key={
            "rubric": context.rubric.name, "judge": judge, "reference": reference.kind,
            "reference_rule": reference.rule, "scale": "binary", "slice": part.name,
        },
        name=f"{context.rubric.name}|{judge}|{reference.kind}|{table}|{part.name}",
        patterns=context.row_pools(whole, rows, features),
        shape=(features.shape[1],),
        left_out={"no_score_or_reference": left} if left else {},
        distinct=None if context.texts is None else (distinct(context.texts[items]),) * 3,
        circular=context.is_circular(judge, part),
    )  # fmt: skip


def _bins(context: Context, part: Slice) -> int:
    clusters = context.data.clusters
    many = clusters is not None and len(np.unique(clusters[part.items])) > _MANY_CLUSTERS
    return ROUGH if many else FINE


def _bin_features(cell: Ints, error: Floats, size: int) -> Floats:
    """(2 * bins, 3 * bins) what an item of each (bin, class) adds; errors by the mean of its bin and class."""
    features = np.zeros((2 * size, 3 * size))
    own = np.arange(2 * size)
    features[own, own // 2] = 1.0
    features[own, size + own // 2] = own % 2
    features[own, 2 * size + own // 2] = _cell_means(cell, error, size)
    return features


def _calibration_features(cell: Ints, p: Floats, size: int) -> Floats:
    """(2 * bins, 3 * 10) the same over the 10 bins of the calibration error: items, sum of scores, positives."""
    coarse = calibration_error_squared_debiased.BINS
    features = np.zeros((2 * size, 3 * coarse))
    own = np.arange(2 * size)
    place = (own // 2) * coarse // size
    features[own, place] = 1.0
    features[own, coarse + place] = _cell_means(cell, p, size)
    features[own, 2 * coarse + place] = own % 2
    return features


def _cell_means(cell: Ints, values: Floats, size: int) -> Floats:
    count = np.maximum(np.bincount(cell, minlength=2 * size), 1)
    return np.asarray(np.bincount(cell, weights=values, minlength=2 * size) / count)


def _draws(context: Context, row: Row) -> Floats:
    """(schemes, draws, F)."""
    return np.stack([_of(context, row, i, p) for i, p in enumerate(row.patterns)])


def _of(context: Context, row: Row, scheme: int, patterns: Patterns) -> Floats:
    name = f"{row.name}#{scheme}" if scheme else row.name
    return draw(patterns, context.options.draws, generator(context.options.seed, name))


def _reliability(context: Context, judge: str, reference: Reference, column: Floats) -> Mapping[str, Any]:
    size = calibration_error_squared_debiased.BINS
    p, y, _ = _pairs(context, column, reference, context.slices[0])
    place = np.minimum((p * size).astype(np.int64), size - 1)
    z = z_of(context.options.confidence_level)
    bins = []
    for i in range(size):
        inside = place == i
        n, k = int(inside.sum()), float(y[inside].sum())
        ends = wilson(k, n, z) if n else None
        bins.append(
            {
                "low": i / size, "high": (i + 1) / size, "n": n,
                "mean_score": float(p[inside].mean()) if n else None,
                "positive_rate": k / n if n else None,
                "ci_low": ends.low if ends else None, "ci_high": ends.high if ends else None,
            }
        )  # fmt: skip
    return {"rubric": context.rubric.name, "judge": judge, "reference": reference.kind, "slice": "all", "bins": bins}
