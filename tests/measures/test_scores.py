from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from judgeaudit.measures import auroc, brier, calibration_error_squared_debiased


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=2, max_size=80))
def test_exact_auroc_is_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    scores = np.array([p / 10 for p, _ in pairs])
    y = np.array([float(b) for _, b in pairs])
    found = auroc.exact(scores, y)
    if y.min() == y.max():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(metrics.roc_auc_score(y, scores), abs=1e-12)


def test_binned_auroc_of_binned_scores_is_exact() -> None:
    rng = np.random.default_rng(1)
    bins = rng.integers(0, 20, 500)
    y = (rng.uniform(size=500) < bins / 20).astype(float)
    n = np.bincount(bins, minlength=20)
    positives = np.bincount(bins, weights=y, minlength=20)
    found = float(auroc.compute(np.concatenate([n, positives, np.zeros(20)])))
    assert found == pytest.approx(metrics.roc_auc_score(y, bins), abs=1e-12)


def test_the_brier_of_a_constant_base_rate() -> None:
    # 30 of 100 positive, score .3 everywhere: .3 * .7
    sums = np.array([100.0, 30.0, 30 * 0.49 + 70 * 0.09])
    assert float(brier.compute(sums)) == pytest.approx(0.21)


def test_a_calibrated_judge_has_no_debiased_error_though_the_plug_in_has() -> None:
    """Mean over 300 sets of 100 items whose outcomes follow the scores."""
    rng = np.random.default_rng(2)
    size = calibration_error_squared_debiased.BINS
    debiased, plain = [], []
    for _ in range(300):
        p = rng.beta(0.5, 0.5, 100)
        y = (rng.uniform(size=100) < p).astype(float)
        place = np.minimum((p * size).astype(int), size - 1)
        sums = np.concatenate([np.bincount(place, weights=w, minlength=size) for w in (np.ones(100), p, y)])
        debiased.append(float(calibration_error_squared_debiased.compute(sums)))
        plain.append(float(calibration_error_squared_debiased.plug_in(sums)))
    assert abs(np.mean(debiased)) < 0.002
    assert np.mean(plain) > 0.006
