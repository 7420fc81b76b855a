"""Squared calibration error of the judge's scores, with the part taken out that chance alone gives.

Sum over bins of w_b [(p_b - y_b)^2 - y_b (1 - y_b) / (n_b - 1)], w_b the share of items, p_b the mean score, y_b the share of
positives; 10 equal-width bins, bins with one item carry no correction and are left out. About 0 for a calibrated judge (it
may fall below 0); the plug-in error is about 0.1 in root at n = 100 even for a perfect judge. Undefined (`no_scores`) where
no bin has two items. Table ``calibration``: (..., 3 * 10) items, sums of scores, positives by bin.
Source: Kumar, Liang and Ma 2019, arXiv:1909.10155.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats

BINS = 10


def compute(sums: Floats) -> Floats:
    """Debiased squared error from sums by bin.

    Examples
    --------
    >>> import numpy as np
    >>> s = np.zeros(30); s[0], s[10], s[20] = 4, 2.0, 2  # one bin: 4 items, mean score .5, 2 positives
    >>> round(float(compute(s)), 4)  # (.5 - .5)^2 - .25 / 3
    -0.0833
    """
    return _error(sums, debias=True)


def plug_in(sums: Floats) -> Floats:
    """The same without the correction: what the draws are shifted from."""
    return _error(sums, debias=False)


def _error(sums: Floats, *, debias: bool) -> Floats:
    n, score, positive = (sums[..., i * BINS : (i + 1) * BINS] for i in range(3))
    kept = np.where(n >= 2, n, 0.0)
    safe = np.where(n >= 2, n, 2.0)
    mean, share = score / safe, positive / safe
    correction = share * (1 - share) / (safe - 1) if debias else 0.0
    return ratio((kept * ((mean - share) ** 2 - correction)).sum(axis=-1), kept.sum(axis=-1))


def reason(sums: Floats) -> str | None:
    """Why the error is undefined on one table."""
    return "no_scores: no bin of scores has two items with a reference" if np.isnan(compute(sums)) else None


MEASURE = Measure(name="calibration_error_squared_debiased", table="calibration", compute=compute, reason=reason)
