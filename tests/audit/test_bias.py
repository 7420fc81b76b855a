"""Biases planted in simulated judges are found, sound judges are not accused, and lacking data are said."""

from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.audit import Options
from judgeaudit.audit._bias import bias
from judgeaudit.audit._context import make_context
from judgeaudit.measures._strata import risk_difference
from judgeaudit.model import Estimate
from judgeaudit.table import AuditInput, JudgeInfo
from tests.audit.making import made, repeat

N = 1000
RNG = np.random.default_rng(7)
TRUTH = RNG.random(N) < 0.4
LENGTHS = RNG.integers(20, 400, N) + 300 * TRUTH
MODELS = [("qwen-2", "llama-3", "house-model")[i % 3] for i in range(N)]


def found(data: AuditInput, measure: str, judge: str = "j") -> Estimate:
    """The one estimate of a measure."""
    every = bias(make_context(data, Options(draws=200)))
    (one,) = [e for e in every if (e.measure, e.judge) == (measure, judge)]
    return one


def judged(false_positive: np.ndarray, *, seed: int = 1, model: str | None = None, labels: bool = True) -> AuditInput:
    """A judge that misses 10 % of the positives and has a false-positive rate for each output."""
    rng = np.random.default_rng(seed)
    said = np.where(TRUTH, rng.random(N) < 0.9, rng.random(N) < false_positive)
    return made(
        {"j": [str(int(x)) for x in said]},
        {"h": [str(int(x)) for x in TRUTH]} if labels else None,
        responses=["x" * int(k) for k in LENGTHS],
        models=MODELS,
        info={"j": JudgeInfo(model=model)},
    )


def test_a_judge_that_calls_long_outputs_positive() -> None:
    """Among negatives .4 of the long and .1 of the short: .3; among positives no difference; 600 to 400 of each."""
    long = np.median(LENGTHS[~TRUTH]) < LENGTHS
    one = found(judged(np.where(long, 0.4, 0.1)), "length_bias")
    assert one.value == pytest.approx(0.6 * 0.3, abs=0.06)
    assert one.low is not None
    assert one.low > 0


def test_a_length_that_goes_with_the_truth_alone_is_no_bias() -> None:
    one = found(judged(np.full(N, 0.1)), "length_bias")
    assert one.low is not None
    assert one.high is not None
    assert one.low < 0 < one.high


def test_a_judge_that_spares_its_own_family() -> None:
    own = np.array([m == "qwen-2" for m in MODELS])
    one = found(judged(np.where(own, 0.1, 0.5), model="Qwen/Qwen3-8B"), "self_family_preference")
    assert one.high is not None
    assert one.high < -0.1
    assert one.left_out == {"no_model": float(sum(m == "house-model" for m in MODELS))}


def test_verdicts_that_change_with_the_order() -> None:
    data = made({"j": repeat((60, "1"), (40, "0")), "j~swapped": repeat((50, "1"), (50, "0"))})
    one = found(data, "order_flip_rate")
    assert (one.k, one.n) == (10, 100)
    assert one.value == 0.1


def test_what_is_lacking_is_said() -> None:
    bare = made({"j": repeat((60, "1"), (40, "0"))}, {"h": repeat((50, "1"), (50, "0"))})
    assert (found(bare, "length_bias").reason or "").startswith("no_responses")
    assert (found(bare, "self_family_preference").reason or "").startswith("no_model: the judge's model")
    assert (found(bare, "order_flip_rate").reason or "").startswith("no_other_order")
    unlabelled = judged(np.full(N, 0.1), model="qwen", labels=False)
    assert (found(unlabelled, "length_bias").reason or "").startswith("no_reference")
    assert (found(unlabelled, "self_family_preference").reason or "").startswith("no_reference")


def test_the_difference_within_classes_by_hand() -> None:
    # negatives 10/50 - 5/50 = .1, weight 25; positives 9/10 - 20/40 = .4, weight 400/50 = 8: (2.5 + 3.2) / 33
    t = np.array([45.0, 5, 40, 10, 20, 20, 1, 9])
    assert float(risk_difference(t)) == pytest.approx(5.7 / 33)
    turned = t.reshape(2, 2, 2)[:, ::-1].reshape(8)
    assert float(risk_difference(turned)) == pytest.approx(-5.7 / 33)
    assert np.isnan(risk_difference(np.array([45.0, 5, 0, 0, 0, 0, 1, 9])))
