"""Youden's J: sensitivity + specificity - 1.

Range [-1, 1]; 0: verdicts tell nothing of the reference, 1: no error. A corrected rate divides by J, so it is refused where
the interval of J touches 0. Undefined (`one_class`) where the reference has one class only.
Source: Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3.
"""

from judgeaudit.measures._measure import Measure, counts, one_class, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """Sensitivity + specificity - 1, that is tp / (tp + fn) + tn / (tn + fp) - 1 of (..., 2, 2) tables.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[139.0, 14.0], [51.0, 96.0]]))), 4)  # harmbench_cf, JailbreakBench
    0.6043
    """
    tp, fp, fn, tn = counts(t)
    return ratio(tp, tp + fn) + ratio(tn, tn + fp) - 1


MEASURE = Measure(
    name="youden_j",
    table="confusion",
    compute=compute,
    reason=one_class,
    parts=(("sensitivity", 1), ("specificity", 1)),
    offset=-1.0,
)
