from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.probing._curve import Curve, fit
from judgeaudit.table import Floats

DOSES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def _fit(rows: list[list[int]] | Floats, floor: float = 0.0) -> Curve:
    changed = np.asarray(rows, dtype=float)
    return fit(DOSES, changed, np.ones_like(changed), floor=floor, draws=200)


def test_a_step_that_all_bases_make_lies_between_the_doses_tried() -> None:
    curve = _fit([[0, 0, 1, 1, 1]] * 12)
    assert curve.ed50 == pytest.approx(0.375, abs=0.01)  # the middle of 0.25 and 0.5
    assert (curve.low, curve.high) == (0.25, 0.5)


def test_a_plateau_is_no_slow_rise() -> None:
    # 8 of 12 turn at 0.25 and no more: half is reached before 0.25, not at 0.5.
    curve = _fit([[0, 1, 1, 1, 1]] * 8 + [[0, 0, 0, 0, 0]] * 4)
    assert curve.ed50 is not None
    assert 0 < curve.ed50 < 0.25


def test_not_reached_says_how_many_had_changed() -> None:
    curve = _fit([[0, 0, 0, 0, 1]] * 3 + [[0, 0, 0, 0, 0]] * 9)
    assert curve.ed50 is None
    assert curve.low is None
    assert curve.reason is not None
    assert "3 of 12" in curve.reason
    assert curve.reason.startswith("not_reached")


def test_the_interval_is_open_where_resamples_do_not_reach_half() -> None:
    # 7 of 12 had changed at dose 1: about a third of the resamples of bases have at most 6 of 12.
    curve = _fit([[0, 0, 0, 0, 1]] * 7 + [[0, 0, 0, 0, 0]] * 5)
    assert curve.ed50 is not None
    assert curve.high is None
    assert curve.high_open


def test_few_bases_and_no_verdicts_have_reasons() -> None:
    few = _fit([[0, 0, 1, 1, 1]] * 9)
    assert few.ed50 is not None
    assert few.low is None
    assert few.note is not None
    assert "9 bases" in few.note
    nothing = fit(DOSES, np.zeros((12, 5)), np.zeros((12, 5)), floor=0.0)
    assert nothing.ed50 is None
    assert nothing.reason is not None
    assert nothing.reason.startswith("no_verdicts")


def test_simulated_bases_give_back_their_ed50_beyond_random_flips() -> None:
    # 400 bases turn at doses with median 0.45 (logistic, scale 1/8); one verdict in ten is turned by chance.
    rng = np.random.default_rng(1)
    turned = (DOSES[None, :] >= 0.45 + rng.logistic(scale=1 / 8, size=400)[:, None]) & (DOSES[None, :] > 0)
    changed = np.where(rng.random(turned.shape) < 0.1, ~turned, turned).astype(float)
    curve = _fit(changed, floor=0.1)
    assert curve.ed50 == pytest.approx(0.45, abs=0.05)
    assert curve.low is not None
    assert curve.high is not None
    assert curve.low < 0.45 < curve.high
    again = _fit(changed, floor=0.1)
    assert again == curve
