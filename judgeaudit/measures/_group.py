"""What chance-corrected agreement of a whole group is computed from: sums over items that add up.

An item with r_k ratings of value k and r in all adds its shares r_k / r, 1 if it was rated at all, 1 if it was rated twice
or more, and then the share of its pairs of ratings that agree (weighted: by how nearly).
Source: Gwet 2008, doi:10.1348/000711006X126600, for ratings of unequal number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.measures._weights import Weighting, agreement_weights
from judgeaudit.table import Floats


def group_features(counts: Floats, weighting: Weighting | None = None) -> Floats:
    """(K, V + 3) what items with these (K, V) counts of values add.

    Examples
    --------
    >>> import numpy as np
    >>> group_features(np.array([[1.0, 1.0], [3.0, 0.0], [0.0, 1.0]])).tolist()
    [[0.5, 0.5, 1.0, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]]
    """
    r = counts.sum(axis=1)
    near = counts @ agreement_weights(counts.shape[1], weighting)
    share = counts / np.maximum(r, 1.0)[:, None]
    pairs = np.where(r >= 2, r * (r - 1), 1.0)
    agreeing = np.where(r >= 2, (counts * (near - 1)).sum(axis=1) / pairs, 0.0)
    return np.column_stack([share, r >= 1, r >= 2, agreeing]).astype(np.float64)


def group_measure(name: str, chance: Callable[[Floats], Floats]) -> Measure:
    """A measure (po - pe) / (1 - pe) of a group; `chance` gives pe from the mean shares (..., V)."""

    def compute(sums: Floats) -> Floats:
        v = sums.shape[-1] - 3
        observed = ratio(sums[..., v + 2], sums[..., v + 1])
        expected = chance(ratio(sums[..., :v], sums[..., v][..., None]))
        # What is left of 1 - pe below this is rounding: one value only.
        return ratio(observed - expected, np.where(1 - expected > 1e-12, 1 - expected, 0.0))

    def reason(sums: Floats) -> str | None:
        if sums[-2] <= 0:
            return "no_pairs: no item has values of two raters"
        return "one_value: only one value occurs" if np.isnan(compute(sums)) else None

    return Measure(name=name, table="group", scales=("full",), compute=compute, reason=reason)


def observed_share(t: Floats, weighting: Weighting | None = None) -> Floats:
    """Share of items of (..., V, V) tables on which two raters agree, by weights of agreement."""
    return ratio((t * agreement_weights(t.shape[-1], weighting)).sum(axis=(-2, -1)), t.sum(axis=(-2, -1)))


def mean_shares(t: Floats) -> Floats:
    """(..., V) mean share of each value over both raters of (..., V, V) tables."""
    return ratio((t.sum(axis=-1) + t.sum(axis=-2)) / 2, t.sum(axis=(-2, -1))[..., None])


def beyond_chance(observed: Floats, expected: Floats) -> Floats:
    """(po - pe) / (1 - pe), NaN where nothing is left to agree on."""
    return ratio(observed - expected, np.where(1 - expected > 1e-12, 1 - expected, 0.0))
