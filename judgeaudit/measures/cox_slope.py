"""Cox's calibration slope: how much the log-odds of the truth grow with the log-odds of the judge's score.

b in log-odds(y) = a + b log-odds(p) by greatest likelihood. Range: all numbers; 1: calibrated, below 1: scores too extreme
(over-confident), above 1: too timid, 0: the score tells nothing, below 0: the wrong way round. Scores nearer to 0 or 1 than
1e-6 are taken as that. Undefined (`one_class`) where the reference has one class only,
`constant_score` where all scores are equal, `separated` where they separate the classes, `scores_at_the_ends` where over half
are 0 or 1. Table ``calibration``: (..., 3 * B) items, sums of scores, positives by bin; point: one bin a score.
Source: Cox 1958, doi:10.1093/biomet/45.3-4.562.
"""

from judgeaudit.measures._logistic import of_sums, reason, unless
from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """Slope from sums by bin.

    Examples
    --------
    >>> import numpy as np
    >>> s = np.array([10.0, 10.0, 2.0, 8.0, 4.0, 6.0])  # scores .2 and .8, positives 4 and 6 of 10
    >>> round(float(compute(s)), 4)  # log-odds(.6) / log-odds(.8)
    0.2925
    """
    return unless(sums, of_sums(sums)[1])


MEASURE = Measure(name="cox_slope", table="calibration", compute=compute, reason=reason)
