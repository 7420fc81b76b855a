from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.sums.patterns import WEIGHT_STEP, Patterns, pool, pool_rows


def test_independent_items_are_one_pattern_a_cell() -> None:
    patterns = pool(np.array([0, 2, 2, -1]), 3)
    # cells 0 and 2 occur, once and twice; the item outside the table is not a cluster
    assert patterns.sums.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    assert patterns.multiplicity.tolist() == [1, 2]
    assert patterns.singles


def test_equal_clusters_are_pooled() -> None:
    # clusters 7 and 9 hold one item in each cell, cluster 8 two in cell 0
    patterns = pool(np.array([0, 1, 0, 0, 1, 0]), 2, clusters=np.array([7, 7, 8, 8, 9, 9]))
    rows = {tuple(s): int(m) for s, m in zip(patterns.sums.tolist(), patterns.multiplicity, strict=True)}
    assert rows == {(1.0, 1.0): 2, (2.0, 0.0): 1}
    assert not patterns.singles


def test_no_item_in_the_table_is_no_cluster() -> None:
    for clusters in (None, np.array([1, 2])):
        patterns = pool(np.array([-1, -1]), 4, clusters=clusters)
        assert patterns.clusters == 0
        assert patterns.total.tolist() == [0.0] * 4


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.integers(-1, 3), min_size=1, max_size=60),
    seed=st.integers(0, 2**16),
    weighted=st.booleans(),
)
def test_totals_do_not_depend_on_clusters_or_order(cells: list[int], seed: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    array = np.array(cells)
    weights = rng.uniform(0.1, 3.0, len(cells)) if weighted else None
    clusters = rng.integers(0, 5, len(cells))
    order = rng.permutation(len(cells))
    plain = pool(array, 4, weights=weights).total
    grouped = pool(array, 4, clusters=clusters, weights=weights).total
    shuffled = pool(
        array[order], 4, clusters=clusters[order], weights=None if weights is None else weights[order]
    ).total
    assert np.allclose(plain, grouped, atol=1e-7)
    assert grouped.tolist() == shuffled.tolist(), "sums of whole steps are exact, whatever the order"
    expected = [(weights[array == c].sum() if weights is not None else (array == c).sum()) for c in range(4)]
    assert plain == pytest.approx(expected, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), clusters=st.integers(1, 40))
def test_pooled_rows_are_the_clusters_rows(seed: int, clusters: int) -> None:
    """One former failure: equal keys for different rows pooled different clusters, and the totals came out wrong."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, 200)
    cell = rng.integers(0, 9, 200)
    patterns = pool(cell, 9, clusters=cluster)
    rows = [np.bincount(cell[cluster == c], minlength=9).tolist() for c in np.unique(cluster)]
    unpooled = [r for r, m in zip(patterns.sums.tolist(), patterns.multiplicity, strict=True) for _ in range(int(m))]
    assert sorted(rows) == sorted([[int(v) for v in row] for row in unpooled])


def test_features_add_up_over_clusters() -> None:
    features = np.array([[1.0, 0.5], [2.0, 0.25]])
    patterns = pool_rows(np.array([0, 1, 0]), features, clusters=np.array([0, 0, 1]))
    # cluster 0: 1 + 2, .5 + .25; cluster 1: 1, .5
    assert sorted(patterns.sums.tolist()) == [[1.0, 0.5], [3.0, 0.75]]
    assert patterns.total.tolist() == [4.0, 1.25]


def test_weights_are_whole_steps() -> None:
    patterns = pool(np.array([0]), 1, weights=np.array([1.0000000004]))
    assert patterns.total[0] == pytest.approx(1.0, abs=WEIGHT_STEP)
    assert isinstance(patterns, Patterns)
