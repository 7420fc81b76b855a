"""Gwet's AC1: agreement beyond chance, steady where one class is rare.

AC1 = (po - pe) / (1 - pe) with pe = sum over values of p (1 - p) / (V - 1), p the mean share of the value over both raters
and V the number of values on the scale. Range [-1, 1]; 1: equal everywhere, also where only one value is ever used.
Undefined without items. Source: Gwet 2008, doi:10.1348/000711006X126600.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, no_items, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """AC1 of (..., V, V) tables, V at least 2.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]])
    >>> round(float(compute(t)), 3)  # literature value .849
    0.849
    """
    n = t.sum(axis=(-2, -1))
    share = ratio((t.sum(axis=-1) + t.sum(axis=-2)) / 2, n[..., None])
    expected = (share * (1 - share)).sum(axis=-1) / max(t.shape[-1] - 1, 1)
    observed = ratio(np.trace(t, axis1=-2, axis2=-1), n)
    # A scale of one value leaves nothing to agree on.
    return np.asarray((observed - expected) / (1 - expected)) if t.shape[-1] > 1 else np.full(n.shape, np.nan)


def reason(t: Floats) -> str | None:
    """Why AC1 is undefined on one table."""
    return no_items(t) or ("one_value: the scale has one value only" if t.shape[-1] < 2 else None)


MEASURE = Measure(name="gwet_ac1", table="confusion", scales=("binary", "full"), compute=compute, reason=reason)
