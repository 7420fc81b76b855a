"""Intervals: of proportions in closed form on the effective sample, of everything else from draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from judgeaudit.sums.patterns import Patterns
from judgeaudit.table import Floats

ONE_SIDED = ("0.8", "0.9", "0.95", "0.975", "0.99", "0.995")
"""One-sided confidences whose bounds are kept, so that a gate can be decided later at any of them."""


ONE_OUTWEIGHS = 1.1
"""C* below which one cluster has over 95 % of all: its residual is all but 0 whatever it says, and with it v."""

SERIES_FROM = 9
"""Degrees of freedom from which the quantile of t is taken from its series; intervals from draws need 10 clusters."""


class Interval(NamedTuple):
    """Lower and upper end."""

    low: float
    high: float


def z_of(confidence: float) -> float:
    """Two-sided normal quantile: 1.96 at 0.95.

    Examples
    --------
    >>> round(z_of(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(k: float, n: float, z: float) -> Interval:
    """Wilson score interval of k of n, both may be fractional (an effective sample), 0 <= k <= n, n > 0.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> [round(x, 4) for x in wilson(5, 10, 1.959964)]
    [0.2366, 0.7634]
    >>> wilson(0, 10, 1.959964).low
    0.0
    """
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if k <= 0 else max(0.0, centre - half)
    high = 1.0 if k >= n else min(1.0, centre + half)
    return Interval(low, high)


def clopper_pearson(k: float, n: float, tail: float) -> Interval:
    """Exact interval of k of n with probability at most `tail` beyond each end (0.025 for a two-sided 0.95).

    Fractional k and n are taken as they are (Korn and Graubard). Source: Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> [round(x, 4) for x in clopper_pearson(0, 29, 0.05)]  # 29 items without an error bound the rate at 10 %
    [0.0, 0.0981]
    """
    from scipy.special import betaincinv

    low = 0.0 if k <= 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k >= n else float(betaincinv(k + 1, n - k, 1 - tail))
    return Interval(low, high)


def effective_sample(patterns: Patterns, numerator: Sequence[int], denominator: Sequence[int]) -> float | None:
    """Effective sample size of a proportion whose items come in clusters; None with fewer than 2 clusters.

    n_eff = p (1 - p) / v with v the linearised variance of the ratio over clusters, times the square of the t quantile at
    n - 1 over that at C* - 1 degrees of freedom, never above n. C* = n^2 / sum n_c^2 is the number of clusters where they
    are equal and less where one outweighs the others (then v is near 0 by construction and cannot be trusted). Where p is
    0 or 1, or one cluster has over 95 % of all items or weight, no variance shows: C* is taken. Source: Korn and Graubard
    1998, Survey Methodology 24(2), 193-201; for C* Carter, Schnepel and Steigerwald 2017, doi:10.1162/REST_a_00639.

    Parameters
    ----------
    numerator, denominator
        Indices of the sums that make up k and n.

    Examples
    --------
    >>> import numpy as np
    >>> p = Patterns(np.array([[10.0, 0.0], [0.0, 10.0]]), np.array([20, 20]))  # 40 clusters of 10 equal items
    >>> 35 < effective_sample(p, [0], [0, 1]) <= 40
    True
    """
    if patterns.independent:
        return float(patterns.total[list(denominator)].sum()) or None
    k_c = patterns.sums[:, list(numerator)].sum(axis=1)
    n_c = patterns.sums[:, list(denominator)].sum(axis=1)
    inside = n_c > 0
    weight = patterns.multiplicity[inside]
    count = int(weight.sum())
    k, n = float(weight @ k_c[inside]), float(weight @ n_c[inside])
    if n > 0 and bool(((n_c[inside] == 1.0) & np.isin(k_c[inside], (0.0, 1.0))).all()):
        return n
    if n <= 0 or count < 2:
        return None
    p = k / n
    equal = n * n / float(weight @ n_c[inside] ** 2)
    residual = k_c[inside] - p * n_c[inside]
    variance = count / (count - 1) * float(weight @ residual**2) / (n * n)
    if p <= 0 or p >= 1 or variance <= 0 or equal < ONE_OUTWEIGHS:
        return float(min(n, max(equal, 1.0)))
    return float(min(n, p * (1 - p) / variance * _t_ratio(n, equal)))


def alone(patterns: Patterns, numerator: Sequence[int], denominator: Sequence[int]) -> bool:
    """Whether no two items of a proportion share a cluster, so that its items are independent however they are clustered.

    An effective sample that comes out as large as n is no such thing: with few clusters their spread can be small by chance.

    Examples
    --------
    >>> import numpy as np
    >>> alone(Patterns(np.array([[1.0, 0.0, 5.0], [0.0, 1.0, 0.0]]), np.array([3, 4])), [0], [0, 1])
    True
    """
    if patterns.independent:
        return True
    k_c = patterns.sums[:, list(numerator)].sum(axis=1)
    n_c = patterns.sums[:, list(denominator)].sum(axis=1)
    inside = n_c > 0
    return bool(((n_c[inside] == 1.0) & np.isin(k_c[inside], (0.0, 1.0))).all())


def _t_ratio(n: float, clusters: float) -> float:
    from scipy.special import stdtrit

    plain = float(stdtrit(max(n - 1, 1), 0.975))
    design = float(stdtrit(max(clusters - 1, 1.0), 0.975))
    return (plain / design) ** 2


def square_and_add(parts: Sequence[tuple[float, Interval, float]]) -> Interval:
    """Interval of a weighted sum of independent proportions from their own intervals.

    Each part is (estimate, interval, factor), a factor of -1 for a part taken away.
    Source: Newcombe 1998, method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873.

    Examples
    --------
    >>> a, b = (56 / 70, wilson(56, 70, 1.959964), 1), (48 / 80, wilson(48, 80, 1.959964), -1)
    >>> [round(x, 4) for x in square_and_add([a, b])]  # Newcombe's example: 56/70 - 48/80
    [0.0524, 0.3339]
    """
    value = sum(factor * p for p, _, factor in parts)
    down = sum((factor * ((p - ci.low) if factor > 0 else (ci.high - p))) ** 2 for p, ci, factor in parts)
    up = sum((factor * ((ci.high - p) if factor > 0 else (p - ci.low))) ** 2 for p, ci, factor in parts)
    return Interval(value - math.sqrt(down), value + math.sqrt(up))


def expanded_tail(clusters: int, confidence_level: float) -> float:
    """Probability beyond each end of a percentile interval of few clusters: Phi(-sqrt(n / (n - 1)) t), two-sided.

    t is the quantile at n - 1 degrees of freedom. The plain percentile interval of few clusters is too narrow; with these tails
    a normal one gets the width of the t interval. Source: Hesterberg 2015, doi:10.1080/00031305.2015.1089789.

    Examples
    --------
    >>> round(expanded_tail(24, 0.95), 4)  # sqrt(24 / 23) * 2.0687 = 2.1132
    0.0173
    """
    return _expanded(max(clusters, 2), 0.5 + confidence_level / 2)


def expanded_tails(clusters: Sequence[int], confidences: Sequence[float]) -> Floats:
    """(T, Q) probability beyond one end for each number of clusters (T,) and one-sided confidence, see `expanded_tail`."""
    return np.array([[_expanded(max(n, 2), c) for c in confidences] for n in clusters]).reshape(-1, len(confidences))


@lru_cache(maxsize=10_000)
def _expanded(clusters: int, confidence: float) -> float:
    return NormalDist().cdf(-math.sqrt(clusters / (clusters - 1)) * _t(clusters - 1, confidence))


def _t(freedom: int, probability: float) -> float:
    """Quantile of Student's t: from 9 degrees of freedom on by a series, without SciPy, which takes long to import.

    To 5e-5 of itself at a probability of 0.995 and closer nearer the middle. Source: Abramowitz and Stegun 1964, 26.7.5.
    """
    if freedom < SERIES_FROM:
        from scipy.special import stdtrit

        return float(stdtrit(freedom, probability))
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** (i + 1) for i, term in enumerate(terms))


def quantiles(sorted_draws: Floats, counts: Floats, probabilities: Sequence[float] | Floats) -> Floats:
    """Quantiles of each row of draws sorted ascending with undefined (NaN) ones last.

    Parameters
    ----------
    sorted_draws
        (T, D).
    counts
        (T,) number of defined draws in each row.
    probabilities
        Q probabilities in [0, 1], or (T, Q) of them where each row has its own.

    Returns
    -------
    (T, Q) linearly interpolated quantiles; NaN for a row without defined draws.

    Examples
    --------
    >>> import numpy as np
    >>> quantiles(np.array([[1.0, 2.0, 3.0, np.nan]]), np.array([3]), [0.0, 0.5, 1.0]).tolist()
    [[1.0, 2.0, 3.0]]
    """
    asked = np.asarray(probabilities)
    position = np.maximum(counts - 1, 0)[:, None] * (asked if asked.ndim == 2 else asked[None, :])
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(counts - 1, 0)[:, None].astype(np.int64))
    low = np.take_along_axis(sorted_draws, below, axis=1)
    high = np.take_along_axis(sorted_draws, above, axis=1)
    return np.asarray(low + (high - low) * (position - below), dtype=np.float64)
