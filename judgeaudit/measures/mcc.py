"""Matthews correlation coefficient: the correlation of verdict and reference.

(tp tn - fp fn) / sqrt((tp+fp)(tp+fn)(tn+fp)(tn+fn)). Range [-1, 1]; 0: unrelated, 1: equal. Undefined where the reference
(`one_class`) or the judge (`constant_judge`) has one value only. Source: Matthews 1975, doi:10.1016/0005-2795(75)90109-9.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, constant_judge, counts, ratio
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """MCC of (..., 2, 2) tables.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[139.0, 14.0], [51.0, 96.0]]))), 4)  # harmbench_cf, JailbreakBench
    0.5825
    """
    tp, fp, fn, tn = counts(t)
    return ratio(tp * tn - fp * fn, np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)))


MEASURE = Measure(name="mcc", table="confusion", compute=compute, reason=constant_judge)
