"""Measures of scores against hand arithmetic, statsmodels, scikit-learn and direct integration."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from judgeaudit.measures import (
    _brier_parts,
    _logistic,
    aurc,
    cox_intercept,
    cox_slope,
    expected_calibration_error,
    smooth_calibration_error,
)


def sums(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Items, sums of scores and positives with one bin a score."""
    value, code = np.unique(p, return_inverse=True)
    n = np.bincount(code).astype(float)
    return np.concatenate([n, n * value, np.bincount(code, weights=y)])


def judged(seed: int, n: int, slope: float = 1.0, intercept: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1.5, n)
    y = (rng.uniform(size=n) < 1 / (1 + np.exp(-(intercept + slope * x)))).astype(float)
    return 1 / (1 + np.exp(-x)), y


@pytest.mark.parametrize(("seed", "slope", "intercept"), [(0, 1.0, 0.0), (1, 0.4, -1.0), (2, -0.7, 0.5), (3, 3.0, 0.0)])
def test_cox_is_the_logistic_regression_of_statsmodels(seed: int, slope: float, intercept: float) -> None:
    p, y = judged(seed, 300, slope, intercept)
    expected = sm.GLM(y, sm.add_constant(np.log(p / (1 - p))), family=sm.families.Binomial()).fit().params
    s = sums(p, y)
    assert [float(cox_intercept.compute(s)), float(cox_slope.compute(s))] == pytest.approx(expected.tolist(), abs=1e-6)


def test_many_tables_at_once_are_fitted_one_by_one() -> None:
    rng = np.random.default_rng(5)
    n = rng.integers(0, 9, (6, 4, 8)).astype(float)
    many = np.concatenate([n, n * np.linspace(0.05, 0.95, 8), rng.binomial(n.astype(int), 0.4)], axis=-1)
    found = cox_slope.compute(many)
    for i in range(6):
        for j in range(4):
            assert float(cox_slope.compute(many[i, j])) == pytest.approx(float(found[i, j]), abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("p", "y", "code"),
    [
        ([0.2, 0.8], [0, 0], "one_class"),
        ([0.5, 0.5, 0.5], [0, 1, 1], "constant_score"),
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], "separated"),
        ([0.1, 0.5, 0.5, 0.9], [0, 0, 1, 1], "separated"),  # they touch: the likelihood still has no maximum
        ([0.0, 1.0, 0.0, 1.0, 0.5], [0, 1, 1, 0, 1], "scores_at_the_ends"),
        ([], [], "no_scores"),
    ],
)
def test_where_cox_is_undefined_it_says_why(p: list[float], y: list[int], code: str) -> None:
    s = sums(np.array(p), np.array(y, dtype=float))
    assert (_logistic.reason(s) or "").startswith(code)
    assert np.isnan(cox_slope.compute(s))


def test_expected_calibration_error_by_hand() -> None:
    # bins of 4 and 6: |1.2 - 1| = .2 and |4.8 - 3| = 1.8; 2.0 of 10
    assert float(expected_calibration_error.compute(np.array([4.0, 6.0, 1.2, 4.8, 1.0, 3.0]))) == pytest.approx(0.2)


def integrated(p: np.ndarray, y: np.ndarray, width: float) -> float:
    """Integral of the smoothed residual by a Gaussian and its reflections, point by point."""
    t = (np.arange(4000) + 0.5) / 4000
    total = np.zeros_like(t)
    for score, residual in zip(p, y - p, strict=True):
        kernel = np.zeros_like(t)
        for k in range(-4, 5):
            for centre in (2 * k + score, 2 * k - score):
                kernel += np.exp(-0.5 * ((t - centre) / width) ** 2)
        total += residual * kernel / (width * np.sqrt(2 * np.pi))
    return float(np.abs(total / len(p)).mean())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_smooth_error_is_the_fixed_point_of_the_integral(seed: int) -> None:
    p, y = judged(seed, 60, 0.3, -0.8)
    found = float(smooth_calibration_error.compute(sums(p, y)))
    assert integrated(p, y, found) == pytest.approx(found, abs=5e-4)
    rough = float(smooth_calibration_error.compute(sums(p, y)[None])[0])
    assert rough == pytest.approx(found, abs=3e-3)


def test_smooth_error_of_scores_that_are_right_is_none() -> None:
    assert float(smooth_calibration_error.compute(np.array([4.0, 2.0, 2.0]))) == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_parts_add_up_to_the_brier_score(pairs: list[tuple[float, bool]]) -> None:
    p = np.array([s for s, _ in pairs])
    y = np.array([float(b) for _, b in pairs])
    place = np.minimum((p * 10).astype(int), 9)
    table = np.concatenate([np.bincount(place, weights=w, minlength=10) for w in (p * 0 + 1, p, y, p * p, p * y)])
    x = _brier_parts.parts(table)
    assert float(x.reliability - x.resolution + x.uncertainty + x.within_bins) == pytest.approx(
        float(metrics.brier_score_loss(y, p, pos_label=1)) if len(set(y)) == 2 else float(((p - y) ** 2).mean())
    )
    assert min(float(v) for v in (x.reliability, x.resolution, x.uncertainty)) >= 0


def test_aurc_by_hand_and_by_random_orders() -> None:
    # surest first: right, wrong, right, wrong: risks 0, 1/2, 1/3, 1/2
    assert float(aurc.compute(np.array([1.0, 1, 1, 1, 0, 1, 0, 1]))) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # two ties, (2 items, 1 wrong) then (3 items, 2 wrong): the mean over orders within each
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(20_000):
        wrong = np.concatenate([rng.permutation([0, 1]), rng.permutation([0, 1, 1])])
        areas.append((wrong.cumsum() / np.arange(1, 6)).mean())
    assert float(aurc.compute(np.array([2.0, 3, 1, 2]))) == pytest.approx(np.mean(areas), abs=4e-3)


def test_a_confidence_that_tells_nothing_gives_the_error_rate() -> None:
    assert float(aurc.compute(np.array([50.0, 7.0]))) == pytest.approx(7 / 50)


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_the_published_bias_of_the_plug_in_for_a_perfect_judge(n: int) -> None:
    """Beta(.5, .5) scores and 15 bins of equal mass: a mean of .097, .057 and .031 over many sets."""
    published = {100: 0.097, 300: 0.057, 1000: 0.031}[n]
    rng = np.random.default_rng(n)
    found = []
    for _ in range(400):
        p = np.sort(rng.beta(0.5, 0.5, n))
        y = (rng.uniform(size=n) < p).astype(float)
        place = np.arange(n) * 15 // n
        s = np.concatenate([np.bincount(place, weights=w) for w in (p * 0 + 1, p, y)])
        found.append(float(expected_calibration_error.compute(s)))
    assert np.mean(found) == pytest.approx(published, abs=0.004)
