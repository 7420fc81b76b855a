"""Effective votes and the latent truth in an audit, on panels whose errors are known to be shared or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.audit import Options, audit
from judgeaudit.measures import effective_votes, error_correlation
from judgeaudit.model import Estimate
from judgeaudit.table import AuditInput
from tests.audit.making import made, repeat

OPTIONS = Options(verify=False, draws=200)


def panel(seed: int, judges: int, shared: float, *, n: int = 1500, labels: bool = True) -> AuditInput:
    """Judges wrong on 15 % of positives and 10 % of negatives; on a share of outputs each is wrong in 4 of 5 cases."""
    rng = np.random.default_rng(seed)
    truth, hard = rng.random(n) < 0.3, rng.random(n) < shared
    said = {}
    for judge in range(judges):
        wrong = np.where(hard, rng.random(n) < 0.8, rng.random(n) < np.where(truth, 0.15, 0.1))
        said[f"j{judge}"] = [str(int(x)) for x in truth ^ wrong]
    return made(said, {"h": [str(int(x)) for x in truth]} if labels else None)


def found(data: AuditInput, measure: str, judge: str | None = None) -> Estimate:
    """The one estimate of a measure on all outputs."""
    every = audit(data, OPTIONS).audit.estimates
    (one,) = [e for e in every if (e.measure, e.judge, e.slice) == (measure, judge, "all")]
    return one


def test_judges_that_err_independently_are_worth_their_number() -> None:
    one = found(panel(1, 4, 0.0), "effective_votes")
    assert one.value == pytest.approx(4, abs=0.4)
    assert one.p_value is not None
    assert one.p_value > 0.05
    assert one.n == 1500


def test_judges_that_share_errors_are_worth_fewer_votes() -> None:
    one, rho = found(panel(2, 4, 0.1), "effective_votes"), found(panel(2, 4, 0.1), "error_correlation")
    assert one.high is not None
    assert one.high < 3
    assert one.p_value is not None
    assert one.p_value < 0.02
    assert rho.value is not None
    assert one.value == pytest.approx(4 / (1 + 3 * rho.value))


def test_one_judge_under_three_names_is_one_vote() -> None:
    said = repeat((40, "1"), (20, "0"), (40, "0"), (10, "1"))
    one = found(made({"a": said, "b": said, "c": said}, {"h": repeat((50, "1"), (60, "0"))}), "effective_votes")
    assert one.value == pytest.approx(1)


def test_errors_that_go_with_the_class_alone_are_not_shared() -> None:
    """Both wrong on 20 of 40 negatives and on no positive: in each class 10 of 20 jointly, as independence has it."""
    wrong = np.array([[1, 1], [1, 0], [0, 1], [0, 0], [0, 0]], dtype=bool)
    positive = np.array([False, False, False, False, True])
    table = np.array([10.0, 10, 10, 10, 60]) @ error_correlation.features(wrong, positive)
    assert float(error_correlation.compute(table)) == pytest.approx(0)
    assert float(effective_votes.compute(table)) == pytest.approx(2)


@settings(max_examples=20, deadline=None)
@given(counts=st.lists(st.integers(0, 20), min_size=16, max_size=16), seed=st.integers(0, 99))
def test_votes_lie_between_one_and_all_and_the_order_of_judges_does_not_matter(counts: list[int], seed: int) -> None:
    cells = np.array([[i >> j & 1 for j in range(4)] for i in range(16)], dtype=bool)
    order = np.random.default_rng(seed).permutation(3)
    one, two = (
        np.array(counts, dtype=float) @ error_correlation.features(w, cells[:, 3])
        for w in (cells[:, :3], cells[:, order])
    )
    value = float(effective_votes.compute(one))
    assert np.isnan(value) == (effective_votes.MEASURE.reason(one) is not None)
    if not np.isnan(value):
        assert 1 - 1e-9 <= value <= 3 + 1e-9
        assert float(effective_votes.compute(two)) == pytest.approx(value)


def test_without_labels_the_latent_truth_speaks_and_effective_votes_say_why_not() -> None:
    data = panel(3, 4, 0.0, labels=False)
    refused = found(data, "effective_votes")
    assert refused.value is None
    assert (refused.reason or "").startswith("no_reference")
    prior = found(data, "latent_prevalence")
    assert prior.low is not None
    assert prior.high is not None
    assert prior.low < 0.3 < prior.high
    assert prior.reference_rule == "dawid_skene"
    assert prior.reference is None
    assert found(data, "latent_sensitivity", "j0").value == pytest.approx(0.85, abs=0.06)
    assert found(data, "latent_specificity", "j0").value == pytest.approx(0.9, abs=0.04)


def test_pairs_that_copy_each_other_break_the_latent_model() -> None:
    data = panel(4, 4, 0.0, labels=False)
    copied = replace(data, judges=data.judges | {"j4": data.judges["j0"]})
    independent, dependent = found(data, "conditional_dependence"), found(copied, "conditional_dependence")
    assert independent.p_value is not None
    assert dependent.p_value is not None
    assert independent.p_value > 0.05
    assert dependent.p_value < 0.02


def test_three_judges_allow_no_check_and_two_no_latent_truth() -> None:
    assert (found(panel(5, 3, 0.0), "conditional_dependence").reason or "").startswith("too_few_judges: three")
    assert found(panel(5, 3, 0.0), "latent_prevalence").value is not None
    assert (found(panel(5, 2, 0.0), "latent_prevalence").reason or "").startswith("too_few_judges: a latent truth")


def test_clusters_widen_the_latent_share() -> None:
    data = panel(6, 3, 0.0, n=400, labels=False)
    judges = {j: (replace(r[0], codes=np.repeat(r[0].codes[:100], 4)),) for j, r in data.judges.items()}
    four = replace(data, judges=judges)
    clustered = replace(four, clusters=np.repeat(np.arange(100, dtype=np.int32), 4))
    plain, wide = found(four, "latent_prevalence"), found(clustered, "latent_prevalence")
    assert plain.value == pytest.approx(wide.value)
    assert None not in (plain.low, plain.high, wide.low, wide.high)
    assert (wide.high or 0) - (wide.low or 0) > 1.5 * ((plain.high or 0) - (plain.low or 0))


def test_each_pair_has_its_own_correlation_of_errors() -> None:
    """`a` and `b` err on the same 10 of 100, `c` on 10 others: 1, and -(10 * 10 / 100) / (10 - 100 / 100) = -1/9 twice."""
    truth = repeat((100, "0"))
    same, other = repeat((10, "1"), (90, "0")), repeat((90, "0"), (10, "1"))
    every = audit(made({"a": same, "b": same, "c": other}, {"h": truth}), OPTIONS).audit
    found = {(e.judge, e.other): e.value for e in every.estimates if e.measure == "error_correlation" and e.other}
    assert found == pytest.approx({("a", "b"): 1.0, ("a", "c"): -1 / 9, ("b", "c"): -1 / 9})


def test_a_pair_with_a_judge_that_never_errs_has_a_reason() -> None:
    truth = repeat((50, "0"), (50, "1"))
    wrong = repeat((10, "1"), (40, "0"), (50, "1"))
    every = audit(made({"a": truth, "b": wrong, "c": wrong}, {"h": truth}), OPTIONS).audit
    found = {(e.judge, e.other): e for e in every.estimates if e.measure == "error_correlation" and e.other}
    assert found["b", "c"].value == pytest.approx(1)
    assert (found["a", "b"].reason or "").startswith("no_errors")


def test_what_independent_judges_would_give_stands_in_a_table() -> None:
    every = audit(panel(2, 4, 0.1), OPTIONS).audit
    (row,) = every.tables["panel_votes"]
    (e,) = [e for e in every.estimates if e.measure == "effective_votes"]
    assert row["judges"] == ["j0", "j1", "j2", "j3"]
    assert e.value is not None
    assert e.value < row["independent"]["low"] < row["independent"]["high"] <= 4
    assert row["independent"]["p_value"] == e.p_value
