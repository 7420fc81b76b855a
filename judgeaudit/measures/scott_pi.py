"""Scott's pi: agreement of two raters beyond chance, chance being the mean share of each value over both.

pi = (po - pe) / (1 - pe), pe the sum of squares of the mean shares. Range [-1, 1]. Unlike Cohen's kappa it holds two raters
that use the values differently to disagree. Undefined (`one_value`) where both give one and the same value.
Source: Scott 1955, doi:10.1086/266577.
"""

import numpy as np

from judgeaudit.measures._group import beyond_chance, mean_shares, observed_share
from judgeaudit.measures._measure import Measure, no_items
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Pi of (..., V, V) tables.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]]))), 3)  # literature value .796
    0.796
    """
    return beyond_chance(observed_share(t), np.asarray((mean_shares(t) ** 2).sum(axis=-1)))


def reason(t: Floats) -> str | None:
    """Why pi is undefined on one table."""
    if np.isnan(compute(t)):
        return no_items(t) or "one_value: both raters give one and the same value everywhere"
    return None


MEASURE = Measure(name="scott_pi", table="two_raters", scales=("binary", "full"), compute=compute, reason=reason)
