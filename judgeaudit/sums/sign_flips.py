"""Tests that two or more raters are alike, in which whole clusters change sides.

If two raters are interchangeable, what a cluster adds to the difference between them might as well have come with the other
sign; if several are, its sums might have come in any order. Items in one cluster turn together, so that ten copies of one
text are one piece of evidence. With clusters of one item these are the classic tests.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from judgeaudit.sums.patterns import Ints
from judgeaudit.table import Floats

ENUMERATED = 12
"""Up to this many clusters that differ every way of turning them is looked at."""
SAMPLED = 200
"""Up to this many, 1,999 random ways; above it the chi-squared law."""
TURNS = 1999
_LONGEST = 5_000
_NEAR = 1e-9


class Turned(NamedTuple):
    """A test's statistic, its degrees of freedom, p, the clusters in which the raters differ, and how p was found."""

    statistic: float
    freedom: int
    p_value: float
    differing: int
    method: str


def difference_exact(differences: Floats, multiplicity: Ints) -> float:
    """Two-sided p of one difference summed over clusters, by all ways of changing their signs.

    Parameters
    ----------
    differences
        (P,) what a cluster adds to the difference of two raters; whole numbers for the exact law (else, and for very long
        sums, the normal law).
    multiplicity
        (P,) clusters of each kind.

    Examples
    --------
    >>> import numpy as np
    >>> round(difference_exact(np.array([1.0, -1.0]), np.array([10, 19])), 3)  # clusters of one: McNemar's exact test
    0.136
    >>> difference_exact(np.array([3.0]), np.array([2]))  # two clusters of three: both to one side, 2 of 4 ways
    0.5
    """
    from scipy.special import bdtr, ndtr

    there = differences != 0
    size, many = np.abs(differences[there]), multiplicity[there]
    observed = abs(float(multiplicity @ differences))
    if not there.any() or observed == 0:
        return 1.0
    count = int(many.sum())
    if bool((size == size[0]).all()):
        return float(min(1.0, 2 * bdtr(round((count - observed / float(size[0])) / 2), count, 0.5)))
    if float(many @ size) > _LONGEST or bool((size != np.rint(size)).any()):
        return float(2 * ndtr(-observed / np.sqrt(float(many @ size**2))))
    law = np.ones(1)
    for step in np.unique(size).astype(int):
        count = int(many[size == step].sum())
        ways = np.diff(np.concatenate([[0.0], bdtr(np.arange(count + 1), count, 0.5)]))
        spread = np.zeros(2 * step * count + 1)
        spread[:: 2 * step] = ways
        law = np.convolve(law, spread)
    sums = np.arange(len(law)) - len(law) // 2
    return float(min(1.0, law[np.abs(sums) >= observed - _NEAR].sum()))


def differences_together(differences: Floats, multiplicity: Ints, rng: np.random.Generator) -> Turned:
    """Whether several differences of two raters are 0 together: D' S^- D with S the sum of what each cluster adds, squared.

    Of clusters of one item it is Bowker's statistic (differences: the cells off the diagonal less their mirrors) and Stuart
    and Maxwell's (the values' totals). Parameters as in `difference_exact`, differences (P, F).

    Examples
    --------
    >>> import numpy as np
    >>> found = differences_together(np.array([[1.0], [-1.0]]), np.array([300, 240]), np.random.default_rng(0))
    >>> round(found.statistic, 4), found.freedom  # (300 - 240)^2 / 540
    (6.6667, 1)
    """
    there = np.asarray((differences != 0).any(axis=1))
    own, many = differences[there], multiplicity[there]
    count = int(many.sum())
    if count == 0:
        return Turned(0.0, 0, 1.0, 0, "no item on which the raters differ")
    inverse = np.linalg.pinv((own * many[:, None]).T @ own, hermitian=True)
    freedom = int(np.linalg.matrix_rank((own * many[:, None]).T @ own, hermitian=True))
    total = many @ own
    statistic = float(total @ inverse @ total)
    if count > SAMPLED:
        return Turned(statistic, freedom, _chi_squared(statistic, freedom), count, "chi-squared law")
    if count <= ENUMERATED:
        signs = np.array(list(product((1.0, -1.0), repeat=count)))
        sums, how = signs @ np.repeat(own, many, axis=0), "exact, by all changes of sign"
    else:
        sums, how = (
            (2 * rng.binomial(many, 0.5, size=(TURNS, len(many))) - many) @ own,
            f"{TURNS} random changes of sign",
        )
    found = np.einsum("df,fg,dg->d", sums, inverse, sums) >= statistic * (1 - _NEAR)
    p = float(found.mean()) if count <= ENUMERATED else float((1 + found.sum()) / (1 + TURNS))
    return Turned(statistic, freedom, p, count, how)


def totals_alike(sums: Floats, multiplicity: Ints, rng: np.random.Generator) -> Turned:
    """Cochran's Q of the totals of K raters, clusters of items taking the place of items.

    Q = (K - 1) sum_j (T_j - mean T)^2 / sum over clusters and raters of (t_cj - mean t_c)^2, which with clusters of one item is
    Cochran's. `sums` is (P, K): what one cluster adds to each rater's total.

    Source: Cochran 1950, doi:10.1093/biomet/37.3-4.256; for any values in the cells Friedman 1937,
    doi:10.1080/01621459.1937.10503522.

    Examples
    --------
    >>> import numpy as np
    >>> items = np.array([[1.0, 1, 0], [1, 0, 0], [0, 0, 0]])
    >>> found = totals_alike(items, np.array([30, 30, 40]), np.random.default_rng(0))
    >>> round(found.statistic, 6), found.freedom  # totals 60, 30, 0: 2 * 1800 / (30 * 2/3 + 30 * 2/3)
    (90.0, 2)
    """
    centred = sums - sums.mean(axis=1, keepdims=True)
    there = np.asarray((np.abs(centred) > _NEAR).any(axis=1))
    own, many, freedom = centred[there], multiplicity[there], sums.shape[1] - 1
    count = int(many.sum())
    if count == 0:
        return Turned(0.0, 0, 1.0, 0, "no item on which the raters differ")
    scale = freedom / float(many @ (own**2).sum(axis=1))
    statistic = scale * float(((many @ own) ** 2).sum())
    if count > SAMPLED:
        return Turned(statistic, freedom, _chi_squared(statistic, freedom), count, "chi-squared law")
    rows, above = np.repeat(own, many, axis=0), 0
    for start in range(0, TURNS, 200):
        block = np.broadcast_to(rows, (min(200, TURNS - start), *rows.shape))
        drawn = scale * (rng.permuted(block, axis=2).sum(axis=1) ** 2).sum(axis=1)
        above += int((drawn >= statistic * (1 - _NEAR)).sum())
    return Turned(statistic, freedom, (1 + above) / (1 + TURNS), count, f"{TURNS} random orders")


def _chi_squared(statistic: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))
