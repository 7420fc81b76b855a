"""Area under the ROC curve: the chance that a positive has a higher score than a negative, ties counted half.

Range [0, 1]; 0.5: the score tells nothing, 1: it separates. Undefined (`one_class`) where the reference has one class only.
The point value is exact, the draws are taken on score bins. Table ``scores`` as in brier.
Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """AUROC from counts by bin, bins in rising order of score.

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([2.0, 2.0, 0.0, 2.0, 0.0, 0.0])))  # both negatives below both positives
    1.0
    """
    bins = sums.shape[-1] // 3
    positive = sums[..., bins : 2 * bins]
    negative = sums[..., :bins] - positive
    below = np.cumsum(negative, axis=-1) - negative / 2
    return ratio((positive * below).sum(axis=-1), positive.sum(axis=-1) * negative.sum(axis=-1))


def exact(scores: Floats, positive: Floats) -> float:
    """AUROC of n scores and 0/1 references with a bin for each score; NaN where one class is absent.

    Examples
    --------
    >>> import numpy as np
    >>> exact(np.array([0.1, 0.4, 0.4, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))  # pairs: 1, 1, .5, 1
    0.875
    """
    _, code, count = np.unique(scores, return_inverse=True, return_counts=True)
    hits = np.bincount(code, weights=positive, minlength=len(count))
    return float(compute(np.concatenate([count, hits, np.zeros(len(count))])))


def reason(sums: Floats) -> str | None:
    """Why the area is undefined on one table."""
    if sums[: len(sums) // 3].sum() <= 0:
        return "no_scores: no item has both a score and a reference"
    return "one_class: the reference has one class only" if np.isnan(compute(sums)) else None


MEASURE = Measure(name="auroc", table="scores", compute=compute, reason=reason)
