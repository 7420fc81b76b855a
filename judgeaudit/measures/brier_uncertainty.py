"""Part of the Brier score: what the labels alone make hard, whatever the judge.

y (1 - y), y the share of positives. Range [0, .25]; 0: one class only. brier = reliability -
resolution + uncertainty + within bins. Undefined (`no_scores`) without scores. Table ``calibration``: (..., 5 * B) items, scores,
positives, squared scores, scores of positives by bin.
Source: Murphy 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Stephenson, Coelho and Jolliffe 2008,
doi:10.1175/2007WAF2006116.1.
"""

from judgeaudit.measures._brier_parts import parts, reason
from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """The part from sums by bin.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([4.0, 2.0, 1.0, 1.0, 0.5]))), 4)
    0.1875
    """
    return parts(sums).uncertainty


MEASURE = Measure(name="brier_uncertainty", table="calibration", compute=compute, reason=reason)
