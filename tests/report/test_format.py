from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f


@given(st.floats(0, 1))
def test_a_share_is_shown_as_0_or_100_percent_only_if_it_is(share: float) -> None:
    shown = f.percent(share)
    assert (shown == "0%") == (round(share * 100, 9) == 0)
    assert (shown == "100%") == (round(share * 100, 9) == 100)


@given(st.floats(-1, 1))
def test_a_coefficient_is_never_more_than_half_a_hundredth_off(x: float) -> None:
    assert abs(float(f.decimal(x).replace(f.MINUS, "-")) - x) <= 0.005 + 1e-9


def rate(**more: object) -> Estimate:
    return Estimate(measure="false_positive_rate", rubric="harm", n=20, k=9, **more)  # type: ignore[arg-type]


def test_a_rate_stands_with_counts_and_interval() -> None:
    e = rate(value=0.45, low=0.26, high=0.66)
    assert (f.value(e), f.k_of_n(e), f.interval(e)) == ("45%", "9 of 20", "[26–66%]")


def test_a_difference_is_told_in_points_with_its_sign() -> None:
    e = rate(value=0.45, low=-0.02, high=0.66, against="slice:coherence=coherent")
    assert (f.value(e), f.interval(e)) == ("+45 points", "[−2, +66]")


def test_no_value_comes_with_its_reason() -> None:
    e = rate(reason="no_negatives: the reference has no negative")
    assert (f.value(e), f.interval(e), f.why(e)) == (f.NONE, "", "the reference has no negative")


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [(None, ""), ((0.3, 0.3), ""), ((0.3, 0.5), "30% to 50%"), ((0.3733, 0.3743), "37.33% to 37.43%")],
)
def test_bounds_are_told_only_where_something_was_unscored(bounds: tuple[float, float] | None, shown: str) -> None:
    assert f.bounds(rate(value=0.4, unscored_bounds=bounds)) == shown
