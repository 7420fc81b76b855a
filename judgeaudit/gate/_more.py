"""How many more labels would likely decide a requirement that is INCONCLUSIVE."""

from __future__ import annotations

import math
from statistics import NormalDist

from judgeaudit.gate._bounds import Bounds, is_share
from judgeaudit.model import Estimate
from judgeaudit.sums.intervals import clopper_pearson

POWER = 0.8
MOST = 1_000_000
"""Beyond this number no answer is given: the value lies too near the limit."""


def more_labels(estimate: Estimate, bounds: Bounds, limit: float, power: float = POWER) -> int | None:
    """The number of further items with which the bound passes or fails the limit with a chance of `power`.

    Taken for granted is that the true value is the one found so far. For a share the chance is an exact binomial one, for
    other measures the width of the interval is taken to shrink by the square root of the number of items.

    Returns
    -------
    None: the value is the limit, or more than a million items would be needed.

    Examples
    --------
    >>> from judgeaudit.gate._bounds import bounds_of
    >>> share = Estimate(measure="false_positive_rate", rubric="harm", value=0.02, k=2, n=100, low=0.006, high=0.07)
    >>> more_labels(share, bounds_of(share, 0.95), 0.05)
    160
    """
    if estimate.value is None or estimate.n <= 0 or estimate.value == limit:
        return None
    if is_share(estimate):
        needed = share_size(estimate.value, limit, 1 - bounds.confidence, power)
        total = None if needed is None else needed * design_effect(estimate)
    else:
        total = estimate.n * _growth(estimate.value, bounds, limit, power)
    if total is None or total > MOST:
        return None
    return max(1, math.ceil(total - estimate.n))


def design_effect(estimate: Estimate) -> float:
    """By what factor clusters and repeated texts raise the number of items that are needed; 1 for independent items.

    Examples
    --------
    >>> design_effect(Estimate(measure="accuracy", rubric="harm", value=0.5, k=50, n=100, effective_n=40.0))
    2.5
    """
    return 1.0 if not estimate.effective_n else max(1.0, estimate.n / estimate.effective_n)


def share_size(share: float, limit: float, tail: float, power: float = POWER) -> int | None:
    """Smallest sample in which a true share is told from a limit by Clopper-Pearson with a chance of `power`.

    Parameters
    ----------
    tail
        Probability allowed beyond the one-sided bound.

    Examples
    --------
    >>> share_size(0.0, 0.1, 0.05)  # 29 items without an error
    29
    """
    if share > limit:
        share, limit = 1 - share, 1 - limit
    if share == limit or limit <= 0:
        return None
    low, high = 0, 1
    while not _decides(high, share, limit, tail, power):
        low, high = high, high * 2
        if high > 2 * MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _decides(middle, share, limit, tail, power) else (middle, high)
    return high


def width_size(share: float, width: float, confidence: float) -> int | None:
    """Smallest sample whose two-sided Clopper-Pearson interval around a share is no wider than `width`.

    Returns
    -------
    None: more than a million items would be needed.

    Examples
    --------
    >>> width_size(0.0, 0.1, 0.95)  # 0 of 36: from 0 to 1 - 0.025 ** (1 / 36) = 0.0974; of 35 it is 0.1
    36
    """

    def narrow(n: int) -> bool:
        ends = clopper_pearson(share * n, n, (1 - confidence) / 2)
        return ends.high - ends.low <= width

    low, high = 0, 1
    while not narrow(high):
        low, high = high, high * 2
        if high > 2 * MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if narrow(middle) else (middle, high)
    return high


def _decides(n: int, share: float, limit: float, tail: float, power: float) -> bool:
    """Whether the upper bound of n items is at most the limit with a chance of `power`, for a share below the limit."""
    from scipy.special import bdtr

    # The upper bound is at most the limit just where so few or fewer would be found with chance `tail` under the limit.
    if float(bdtr(0, n, limit)) > tail:
        return False
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if float(bdtr(middle, n, limit)) <= tail else (low, middle)
    return float(bdtr(low, n, share)) >= power


def _growth(value: float, bounds: Bounds, limit: float, power: float) -> float:
    """By what factor the sample must grow for an interval of this width to leave the limit outside."""
    near = bounds.upper - value if limit > value else value - bounds.lower
    z = NormalDist().inv_cdf(bounds.confidence)
    error = max(near, 0.0) / z
    return ((z + NormalDist().inv_cdf(power)) * error / abs(limit - value)) ** 2
