"""The alternative annotator test's parts: who is no worse on an item, and the test of one annotator.

Source: Calderon, Reichart and Dror 2025, arXiv:2501.10970.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from judgeaudit.sums.exact_tests import benjamini_yekutieli
from judgeaudit.sums.patterns import Patterns
from judgeaudit.table import Codes, Floats

AnnotatorKind = Literal["crowd", "skilled", "expert"]
EPSILON_OF: Mapping[AnnotatorKind, float] = {"crowd": 0.1, "skilled": 0.15, "expert": 0.2}
"""By who the people are the epsilon: what a person costs more than a judge, in shares of items; the strictest first."""
STRICTEST: AnnotatorKind = "crowd"
"""The kind that is taken where it is not stated who the people are."""
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


class Remaining(NamedTuple):
    """The people left when one is taken out: `counts` (n, V) how many gave each value, and on an ordered scale, whose values
    are the numbers `x` (NaN for one that has no place on it), how many they are there and the sum of their numbers.
    """

    counts: Codes
    x: Floats | None
    many: Floats
    total: Floats

    def score(self, codes: Codes) -> Floats:
        """(n,) how well values agree with theirs, in order and size alone; NaN where there is nothing to compare.

        Nominal: how many gave the same value. Ordered: the negative sum of squared differences, less what is common to all
        values, which orders as the negative root mean squared difference does.
        """
        safe = np.maximum(codes, 0)
        if self.x is None:
            width = self.counts.shape[1]
            score = self.counts.reshape(-1).take(np.arange(0, self.counts.size, width) + safe).astype(np.float64)
        else:
            own = self.x[safe]
            score = own * (2 * self.total - self.many * own)
        score[(codes < 0) | (self.many == 0)] = np.nan
        return score


def remaining(counts: Codes, x: Floats | None) -> Remaining:
    """The people left, from (n, V) how many of them gave each value.

    Examples
    --------
    >>> import numpy as np
    >>> left = remaining(np.array([[2, 0], [1, 1]], dtype=np.int32), None)
    >>> left.score(np.array([0, 1], dtype=np.int32)).tolist(), left.score(np.array([1, -1], dtype=np.int32)).tolist()
    ([2.0, 1.0], [0.0, nan])
    """
    if x is None:
        return Remaining(counts, None, counts.sum(axis=1).astype(np.float64), np.zeros(len(counts)))
    placed = ~np.isnan(x)
    return Remaining(counts, x, (counts @ placed).astype(np.float64), np.asarray(counts @ np.where(placed, x, 0.0)))


def better(judge: Floats, person: Floats) -> npt.NDArray[np.int8]:
    """From two (n,) scores 0 the person is better, 1 neither, 2 the judge, 3 one has no score.

    Examples
    --------
    >>> import numpy as np
    >>> better(np.array([2.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, np.nan])).tolist()
    [2, 1, 0, 3]
    """
    slack = 1e-9 * (1.0 + np.abs(person))
    found = 1 + (judge > person + slack).astype(np.int8) - (judge < person - slack)
    found[np.isnan(judge) | np.isnan(person)] = 3
    return np.asarray(found, dtype=np.int8)


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
