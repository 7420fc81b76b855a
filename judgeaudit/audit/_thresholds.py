"""Operating points: what a judge's score does at each threshold, and what a threshold picked on other outputs does.

A threshold that is picked and judged on the same outputs looks better than it is. So each rule picks on all folds but one and is
judged on that one; clusters, equal prompts and equal texts stay together in a fold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from judgeaudit.audit._context import Context
from judgeaudit.audit._estimate import estimates_of, share_interval
from judgeaudit.audit._rows import Row
from judgeaudit.judges._folds import connected, spread
from judgeaudit.measures import false_negative_rate, false_positive_rate, sensitivity, specificity, youden_j
from judgeaudit.model import Estimate
from judgeaudit.references._reference import Reference
from judgeaudit.sums.intervals import z_of
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import Floats

THRESHOLDS = tuple(round(i / 20, 2) for i in range(1, 20))
FOLDS = 5
MOST_FALSE_POSITIVES = 0.05
SPREAD = 1 / FOLDS + 1 / (FOLDS - 1)
"""Variance of a mean over folds in units of one fold's, the dependence of their fits on each other included.

Source: Nadeau and Bengio 2003, doi:10.1023/A:1024068626366: 1 / K + n_test / n_train, not 1 / K.
"""
LARGEST_J, LOW_FPR = "largest Youden J", f"false-positive rate at most {MOST_FALSE_POSITIVES:.0%}"
_SHOWN = (false_positive_rate.MEASURE, false_negative_rate.MEASURE, youden_j.MEASURE)
_NEEDED = (*_SHOWN, sensitivity.MEASURE, specificity.MEASURE)


def operating_points(
    context: Context, judge: str, reference: Reference, p: Floats, y: Ints, items: Ints
) -> dict[str, Any]:
    """The sweep (`points`: a score at or above the threshold is called positive) and the rules (`picked`), with intervals."""
    if len(p) == 0 or y.min() == y.max():
        return {"points": [], "picked": [], "reason": "one_class: a threshold needs outputs of both classes"}
    calls = [p >= t for t in THRESHOLDS]
    points = [
        {"threshold": t, **_plain(figures)}
        for t, figures in zip(THRESHOLDS, _figures(context, judge, reference, calls, y, items), strict=True)
    ]
    return {"points": points, "picked": _picked(context, judge, reference, p, y, items), "reason": None}


def _picked(
    context: Context, judge: str, reference: Reference, p: Floats, y: Ints, items: Ints
) -> list[Mapping[str, Any]]:
    columns = (context.data.clusters, context.texts, context.prompts)
    groups = connected([c[items] for c in columns if c is not None], len(p))
    fold = spread(groups, y, FOLDS, context.options.seed)
    used = [k for k in range(FOLDS) if (fold == k).any() and len(set(y[fold != k].tolist())) == 2]
    if len(used) < 2 or not np.isin(fold, used).all():
        return []
    weights = np.ones(len(p)) if context.data.weights is None else context.data.weights[items]
    out: list[Mapping[str, Any]] = []
    for rule in (LARGEST_J, LOW_FPR):
        chosen = {k: pick(p[fold != k], y[fold != k], weights[fold != k], rule) for k in used}
        called = p >= np.array([chosen.get(k, 1.0) for k in range(FOLDS)])[fold]
        (figures,) = _figures(context, judge, reference, [called], y, items)
        if rule == LOW_FPR:
            held = false_positive_rate.MEASURE.name
            figures[held] = _of_folds(figures[held], context.options.confidence_level)
        whole = pick(p, y, weights, rule)
        out.append(
            {
                "rule": rule,
                "threshold": whole,
                "chosen": [chosen[k] for k in used],
                "folds": len(used),
                **_plain(figures),
            }
        )
    return out


def _of_folds(e: Estimate, confidence_level: float) -> Estimate:
    """The rate that a rule holds at a limit, with an interval for folds that depend on each other.

    The fold with more false positives than the others is the one for which they pick a low threshold, so its errors are not
    those of independent outputs: they are worth fewer. The rates that the rule does not look at are not so moved.
    """
    if e.value is None or e.low is None or e.high is None:
        return e
    ends = share_interval(e.value, (e.effective_n or e.n) / (SPREAD * FOLDS), z_of(confidence_level))
    return replace(e, low=min(ends.low, e.low), high=max(ends.high, e.high))


def pick(p: Floats, y: Ints, weights: Floats, rule: str) -> float:
    """The threshold that a rule picks: midway between two scores, or beyond the highest (2) where nothing may be positive.

    Examples
    --------
    >>> import numpy as np
    >>> pick(np.array([0.1, 0.4, 0.6, 0.9]), np.array([0, 0, 1, 1]), np.ones(4), LARGEST_J)
    0.5
    """
    value, code = np.unique(p, return_inverse=True)
    positive = np.bincount(code, weights=weights * y, minlength=len(value))
    negative = np.bincount(code, weights=weights * (1 - y), minlength=len(value))
    # Threshold i calls scores from value[i] on positive; the last one calls none.
    tpr = np.append(positive[::-1].cumsum()[::-1], 0.0) / positive.sum()
    fpr = np.append(negative[::-1].cumsum()[::-1], 0.0) / negative.sum()
    if rule == LARGEST_J:
        j = tpr - fpr
        best = int(np.flatnonzero(j >= j.max() - 1e-12)[-1])
    else:
        best = int(np.flatnonzero(fpr <= MOST_FALSE_POSITIVES + 1e-12)[0])
    if best == len(value):
        return 2.0
    return float(value[0]) if best == 0 else float((value[best - 1] + value[best]) / 2)


def _figures(
    context: Context, judge: str, reference: Reference, calls: Sequence[Any], y: Ints, items: Ints
) -> list[dict[str, Estimate]]:
    part = replace(context.slices[0], items=items)
    key = {"rubric": context.rubric.name, "judge": judge, "reference": reference.kind, "scale": "binary"}
    rows = []
    for called in calls:
        patterns = tuple(context.pools(part, called.astype(np.int64) * 2 + y, 4))
        rows.append(Row(key=key, name="", patterns=patterns, shape=(2, 2)))
    found = estimates_of(rows, _NEEDED, context.options)
    by_measure: dict[str, list[Estimate]] = {}
    for e in found:
        by_measure.setdefault(e.measure, []).append(e)
    return [{m.name: by_measure[m.name][i] for m in _SHOWN} for i in range(len(rows))]


def _plain(figures: Mapping[str, Estimate]) -> Mapping[str, Any]:
    return {
        name: {"value": e.value, "low": e.low, "high": e.high, "k": e.k, "n": e.n, "reason": e.reason}
        for name, e in figures.items()
    }
