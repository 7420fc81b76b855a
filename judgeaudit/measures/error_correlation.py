"""Mean correlation of two judges' errors, given the truth: whether judges err on the same outputs.

Of every pair the covariance of their errors within each class of the reference, summed over classes, over the root of the
product of both variances made alike; the mean over pairs in which both judges err somewhere. Judges that err by class (many
false positives, few false negatives) but independently have 0. Range [-1, 1]; 0: errors are independent given the truth, as a
vote among judges and Dawid-Skene assume; 1: the judges err together. Undefined with fewer than two judges that err
(`no_errors`) or without outputs that all judges scored (`no_items`).
Table ``errors``: (..., 2 * (1 + K + K (K - 1) / 2)): for each class items, errors of each of K judges, joint errors of pairs.
Source: the panel figures of arXiv:2605.29800; within classes as Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt

from judgeaudit.measures._measure import Measure, no_items
from judgeaudit.table import Floats


@cache
def pairs(judges: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and second judge of each pair, in the table's order."""
    first, second = np.triu_indices(judges, 1)
    return first.astype(np.int64), second.astype(np.int64)


def judges_of(size: int) -> int:
    """How many judges a table of a size is of.

    Examples
    --------
    >>> judges_of(2 * (1 + 4 + 6))
    4
    """
    return round((math.sqrt(1 + 8 * (size / 2 - 1)) - 1) / 2)


def features(wrong: npt.NDArray[np.bool_], positive: npt.NDArray[np.bool_]) -> Floats:
    """(P, size) what an item of each pattern adds: `wrong` (P, K) whether each judge errs, `positive` (P,) its class.

    Examples
    --------
    >>> features(np.array([[True, True]]), np.array([False])).tolist()
    [[1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]]
    """
    first, second = pairs(wrong.shape[1])
    own = np.hstack([np.ones((len(wrong), 1)), wrong, wrong[:, first] & wrong[:, second]])
    return np.hstack([own * ~positive[:, None], own * positive[:, None]])


def by_pair(t: Floats) -> Floats:
    """(..., pairs) correlation of the errors of each pair; NaN where one of them never errs, or always."""
    judges = judges_of(t.shape[-1])
    first, second = pairs(judges)
    halves = t.reshape(*t.shape[:-1], 2, t.shape[-1] // 2)
    n = np.where(halves[..., :1] > 0, halves[..., :1], 1.0)
    wrong, both = halves[..., 1 : 1 + judges], halves[..., 1 + judges :]
    spread = (wrong - wrong**2 / n).sum(axis=-2)
    joint = (both - wrong[..., first] * wrong[..., second] / n).sum(axis=-2)
    scale = np.sqrt(np.maximum(spread[..., first] * spread[..., second], 0.0))
    # What rounding leaves of a variance of 0 is no variance.
    return np.asarray(np.where(scale > 1e-6, joint / np.where(scale > 1e-6, scale, 1.0), np.nan))


def compute(t: Floats) -> Floats:
    """The mean over pairs.

    Examples
    --------
    >>> wrong = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], dtype=bool)
    >>> t = np.array([10.0, 10, 10, 70]) @ features(wrong, np.zeros(4, dtype=bool))
    >>> round(float(compute(t)), 4)  # (10 - 20 * 20 / 100) / (20 - 20 * 20 / 100)
    0.375
    """
    found = by_pair(t)
    there = ~np.isnan(found)
    count = there.sum(axis=-1)
    total = np.where(there, found, 0.0).sum(axis=-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def reason(t: Floats) -> str | None:
    """Why there is no correlation."""
    if t.sum() <= 0:
        return no_items(t)
    return "no_errors: fewer than two judges err on the outputs that all scored" if np.isnan(compute(t)) else None


MEASURE = Measure(name="error_correlation", table="errors", compute=compute, reason=reason)
