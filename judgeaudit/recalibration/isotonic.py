"""Isotonic regression: the rising steps that fit best; free in shape, and in need of many labels (about 1,000).

Pools adjacent violators by weight; between steps linear, beyond the ends constant. May give exactly 0 and 1.
Source: Zadrozny and Elkan 2002, doi:10.1145/775047.775151.
"""

import numpy as np

from judgeaudit.recalibration._method import Method, Parameters, Sample
from judgeaudit.table import Floats


def fit(sample: Sample) -> Parameters:
    """Scores and values of the corners, rising.

    Examples
    --------
    >>> s = Sample(score=np.array([0.1, 0.5, 0.9]), n=np.ones(3), positive=np.array([1.0, 0.0, 1.0]))
    >>> fit(s)  # the first two violate the order and are pooled
    {'scores': [0.1, 0.5, 0.9], 'values': [0.5, 0.5, 1.0]}
    """
    sums: list[float] = []
    weights: list[float] = []
    counts: list[int] = []
    for positive, n in zip(sample.positive.tolist(), sample.n.tolist(), strict=True):
        sums.append(positive)
        weights.append(n)
        counts.append(1)
        while len(sums) > 1 and sums[-2] * weights[-1] >= sums[-1] * weights[-2]:
            for pile in (sums, weights):
                last = pile.pop()
                pile[-1] += last
            count = counts.pop()
            counts[-1] += count
    values = np.repeat(np.array(sums) / np.array(weights), counts)
    # Inside a step only its two ends are corners.
    same = values[1:] == values[:-1]
    corner = np.append(~same, True) | np.append(True, ~same)
    return {"scores": sample.score[corner].tolist(), "values": values[corner].tolist()}


def apply(parameters: Parameters, scores: Floats) -> Floats:
    """Scores recalibrated."""
    corners, values = (np.atleast_1d(np.asarray(parameters[name], dtype=np.float64)) for name in ("scores", "values"))
    return np.asarray(np.interp(scores, corners, values), dtype=np.float64)


METHOD = Method(name="isotonic", names=("scores", "values"), fit=fit, apply=apply)
