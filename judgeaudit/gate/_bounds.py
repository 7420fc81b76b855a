"""One-sided bounds of an estimate at a policy's confidence."""

from __future__ import annotations

from typing import NamedTuple

from judgeaudit.errors import ConfigError
from judgeaudit.model import Estimate
from judgeaudit.sums.intervals import clopper_pearson

_EQUAL = 1e-9


class Bounds(NamedTuple):
    """Lower and upper one-sided bound, the confidence they have, and how they were made."""

    lower: float
    upper: float
    confidence: float
    method: str


def is_share(estimate: Estimate) -> bool:
    """Whether the value is k of n."""
    if estimate.k is None or estimate.value is None or estimate.n <= 0 or not 0 <= estimate.k <= estimate.n:
        return False
    return abs(estimate.value - estimate.k / estimate.n) <= _EQUAL


def bounds_of(estimate: Estimate, confidence: float) -> Bounds | str:
    """The bounds, or in words why there are none.

    A share is bounded by Clopper-Pearson on its effective sample (Korn and Graubard 1998, Survey Methodology 24(2),
    193-201), anything else by the bounds that the audit kept; of those the next higher confidence is taken where the asked
    one is not kept, which is the more cautious.

    Raises
    ------
    ConfigError
        The audit keeps no bounds of so high a confidence.

    Examples
    --------
    >>> share = Estimate(measure="false_positive_rate", rubric="harm", value=0.0, k=0, n=29, low=0.0, high=0.117)
    >>> round(bounds_of(share, 0.95).upper, 4)
    0.0981
    >>> alpha = Estimate(measure="krippendorff_alpha", rubric="harm", value=0.5, n=29, bounds={"0.975": (0.1, 0.8)})
    >>> bounds_of(alpha, 0.95).confidence
    0.975
    """
    if estimate.low is None and estimate.high is None and estimate.bounds is None and estimate.reason:
        return estimate.reason
    if is_share(estimate):
        return _of_share(estimate, confidence)
    if not estimate.bounds:
        return estimate.reason or "no_interval: the audit has no bounds for it"
    fitting = sorted((float(kept), kept) for kept in estimate.bounds if float(kept) >= confidence - _EQUAL)
    if not fitting:
        known = ", ".join(sorted(estimate.bounds, key=float))
        raise ConfigError(
            "confidence too high",
            where="policy",
            got=f"{confidence:g}",
            expected=f"at most {known.split(', ')[-1]}",
            next_step=f"the audit keeps bounds of {estimate.measure} at {known}",
        )
    level, name = fitting[0]
    lower, upper = estimate.bounds[name]
    if lower is None or upper is None:
        return "no_interval: a bound is undefined"
    return Bounds(lower, upper, level, estimate.method)


def _of_share(estimate: Estimate, confidence: float) -> Bounds | str:
    assert estimate.value is not None
    size = estimate.n if estimate.effective_n is None else min(estimate.effective_n, estimate.n)
    if size <= 0:
        return "no_interval: the effective sample is empty"
    ends = clopper_pearson(estimate.value * size, size, 1 - confidence)
    where = "" if estimate.effective_n is None else f" on an effective sample of {size:.4g}"
    return Bounds(ends.low, ends.high, confidence, f"Clopper-Pearson{where}")
