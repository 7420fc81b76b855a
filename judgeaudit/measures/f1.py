"""F1: harmonic mean of precision and sensitivity, 2 tp / (2 tp + fp + fn).

Range [0, 1]; 1: no error on positives. It ignores true negatives and depends on prevalence. Undefined (`no_positives`) where
the reference has no positive. Source: van Rijsbergen 1979, Information Retrieval, chapter 7.
"""

from judgeaudit.measures._measure import Measure, counts, no_items, ratio, undefined_where
from judgeaudit.table import Floats


def compute(t: Floats) -> Floats:
    """2 tp / (2 tp + fp + fn) of (..., 2, 2) tables.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(compute(np.array([[171.0, 10.0], [19.0, 100.0]]))), 4)  # gpt4_cf, JailbreakBench
    0.8734
    """
    tp, fp, fn, _ = counts(t)
    return undefined_where(ratio(2 * tp, 2 * tp + fp + fn), tp + fn <= 0)


def reason(t: Floats) -> str | None:
    """Why F1 is undefined on one table."""
    if t[:, 1].sum() <= 0 < t.sum():
        return "no_positives: the reference has no positive"
    return no_items(t)


MEASURE = Measure(name="f1", table="confusion", compute=compute, reason=reason)
