"""Share of positives after correcting the judge's share by its sensitivity and specificity (Rogan-Gladen).

theta = (p + specificity - 1) / (sensitivity + specificity - 1), held to [0, 1]; p is the share of positive verdicts over all
judged outputs, sensitivity and specificity are those on the outputs with a reference. Range [0, 1]. Undefined without
verdicts, where the reference has one class (`one_class`), or where sensitivity + specificity - 1 (Youden's J) is not positive
or its interval touches 0 (`youden_j_touches_zero`): the correction divides by it. It assumes that the errors on the labelled
outputs are those on all. The interval is Lee's; it takes verdicts and labels as separate samples, which is on the safe side
where the labelled outputs are a part of the judged ones.
Source: Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510; interval and allocation: Lee et al. 2025,
arXiv:2511.21140, after Lang and Reiczigel 2014, doi:10.1016/j.prevetmed.2013.09.015.
"""

from __future__ import annotations

import math

import numpy as np

from judgeaudit.measures._measure import Measure, undefined_where
from judgeaudit.measures._prevalence import NO_LABELS, NO_VERDICTS, parts
from judgeaudit.sums.intervals import Interval
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The corrected share of (..., 8) tables; NaN where J is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([139.0, 14, 51, 96, 153, 147, 0, 0])  # harmbench_cf of JailbreakBench, corrected on its own rows
    >>> round(float(compute(t)) * 300, 9)
    110.0
    """
    p = parts(t)
    j = p.sensitivity + p.specificity - 1
    useful = j > 0
    raw = (p.rate + p.specificity - 1) / np.where(useful, j, 1.0)
    return undefined_where(np.clip(raw, 0.0, 1.0), ~useful)


def reason(t: Floats) -> str | None:
    """Why there is no corrected share."""
    if t[4:6].sum() <= 0:
        return NO_VERDICTS
    if t[:4].sum() <= 0:
        return NO_LABELS
    if t[0] + t[2] <= 0 or t[1] + t[3] <= 0:
        return "one_class: the reference has one class only"
    p = parts(t)
    if float(p.sensitivity + p.specificity - 1) <= 0:
        return "youden_j_touches_zero: sensitivity + specificity - 1 is not above 0: the verdicts cannot be corrected"
    return None


def rogan_gladen(p: float, specificity: float, sensitivity: float) -> float:
    """The corrected share, held to [0, 1].

    Examples
    --------
    >>> round(rogan_gladen(0.4, 0.7, 0.9), 4)
    0.1667
    """
    return min(1.0, max(0.0, (p + specificity - 1) / (sensitivity + specificity - 1)))


def lee_interval(
    p: float, n: float, specificity: float, negatives: float, sensitivity: float, positives: float, z: float
) -> Interval:
    """Lee's adjusted interval of the corrected share.

    Parameters
    ----------
    p, n
        Share of positive verdicts and how many verdicts it is of (an effective number where outputs are clustered).
    specificity, negatives, sensitivity, positives
        Both rates with the numbers of labelled negatives and positives that they are of.
    z
        Normal quantile: 1.96 for a two-sided 0.95.

    Examples
    --------
    >>> [round(x, 4) for x in lee_interval(0.4, 1000, 0.7, 200, 0.9, 200, 1.959964)]  # the paper's example
    [0.0564, 0.2627]
    """
    rate, size = (n * p + z * z / 2) / (n + z * z), n + z * z
    q0, m0 = (negatives * specificity + 1) / (negatives + 2), negatives + 2
    q1, m1 = (positives * sensitivity + 1) / (positives + 2), positives + 2
    theta = rogan_gladen(rate, q0, q1)
    false, true = (1 - theta) * q0 * (1 - q0) / m0, theta * q1 * (1 - q1) / m1
    variance = rate * (1 - rate) / size + (1 - theta) * false + theta * true
    half = z * math.sqrt(variance) / (q0 + q1 - 1)
    centre = theta + 2 * z * z * (true - false)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def allocation(p: float, specificity: float, sensitivity: float, labels: int, pilot: int = 10) -> tuple[int, int]:
    """How many of `labels` labels to spend on negatives and on positives for the shortest interval.

    Parameters
    ----------
    p
        Share of positive verdicts, above 0.
    pilot
        Labels of each class that specificity and sensitivity were first estimated on.

    Examples
    --------
    >>> allocation(0.4, 0.7, 0.9, 200)  # m1 = 200 / (1 + 1.5 sqrt(4 / 2)) = 64.07
    (136, 64)
    """
    odds = (1 / p - 1) * math.sqrt((pilot * (1 - specificity) + 1) / (pilot * (1 - sensitivity) + 1))
    positives = round(labels / (1 + odds))
    return labels - positives, positives


MEASURE = Measure(name="prevalence_corrected", table="prevalence", compute=compute, reason=reason)
