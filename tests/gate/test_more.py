"""How many labels more: checked against the binomial distribution itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from scipy.stats import binom

from judgeaudit.gate._bounds import Bounds, bounds_of
from judgeaudit.gate._more import POWER, more_labels, share_size
from judgeaudit.model import Estimate
from judgeaudit.sums.intervals import clopper_pearson


@pytest.mark.parametrize(("share", "limit"), [(0.02, 0.05), (0.01, 0.02), (0.0, 0.05), (0.9, 0.8), (0.2, 0.1)])
def test_the_sample_decides_with_the_promised_chance(share: float, limit: float) -> None:
    def chance(n: int) -> float:
        above = share > limit
        decided = [
            k for k in range(n + 1)
            if (clopper_pearson(k, n, 0.05).low >= limit if above else clopper_pearson(k, n, 0.05).high <= limit)
        ]  # fmt: skip
        return float(sum(binom.pmf(decided, n, share)))

    size = share_size(share, limit, 0.05)
    assert size is not None
    assert chance(size) >= POWER - 1e-9
    assert chance(size // 2) < POWER


def test_nearer_to_the_limit_needs_more() -> None:
    sizes = [share_size(share, 0.05, 0.05) for share in (0.0, 0.01, 0.02, 0.03, 0.04)]
    assert all(size is not None for size in sizes)
    assert sizes == sorted(sizes, key=lambda size: size or 0)


def test_at_the_limit_no_number_decides(rate: Callable[..., Estimate]) -> None:
    at = rate(10, 200)
    found = bounds_of(at, 0.95)
    assert isinstance(found, Bounds)
    assert more_labels(at, found, 0.05) is None
    assert more_labels(at, found, 0.0500001) is None


def test_clusters_need_more_items(rate: Callable[..., Estimate]) -> None:
    plain, clustered = rate(4, 200), rate(4, 200, effective_n=50.0)
    needed = []
    for estimate in (plain, clustered):
        found = bounds_of(estimate, 0.95)
        assert isinstance(found, Bounds)
        needed.append(more_labels(estimate, found, 0.03))
    assert needed[0] is not None
    assert needed[1] is not None
    assert needed[1] > 3 * needed[0]


def test_other_measures_go_by_the_width_of_their_interval(rate: Callable[..., Estimate]) -> None:
    kappa = replace(rate(), k=None, value=0.7, n=100)
    wide, narrow = Bounds(0.5, 0.9, 0.95, ""), Bounds(0.6, 0.8, 0.95, "")
    far, near = more_labels(kappa, wide, 0.65), more_labels(kappa, narrow, 0.65)
    assert far is not None
    assert near is not None
    assert far > 3 * near
