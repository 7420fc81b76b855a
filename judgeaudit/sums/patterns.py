"""Sums of clusters with equal ones pooled: the smallest table from which a resample can be drawn.

Every item falls into one cell of a table (judge says yes and the reference no, say). Items that are resampled together form
a cluster, and what a cluster adds to the table is its vector of cell sums. Clusters with equal vectors are pooled into one
pattern with a multiplicity, so that drawing clusters with replacement is one multinomial over patterns: exactly the law of
the cluster bootstrap, at a cost that depends on the number of patterns and not on n. Independent items are clusters of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit.table import Floats

Ints = npt.NDArray[np.int64]

WEIGHT_STEP = 1e-9
"""Weights are kept as whole multiples of this step, so that sums do not depend on the order of adding."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Pooled cluster sums.

    Parameters
    ----------
    sums
        (P, S) what one cluster of each pattern adds.
    multiplicity
        (P,) how many clusters have that pattern, all > 0.
    independent
        Whether it is known that every cluster is one unweighted item, so that nothing need be looked at to tell.
    """

    sums: Floats
    multiplicity: Ints
    independent: bool = False

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return int(self.multiplicity.sum())

    @property
    def total(self) -> Floats:
        """(S,) sums over everything."""
        return np.asarray(self.multiplicity @ self.sums, dtype=np.float64)

    @property
    def singles(self) -> bool:
        """Whether every cluster is one unweighted item."""
        return self.independent or bool((self.sums.sum(axis=1) == 1.0).all())


def pool(cells: Ints, size: int, *, clusters: Ints | None = None, weights: Floats | None = None) -> Patterns:
    """Patterns of a table of `size` cells.

    Parameters
    ----------
    cells
        (n,) cell of each item; negative: the item is outside this table.
    clusters
        (n,) cluster of each item; None: each item is its own.
    weights
        (n,) positive weights, rounded to `WEIGHT_STEP`; None: all 1.

    Examples
    --------
    >>> import numpy as np
    >>> p = pool(np.array([0, 1, 1, -1]), 2)
    >>> p.total.tolist(), p.clusters
    ([1.0, 2.0], 3)
    >>> q = pool(np.array([0, 1, 0, 1]), 2, clusters=np.array([5, 5, 7, 7]))
    >>> q.sums.tolist(), q.multiplicity.tolist()
    ([[1.0, 1.0]], [2])
    """
    inside = cells >= 0
    if not inside.all():
        cells = cells[inside]
        clusters = None if clusters is None else clusters[inside]
        weights = None if weights is None else weights[inside]
    if clusters is None and weights is None:
        return _of_counts(np.bincount(cells, minlength=size))
    if clusters is None and weights is not None:
        return _weighted_items(cells, size, weights)
    assert clusters is not None
    return _clustered(cells, size, clusters, weights)


def pool_rows(rows: Ints, features: Floats, *, clusters: Ints | None = None, weights: Floats | None = None) -> Patterns:
    """Patterns of items that each add one row of features.

    Parameters
    ----------
    rows
        (n,) which row of `features` each item adds; negative: none.
    features
        (K, F) sums, kept as whole multiples of `WEIGHT_STEP`.

    Examples
    --------
    >>> import numpy as np
    >>> p = pool_rows(np.array([0, 1, 1]), np.array([[1.0, 0.5], [1.0, 0.25]]))
    >>> p.total.tolist()
    [3.0, 1.0]
    """
    inside = rows >= 0
    rows = rows[inside]
    if clusters is None and weights is None:
        counts = np.bincount(rows, minlength=len(features))
        present = np.flatnonzero(counts)
        return Patterns(features[present], counts[present].astype(np.int64))
    if len(rows) == 0:
        return Patterns(np.zeros((0, features.shape[1])), np.zeros(0, dtype=np.int64))
    cluster = np.arange(len(rows)) if clusters is None else _numbered(clusters[inside])
    factor = None if weights is None else weights[inside]
    count = int(cluster.max()) + 1
    matrix = np.empty((count, features.shape[1]))
    for column in range(features.shape[1]):
        added = stepped(features[:, column])[rows] if factor is None else stepped(features[rows, column] * factor)
        matrix[:, column] = np.bincount(cluster, weights=added, minlength=count)
    return _pooled(matrix, WEIGHT_STEP)


def of_counts(counts: Ints) -> Patterns:
    """Patterns of independent, unweighted items from the counts of their cells ((S,) whole numbers)."""
    return _of_counts(np.asarray(counts, dtype=np.int64))


def stepped(weights: Floats) -> Floats:
    """Weights as whole multiples of the step, in units of the step (exact in float64 up to a total of 9 million)."""
    return np.rint(weights / WEIGHT_STEP)


def counted(cells: npt.NDArray[np.integer[Any]], size: int, weights: Floats | None = None) -> Floats:
    """(size,) items or, with weights, their whole weight in each cell; the order of items does not change it.

    Examples
    --------
    >>> import numpy as np
    >>> counted(np.array([0, 2, 2]), 3).tolist()
    [1.0, 0.0, 2.0]
    >>> counted(np.array([0, 2, 2]), 3, np.array([0.1, 0.2, 0.3])).tolist()
    [0.1, 0.0, 0.5]
    """
    if weights is None:
        return np.bincount(cells, minlength=size).astype(np.float64)
    return np.asarray(np.bincount(cells, weights=stepped(weights), minlength=size) / round(1 / WEIGHT_STEP))


def _of_counts(counts: Ints) -> Patterns:
    present = np.flatnonzero(counts)
    sums = np.zeros((len(present), len(counts)))
    sums[np.arange(len(present)), present] = 1.0
    return Patterns(sums, counts[present].astype(np.int64), independent=True)


def _weighted_items(cells: Ints, size: int, weights: Floats) -> Patterns:
    distinct, code = np.unique(stepped(weights), return_inverse=True)
    counts = np.bincount(cells * len(distinct) + code, minlength=size * len(distinct))
    present = np.flatnonzero(counts)
    sums = np.zeros((len(present), size))
    sums[np.arange(len(present)), present // len(distinct)] = distinct[present % len(distinct)] * WEIGHT_STEP
    return Patterns(sums, counts[present].astype(np.int64))


def _clustered(cells: Ints, size: int, clusters: Ints, weights: Floats | None) -> Patterns:
    if len(cells) == 0:
        return Patterns(np.zeros((0, size)), np.zeros(0, dtype=np.int64))
    cluster = _numbered(clusters)
    count = int(cluster.max()) + 1
    flat = cluster * size + cells
    steps = None if weights is None else stepped(weights)
    matrix = np.bincount(flat, weights=steps, minlength=count * size).reshape(count, size).astype(np.float64)
    return _pooled(matrix, 1.0 if weights is None else WEIGHT_STEP)


def _numbered(clusters: Ints) -> Ints:
    """Clusters numbered from 0 in the order of their codes; without sorting where the codes are small numbers."""
    if int(clusters.min()) < 0 or int(clusters.max()) >= 2 * len(clusters) + 1000:
        return np.unique(clusters, return_inverse=True)[1].astype(np.int64)
    there = np.bincount(clusters) > 0
    return np.asarray(clusters if there.all() else (np.cumsum(there) - 1)[clusters], dtype=np.int64)


def _pooled(matrix: Floats, step: float) -> Patterns:
    """Equal rows of whole numbers as one pattern, in the order of their sums, so that the draws do not hang on hashing."""
    base = int(matrix.max(initial=0.0)) + 1
    if base ** matrix.shape[1] <= 2 * len(matrix) + 1000 and matrix.min(initial=0.0) >= 0:
        return _spelled(matrix, base, step)
    _, first, own, multiplicity = np.unique(
        _row_keys(matrix), return_index=True, return_inverse=True, return_counts=True
    )
    distinct = matrix[first]
    if not np.array_equal(distinct[own], matrix):  # two different rows with one key
        distinct, multiplicity = np.unique(matrix, axis=0, return_counts=True)
    order = np.lexsort(distinct.T[::-1])
    return Patterns(distinct[order] * step, multiplicity[order].astype(np.int64))


def _spelled(matrix: Floats, base: int, step: float) -> Patterns:
    """The same without sorting, where all rows that could be are few: a row spells the number by which it is counted."""
    places = base ** np.arange(matrix.shape[1])[::-1]
    multiplicity = np.bincount((matrix @ places.astype(np.float64)).astype(np.int64))
    present = np.flatnonzero(multiplicity)
    distinct = (present[:, None] // places % base).astype(np.float64)
    return Patterns(distinct * step, multiplicity[present].astype(np.int64))


def _row_keys(matrix: Floats) -> npt.NDArray[np.uint64]:
    """One 64-bit key a row of whole numbers, equal for equal rows; unequal rows share one with chance about C^2 / 2^64."""
    odd = np.random.Generator(np.random.PCG64(20241)).integers(1, 2**63, size=matrix.shape[1], dtype=np.uint64)
    multipliers = odd * np.uint64(2) + np.uint64(1)
    keys: npt.NDArray[np.uint64] = matrix.astype(np.int64).view(np.uint64) @ multipliers
    return keys
