from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from judgeaudit.sums.intervals import (
    Interval,
    alone,
    clopper_pearson,
    effective_sample,
    expanded_tails,
    quantiles,
    square_and_add,
    wilson,
    z_of,
)
from judgeaudit.sums.patterns import Patterns, of_counts, pool


@settings(max_examples=50, deadline=None)
@given(n=st.integers(1, 400), share=st.floats(0, 1))
def test_wilson_and_clopper_pearson_are_statsmodels(n: int, share: float) -> None:
    k = round(n * share)
    assert wilson(k, n, z_of(0.95)) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-9)
    assert clopper_pearson(k, n, 0.025) == pytest.approx(proportion_confint(k, n, method="beta"), abs=1e-9)


@pytest.mark.parametrize(
    ("limit", "items"), [(0.10, (29, 46, 61, 76)), (0.05, (59, 93, 124, 153)), (0.01, (299, 473, 628, 773))]
)
def test_gate_sizes(limit: float, items: tuple[int, ...]) -> None:
    """With 0, 1, 2, 3 errors the smallest n whose one-sided 95 % upper bound is at the limit."""
    for errors, n in enumerate(items):
        assert clopper_pearson(errors, n, 0.05).high <= limit
        assert clopper_pearson(errors, n - 1, 0.05).high > limit


def test_newcombe_example() -> None:
    # 56/70 - 48/80: Newcombe 1998, method 10: .0524 to .3339
    parts = [(56 / 70, wilson(56, 70, z_of(0.95)), 1), (48 / 80, wilson(48, 80, z_of(0.95)), -1)]
    assert square_and_add(parts) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_effective_sample_of_independent_items_is_n() -> None:
    assert effective_sample(of_counts(np.array([3, 7])), [0], [0, 1]) == 10


def test_equal_items_within_clusters_count_once() -> None:
    # 20 + 20 clusters of 10 equal items: 400 items, 40 independent ones
    patterns = Patterns(np.array([[10.0, 0.0], [0.0, 10.0]]), np.array([20, 20]))
    n_eff = effective_sample(patterns, [0], [0, 1])
    # p(1-p)/v = 40 * 39/40 (C / (C - 1)) and the squared ratio of t quantiles at 399 and 39 degrees
    expected = 39 * (stats.t.ppf(0.975, 399) / stats.t.ppf(0.975, 39)) ** 2
    assert n_eff == pytest.approx(expected)


def test_where_no_variance_shows_the_clusters_are_the_sample() -> None:
    patterns = pool(np.zeros(50, dtype=np.int64), 2, clusters=np.repeat(np.arange(5), 10))
    assert effective_sample(patterns, [1], [0, 1]) == 5


def test_a_cluster_that_outweighs_all_others_is_one_cluster_whatever_it_says() -> None:
    """Its residual is near 0 by construction: k_c - p n_c, with p all but its own rate."""
    # One item with the weight of a million others, right; 99 with a thousandth each, 15 of them wrong.
    heavy = np.array([[1e6, 0.0], [1e-3, 0.0], [0.0, 1e-3]])
    weighted = Patterns(heavy * 100 / 1e6, np.array([1, 84, 15]))
    found = effective_sample(weighted, [0], [0, 1])
    assert found == pytest.approx(1, abs=1e-6)
    # 97 copies of one text, of which a judge calls 10 positive, and one other text.
    copies = Patterns(np.array([[10.0, 87.0], [0.0, 1.0]]), np.array([1, 1]))
    assert effective_sample(copies, [0], [0, 1]) == pytest.approx(98**2 / (97**2 + 1))
    # The same 97 copies beside 97 other texts are half of all: their spread says something.
    beside = Patterns(np.array([[10.0, 87.0], [0.0, 1.0], [1.0, 0.0]]), np.array([1, 87, 10]))
    found = effective_sample(beside, [0], [0, 1])
    assert found is not None
    assert 2 < found < 194


def test_one_cluster_has_no_effective_sample() -> None:
    patterns = pool(np.array([0, 1]), 2, clusters=np.array([3, 3]))
    assert effective_sample(patterns, [1], [0, 1]) is None


def test_the_plain_interval_would_be_too_narrow_and_this_one_covers() -> None:
    """Clusters of 10 with intra-cluster correlation 0.5, p = 0.3, 60 clusters: 400 simulated sets."""
    rng = np.random.default_rng(5)
    plain = covered = 0
    for _ in range(400):
        p = rng.beta(0.3, 0.7, size=60)
        k = rng.binomial(10, p)
        cells = np.concatenate([[1] * a + [0] * (10 - a) for a in k]).astype(np.int64)
        patterns = pool(cells, 2, clusters=np.repeat(np.arange(60), 10))
        n_eff = effective_sample(patterns, [1], [0, 1])
        assert n_eff is not None
        share = float(cells.mean())
        low, high = wilson(share * n_eff, n_eff, z_of(0.95))
        covered += low <= 0.3 <= high
        low, high = wilson(float(cells.sum()), 600, z_of(0.95))
        plain += low <= 0.3 <= high
    assert plain / 400 < 0.75
    assert 0.92 <= covered / 400 <= 0.985


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.integers(0, 10))
def test_quantiles_are_numpys_with_undefined_draws_left_out(values: list[float], undefined: int) -> None:
    row = np.array([*sorted(values), *[np.nan] * undefined])[None, :]
    ask = [0.0, 0.025, 0.5, 0.975, 1.0]
    found = quantiles(row, np.array([float(len(values))]), ask)[0]
    assert found == pytest.approx(np.quantile(values, ask), abs=1e-12)


def test_intervals_name_their_ends() -> None:
    assert Interval(0.1, 0.2).high == 0.2


def test_a_small_spread_between_few_clusters_does_not_make_items_independent() -> None:
    """Three clusters of ten with 5 of 10 each: their spread is 0 by chance, and the effective sample comes out small or large."""
    together = Patterns(np.array([[5.0, 5.0]]), np.array([3]))
    apart = Patterns(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([15, 15]))
    assert not alone(together, [0], [0, 1])
    assert alone(apart, [0], [0, 1])
    close = Patterns(np.array([[5.0, 5.0], [6.0, 4.0]]), np.array([2, 1]))
    assert effective_sample(close, [0], [0, 1]) == 30.0
    assert not alone(close, [0], [0, 1])


@pytest.mark.parametrize("clusters", [2, 5, 10, 20, 100, 1_000_000])
def test_the_tails_of_few_clusters_give_a_normal_interval_the_width_of_t(clusters: int) -> None:
    # z of the tail is sqrt(n / (n - 1)) t, t by SciPy (not by the series)
    for confidence in (0.8, 0.95, 0.975, 0.995):
        tail = expanded_tails([clusters], [confidence])[0, 0]
        wide = (clusters / (clusters - 1)) ** 0.5 * stats.t.ppf(confidence, clusters - 1)
        assert tail == pytest.approx(stats.norm.cdf(-wide), rel=1e-3, abs=1e-12)


def test_each_row_of_draws_can_have_quantiles_of_its_own() -> None:
    rows = np.array([[0.0, 1.0, 2.0], [0.0, 10.0, 20.0]])
    assert quantiles(rows, np.array([3.0, 3.0]), np.array([[0.5], [1.0]])).tolist() == [[1.0], [20.0]]
