"""Recalibrators against scikit-learn, against the truth that data were made with, and on hostile files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

import judgeaudit as ja
from judgeaudit.errors import ConfigError, InputError
from judgeaudit.recalibration import Recalibrator, fit, recalibrate, rescored
from judgeaudit.recalibration._recalibrator import method_names
from judgeaudit.table import AuditInput
from tests.audit.making import made


def judged(seed: int, n: int, slope: float = 0.4, intercept: float = -0.5) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose log-odds are stretched: the truth's are intercept + slope times them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 2, n)
    return 1 / (1 + np.exp(-x)), (rng.uniform(size=n) < 1 / (1 + np.exp(-(intercept + slope * x)))).astype(int)


def table(p: np.ndarray, y: np.ndarray, **more: object) -> AuditInput:
    verdicts, truth = [str(int(q > 0.5)) for q in p], [str(t) for t in y]
    return made({"j": verdicts}, {"h": truth}, scores={"j": p.tolist()}, **more)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=4, max_size=60))
def test_isotonic_is_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    p, y = np.array([a / 20 for a, _ in pairs]), np.array([int(b) for _, b in pairs])
    if len(set(y.tolist())) < 2 or len(set(p.tolist())) < 2:
        return
    grid = np.linspace(0, 1, 41)
    oracle = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, y)
    assert fit("isotonic", p, y).apply(grid) == pytest.approx(oracle.predict(grid), abs=1e-9)


def test_platt_is_scikit_learns_logistic_regression_on_smoothed_targets() -> None:
    p, y = judged(0, 500)
    x = np.log(p / (1 - p))
    ones, zeros = y.sum(), (1 - y).sum()
    high, low = (ones + 1) / (ones + 2), 1 / (zeros + 2)
    target = np.where(y == 1, high, low)
    # A soft target is a positive of its weight and a negative of the rest.
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(
        np.r_[x, x][:, None], np.r_[np.ones(500), np.zeros(500)], sample_weight=np.r_[target, 1 - target]
    )
    found = fit("platt", p, y).parameters
    assert [found["intercept"], found["slope"]] == pytest.approx([oracle.intercept_[0], oracle.coef_[0, 0]], abs=1e-4)


def test_beta_with_both_coefficients_inside_is_a_logistic_regression() -> None:
    p, y = judged(1, 2000)
    ones, zeros = y.sum(), (1 - y).sum()
    target = np.where(y == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    x = np.stack([np.log(p), -np.log1p(-p)], axis=1)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(
        np.r_[x, x], np.r_[np.ones(2000), np.zeros(2000)], sample_weight=np.r_[target, 1 - target]
    )
    found = fit("beta", p, y).parameters
    assert [found["a"], found["b"], found["c"]] == pytest.approx([*oracle.coef_[0], oracle.intercept_[0]], abs=2e-3)


@pytest.mark.parametrize("way", ["temperature", "platt", "beta", "isotonic"])
def test_what_was_planted_is_found_again(way: str) -> None:
    intercept = 0.0 if way == "temperature" else -0.5
    p, y = judged(2, 20_000, 0.4, intercept)
    grid = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    truth = 1 / (1 + np.exp(-(intercept + 0.4 * np.log(grid / (1 - grid)))))
    assert fit(way, p, y).apply(grid) == pytest.approx(truth, abs=0.06 if way == "isotonic" else 0.02)


@pytest.mark.parametrize("way", method_names())
def test_every_recalibrator_keeps_order_and_range_and_is_the_same_after_json(way: str, tmp_path: Path) -> None:
    p, y = judged(3, 300)
    found = fit(way, p, y)
    grid = np.linspace(0, 1, 101)
    new = found.apply(grid)
    assert ((new >= 0) & (new <= 1)).all()
    assert (np.diff(new) >= -1e-12).all()
    place = tmp_path / "r.json"
    place.write_text(found.to_json(), encoding="utf-8")
    again = ja.Recalibrator.from_json(place)
    assert again == found
    assert again.apply(grid).tolist() == new.tolist()
    assert np.isnan(again.apply([np.nan, 0.5])).tolist() == [True, False]


@pytest.mark.parametrize("way", method_names())
def test_separated_classes_have_a_finite_fit(way: str) -> None:
    found = fit(way, [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert np.isfinite(found.apply([0.0, 0.5, 1.0])).all()
    json.loads(found.to_json())


@pytest.mark.parametrize("way", method_names())
def test_recalibration_helps_an_overconfident_judge_and_is_judged_on_other_folds(way: str) -> None:
    p, y = judged(4, 600)
    found = recalibrate(table(p, y), way)
    value, low, high = found.brier_difference
    assert low is not None
    assert high is not None
    assert low < value < high < 0
    assert (found.after["brier"] or 0) - (found.before["brier"] or 0) == pytest.approx(value)
    in_sample = float(((found.recalibrator.apply(p) - y) ** 2).mean())
    assert in_sample < (found.after["brier"] or 0)


def test_few_groups_give_a_difference_without_an_interval() -> None:
    p, y = judged(5, 180)
    for groups, shown in ((29, False), (30, True)):
        value, low, high = recalibrate(table(p, y, clusters=[i % groups for i in range(180)]), "platt").brier_difference
        assert np.isfinite(value)
        assert (low is not None, high is not None) == (shown, shown)


def test_copies_do_not_make_a_fit_look_good() -> None:
    """Scores that say nothing, each output six times: with copies in other folds isotonic steps would learn labels by heart."""
    gained = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        p, y = np.repeat(rng.uniform(size=20), 6), np.repeat(rng.permutation(20) % 2, 6)
        texts = [f"text {i // 6}" for i in range(120)]
        apart = recalibrate(table(p, y), "isotonic").after["brier"]
        together = recalibrate(table(p, y, responses=texts), "isotonic").after["brier"]
        assert apart is not None
        assert together is not None
        gained.append(together - apart)
    assert np.mean(gained) > 0.02


def test_applied_to_a_table() -> None:
    data = made({"j": ["1", "0"]}, scores={"j": [0.9, float("nan")]})
    found = rescored(data, Recalibrator(method="temperature", parameters={"temperature": 2.0}))
    assert found == [
        {"item_id": "i0", "score": 0.9, "recalibrated": pytest.approx(0.75)},
        {"item_id": "i1", "score": None, "recalibrated": None},
    ]
    other = Recalibrator(method="temperature", parameters={"temperature": 2.0}, about={"positive": ["harmful"]})
    with pytest.raises(ConfigError, match="harmful"):
        rescored(data, other)


def test_what_cannot_be_fitted_is_said() -> None:
    p, y = judged(6, 100)
    for data, way, word in (
        (table(p, y * 0), "beta", "one class"),
        (table(p[:19], y[:19]), "beta", "19"),
        (table(p * 0 + 0.5, y), "beta", "one score"),
        (made({"j": ["1", "0"]}, {"h": ["1", "0"]}), "beta", "--score"),
        (table(p, y), "bta", "beta"),
    ):
        with pytest.raises((InputError, ConfigError), match=word):
            recalibrate(data, way)
    for scores, labels in (([0.1, 1.2], [0, 1]), ([0.1, 0.2], [0, 2]), ([0.1, 0.2], [1, 1]), ([0.5, 0.5], [0, 1])):
        with pytest.raises(InputError):
            fit("platt", scores, labels)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "judgeaudit.recalibrator/2"},
        {"method": "platt2"},
        {"parameters": {"slope": 1.0}},
        {"parameters": {"slope": "1", "intercept": 0.0}},
        {"parameters": {"slope": True, "intercept": 0.0}},
        {"parameters": {"slope": 1e999, "intercept": 0.0}},
        {"parameters": {"slope": 10**400, "intercept": 0.0}},
        {"method": "isotonic", "parameters": {"scores": [0.5, 0.1], "values": [0.0, 1.0]}},
        {"method": "isotonic", "parameters": {"scores": [0.1, 0.5], "values": [0.0]}},
        {"method": "temperature", "parameters": {"temperature": 0}},
    ],
)
def test_a_wrong_file_is_refused(change: dict[str, object]) -> None:
    good = {"schema": "judgeaudit.recalibrator/1", "method": "platt", "parameters": {"slope": 1.0, "intercept": 0.0}}
    assert Recalibrator.from_json(json.dumps(good))(0.3) == pytest.approx(0.3)
    with pytest.raises(InputError):
        Recalibrator.from_json(json.dumps({**good, **change}))


def test_a_score_outside_the_unit_interval_is_refused() -> None:
    with pytest.raises(InputError, match=r"1\.5"):
        Recalibrator(method="temperature", parameters={"temperature": 2.0})(1.5)
