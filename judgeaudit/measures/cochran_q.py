"""Cochran's Q: whether more than two judges call positive equally often, or (against a reference) are right equally often.

Q = (K - 1) sum_j (T_j - mean T)^2 / sum over items of r (1 - r / K), T_j a judge's total, r an item's. Range from 0 (all totals
equal). p by the chi-squared law where over 200 clusters differ, else by random orders of the judges within whole clusters.
Items with all K verdicts. Undefined (`no_items`) without such items.
Source: Cochran 1950, doi:10.1093/biomet/37.3-4.256.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Q from (..., K + 2): the K totals, sum of r (1 - r / K) over items, number of items; 0 where no item differs.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([60.0, 30.0, 0.0, 40.0, 100.0]))), 6)  # 2 * 1800 / 40
    90.0
    """
    totals, within, n = t[..., :-2], t[..., -2], t[..., -1]
    centred = totals - totals.mean(axis=-1, keepdims=True)
    q = (totals.shape[-1] - 1) * ratio((centred**2).sum(axis=-1), within)
    return np.asarray(np.where(n > 0, np.where(within > 0, q, 0.0), np.nan))


def reason(t: Floats) -> str | None:
    """Why it is undefined on one table."""
    return "no_items: no item has a verdict of every judge" if t[-1] <= 0 else None


MEASURE = Measure(name="cochran_q", table="test", compute=compute, reason=reason)
