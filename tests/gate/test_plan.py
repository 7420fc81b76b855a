"""Plans hold what they promise, say what the gate says, and refuse in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, binom

from judgeaudit.errors import ConfigError
from judgeaudit.gate import Plan, decide, make_plan, make_policy
from judgeaudit.model import Audit, Estimate, Finding

Rate = Callable[..., Estimate]


def _plan(audit: Audit, *, width: float | None = None, power: float = 0.8, **asked: Any) -> Plan:
    required = {"measure": "false_positive_rate", "max": 0.05, **asked}
    return make_plan(audit, make_policy({"require": [required]}), width=width, power=power)


@pytest.mark.parametrize(("k", "limit"), [(6, 0.05), (1, 0.02), (10, 0.03), (60, 0.25)])
@pytest.mark.parametrize("power", [0.8, 0.95])
def test_the_planned_number_has_the_stated_power(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate, k: int, limit: float, power: float
) -> None:
    """2 x 4,000 gates decided at the pilot's rate with the planned n; the chance of the exact count is met within 0.02."""
    audit = make_audit(rate(k, 200), unscored())
    [line] = _plan(audit, max=limit, power=power).lines
    assert line.result == "INCONCLUSIVE"
    assert line.gate.items is not None
    n = 200 + line.gate.items
    found = np.random.default_rng(1).binomial(n, k / 200, 4_000)
    lower, upper = beta.ppf(0.05, found, n - found + 1), beta.ppf(0.95, found + 1, n - found)
    decided = (upper <= limit) if k / 200 < limit else (lower > limit)
    assert decided.mean() >= power - 0.02
    before = binom.rvs(n // 2, k / 200, size=4_000, random_state=2)
    ends = beta.ppf(0.05, before, n // 2 - before + 1), beta.ppf(0.95, before + 1, n // 2 - before)
    assert ((ends[1] <= limit) if k / 200 < limit else (ends[0] > limit)).mean() < power


@pytest.mark.parametrize("effective", [None, 80.0])
def test_the_gate_and_the_plan_give_one_number(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate, effective: float | None
) -> None:
    audit = make_audit(rate(6, 200, effective_n=effective), unscored())
    policy = make_policy({"require": [{"measure": "false_positive_rate", "max": 0.05}]})
    [said] = decide(audit, policy).requirements
    [line] = make_plan(audit, policy).lines
    assert said.more_labels is not None
    assert line.gate.items == said.more_labels
    assert line.effect == (2.5 if effective else 1.0)


def test_clusters_raise_the_number_by_the_design_effect(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate
) -> None:
    """A rate of 0.03 is told from 0.05 in 647 independent items; 200 that count as 80 make it two and a half times as many."""
    for effective, total in ((None, 647), (80.0, 2.5 * 647)):
        audit = make_audit(rate(6, 200, effective_n=effective), unscored())
        assert _plan(audit).lines[0].gate.items == math.ceil(total - 200)


def test_a_width_is_the_exact_binomial_one(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    """Half of 104 has a two-sided 95 % interval of 0.1997, half of 103 one of 0.2006 (the beta quantiles)."""
    for n, narrow in ((104, True), (103, False)):
        ends = beta.ppf(0.025, n / 2, n / 2 + 1), beta.ppf(0.975, n / 2 + 1, n / 2)
        assert bool(ends[1] - ends[0] <= 0.2) is narrow
    [line] = _plan(make_audit(rate(20, 40), unscored()), width=0.2).lines
    assert line.width is not None
    assert line.width.items == 64


def test_none_seen_is_not_none_there(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    """0 of 40: as if 0.5 of 41, so that the width is not planned for a judge that never errs."""
    [line] = _plan(make_audit(rate(0, 40), unscored()), width=0.05).lines
    assert line.width is not None
    certain = math.ceil(math.log(0.025) / math.log(0.95))  # 72 items without an error: 1 - 0.025 ** (1 / 72) = 0.05
    assert line.width.items is not None
    assert line.width.items > certain - 40


def test_no_number_of_labels_passes_a_judge_that_says_one_thing(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate
) -> None:
    constant = Finding(code="constant_judge", severity="warning", text="Says no.", judge="guard")
    [line] = _plan(make_audit(rate(0, 50), unscored(), findings=(constant,))).lines
    assert (line.result, line.gate.items) == ("INCONCLUSIVE", None)
    assert "constant_judge" in (line.gate.reason or "")
    [line] = _plan(make_audit(rate(0, 50), unscored())).lines
    assert line.gate.items == 59 - 50  # 0 of 59: 0.95 ** 59 = 0.0485


def test_other_measures_go_by_the_width_of_their_interval(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate
) -> None:
    """Half as wide takes four times as many."""
    kappa = replace(rate(70, 100, measure="cohen_kappa"), k=None, low=0.6, high=0.8, bounds={"0.95": (0.62, 0.78)})
    audit = make_audit(kappa, unscored())
    [line] = _plan(audit, measure="cohen_kappa", max=None, min=0.65, width=0.1).lines
    assert line.width is not None
    assert line.width.items == 300
    assert line.gate.items is not None


def _two_by_two(rate: Rate, tp: int, fp: int, fn: int, tn: int, outputs: int, positives: int) -> list[Estimate]:
    n = tp + fp + fn + tn
    return [
        rate(fp, fp + tn),
        rate(fn, fn + tp, measure="false_negative_rate"),
        rate(tp + tn, n, measure="accuracy"),
        rate(positives, outputs, measure="positive_rate", reference=None, reference_rule=None),
    ]


def test_items_that_count_are_given_as_labels_too(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    """Half of the labelled are negative, so 160 more of those take 320 labels; 5,000 outputs have none yet."""
    estimates = _two_by_two(rate, tp=90, fp=2, fn=10, tn=98, outputs=5_200, positives=2_392)
    [line] = _plan(make_audit(*estimates, unscored(n=5_200))).lines
    assert (line.gate.items, line.gate.labels, line.gate.collect) == (160, 320, 0)
    assert line.counted == "labelled negative"
    assert {(s.slice, s.verdict) for s in line.gate.strata} <= {("all", "positive"), ("all", "negative")}


def test_missing_outputs_are_to_be_collected(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    """All 200 outputs are labelled: 320 labels need 320 more outputs, and nothing can be drawn by stratum."""
    estimates = _two_by_two(rate, tp=90, fp=2, fn=10, tn=98, outputs=200, positives=92)
    [line] = _plan(make_audit(*estimates, unscored())).lines
    assert (line.gate.labels, line.gate.collect, line.gate.strata) == (320, 320, ())


def test_strata_split_by_coherence_where_the_audit_has_it(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate
) -> None:
    """A rare verdict that is often wrong: labels by stratum are a fraction of a plain sample's."""
    whole = _two_by_two(rate, tp=20, fp=10, fn=10, tn=460, outputs=50_000, positives=3_000)
    parts = [
        replace(e, slice=f"coherence={name}")
        for name, counts in (
            ("coherent", (15, 4, 5, 376, 40_000, 2_000)), ("degenerate", (5, 6, 5, 84, 10_000, 1_000)),
        )
        for e in _two_by_two(rate, *counts)
    ]  # fmt: skip
    [line] = _plan(make_audit(*whole, *parts, unscored(n=50_000)), max=0.025).lines
    assert line.gate.labels is not None
    assert {s.slice for s in line.gate.strata} == {"coherence=coherent", "coherence=degenerate"}
    assert sum(s.labels for s in line.gate.strata) < line.gate.labels / 2


@pytest.mark.parametrize(
    ("k", "n", "changes", "words"),
    [
        (1, 6, {"min_n": 0}, "6 items"),  # too little to take a value from
        (0, 0, {}, "no_negatives"),
        (10, 200, {}, "near the limit"),  # the value is the limit
    ],
)
def test_a_pilot_that_cannot_say_is_refused_in_words(
    make_audit: Callable[..., Audit], rate: Rate, unscored: Rate, k: int, n: int, changes: dict[str, Any], words: str
) -> None:
    [line] = _plan(make_audit(rate(k, n), unscored()), **changes).lines
    assert (line.gate.items, line.gate.labels) == (None, None)
    assert words in (line.gate.reason or "")


def test_what_labels_cannot_mend_is_refused(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    many = make_audit(rate(2, 200), unscored(k=60))
    assert "unscored" in (_plan(many).lines[0].gate.reason or "")
    circular = Finding(code="circular", severity="warning", text="same detectors", judge="guard", slice="all")
    found = make_audit(rate(2, 200, slice="mode=word_loop", distinct_texts=200), unscored(), findings=(circular,))
    assert "circular" in (_plan(found, slice="mode=word_loop").lines[0].gate.reason or "")


def test_a_sample_below_min_n_is_filled_up(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    """0 of 20 is below 0.4 at any rate; what is missing is 10 items for a `min_n` of 30."""
    [line] = _plan(make_audit(rate(0, 20), unscored()), max=0.4).lines
    assert line.gate.items == 10


def test_what_is_decided_needs_nothing(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate) -> None:
    passed, failed = (_plan(make_audit(rate(k, 200), unscored())).lines[0] for k in (2, 40))
    assert (passed.result, passed.gate.items, failed.result, failed.gate.items) == ("PASS", 0, "FAIL", 0)


@pytest.mark.parametrize("wrong", [{"width": 0.0}, {"width": -0.1}, {"width": 3.0}, {"power": 1.0}, {"power": 0.3}])
def test_wrong_requests(make_audit: Callable[..., Audit], rate: Rate, unscored: Rate, wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        _plan(make_audit(rate(), unscored()), **wrong)
