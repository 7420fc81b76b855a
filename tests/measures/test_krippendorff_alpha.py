from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from judgeaudit.measures.krippendorff_alpha import features, for_level, moments
from judgeaudit.model import LEVELS, Level

ROWS = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
UNITS = np.array([[float(row.count(v)) for v in "12345"] for row in ROWS])
X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def alpha(units: np.ndarray, level: Level, x: np.ndarray) -> float:
    return float(for_level(level, x).compute(features(units, level, x).sum(axis=0)))


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_four_observers_twelve_units(level: Level, expected: float) -> None:
    assert alpha(UNITS, level, X) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), units=st.integers(2, 30), raters=st.integers(2, 5), values=st.integers(2, 5))
def test_the_package_gives_the_same(level: Level, seed: int, units: int, raters: int, values: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, values, size=(units, raters))
    there = rng.uniform(size=codes.shape) < 0.8
    counts = np.stack([((codes == v) & there).sum(axis=1) for v in range(values)], axis=1)
    x = np.sort(rng.choice(np.arange(1, 50), size=values, replace=False)).astype(float)
    pairable = counts[counts.sum(axis=1) >= 2]
    assume(len(pairable) and (pairable.sum(axis=0) > 0).sum() > 1)
    expected = krippendorff.alpha(value_counts=counts, value_domain=x, level_of_measurement=level)
    assert alpha(counts.astype(float), level, x) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_one_value_only_is_undefined_and_says_so(level: Level) -> None:
    units = np.array([[3.0, 0.0], [2.0, 0.0]])
    sums = features(units, level, np.array([1.0, 2.0])).sum(axis=0)
    measure = for_level(level, np.array([1.0, 2.0]))
    assert np.isnan(measure.compute(sums))
    assert (measure.reason(sums) or "").startswith("one_class")


def test_no_unit_with_two_values_is_undefined_and_says_so() -> None:
    sums = features(np.array([[1.0, 0.0], [0.0, 1.0]]), "nominal", np.array([0.0, 1.0])).sum(axis=0)
    assert (for_level("nominal", np.array([0.0, 1.0])).reason(sums) or "").startswith("no_pairs")


def test_continuous_scores_by_moments() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(300, 1))
    scores = truth + rng.normal(scale=0.5, size=(300, 3))
    sums = moments(np.full(300, 3.0), scores.sum(axis=1), (scores**2).sum(axis=1)).sum(axis=0)
    expected = krippendorff.alpha(reliability_data=scores.T, level_of_measurement="interval")
    assert float(for_level("interval", np.zeros(1)).compute(sums)) == pytest.approx(expected, abs=1e-9)
