"""Exact tests on counts, and corrections for many of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from judgeaudit.table import Floats


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided exact p of the discordant pairs: only the first rater right, only the second right. 1 without any.

    Source: McNemar 1947, doi:10.1007/BF02295996; exact binomial form.

    Examples
    --------
    >>> round(mcnemar_exact(10, 19), 3)  # gpt4_cf against itself on errors: fn 10, fp 19, literature value .136
    0.136
    """
    from scipy.special import bdtr

    n, least = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * float(bdtr(least, n, 0.5))) if n else 1.0


def fisher_exact(k1: int, n1: int, k2: int, n2: int) -> float:
    """Two-sided p of Fisher's exact test that k1 of n1 and k2 of n2 come from one rate (sum of tables not more likely).

    Source: Fisher 1934, Statistical Methods for Research Workers, 5th edition, section 21.02.

    Examples
    --------
    >>> round(fisher_exact(3, 4, 1, 4), 4)  # the lady tasting tea
    0.4857
    """
    k, n = k1 + k2, n1 + n2
    if n1 == 0 or n2 == 0 or k in (0, n):
        return 1.0
    low, high = max(0, k - n2), min(k, n1)
    logs = _log_choose(n1, np.arange(low, high + 1)) + _log_choose(n2, k - np.arange(low, high + 1))
    logs -= logs.max()
    chance = np.exp(logs)
    # Tables as likely as the observed one up to rounding count as not more likely.
    return min(1.0, float(chance[chance <= chance[k1 - low] * (1 + 1e-7)].sum() / chance.sum()))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values that hold the family-wise error rate. Source: Holm 1979, Scand. J. Statist. 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def benjamini_yekutieli(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values that hold the false discovery rate under any dependence.

    Source: Benjamini and Yekutieli 2001, doi:10.1214/aos/1013699998.

    Examples
    --------
    >>> [round(p, 4) for p in benjamini_yekutieli([0.01, 0.04, 0.03])]  # factor 1 + 1/2 + 1/3
    [0.055, 0.0733, 0.0733]
    """
    m = len(p_values)
    factor = sum(1 / i for i in range(1, m + 1))
    order = sorted(range(m), key=lambda i: p_values[i], reverse=True)
    adjusted = [0.0] * m
    lowest = 1.0
    for rank, i in enumerate(order):
        lowest = min(lowest, p_values[i] * m * factor / (m - rank))
        adjusted[i] = lowest
    return adjusted


def _log_choose(n: int, k: npt.NDArray[np.int64]) -> Floats:
    from scipy.special import gammaln

    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
