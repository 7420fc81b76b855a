"""Expected calibration error of the judge's scores, as most tools give it: above 0 even for a perfect judge.

Sum over bins of w_b |p_b - y_b|, w_b the share of items, p_b the mean score, y_b the share of positives; 10 equal-width bins.
Range [0, 1]. Scores that mean what they say give about 0.1 at n = 100, 0.03 at n = 1,000: hold it against the null band that
the audit's table ``calibration`` gives beside it, or use calibration_error_squared_debiased. Undefined (`no_scores`) without
scores. Table ``calibration``: (..., 3 * B) items, sums of scores, positives by bin.
Source: Naeini, Cooper and Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats

BINS = 10


def compute(sums: Floats) -> Floats:
    """Error from sums by bin.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([4.0, 4.0, 1.0, 3.0, 2.0, 3.0])))  # two bins: (|.25 - .5| + |.75 - .75|) / 2
    0.125
    """
    bins = sums.shape[-1] // 3
    n, score, positive = (sums[..., i * bins : (i + 1) * bins] for i in range(3))
    return ratio(np.abs(score - positive).sum(axis=-1), n.sum(axis=-1))


def reason(sums: Floats) -> str | None:
    """Why the error is undefined on one table."""
    return "no_scores: no item has both a score and a reference" if np.isnan(compute(sums)) else None


MEASURE = Measure(name="expected_calibration_error", table="calibration", compute=compute, reason=reason)
