"""What an audit says of a judge's scores."""

from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.audit._calibration import calibration
from judgeaudit.audit._context import make_context
from judgeaudit.audit._thresholds import LARGEST_J, LOW_FPR, pick
from judgeaudit.judges._folds import connected, spread
from judgeaudit.model import Audit, Estimate
from judgeaudit.sums.intervals import wilson, z_of
from judgeaudit.table import AuditInput
from tests.audit.making import made


def scored(p: np.ndarray, y: np.ndarray, **more: object) -> AuditInput:
    words = {True: "1", False: "0"}
    verdicts, truth = [words[bool(q > 0.5)] for q in p], [words[bool(t)] for t in y]
    return made({"j": verdicts}, {"h": truth}, scores={"j": p.tolist()}, **more)  # type: ignore[arg-type]


def perfect(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.beta(0.5, 0.5, n)
    return p, rng.uniform(size=n) < p


def run(data: AuditInput, draws: int = 200) -> Audit:
    return audit(data, Options(draws=draws, verify=False)).audit


def one(result: Audit, measure: str) -> Estimate:
    (found,) = (e for e in result.estimates if e.measure == measure and e.judge == "j" and e.slice == "all")
    return found


def test_a_perfect_judge_lies_in_the_null_band_though_its_plug_in_error_is_large() -> None:
    """Over 60 perfect judges with 100 labels each, about 5 % may fall out of a 95 % band; the error itself is never 0."""
    out, errors = 0, []
    for seed in range(60):
        p, y = perfect(seed, 100)
        context = make_context(scored(p, y), Options(draws=200))
        made_here = calibration(context)
        null = made_here.tables["calibration"][0]["null"]["expected_calibration_error"]
        (error,) = (e.value for e in made_here.estimates if e.measure == "expected_calibration_error")
        assert error is not None
        errors.append(error)
        out += not null["low"] <= error <= null["high"]
    assert 0.06 < np.mean(errors) < 0.11
    assert out <= 8  # P(Bin(60, .05) > 8) is below .01


def test_an_overconfident_judge_leaves_every_band() -> None:
    p, _ = perfect(1, 400)
    y = np.random.default_rng(2).uniform(size=400) < 0.3 + 0.4 * p
    result = run(scored(p, y))
    row = result.tables["calibration"][0]
    for measure, null in row["null"].items():
        value = one(result, measure).value
        assert value is not None
        assert value > null["high"], measure
        assert null["p_value"] == pytest.approx(1 / 201)
    shares = [b["positive_rate"] for b in result.tables["reliability"][0]["bins"]]
    outside = [
        not b["low"] <= s <= b["high"]
        for b, s in zip(row["bars"], shares, strict=True)
        if b["low"] is not None and s is not None
    ]
    assert sum(outside) >= 3
    slope = one(result, "cox_slope")
    assert slope.high is not None
    assert slope.high < 1


def test_the_brier_parts_of_an_audit_add_up_to_its_brier_score() -> None:
    p, y = perfect(3, 200)
    result = run(scored(p, y))
    parts = {
        k: one(result, f"brier_{k}").value or 0.0 for k in ("reliability", "resolution", "uncertainty", "within_bins")
    }
    whole = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within_bins"]
    assert whole == pytest.approx(one(result, "brier").value, abs=1e-9)


def test_the_risk_coverage_curve_ends_at_the_error_rate() -> None:
    p, y = perfect(4, 300)
    result = run(scored(p, y))
    points = result.tables["risk_coverage"][0]["points"]
    assert points[-1]["coverage"] == 1.0
    assert points[-1]["risk"] == pytest.approx(1 - (one(result, "accuracy").value or 0))
    assert [x["coverage"] for x in points] == sorted(x["coverage"] for x in points)
    area = one(result, "aurc")
    assert area.value is not None
    # The area itself, output by output.
    sure = np.argsort(-np.maximum(p, 1 - p), kind="stable")
    wrong = ((p > 0.5) != y)[sure]
    assert area.value == pytest.approx((wrong.cumsum() / np.arange(1, 301)).mean())


def test_the_sweep_is_the_confusion_table_at_each_threshold() -> None:
    p, y = perfect(5, 200)
    row = run(scored(p, y)).tables["operating_points"][0]
    half = next(x for x in row["points"] if x["threshold"] == 0.5)
    called = p >= 0.5
    assert (half["false_positive_rate"]["k"], half["false_positive_rate"]["n"]) == ((called & ~y).sum(), (~y).sum())
    assert (half["false_negative_rate"]["k"], half["false_negative_rate"]["n"]) == ((~called & y).sum(), y.sum())
    assert half["youden_j"]["low"] < half["youden_j"]["value"] < half["youden_j"]["high"]
    assert [x["rule"] for x in row["picked"]] == [LARGEST_J, LOW_FPR]


def test_a_picked_threshold_is_judged_on_other_outputs() -> None:
    """Scores that say nothing: the best threshold of all looks useful in hindsight, picked on other folds it is not."""
    rng = np.random.default_rng(6)
    found, hindsight = [], []
    for _ in range(30):
        p, y = np.round(rng.uniform(size=60), 3), rng.uniform(size=60) < 0.5
        row = run(scored(p, y), 100).tables["operating_points"][0]
        found.append(row["picked"][0]["youden_j"]["value"])
        t = pick(p, y.astype(np.int64), np.ones(60), LARGEST_J)
        hindsight.append((p >= t)[y].mean() - (p >= t)[~y].mean())
    assert np.mean(hindsight) > 0.1
    assert abs(np.mean(found)) < 0.08


def test_the_uncertainty_has_the_interval_of_the_share_of_positives() -> None:
    # 30 of 100 positive: .3 (1 - .3), and its ends from Wilson's .2189 and .3958; 45 of 100 may be half, whose .25 is the most
    for k in (30, 45):
        e = one(run(scored(np.linspace(0.01, 0.99, 100), np.arange(100) < k)), "brier_uncertainty")
        low, high = wilson(k, 100, z_of(0.95))
        assert e.value == pytest.approx(k / 100 * (1 - k / 100))
        assert e.low == pytest.approx(low * (1 - low))
        assert e.high == pytest.approx(high * (1 - high) if k == 30 else 0.25)


def test_the_rate_that_a_rule_holds_at_a_limit_is_worth_fewer_outputs() -> None:
    # Nadeau and Bengio: 1/5 + 1/4 in the place of 1/5, so that n negatives are worth n / 2.25; the other rates are Wilson's on n.
    p, y = perfect(5, 200)
    by_j, by_limit = run(scored(p, y)).tables["operating_points"][0]["picked"]
    for picked, factor in ((by_j, 1.0), (by_limit, 2.25)):
        rate = picked["false_positive_rate"]
        n = rate["n"] / factor
        assert (rate["low"], rate["high"]) == pytest.approx(wilson(rate["value"] * n, n, z_of(0.95)))


def test_thresholds_picked_by_hand() -> None:
    p, y = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0, 1, 0, 1])
    # calling .2 and above: TPR 1, FPR 1/2; calling .4: TPR 1/2, FPR 0: both J .5, the higher threshold is taken
    assert pick(p, y, np.ones(4), LARGEST_J) == pytest.approx(0.35)
    assert pick(p, y, np.ones(4), LOW_FPR) == pytest.approx(0.35)
    assert pick(p, 1 - y, np.ones(4), LOW_FPR) == 2.0  # the highest score is a negative's


def test_equal_texts_prompts_and_clusters_stay_in_one_fold() -> None:
    texts, prompts = np.arange(60) // 2, np.where(np.arange(60) < 10, 0, np.arange(60))
    groups = connected([texts, prompts], 60)
    assert len(np.unique(groups)) == 26  # ten rows by their prompt, then 25 pairs by their text
    for seed in range(5):
        fold = spread(groups, np.arange(60) % 3, 5, seed)
        assert all(len(np.unique(fold[groups == g])) == 1 for g in np.unique(groups))
        assert len(np.unique(fold)) == 5


@pytest.mark.parametrize(
    ("p", "y", "undefined"),
    [
        ([0.5] * 40, [i % 2 for i in range(40)], {"cox_slope": "constant_score", "cox_intercept": "constant_score"}),
        ([0.1, 0.6] * 20, [0] * 40, {"cox_slope": "one_class", "auroc": "one_class"}),
        ([0.0, 1.0] * 20, [i % 3 == 0 for i in range(40)], {"cox_slope": "scores_at_the_ends"}),
        ([float("nan")] * 40, [0, 1] * 20, {"expected_calibration_error": "no_scores", "aurc": "no_scores"}),
    ],
)
def test_degenerate_scores_have_a_reason(p: list[float], y: list[int], undefined: dict[str, str]) -> None:
    result = run(scored(np.array(p), np.array(y, dtype=bool)), 100)
    for measure, code in undefined.items():
        estimate = one(result, measure)
        assert estimate.value is None
        assert (estimate.reason or "").startswith(code), measure


def test_copies_do_not_narrow_the_null_band() -> None:
    p, y = perfect(8, 200)
    copies = scored(np.repeat(p, 5), np.repeat(y, 5), clusters=np.repeat(np.arange(200), 5).tolist())
    once, often = (
        calibration(make_context(d, Options(draws=400))).tables["calibration"][0] for d in (scored(p, y), copies)
    )
    assert once["independent_outputs"] == often["independent_outputs"] == 200
    a, b = (row["null"]["expected_calibration_error"] for row in (once, often))
    assert b["high"] - b["low"] == pytest.approx(a["high"] - a["low"], rel=0.15)


def test_clusters_and_weights_are_heard() -> None:
    p, y = perfect(7, 300)
    plain = one(run(scored(p, y)), "cox_slope")
    clustered = one(
        run(scored(np.repeat(p, 3), np.repeat(y, 3), clusters=np.repeat(np.arange(300), 3).tolist())), "cox_slope"
    )
    assert clustered.value == pytest.approx(plain.value)
    assert (clustered.high or 0) - (clustered.low or 0) == pytest.approx((plain.high or 0) - (plain.low or 0), rel=0.2)
    weighted = run(scored(p, y, weights=[2.0] * 150 + [1.0] * 150))
    assert weighted.tables["calibration"][0]["null"] == {}
    assert one(weighted, "expected_calibration_error").value is not None
