"""One-sided bounds: exact for shares, those of the audit for the rest, never less cautious than asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from judgeaudit.errors import ConfigError
from judgeaudit.gate._bounds import Bounds, bounds_of, is_share
from judgeaudit.model import Estimate


def _of(estimate: Estimate, confidence: float) -> Bounds:
    found = bounds_of(estimate, confidence)
    assert isinstance(found, Bounds)
    return found


@given(st.integers(1, 300), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
@settings(max_examples=40, deadline=None)
def test_a_share_has_exact_one_sided_bounds(n: int, share: float, confidence: float) -> None:
    k = round(n * share)
    estimate = Estimate(measure="accuracy", rubric="r", value=k / n, k=k, n=n, low=0.0, high=1.0)
    found = _of(estimate, confidence)
    exact = binomtest(k, n).proportion_ci(1 - 2 * (1 - confidence), method="exact")
    assert found.lower == pytest.approx(exact.low, abs=1e-9)
    assert found.upper == pytest.approx(exact.high, abs=1e-9)


def test_clusters_widen_the_bounds(rate: Callable[..., Estimate]) -> None:
    plain, clustered = _of(rate(20, 200), 0.95), _of(rate(20, 200, effective_n=40.0), 0.95)
    as_if = _of(rate(4, 40), 0.95)
    assert clustered.upper > plain.upper
    assert (clustered.lower, clustered.upper) == pytest.approx((as_if.lower, as_if.upper))


def test_an_effective_sample_never_exceeds_the_sample(rate: Callable[..., Estimate]) -> None:
    assert _of(rate(20, 200, effective_n=4000.0), 0.95)[:2] == _of(rate(20, 200), 0.95)[:2]


def test_other_measures_take_the_next_more_cautious_bound(rate: Callable[..., Estimate]) -> None:
    kappa = replace(rate(), k=None, value=0.5, bounds={"0.9": (0.4, 0.6), "0.975": (0.3, 0.7)})
    assert _of(kappa, 0.9)[:3] == (0.4, 0.6, 0.9)
    assert _of(kappa, 0.95)[:3] == (0.3, 0.7, 0.975)
    with pytest.raises(ConfigError, match=r"0\.99"):
        bounds_of(kappa, 0.99)


def test_no_interval_means_no_bounds(rate: Callable[..., Estimate]) -> None:
    thin = rate(low=None, high=None, reason="few_clusters: 3 clusters")
    assert bounds_of(thin, 0.95) == "few_clusters: 3 clusters"
    assert isinstance(bounds_of(replace(rate(), k=None), 0.95), str)
    assert isinstance(bounds_of(replace(rate(), k=None, bounds={"0.95": (None, 0.5)}), 0.95), str)
    assert isinstance(bounds_of(rate(effective_n=0.0), 0.95), str)


def test_k_that_does_not_give_the_value_is_no_share(rate: Callable[..., Estimate]) -> None:
    assert is_share(rate())
    assert not is_share(replace(rate(), value=0.7))
    assert not is_share(replace(rate(), k=300.0, value=1.5))
    assert isinstance(bounds_of(replace(rate(), value=0.7), 0.95), str)
