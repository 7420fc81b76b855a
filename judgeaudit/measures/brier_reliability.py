"""Part of the Brier score: what the judge loses because its scores do not mean what they say.

Sum over 10 equal-width bins of w_b (p_b - y_b)^2, w_b the share of items, p_b the mean score, y_b the share of positives. Range
[0, 1]; 0: calibrated. A plug-in: above 0 by chance alone. brier = reliability -
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
    >>> round(float(compute(np.array([2.0, 2.0, 1.0, 1.0, 0.0, 2.0, 0.5, 0.5, 0.0, 1.0]))), 4)
    0.25
    """
    return parts(sums).reliability


MEASURE = Measure(name="brier_reliability", table="calibration", compute=compute, reason=reason)
