"""Exact one-sided tests: flips beyond test-retest flips, and a rate above another."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

import numpy as np


def more_than_copies(strata: Iterable[tuple[int, int, int, int]]) -> float:
    """One-sided exact p that decorated probes flip no more than copies of their base do.

    Given how many of a base's judgements flipped at all, chance alone deals the flips among decorated probes and copies:
    hypergeometric within each base, the bases convolved (the exact form of Mantel and Haenszel 1959,
    doi:10.1093/jnci/22.4.719). So a judge that flips at random is accused of no decoration.

    Parameters
    ----------
    strata
        For each base: flipped and all decorated probes, flipped and all copies.

    Examples
    --------
    >>> more_than_copies([(1, 1, 0, 1)] * 3)  # each of 3 bases: chance 1/2 that the one flip falls on the decorated probe
    0.125
    >>> more_than_copies([(0, 3, 0, 2), (2, 2, 2, 2)])
    1.0
    """
    law, seen = np.ones(1), 0
    for k, n, copies_k, copies_n in strata:
        total = k + copies_k
        low = max(0, total - copies_n)
        counts = [comb(n, i) * comb(copies_n, total - i) for i in range(low, min(n, total) + 1)]
        law = np.convolve(law, np.array(counts, float) / comb(n + copies_n, total))
        seen += k - low
    return float(min(1.0, law[seen:].sum()))


def higher(k1: int, n1: int, k2: int, n2: int) -> float:
    """One-sided p of Fisher's exact test that the rate of k1 of n1 is no higher than that of k2 of n2.

    Source: Fisher 1934, Statistical Methods for Research Workers, 5th edition, section 21.02.

    Examples
    --------
    >>> round(higher(3, 3, 0, 3), 4)  # 1 of the 20 ways to deal 3 hits among 6
    0.05
    """
    return more_than_copies([(k1, n1, k2, n2)])
