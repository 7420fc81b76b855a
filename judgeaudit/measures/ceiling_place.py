"""A judge's place in the human ceiling: the share of people whom it equals or beats in agreeing with the other people.

k of n, n the people with an accuracy against the majority of the others, k those whose accuracy is not above the judge's
against the same majority. Range [0, 1]; 1: no person agrees better. Undefined with fewer than 3 people. People are taken as
fixed, so there is no interval; whether a difference is more than chance is told by `ceiling_difference`.
Source: the definition above; the ceiling as in Nangia and Bowman 2019, doi:10.18653/v1/P19-1449.
"""

from judgeaudit.measures._measure import Measure, no_items, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """From (..., 2): people equalled or beaten, people."""
    return ratio(t[..., 0], t[..., 1])


MEASURE = Measure(name="ceiling_place", table="test", scales=("binary", "full"), compute=compute, reason=no_items)
