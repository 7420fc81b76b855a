"""Mean of sensitivity and specificity.

Range [0, 1]; 0.5: no better than a constant judge. Undefined (`one_class`) where the reference has one class only.
Source: Brodersen et al. 2010, doi:10.1109/ICPR.2010.764.
"""

from judgeaudit.measures._measure import Measure, counts, one_class, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """(tp / (tp + fn) + tn / (tn + fp)) / 2 of (..., 2, 2) tables.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([[8.0, 1.0], [2.0, 3.0]])))  # (3/4 + 8/10) / 2
    0.775
    """
    tp, fp, fn, tn = counts(t)
    return (ratio(tp, tp + fn) + ratio(tn, tn + fp)) / 2


MEASURE = Measure(
    name="balanced_accuracy",
    table="confusion",
    compute=compute,
    reason=one_class,
    parts=(("sensitivity", 1), ("specificity", 1)),
    factor=0.5,
)
