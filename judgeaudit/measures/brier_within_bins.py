"""Part of the Brier score: what bins hide.

Within 10 equal-width bins the variance of the scores less twice their covariance with the truth. Range [-1, 1]; below 0: scores
rank items even inside a bin. With it the parts add up to the Brier score exactly. brier = reliability -
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
    >>> round(float(compute(np.array([2.0, 0.6, 1.0, 0.2, 0.4]))), 4)
    -0.09
    """
    return parts(sums).within_bins


MEASURE = Measure(name="brier_within_bins", table="calibration", compute=compute, reason=reason)
