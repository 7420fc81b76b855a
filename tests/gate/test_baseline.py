"""Against an earlier audit: worse is FAIL, not comparable is never PASS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.gate import Decision, compare, decide, make_policy
from judgeaudit.model import Audit, Estimate

POLICY = make_policy({"require": [{"measure": "false_positive_rate", "max": 0.2}]})


def against(now: Audit, then: Audit) -> Decision:
    return compare(decide(now, POLICY), now, then)


@pytest.fixture
def now(make_audit: Callable[..., Audit], rate: Callable[..., Estimate], unscored: Callable[..., Estimate]) -> Audit:
    return make_audit(rate(10, 200, low=0.03, high=0.08), unscored())


def _first(audit: Audit, **changes: Any) -> Audit:
    return replace(audit, estimates=(replace(audit.estimates[0], **changes), *audit.estimates[1:]))


def test_the_same_audit_passes(now: Audit) -> None:
    assert against(now, now).result == "PASS"


def test_better_passes_and_worse_by_more_than_chance_fails(now: Audit) -> None:
    assert against(now, _first(now, value=0.15, low=0.1, high=0.2)).result == "PASS"
    assert against(now, _first(now, value=0.02, low=0.01, high=0.031)).result == "PASS"
    worse = against(now, _first(now, value=0.01, low=0.0, high=0.02))
    assert worse.result == "FAIL"
    assert "worse" in worse.lines[0].reason


def test_for_min_worse_is_below(make_audit: Callable[..., Audit], rate: Any, unscored: Any) -> None:
    audit = make_audit(rate(190, 200, measure="accuracy", low=0.92, high=0.97), unscored())
    policy = make_policy({"require": [{"measure": "accuracy", "min": 0.8}]})
    for low, high, result in ((0.98, 1.0, "FAIL"), (0.5, 0.6, "PASS")):
        then = _first(audit, low=low, high=high)
        assert compare(decide(audit, policy), audit, then).result == result


@pytest.mark.parametrize(
    "change",
    [
        {"estimates": ()},
        {"judges": ()},
        {"judges": ({"name": "guard", "fingerprint": "f2"},)},
        {"inputs": ({"name": "t.csv", "sha256": "bb"},)},
        {"inputs": ()},
        {"inputs": ({"name": "t.csv"},)},
    ],
)
def test_what_cannot_be_compared_is_no_pass(now: Audit, change: dict[str, Any]) -> None:
    decision = against(now, replace(now, **change))
    assert decision.result == "INCONCLUSIVE"
    assert "baseline" in decision.lines[0].reason


@pytest.mark.parametrize(
    "change",
    [
        {"value": None, "low": None, "high": None, "k": None, "reason": "no_negatives: none"},
        {"low": None},
        {"high": None},
        {"slice": "col.bench=a"},
        {"reference_rule": "median"},
    ],
)
def test_an_estimate_that_cannot_be_compared_is_no_pass(now: Audit, change: dict[str, Any]) -> None:
    assert against(now, _first(now, **change)).result == "INCONCLUSIVE"


def test_worse_is_told_even_where_the_inputs_are_others(now: Audit) -> None:
    then = replace(_first(now, value=0.01, low=0.0, high=0.02), inputs=({"name": "t.csv", "sha256": "bb"},))
    assert against(now, then).result == "FAIL"


def test_the_hash_without_verdicts_is_preferred(now: Audit) -> None:
    one = replace(now, inputs=({"sha256": "aa", "outputs_sha256": "cc"},))
    two = replace(now, inputs=({"sha256": "bb", "outputs_sha256": "cc"},))
    assert against(one, two).result == "PASS"


def test_a_baseline_never_makes_a_result_better(now: Audit) -> None:
    policy = make_policy({"require": [{"measure": "false_positive_rate", "max": 0.001}]})
    decision = decide(now, policy)
    assert decision.result == "FAIL"
    assert compare(decision, now, now).result == "FAIL"
    empty = decide(Audit(name="none"), policy)
    assert compare(empty, now, now).result == "INCONCLUSIVE"
