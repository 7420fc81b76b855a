"""The alternative annotator test's parts: who is no worse on an item, and the test of one annotator.

Source: Calderon, Reichart and Dror 2025, arXiv:2501.10970.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from judgeaudit.sums.exact_tests import benjamini_yekutieli
from judgeaudit.sums.patterns import Patterns
from judgeaudit.table import Codes, Floats

EPSILONS = (0.1, 0.15, 0.2)
"""What an annotator of each kind may cost more: crowd workers, skilled annotators, experts. The first is the strictest."""
MIN_ITEMS = 30
MIN_ANNOTATORS = 3
LEVEL = 0.05


class OneAnnotator(NamedTuple):
    """One annotator's mean difference d with its standard error and degrees of freedom (clusters - 1)."""

    mean: float
    error: float
    freedom: int

    def p_value(self, epsilon: float) -> float:
        """One-sided p that the mean of d is below epsilon.

        Examples
        --------
        >>> round(OneAnnotator(0.0, 0.05, 99).p_value(0.1), 4)  # t = -2 with 99 degrees of freedom
        0.0241
        """
        from scipy.special import stdtr

        if self.error <= 0:
            return 0.0 if self.mean < epsilon else 1.0
        return float(stdtr(self.freedom, (self.mean - epsilon) / self.error))


def no_worse(
    judge: Codes, person: Codes, others: npt.NDArray[np.integer], x: Floats | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """For each item 0 the person is better, 1 tied, 2 the judge is better; and where all three are there.

    Parameters
    ----------
    judge, person
        (n,) codes, negative: no value.
    others
        (n, V) how many of the remaining people gave each value.
    x
        (V,) the values as numbers, NaN for one that is no place on the scale; None: values are equal or not.

    Examples
    --------
    >>> import numpy as np
    >>> judge, person = np.array([0, 1, 1], dtype=np.int32), np.array([1, 1, 0], dtype=np.int32)
    >>> others = np.array([[2, 0], [1, 1], [2, 0]])
    >>> no_worse(judge, person, others, None)[0].tolist()
    [2, 1, 0]
    """
    there = (judge >= 0) & (person >= 0)
    if x is None:
        there &= others.sum(axis=1) > 0
        rows = np.arange(len(judge))
        first = others[rows, np.maximum(judge, 0)].astype(np.float64)
        second = others[rows, np.maximum(person, 0)].astype(np.float64)
    else:
        number = np.nan_to_num(x)
        usable = others * ~np.isnan(x)
        m, total = usable.sum(axis=1), usable @ number
        there &= (m > 0) & ~np.isnan(x)[np.maximum(judge, 0)] & ~np.isnan(x)[np.maximum(person, 0)]
        # Mean squared differences in size order are roots of them in size order; the sum of squares is common to both.
        a, b = number[np.maximum(judge, 0)], number[np.maximum(person, 0)]
        first, second = -(m * a * a - 2 * a * total), -(m * b * b - 2 * b * total)
    slack = 1e-9 * np.maximum(1.0, np.abs(first) + np.abs(second))
    return 1 + (first > second + slack).astype(np.int64) - (second > first + slack), there


def of_annotator(patterns: Patterns) -> OneAnnotator:
    """An annotator's test from sums per cluster of (judge no worse, annotator no worse, items).

    Examples
    --------
    >>> import numpy as np
    >>> p = Patterns(np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 1]]), np.array([30, 20, 50]))
    >>> round(of_annotator(p).mean, 4), of_annotator(p).freedom  # 20 of 100 lost, 30 won
    (-0.1, 99)
    """
    own = patterns.sums[:, 2] > 0
    sums, many = patterns.sums[own], patterns.multiplicity[own]
    d, n_c = sums[:, 1] - sums[:, 0], sums[:, 2]
    n, count = float(many @ n_c), int(many.sum())
    mean = float(many @ d) / n
    residual = float(many @ (d - mean * n_c) ** 2)
    error = math.sqrt(count / (count - 1) * residual) / n if count > 1 else math.inf
    return OneAnnotator(mean, error, max(count - 1, 1))


def adjusted(found: list[tuple[OneAnnotator, ...]], epsilon: float) -> tuple[list[float], list[float]]:
    """Raw and BY-adjusted p of each annotator; of several ways of clustering the larger raw p."""
    raw = [max(one.p_value(epsilon) for one in ways) for ways in found]
    return raw, benjamini_yekutieli(raw)
