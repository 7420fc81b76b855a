"""Bowker's test: whether two raters confuse each two values equally often in both directions.

sum over i < j of (n_ij - n_ji)^2 / (n_ij + n_ji). Range from 0 (symmetric). p by the chi-squared law where over 200 clusters
differ, else by changes of sign of whole clusters (up to 12: all of them, which is exact). Undefined (`no_items`) where no item
has both values. Source: Bowker 1948, doi:10.1080/01621459.1948.10483284.
"""

import numpy as np

from judgeaudit.measures._measure import Measure
from judgeaudit.measures.mcnemar import reason
from judgeaudit.table import Floats


def differences(t: Floats) -> Floats:
    """(..., V (V - 1) / 2) cells above the diagonal less their mirrors.

    Examples
    --------
    >>> import numpy as np
    >>> differences(np.array([[5.0, 2.0], [3.0, 5.0]])).tolist()
    [-1.0]
    """
    above = np.triu_indices(t.shape[-1], 1)
    return np.asarray(t[..., above[0], above[1]] - t[..., above[1], above[0]])


def compute(t: Floats) -> Floats:
    """Bowker's statistic of (..., V, V) tables of independent items.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([[5.0, 6.0, 1.0], [2.0, 5.0, 0.0], [1.0, 0.0, 5.0]])))  # (6 - 2)^2 / 8 and (1 - 1)^2 / 2
    2.0
    """
    both = t + np.swapaxes(t, -1, -2)
    above = np.triu_indices(t.shape[-1], 1)
    n = both[..., above[0], above[1]]
    found = np.where(n > 0, differences(t) ** 2 / np.where(n > 0, n, 1.0), 0.0).sum(axis=-1)
    return np.asarray(np.where(t.sum(axis=(-2, -1)) > 0, found, np.nan))


MEASURE = Measure(name="bowker_symmetry", table="test", scales=("full",), compute=compute, reason=reason)
