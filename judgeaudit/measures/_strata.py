"""Verdicts by one more thing than the truth: the difference it makes within each class of the reference.

Table ``strata``: (..., 8): class * 4 + exposed * 2 + verdict, each 0 or 1.
"""

from __future__ import annotations

import numpy as np

from judgeaudit.measures._measure import ratio
from judgeaudit.table import Floats

SIZE = 8


def risk_difference(t: Floats) -> Floats:
    """Mantel-Haenszel difference of the shares of positive verdicts, exposed less others, within classes; NaN without both.

    Each class weighs n1 n0 / (n1 + n0). Source: Greenland and Robins 1985, doi:10.2307/2530643.

    Examples
    --------
    >>> t = np.array([45.0, 5, 40, 10, 20, 30, 10, 40])  # .2 - .1 among negatives, .8 - .6 among positives, 50 each
    >>> round(float(risk_difference(t)), 4)
    0.15
    """
    cells = t.reshape(*t.shape[:-1], 2, 2, 2)
    n = cells.sum(axis=-1)
    share = ratio(cells[..., 1], n)
    weight = ratio(n[..., 0] * n[..., 1], n.sum(axis=-1))
    difference = np.where(weight > 0, share[..., 1] - share[..., 0], 0.0)
    weight = np.where(weight > 0, weight, 0.0)
    return ratio((weight * difference).sum(axis=-1), weight.sum(axis=-1))
