"""Brier score: mean squared difference of the judge's probability of positive and the reference (0 or 1).

Range [0, 1]; 0: sure and right on every item; the base rate p as constant score gives p (1 - p). Undefined (`no_scores`)
without scores. Table ``scores``: (..., 3 * B) sums over items by score bin: items, positives, squared errors of that bin.
Source: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """Squared errors over items.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([2.0, 2.0, 0.0, 2.0, 0.08, 0.32])))  # bins of 2 and 2 items, errors .08 and .32
    0.1
    """
    bins = sums.shape[-1] // 3
    return ratio(sums[..., 2 * bins :].sum(axis=-1), sums[..., :bins].sum(axis=-1))


def reason(sums: Floats) -> str | None:
    """Why the score is undefined on one table."""
    return "no_scores: no item has both a score and a reference" if np.isnan(compute(sums)) else None


MEASURE = Measure(name="brier", table="scores", compute=compute, reason=reason)
