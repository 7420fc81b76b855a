"""Cox's calibration intercept: the log-odds of the truth where the judge's score is one half.

a in log-odds(y) = a + b log-odds(p) by greatest likelihood, fitted together with the slope b. Range: all numbers; 0: calibrated
where the slope is 1, below 0: scores too high, above 0: too low. Scores nearer to 0 or 1 than 1e-6 are taken as that.
Undefined (`one_class`) where the reference has one class only,
`constant_score` where all scores are equal, `separated` where they separate the classes, `scores_at_the_ends` where over half
are 0 or 1. Table ``calibration``: (..., 3 * B) items, sums of scores, positives by bin; point: one bin a score.
Source: Cox 1958, doi:10.1093/biomet/45.3-4.562.
"""

from judgeaudit.measures._logistic import of_sums, reason, unless
from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """Intercept from sums by bin.

    Examples
    --------
    >>> import numpy as np
    >>> s = np.array([10.0, 10.0, 2.0, 8.0, 2.0, 6.0])  # scores .2 and .8, positives 2 and 6 of 10
    >>> round(float(compute(s)), 4)  # half of log-odds(.2) + log-odds(.6)
    -0.4904
    """
    return unless(sums, of_sums(sums)[0])


MEASURE = Measure(name="cox_intercept", table="calibration", compute=compute, reason=reason)
