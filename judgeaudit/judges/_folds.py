"""Folds for cross-fitting in which a text never meets a model that has seen it, its copy, or another answer to its prompt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]


def clusters(prompts: Sequence[str], texts: Sequence[str]) -> Codes:
    """(n,) codes of the groups of rows that are connected by an equal prompt or an equal text.

    Entries that differ in case or whitespace only are equal. A blank prompt is an unknown one and connects nothing; blank
    texts are copies of each other. Codes are numbered by first appearance.

    Examples
    --------
    >>> clusters(["p", "q", "r", "", ""], ["a", "b", "A ", "c", "d"]).tolist()
    [0, 1, 0, 2, 3]
    """
    n = len(texts)
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for column, blanks in ((prompts, False), (texts, True)):
        first: dict[str, int] = {}
        for i, entry in enumerate(column):
            key = " ".join(entry.casefold().split())
            if key or blanks:
                a, b = root(first.setdefault(key, i)), root(i)
                parent[max(a, b)] = min(a, b)
    roots = [root(i) for i in range(n)]
    order = {r: code for code, r in enumerate(dict.fromkeys(roots))}
    return np.array([order[r] for r in roots], np.int64)


def folds(groups: Codes, classes: Codes, count: int, seed: int) -> Codes:
    """(n,) fold of each row in 0..count-1: groups stay whole, and each class is spread as evenly as they allow.

    Greedy: the largest groups first (ties by a seeded shuffle), each into the fold where it leaves the classes most even.

    Examples
    --------
    >>> folds(np.array([0, 0, 1, 2, 3]), np.array([0, 1, 0, 1, 1]), 2, seed=0)[:2].tolist() in ([0, 0], [1, 1])
    True
    """
    names, inverse = np.unique(groups, return_inverse=True)
    table = np.zeros((len(names), int(classes.max(initial=0)) + 1))
    np.add.at(table, (inverse, classes), 1.0)
    share = table / np.maximum(table.sum(axis=0), 1.0)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    order = shuffled[np.argsort(-share[shuffled].sum(axis=1), kind="stable")]
    loads = np.zeros((count, table.shape[1]))
    sizes = np.zeros(count)
    chosen = np.zeros(len(names), np.int64)
    for group in order:
        # What adding the group does to the sum of squares of the loads; the emptier fold among equals.
        cost = 2 * loads @ share[group]
        best = int(np.lexsort((sizes, np.round(cost, 12)))[0])
        chosen[group] = best
        loads[best] += share[group]
        sizes[best] += table[group].sum()
    return chosen[inverse]


_GREEDY = 3_000
"""Above this many groups a seeded shuffle spreads the classes evenly enough, and the greedy way takes seconds."""


def connected(columns: Sequence[npt.NDArray[np.integer]], n: int) -> Codes:
    """(n,) codes of the groups of rows that are connected by an equal code in any column; no column: each row is its own.

    Examples
    --------
    >>> connected([np.array([0, 0, 1, 2]), np.array([5, 6, 6, 7])], 4).tolist()
    [0, 0, 0, 1]
    >>> connected([], 2).tolist()
    [0, 1]
    """
    if not columns:
        return np.arange(n)
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    start, ends, total = np.arange(n), [], n
    for column in columns:
        _, code = np.unique(column, return_inverse=True)
        ends.append(total + code)
        total += int(code.max(initial=-1)) + 1
    rows, stops = np.tile(start, len(columns)), np.concatenate(ends)
    graph = coo_matrix((np.ones(len(rows), np.int8), (rows, stops)), shape=(total, total))
    _, labels = connected_components(graph, directed=False)
    return np.unique(labels[:n], return_inverse=True)[1].astype(np.int64)


def spread(groups: Codes, classes: Codes, count: int, seed: int) -> Codes:
    """(n,) folds as `folds` makes them; of very many groups by a seeded shuffle.

    Examples
    --------
    >>> fold = spread(np.arange(10_000), np.zeros(10_000, np.int64), 4, seed=0)
    >>> np.bincount(fold).tolist()
    [2500, 2500, 2500, 2500]
    """
    names, inverse = np.unique(groups, return_inverse=True)
    if len(names) <= _GREEDY:
        return folds(groups, classes, count, seed)
    return (np.random.default_rng(seed).permutation(len(names)) % count)[inverse]
