import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.judges._folds import clusters, folds


def test_what_connects() -> None:
    assert clusters(["a", "A  ", "b"], ["x", "y", "z"]).tolist() == [0, 0, 1]
    assert clusters(["a", "b", "c"], ["x y", "X\ny", "z"]).tolist() == [0, 0, 1]
    assert clusters(["", " ", ""], ["x", "y", "z"]).tolist() == [0, 1, 2]
    assert clusters(["a", "b"], ["", "\n"]).tolist() == [0, 0]
    assert clusters(["a", "b", "b", "c"], ["x", "x", "y", "y"]).tolist() == [0, 0, 0, 0]
    assert clusters([], []).tolist() == []
    assert clusters(["\ud800"], ["\x00"]).tolist() == [0]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_equal_entries_always_share_a_cluster_and_folds_keep_it_whole(rows: list[tuple[str, str]]) -> None:
    prompts, texts = [p for p, _ in rows], [t for _, t in rows]
    groups = clusters(prompts, texts)
    fold = folds(groups, np.zeros(len(rows), np.int64), 3, seed=1)
    for column in (prompts, texts):
        for entry in set(column):
            rows_of = [i for i, x in enumerate(column) if x == entry]
            assert len(set(groups[rows_of].tolist())) == 1
            assert len(set(fold[rows_of].tolist())) == 1


@pytest.mark.parametrize("seed", range(5))
def test_folds_are_even_seeded_and_stratified(seed: int) -> None:
    classes = np.array([0] * 90 + [1] * 10, np.int64)
    groups = np.arange(100, dtype=np.int64)
    fold = folds(groups, classes, 5, seed)
    for k in range(5):
        assert np.bincount(classes[fold == k]).tolist() == [18, 2]
    assert np.array_equal(fold, folds(groups, classes, 5, seed))
    assert not np.array_equal(fold, folds(groups, classes, 5, seed + 1))


def test_one_large_group_does_not_starve_the_other_folds() -> None:
    groups = np.array([0] * 60 + list(range(1, 41)), np.int64)
    fold = folds(groups, np.tile([0, 1], 50).astype(np.int64), 5, seed=0)
    assert np.bincount(fold).tolist() == [60, 10, 10, 10, 10] or sorted(np.bincount(fold).tolist()) == [10] * 4 + [60]
