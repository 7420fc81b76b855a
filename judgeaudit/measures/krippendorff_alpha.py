"""Krippendorff's alpha: agreement of any number of raters beyond chance, missing values allowed.

alpha = 1 - Do / De from the coincidence matrix, in which the pairs of a unit with m values weigh 1 / (m - 1); units with one
value drop out. Distances by level: nominal 0/1; ordinal (sum of n_g from c to k less half of both ends)^2; interval
(c - k)^2; ratio ((c - k) / (c + k))^2. Range (-1, 1]; 1: equal everywhere, 0: chance. Undefined (`one_class`) where only one
value occurs, `no_pairs` where no unit has two values. Interval: units (or their clusters) are resampled whole.
Source: Krippendorff 2011, Computing Krippendorff's alpha-reliability; Hayes and Krippendorff 2007, doi:10.1080/19312450709336664.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from judgeaudit.measures._measure import Measure, ratio, undefined_where
from judgeaudit.model import Level
from judgeaudit.table import Floats

MAX_VALUES = 200
"""Ordinal and ratio alpha need a values x values matrix a draw; above this many values they are not computed."""


def features(counts: Floats, level: Level, x: Floats) -> Floats:
    """What one unit adds to the sums that alpha is computed from.

    Parameters
    ----------
    counts
        (K, V) how often each value was given to a unit.
    x
        (V,) the values as numbers (interval, ratio).

    Returns
    -------
    (K, F): nominal and ratio: V pairable counts, then the unit's disagreement; interval: number of pairable values, their
    sum, their sum of squares, disagreement; ordinal: V pairable counts, then V * V coincidences.

    Examples
    --------
    >>> import numpy as np
    >>> features(np.array([[1.0, 1.0], [2.0, 0.0], [1.0, 0.0]]), "nominal", np.array([0.0, 1.0])).tolist()
    [[1.0, 1.0, 2.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    m = counts.sum(axis=1, keepdims=True)
    pairable = np.where(m >= 2, counts, 0.0)
    norm = np.where(m >= 2, m - 1, 1.0)
    match level:
        case "nominal":
            within = (m * m - (pairable**2).sum(axis=1, keepdims=True)) / norm
            return np.hstack([pairable, np.where(m >= 2, within, 0.0)])
        case "interval":
            return moments(pairable.sum(axis=1), pairable @ x, pairable @ x**2)
        case "ratio":
            within = ((pairable @ _ratio_distance(x)) * pairable).sum(axis=1, keepdims=True) / norm
            return np.hstack([pairable, within])
        case _:
            v = counts.shape[1]
            pairs = (pairable[:, :, None] * pairable[:, None, :] - pairable[:, :, None] * np.eye(v)) / norm[:, :, None]
            return np.hstack([pairable, pairs.reshape(len(counts), v * v)])


def moments(m: Floats, total: Floats, squares: Floats) -> Floats:
    """Interval features (K, 4) from a unit's number of pairable values (0 or at least 2), their sum and sum of squares."""
    within = np.where(m >= 2, 2 * (m * squares - total**2) / np.where(m >= 2, m - 1, 1.0), 0.0)
    return np.stack([m, total, squares, np.maximum(within, 0.0)], axis=1)


def for_level(level: Level, x: Floats) -> Measure:
    """The measure for one level of measurement and one scale of V values (as numbers `x`; their order for ordinal).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 2, 3, 4, 5])
    >>> rows = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
    >>> units = np.array([[float(row.count(v)) for v in "12345"] for row in rows])
    >>> sums = features(units, "nominal", x).sum(axis=0)
    >>> round(float(for_level("nominal", x).compute(sums)), 3)  # Krippendorff's 4 observers x 12 units
    0.743
    """
    compute = _functions(x)[level]

    def reason(sums: Floats) -> str | None:
        if sums[0 if level == "interval" else slice(0, len(x))].sum() <= 0:
            return "no_pairs: no item has values of two raters"
        return "one_class: only one value occurs" if np.isnan(compute(sums)) else None

    return Measure(name="krippendorff_alpha", table="panel", scales=("full",), compute=compute, reason=reason)


def _functions(x: Floats) -> dict[Level, Callable[[Floats], Floats]]:
    v = len(x)

    def nominal(sums: Floats) -> Floats:
        n_c = sums[..., :v]
        n = n_c.sum(axis=-1)
        return _alpha(sums[..., v], n * n - (n_c**2).sum(axis=-1), n)

    def interval(sums: Floats) -> Floats:
        n, total, squares, within = (sums[..., i] for i in range(4))
        expected = 2 * (n * squares - total**2)
        # The difference of two large numbers: what is left below this is rounding, not disagreement.
        return _alpha(within, np.where(expected > 1e-9 * np.maximum(n * squares, 1e-300), expected, 0.0), n)

    def ratio_level(sums: Floats) -> Floats:
        n_c = sums[..., :v]
        return _alpha(sums[..., v], ((n_c @ _ratio_distance(x)) * n_c).sum(axis=-1), n_c.sum(axis=-1))

    def ordinal(sums: Floats) -> Floats:
        # Krippendorff's ordinal distance is the squared difference of mid-ranks, so alpha is interval alpha on mid-ranks.
        n_c = sums[..., :v]
        rank = np.cumsum(n_c, axis=-1) - n_c / 2
        pairs = sums[..., v:].reshape(*sums.shape[:-1], v, v)
        n = n_c.sum(axis=-1)
        square = (n_c * rank**2).sum(axis=-1)
        within = 2 * (square - np.einsum("...i,...ij,...j->...", rank, pairs, rank))
        return _alpha(within, 2 * (n * square - (n_c * rank).sum(axis=-1) ** 2), n)

    return {"nominal": nominal, "ordinal": ordinal, "interval": interval, "ratio": ratio_level}


def _alpha(observed: Floats, expected: Floats, n: Floats) -> Floats:
    """1 - (n - 1) observed / expected; observed and expected are sums over ordered pairs, expected over n * n of them."""
    return undefined_where(1 - (n - 1) * ratio(observed, expected), np.asarray((expected <= 0) | (n < 2)))


def _ratio_distance(x: Floats) -> Floats:
    sums = x[:, None] + x[None, :]
    return np.asarray(np.where(sums != 0, (x[:, None] - x[None, :]) / np.where(sums != 0, sums, 1.0), 0.0) ** 2)


MEASURE = for_level("nominal", np.array([0.0, 1.0]))
