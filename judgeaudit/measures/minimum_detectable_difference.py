"""The smallest difference of two judges' accuracies that these items would have shown: at 5 % two-sided, with a power of 80 %.

(z_.975 + z_.8) SE, SE the standard error of the paired difference over clusters of items. Range above 0; a smaller difference
may be there and remain unseen. Undefined (`no_items`) without common items, and (`few_clusters`) with fewer than 10 clusters;
`no_variation` where the judges never differ. A figure of the design, so it has no interval of its own.
Source: Miller 2024, arXiv:2411.00640, section 5; clusters: section 2.2 there.
"""

from __future__ import annotations

import math

import numpy as np

from judgeaudit.measures._measure import Measure, no_items
from judgeaudit.sums.patterns import Patterns
from judgeaudit.table import Floats

FACTOR = 1.959963984540054 + 0.8416212335729143


def of_patterns(patterns: Patterns) -> float:
    """From sums per cluster of the 2 x 2 x 2 table (first judge, second judge, reference), all axes negative, positive.

    Examples
    --------
    >>> import numpy as np
    >>> p = Patterns(np.array([[0.0, 0, 0, 0, 0, 1, 0, 0], [0.0, 0, 0, 1, 0, 0, 0, 0], [1.0, 0, 0, 0, 0, 0, 0, 0]]),
    ...              np.array([10, 10, 80]))  # each alone right on 10 of 100: a variance of .2, SE .0449
    >>> round(of_patterns(p), 3)
    0.126
    """
    t = patterns.sums.reshape(-1, 2, 2, 2)
    d = t[:, 0, 1, 0] + t[:, 1, 0, 1] - t[:, 1, 0, 0] - t[:, 0, 1, 1]
    n_c, many, count = patterns.sums.sum(axis=1), patterns.multiplicity, patterns.clusters
    n = float(many @ n_c)
    if count < 2 or n <= 0:
        return math.nan
    residual = float(many @ (d - float(many @ d) / n * n_c) ** 2)
    return FACTOR * math.sqrt(count / (count - 1) * residual) / n


def compute(t: Floats) -> Floats:
    """Of (..., 2, 2, 2) tables of independent items, in the large."""
    n = t.sum(axis=(-3, -2, -1))
    first = t[..., 0, 1, 0] + t[..., 1, 0, 1]
    second = t[..., 1, 0, 0] + t[..., 0, 1, 1]
    mean = (first - second) / n
    return np.asarray(FACTOR * ((((first + second) / n - mean**2) / (n - 1)) ** 0.5))


MEASURE = Measure(name="minimum_detectable_difference", table="test", compute=compute, reason=no_items)
