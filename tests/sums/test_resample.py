from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.sums.patterns import Patterns, of_counts
from judgeaudit.sums.resample import draw, generator


def test_draws_are_those_of_the_item_bootstrap() -> None:
    """Mean and variance of a cell's count over draws are n p and n p (1 - p), as when items are drawn with replacement."""
    drawn = draw(of_counts(np.array([30, 70])), 20_000, generator(1, "t"))
    assert drawn.sum(axis=1).tolist() == [100.0] * 20_000
    assert drawn[:, 0].mean() == pytest.approx(30, abs=0.15)
    assert drawn[:, 0].var() == pytest.approx(21, rel=0.05)


def test_clusters_are_drawn_whole() -> None:
    patterns = Patterns(np.array([[10.0, 0.0], [0.0, 10.0]]), np.array([5, 5]))
    drawn = draw(patterns, 2000, generator(1, "t"))
    assert set((drawn % 10).ravel().tolist()) == {0.0}
    # 10 clusters, each on the first side with chance 1/2: the variance of the count is 10 * 1/4 * 10^2
    assert drawn[:, 0].var() == pytest.approx(250, rel=0.15)


def test_many_patterns_take_the_other_way_with_the_same_law() -> None:
    rng = np.random.default_rng(0)
    patterns = Patterns(rng.uniform(size=(3000, 1)), np.ones(3000, dtype=np.int64))
    drawn = draw(patterns, 300, generator(1, "t"))[:, 0]
    assert drawn.mean() == pytest.approx(float(patterns.total[0]), rel=0.002)
    assert drawn.var() == pytest.approx(3000 * float(patterns.sums.var()), rel=0.25)


def test_common_patterns_among_many_rare_ones_have_the_same_law() -> None:
    """5,000 clusters: two patterns of 1,000 and 3,000 of one; counts of a multinomial have variance n p (1 - p)."""
    often = np.concatenate([[1000], np.ones(3000), [1000]]).astype(np.int64)
    sums = np.zeros((3002, 3))
    sums[0, 0] = sums[-1, 1] = 1.0
    sums[1:-1, 2] = 1.0
    drawn = draw(Patterns(sums, often), 2000, generator(3, "t"))
    assert set(drawn.sum(axis=1).tolist()) == {5000.0}
    assert drawn.mean(axis=0) == pytest.approx([1000, 1000, 3000], rel=0.003)
    assert drawn.var(axis=0) == pytest.approx([800, 800, 1200], rel=0.12)  # 5000 * .2 * .8, 5000 * .6 * .4
    assert np.cov(drawn[:, 0], drawn[:, 2])[0, 1] == pytest.approx(-600, rel=0.15)  # - 5000 * .2 * .6


def test_a_tables_draws_depend_on_seed_and_name_alone() -> None:
    patterns = of_counts(np.array([3, 4, 5]))
    first = draw(patterns, 10, generator(0, "judge|all"))
    assert draw(patterns, 10, generator(0, "judge|all")).tolist() == first.tolist()
    assert draw(patterns, 10, generator(1, "judge|all")).tolist() != first.tolist()
    assert draw(patterns, 10, generator(0, "other|all")).tolist() != first.tolist()


def test_nothing_to_draw_from_is_zeros() -> None:
    assert draw(of_counts(np.array([0, 0])), 3, generator(0, "t")).tolist() == [[0.0, 0.0]] * 3
