"""How much more often a judge calls long outputs positive than short ones that are equally true.

Difference of the shares of positive verdicts between outputs longer than the median of their class and the others, within each
class of the reference, by Mantel and Haenszel. Range [-1, 1]; 0: length makes no difference given the truth; above 0: long
outputs are called positive more often. Undefined without responses (`no_responses`), without a reference (`no_reference`), or
where no class has outputs of two lengths (`one_length`).
Source: Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719; length bias of judges: arXiv:2404.04475.
"""

from __future__ import annotations

from judgeaudit.measures._measure import Measure
from judgeaudit.measures._strata import risk_difference
from judgeaudit.table import Floats


def reason(t: Floats) -> str | None:
    """No class holds both long and short outputs."""
    cells = t.reshape(2, 2, 2).sum(axis=2)
    return None if (cells.min(axis=1) > 0).any() else "one_length: no class has long and short outputs with a verdict"


MEASURE = Measure(name="length_bias", table="strata", compute=risk_difference, reason=reason)
