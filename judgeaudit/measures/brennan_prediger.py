"""Brennan and Prediger's coefficient: agreement beyond chance, chance being 1 / V whatever the raters' habits.

(po - 1/V) / (1 - 1/V), V the number of values on the scale; of two values it is PABAK = 2 po - 1. Range [-1/(V - 1), 1].
It depends on how many values the scale offers, used or not. Undefined without items, and (`one_value`) on a scale of one value.
Source: Brennan and Prediger 1981, doi:10.1177/001316448104100307; Bennett, Alpert and Goldstein 1954, doi:10.1086/266520.
"""

import numpy as np

from judgeaudit.measures._group import beyond_chance, group_measure, observed_share
from judgeaudit.measures._measure import Measure, no_items
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """The coefficient of (..., V, V) tables.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]]))), 3)  # literature value .835
    0.835
    """
    observed = observed_share(t)
    return beyond_chance(observed, np.full(np.shape(observed), 1 / t.shape[-1]))


def reason(t: Floats) -> str | None:
    """Why it is undefined on one table."""
    return no_items(t) or ("one_value: the scale has one value only" if t.shape[-1] < 2 else None)


def _chance(share: Floats) -> Floats:
    return np.full(share.shape[:-1], 1 / share.shape[-1])


MEASURE = Measure(
    name="brennan_prediger", table="two_raters", scales=("binary", "full"), compute=compute, reason=reason
)
OF_GROUP = group_measure("brennan_prediger", _chance)
