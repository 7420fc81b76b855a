"""Stuart and Maxwell's test: whether two raters give each value equally often.

d' S^- d, d the differences of the values' totals, S their covariance if the raters are alike. Range from 0 (equally often, which
does not say on the same items). p as in Bowker's test: chi-squared where over 200 clusters differ, else changes of sign of
whole clusters. Undefined (`no_items`) where no item has both values.
Source: Stuart 1955, doi:10.1093/biomet/42.3-4.412; Maxwell 1970, doi:10.1192/bjp.116.535.651.
"""

import numpy as np

from judgeaudit.measures._measure import Measure
from judgeaudit.measures.mcnemar import reason
from judgeaudit.table import Floats


def differences(t: Floats) -> Floats:
    """(..., V) the first rater's total of each value less the second's.

    Examples
    --------
    >>> import numpy as np
    >>> differences(np.array([[5.0, 2.0], [3.0, 5.0]])).tolist()
    [-1.0, 1.0]
    """
    return np.asarray(t.sum(axis=-1) - t.sum(axis=-2))


def compute(t: Floats) -> Floats:
    """The statistic of (..., V, V) tables of independent items.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[5.0, 6.0], [2.0, 5.0]]))), 6)  # of two values (b - c)^2 / (b + c)
    2.0
    """
    d = differences(t)
    both = t + np.swapaxes(t, -1, -2)
    off = both * (1 - np.eye(t.shape[-1]))
    covariance = off.sum(axis=-1)[..., None] * np.eye(t.shape[-1]) - off
    found = np.einsum("...i,...ij,...j->...", d, np.linalg.pinv(covariance, hermitian=True), d)
    return np.asarray(np.where(t.sum(axis=(-2, -1)) > 0, found, np.nan))


MEASURE = Measure(name="stuart_maxwell", table="test", scales=("full",), compute=compute, reason=reason)
