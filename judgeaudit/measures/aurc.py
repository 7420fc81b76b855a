"""Area under the risk-coverage curve: the judge's error rate, averaged over how many of its surest verdicts are kept.

Outputs are taken in the order of the judge's confidence in its own verdict (its score, or 1 - score where it says negative); the
risk at k is the share of wrong verdicts among the first k, and AURC the mean over k = 1..n. Verdicts of equal confidence count as
in random order. Range [0, 1]; a confidence that tells nothing gives the error rate, lower is better: leaving unsure outputs to
people pays. Undefined (`no_scores`) without scores. Table ``scores``: (..., 2 * B) items and errors by confidence, surest first.
Source: Geifman, Uziel and El-Yaniv 2019, arXiv:1805.08206.
"""

import numpy as np

from judgeaudit.measures._measure import Measure, ratio
from judgeaudit.table import Floats


def compute(sums: Floats) -> Floats:
    """Mean risk from counts by confidence.

    With K items and E errors before a group of m with e errors its terms sum to E H + e / m (m - K H), where
    H = 1 / (K + 1) + ... + 1 / (K + m).

    Examples
    --------
    >>> import numpy as np
    >>> float(compute(np.array([1.0, 1.0, 0.0, 1.0])))  # risks 0 and 1/2
    0.25
    >>> round(float(compute(np.array([2.0, 1.0]))), 12)  # equally sure: the error rate
    0.5
    """
    from scipy.special import digamma

    bins = sums.shape[-1] // 2
    m, e = sums[..., :bins], sums[..., bins:]
    upto = np.cumsum(m, axis=-1)
    before, errors = upto - m, np.cumsum(e, axis=-1) - e
    h = digamma(upto + 1) - digamma(before + 1)
    terms = errors * h + e - np.where(m > 0, e / np.where(m > 0, m, 1.0), 0.0) * before * h
    return ratio(terms.sum(axis=-1), m.sum(axis=-1))


def reason(sums: Floats) -> str | None:
    """Why the area is undefined on one table."""
    empty = sums[: len(sums) // 2].sum() <= 0
    return "no_scores: no item has a score, a verdict and a reference" if empty else None


MEASURE = Measure(name="aurc", table="scores", compute=compute, reason=reason)
