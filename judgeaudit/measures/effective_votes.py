"""How many independent votes a panel of judges is worth, by how much their errors go together.

K / (1 + (K - 1) rho) for K judges, with rho the mean `error_correlation` given the truth, taken as 0 where it is below 0.
Range [1, K]; K: the judges err independently; 1: they are one judge. The null band beside it is where the figure lies for
judges that do err independently, given their own error rates and as many outputs: a value inside it is no sign of shared
errors. Undefined as `error_correlation`, and without a reference (`no_reference`).
Source: Kish 1965, Survey Sampling, design effect; for judges arXiv:2605.29800.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from judgeaudit.measures import error_correlation
from judgeaudit.measures._measure import Measure
from judgeaudit.table import Floats


class Band(NamedTuple):
    """Ends that hold 95 of 100 panels of independent judges, and the share of these worth no more votes than the panel."""

    low: float
    high: float
    p_value: float


def compute(t: Floats) -> Floats:
    """The votes of (..., size) tables of errors.

    Examples
    --------
    >>> wrong = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=bool)
    >>> t = np.array([10.0, 10, 10, 70]) @ error_correlation.features(wrong, np.zeros(4, dtype=bool))
    >>> round(float(compute(t)), 4)  # 2 / (1 + .375)
    1.4545
    """
    return _votes(error_correlation.compute(t), error_correlation.judges_of(t.shape[-1]))


def _votes(rho: Floats, judges: int) -> Floats:
    return np.asarray(judges / (1 + (judges - 1) * np.clip(rho, 0.0, 1.0)))


def null_band(t: Floats, draws: int, rng: np.random.Generator) -> Band:
    """Where the votes of independent judges with these error rates lie, items being independent.

    Given both judges' errors in a class their joint errors are hypergeometric; different pairs are uncorrelated.

    Examples
    --------
    >>> wrong = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=bool)
    >>> t = np.array([10.0, 10, 10, 70]) @ error_correlation.features(wrong, np.zeros(4, dtype=bool))
    >>> band = null_band(t, 1000, np.random.default_rng(0))
    >>> bool(1.5 < band.low < band.high <= 2), band.p_value < 0.01
    (True, True)
    """
    judges = error_correlation.judges_of(t.shape[-1])
    first, second = error_correlation.pairs(judges)
    whole = np.rint(t.reshape(2, -1)).astype(np.int64)
    drawn = np.zeros((draws, *whole.shape))
    for side, own in enumerate(whole):
        n, wrong = own[0], np.minimum(own[1 : 1 + judges], own[0])
        drawn[:, side, : 1 + judges] = [n, *wrong]
        if n > 0:
            joint = rng.hypergeometric(wrong[first], n - wrong[first], wrong[second], size=(draws, len(first)))
            drawn[:, side, 1 + judges :] = joint
    votes = compute(drawn.reshape(draws, -1))
    votes = votes[~np.isnan(votes)]
    low, high = np.quantile(votes, [0.025, 0.975])
    return Band(float(low), float(high), float((1 + (votes <= float(compute(t)) + 1e-12).sum()) / (1 + len(votes))))


MEASURE = Measure(name="effective_votes", table="errors", compute=compute, reason=error_correlation.reason)
