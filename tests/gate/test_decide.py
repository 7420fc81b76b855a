"""PASS only where it is shown: every undefined, absent or misspelt thing ends in something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import ConfigError
from judgeaudit.gate import Decision, decide, make_policy
from judgeaudit.model import Audit, Estimate, Finding

Make = Callable[..., Audit]
Rate = Callable[..., Estimate]


def gate(audit: Audit, *require: dict[str, Any], **policy: Any) -> Decision:
    return decide(
        audit, make_policy({"require": list(require) or [{"measure": "false_positive_rate", "max": 0.05}], **policy})
    )


def test_pass_fail_and_inconclusive(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(4, 200), unscored())  # one-sided 95 %: 0.0069 to 0.0452
    results = {limit: gate(audit, {"measure": "false_positive_rate", "max": limit}) for limit in (0.05, 0.03, 0.005)}
    assert {limit: decision.result for limit, decision in results.items()} == {
        0.05: "PASS", 0.03: "INCONCLUSIVE", 0.005: "FAIL"
    }  # fmt: skip
    assert [decision.exit_code for decision in results.values()] == [0, 3, 1]
    open_line = results[0.03].lines[0]
    assert open_line.more_labels is not None
    assert open_line.more_labels > 0
    assert open_line.bound == pytest.approx(0.0452, abs=1e-4)


def test_min_is_the_mirror_image(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(196, 200, measure="accuracy"), unscored())
    results = [gate(audit, {"measure": "accuracy", "min": limit}).result for limit in (0.95, 0.97, 0.995)]
    assert results == ["PASS", "INCONCLUSIVE", "FAIL"]


@given(
    k=st.integers(0, 60),
    limit=st.floats(0, 1, exclude_max=True),
    on=st.sampled_from([None, "upper", "lower", "estimate"]),
)
@settings(max_examples=60, deadline=None)
def test_max_on_a_rate_equals_min_on_its_complement(k: int, limit: float, on: str | None) -> None:
    shared: dict[str, Any] = {
        "rubric": "r",
        "judge": "j",
        "reference": "human",
        "scale": "binary",
        "low": 0.0,
        "high": 1.0,
    }
    audit = Audit(
        name="x",
        judges=({"name": "j"},),
        estimates=(
            Estimate(measure="false_positive_rate", k=k, n=60, value=k / 60, **shared),
            Estimate(measure="specificity", k=60 - k, n=60, value=(60 - k) / 60, **shared),
            Estimate(measure="unscored_rate", rubric="r", judge="j", scale="full", k=0, n=60, value=0.0),
        ),
    )
    other = {"upper": "lower", "lower": "upper"}.get(on or "", on)
    one = gate(audit, {"measure": "false_positive_rate", "max": limit, **({"on": on} if on else {})})
    two = gate(audit, {"measure": "specificity", "min": 1 - limit, **({"on": other} if other else {})})
    edge = any(
        line.bound is not None and abs(line.bound - line.limit) < 1e-9 for line in (*one.lines, *two.lines)
    )  # equality is not kept by 1 - x in floating point
    assert edge or one.result == two.result


@given(limits=st.tuples(*2 * [st.floats(0, 1, exclude_max=True)]), k=st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_a_wider_limit_is_never_a_worse_result(limits: tuple[float, float], k: int) -> None:
    rate = Estimate(
        measure="false_positive_rate", rubric="r", judge="j", reference="human", scale="binary", k=k, n=100, value=k / 100,
        low=0.0, high=1.0,
    )  # fmt: skip
    scored = Estimate(measure="unscored_rate", rubric="r", judge="j", scale="full", k=0, n=100, value=0.0)
    audit = Audit(name="x", judges=({"name": "j"},), estimates=(rate, scored))
    order = {"FAIL": 0, "INCONCLUSIVE": 1, "PASS": 2}
    strict, wide = (order[gate(audit, {"measure": "false_positive_rate", "max": x}).result] for x in sorted(limits))
    assert strict <= wide


def test_on_estimate_never_is_inconclusive(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(4, 200), unscored())
    results = [
        gate(audit, {"measure": "false_positive_rate", "max": x, "on": "estimate"}).result for x in (0.02, 0.019)
    ]
    assert results == ["PASS", "FAIL"]


def test_the_lenient_bound_says_so(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    decision = gate(
        make_audit(rate(4, 200), unscored()), {"measure": "false_positive_rate", "max": 0.01, "on": "lower"}
    )
    assert decision.result == "PASS"
    assert "lenient" in decision.lines[0].reason


def test_any_fail_is_fail_and_any_inconclusive_is_no_pass(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(4, 200), unscored())
    good, open_, bad = ({"measure": "false_positive_rate", "max": x} for x in (0.05, 0.03, 0.005))
    assert gate(audit, good, open_, bad).result == "FAIL"
    assert gate(audit, good, open_).result == "INCONCLUSIVE"
    assert gate(audit, good, good).result == "PASS"
    assert Decision(requirements=()).exit_code == 3


def test_a_star_means_every_judge_but_baselines(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    judges = (
        {"name": "guard"},
        {"name": "second"},
        {"name": "many", "panel": True},
        {"name": "constant", "baseline": True},
    )
    rates = [rate(2, 200, judge=str(j["name"])) for j in judges]
    audit = make_audit(*rates, *(unscored(judge=str(j["name"])) for j in judges), judges=judges)
    assert [line.judge for line in gate(audit).lines] == ["guard", "second", "many"]
    assert gate(audit).result == "PASS"
    without_third = replace(audit, estimates=tuple(e for e in audit.estimates if e.judge != "many"))
    assert gate(without_third).result == "INCONCLUSIVE"
    assert gate(audit, {"measure": "false_positive_rate", "judge": "constant", "max": 0.05}).result == "PASS"


NAMED = {"measure": "false_positive_rate", "judge": "guard", "max": 0.05}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"value": None, "k": None, "low": None, "high": None, "reason": "no_negatives: none"}, "no_negatives"),
        ({"low": None, "high": None, "reason": "few_clusters: 4 clusters"}, "few_clusters"),
        ({"low": None, "high": None, "k": None, "reason": "unstable: 9 %"}, "unstable"),
        ({"k": None}, "no_interval"),
        ({"effective_n": 0.0}, "no_interval"),
        ({"reference": "construction"}, "construction"),
        ({"reference": "model"}, "model"),
        ({"scale": "full"}, "full"),
        ({"against": "slice:coherence=coherent"}, "against"),
        ({"weights": "linear"}, "weights"),
        ({"slice": "col.bench=a"}, "col.bench=a"),
        ({"measure": "false_negative_rate"}, "false_positive_rate"),
        ({"judge": None, "panel": "judges"}, "panel"),
        ({"rubric": "refusal"}, "harm"),
    ],
)
def test_an_estimate_that_is_not_the_one_asked_for_never_passes(
    make_audit: Make, rate: Rate, unscored: Rate, change: dict[str, Any], word: str
) -> None:
    assert gate(make_audit(rate(), unscored()), NAMED).result == "PASS"
    decision = gate(make_audit(replace(rate(), **change), unscored()), NAMED)
    assert decision.result == "INCONCLUSIVE"
    assert any(word in line.text for line in decision.lines)


def test_nothing_in_the_audit_never_passes(make_audit: Make) -> None:
    assert gate(make_audit()).result == "INCONCLUSIVE"
    assert gate(make_audit(judges=())).result == "INCONCLUSIVE"
    assert gate(make_audit(judges=({"name": "constant", "baseline": True},))).result == "INCONCLUSIVE"
    assert gate(Audit(name="empty")).result == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("requirement", "hint"),
    [
        ({"measure": "false_positve_rate", "max": 0.1}, "'false_positive_rate'"),
        ({"measure": "false_positive_rate", "judge": "gaurd", "max": 0.1}, "'guard'"),
        ({"measure": "cohen_kappa", "judge": "guard", "other": "gard", "min": 0.1}, "'guard'"),
        ({"measure": "false_positive_rate", "rubric": "ham", "max": 0.1}, "'harm'"),
    ],
)
def test_unknown_names_are_configuration_errors(
    make_audit: Make, rate: Rate, unscored: Rate, requirement: dict[str, Any], hint: str
) -> None:
    with pytest.raises(ConfigError) as error:
        gate(make_audit(rate(), unscored()), requirement)
    assert hint in str(error.value)
    assert "require.0" in str(error.value)


def test_a_misspelt_slice_names_the_nearest(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(slice="mode=word_loop", distinct_texts=200), unscored())
    decision = gate(audit, {**NAMED, "slice": "mode=word_lop"})
    assert decision.result == "INCONCLUSIVE"
    assert "mode=word_loop" in decision.lines[0].reason


def test_a_measure_that_is_not_computed_on_a_slice_is_said_to_be_that(
    make_audit: Make, rate: Rate, unscored: Rate
) -> None:
    audit = make_audit(rate(slice="mode=word_loop", distinct_texts=200), rate(measure="cohen_kappa"), unscored())
    decision = gate(audit, {"measure": "cohen_kappa", "judge": "guard", "slice": "mode=word_loop", "min": 0.1})
    assert decision.result == "INCONCLUSIVE"
    assert "cohen_kappa" in decision.lines[0].reason
    assert "false_positive_rate" in decision.lines[0].reason  # what there is on that slice
    assert "no slice" not in decision.lines[0].reason


def test_order_of_slice_parts_does_not_matter(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(slice="coherence=coherent&col.bench=a"), unscored())
    assert gate(audit, {**NAMED, "slice": "col.bench=a&coherence=coherent"}).result == "PASS"


@pytest.mark.parametrize(("n", "result"), [(29, "INCONCLUSIVE"), (30, "PASS")])
def test_min_n(make_audit: Make, rate: Rate, unscored: Rate, n: int, result: str) -> None:
    decision = gate(make_audit(rate(0, n), unscored()), {**NAMED, "max": 0.5})
    assert decision.result == result
    assert decision.lines[0].more_labels == (1 if n == 29 else None)


def test_min_n_counts_texts_on_slices_of_degenerate_outputs(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    for where in ("mode=word_loop", "coherence=degenerate", "coherence=degenerate&col.bench=a"):
        asked = {**NAMED, "slice": where, "max": 0.5}
        for texts, result in ((29, "INCONCLUSIVE"), (30, "PASS"), (None, "INCONCLUSIVE")):
            audit = make_audit(rate(0, 97, slice=where, distinct_texts=texts), unscored())
            assert gate(audit, asked).result == result
    audit = make_audit(rate(0, 97, slice="col.bench=a", distinct_texts=1), unscored())
    assert gate(audit, {**NAMED, "slice": "col.bench=a", "max": 0.5}).result == "PASS"


def test_below_ten_items_nothing_passes(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    asked = {**NAMED, "max": 0.9, "min_n": 1}
    assert gate(make_audit(rate(0, 9), unscored()), asked).result == "INCONCLUSIVE"
    assert gate(make_audit(rate(0, 10), unscored()), asked).result == "PASS"


def test_too_many_unscored_decide_nothing(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    for k, result in ((4, "PASS"), (5, "INCONCLUSIVE"), (200, "INCONCLUSIVE")):
        decision = gate(make_audit(rate(), unscored(k=k)))
        assert decision.result == result
    assert gate(make_audit(rate(), unscored(k=5)), max_unscored=0.03).result == "PASS"
    assert gate(make_audit(rate(199, 200), unscored(k=200))).result == "INCONCLUSIVE"


def test_an_unknown_unscored_rate_decides_nothing(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    assert gate(make_audit(rate())).result == "INCONCLUSIVE"
    undefined = unscored(n=0, k=0)
    assert (
        gate(make_audit(rate(), replace(undefined, value=None, reason="not_asked: of nothing"))).result
        == "INCONCLUSIVE"
    )


def test_unscored_on_the_slice_itself_counts_too(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    asked = {**NAMED, "slice": "mode=word_loop"}
    there = rate(0, 100, slice="mode=word_loop", distinct_texts=100)
    assert gate(make_audit(there, unscored()), asked).result == "PASS"
    assert (
        gate(make_audit(there, unscored(), unscored(k=40, n=140, slice="mode=word_loop")), asked).result
        == "INCONCLUSIVE"
    )


def test_the_unscored_rate_itself_can_be_required(make_audit: Make, unscored: Rate) -> None:
    audit = make_audit(unscored(k=10))
    assert gate(audit, {"measure": "unscored_rate", "max": 0.1}).result == "PASS"
    assert gate(audit, {"measure": "unscored_rate", "max": 0.01}).result == "FAIL"


def test_both_judges_of_a_pair_must_be_scored(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    judges = ({"name": "guard"}, {"name": "second"})
    pair = rate(
        190, 200, measure="percent_agreement", other="second", reference=None, reference_rule=None
    )  # the audit names the pair in one order
    bad = make_audit(pair, unscored(), unscored(judge="second", k=100), judges=judges)
    good = make_audit(pair, unscored(), unscored(judge="second"), judges=judges)
    for first, second in (("guard", "second"), ("second", "guard")):
        asked = {"measure": "percent_agreement", "judge": first, "other": second, "min": 0.9}
        assert gate(good, asked).result == "PASS"
        assert gate(bad, asked).result == "INCONCLUSIVE"


def test_a_panel_is_asked_for_by_name(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    alphas = [
        replace(
            rate(), measure="krippendorff_alpha", judge=None, panel=panel, level=level, scale="full", k=None, value=0.9,
            reference=None, reference_rule=None, bounds={"0.95": (0.85, 0.95)},
        )
        for panel in ("judges", "humans") for level in ("nominal", "ordinal")
    ]  # fmt: skip
    audit = make_audit(*alphas, unscored())
    asked = {"measure": "krippendorff_alpha", "panel": "humans", "level": "ordinal", "min": 0.8}
    assert gate(audit, asked).result == "PASS"
    assert gate(audit, {"measure": "krippendorff_alpha", "min": 0.8}).result == "INCONCLUSIVE"
    with pytest.raises(ConfigError, match="level"):
        gate(audit, {"measure": "krippendorff_alpha", "panel": "humans", "min": 0.8})
    silent = make_audit(*alphas, unscored(k=100))
    assert gate(silent, {**asked, "panel": "judges"}).result == "INCONCLUSIVE"
    assert gate(silent, asked).result == "PASS"


def test_two_references_must_be_told_apart(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(), rate(50, 200, reference_rule="annotator:a"), unscored())
    with pytest.raises(ConfigError, match="reference_rule"):
        gate(audit, NAMED)
    assert gate(audit, {**NAMED, "reference_rule": "majority"}).result == "PASS"
    assert gate(audit, {**NAMED, "reference_rule": "annotator:a"}).result == "FAIL"


def test_the_ceiling_is_no_second_reference(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    ceiling = [rate(150, 200, reference_rule=f"others_than:{name}") for name in ("a", "b", "c")]
    assert gate(make_audit(rate(), *ceiling, unscored()), NAMED).result == "PASS"
    assert gate(make_audit(*ceiling, unscored()), NAMED).result == "INCONCLUSIVE"
    asked = {**NAMED, "reference_rule": "others_than:a"}
    assert gate(make_audit(rate(), *ceiling, unscored()), asked).result == "FAIL"


def test_labels_by_construction_pass_only_when_asked_for(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(reference="construction"), unscored())
    assert gate(audit, NAMED).result == "INCONCLUSIVE"
    assert gate(audit, {**NAMED, "reference": "construction"}).result == "PASS"


def test_every_rubric_is_held_to_it(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(), unscored(), rate(100, 200, rubric="refusal"), unscored(rubric="refusal"))
    assert gate(audit, NAMED).result == "FAIL"
    assert gate(audit, {**NAMED, "rubric": "harm"}).result == "PASS"


def test_an_error_among_the_findings_stops_the_gate(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    def found(**fields: Any) -> str:
        finding = Finding(**{"code": "second_opinion", "severity": "error", "text": "They differ.", **fields})
        return gate(make_audit(rate(), unscored(), findings=(finding,))).result

    assert found() == "INCONCLUSIVE"
    assert found(judge="guard") == "INCONCLUSIVE"
    assert found(judge="constant") == "PASS"
    assert found(severity="warning") == "PASS"


def test_a_judge_is_not_passed_on_slices_of_its_own_making(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    circular = Finding(code="circular", severity="note", text="Same detectors.", judge="guard")
    rates = [rate(slice=where, distinct_texts=200) for where in ("all", "mode=word_loop", "coherence=degenerate")]
    audit = make_audit(*rates, unscored(), findings=(circular,))
    results = [gate(audit, {**NAMED, "slice": e.slice}).result for e in rates]
    assert results == ["PASS", "INCONCLUSIVE", "INCONCLUSIVE"]
    assert "circular" in gate(audit, {**NAMED, "slice": "mode=word_loop"}).lines[0].reason


def test_a_judge_that_says_one_thing_of_everything_never_passes(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    finding = Finding(code="constant_judge", severity="warning", text="It calls all 'pass'.", judge="guard")
    audit = make_audit(rate(), unscored(), findings=(finding,))
    line = gate(audit).lines[0]
    assert (line.result, line.reason.partition(":")[0]) == ("INCONCLUSIVE", "constant_judge")
    assert gate(audit, {"measure": "unscored_rate", "max": 0.5}).result == "INCONCLUSIVE"
    assert gate(audit, {**NAMED, "max": 0.001}).result == "FAIL"
    other = make_audit(rate(), unscored(), findings=(replace(finding, judge="second"),))
    assert gate(other).result == "PASS"


def test_agreement_of_judges_that_are_wrong_together_never_passes(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    judges = ({"name": "guard"}, {"name": "second"})
    pair = rate(198, 200, measure="percent_agreement", other="second", reference=None, reference_rule=None)
    panel = replace(pair, judge=None, other=None, panel="judges")
    finding = Finding(code="agree_but_wrong", severity="warning", text="They share errors.")
    estimates = (rate(), pair, panel, unscored(), unscored(judge="second"))
    agreement: list[dict[str, Any]] = [
        {"measure": "percent_agreement", "judge": "guard", "other": "second", "min": 0.6, "on": "estimate"},
        {"measure": "percent_agreement", "panel": "judges", "min": 0.6, "on": "estimate"},
    ]
    for asked in agreement:
        assert gate(make_audit(*estimates, judges=judges), asked).result == "PASS"
        line = gate(make_audit(*estimates, judges=judges, findings=(finding,)), asked).lines[0]
        assert (line.result, line.reason.partition(":")[0]) == ("INCONCLUSIVE", "agree_but_wrong")
    assert gate(make_audit(*estimates, judges=judges, findings=(finding,)), NAMED).result == "PASS"


def test_what_is_constant_on_one_rubric_is_not_so_on_another(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    finding = Finding(code="constant_judge", severity="warning", text="[refusal] It calls all 'yes'.", judge="guard")
    rates = [r for name in ("harm", "refusal") for r in (rate(rubric=name), unscored(rubric=name))]
    audit = make_audit(*rates, findings=(finding,))
    assert gate(audit, {**NAMED, "rubric": "harm"}).result == "PASS"
    assert gate(audit, {**NAMED, "rubric": "refusal"}).result == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("change", "result"),
    [({}, "INCONCLUSIVE"), ({"slice": "col.bench=a"}, "PASS"), ({"reference": "construction"}, "PASS")],
)
def test_nothing_passes_against_a_reference_of_one_class(
    make_audit: Make, rate: Rate, unscored: Rate, change: dict[str, Any], result: str
) -> None:
    kappa = replace(rate(measure="cohen_kappa"), value=None, k=None, low=None, high=None, reason="one_class: one only")
    audit = make_audit(rate(), unscored(), replace(kappa, **change))
    line = gate(audit).lines[0]
    assert line.result == result
    assert ("one_class" in line.reason) == (result != "PASS")


def test_bounds_on_unscored_are_told_and_do_not_decide(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    audit = make_audit(rate(unscored_bounds=(0.0098, 0.0294)), unscored(k=4))
    line = gate(audit).lines[0]
    assert line.result == "PASS"
    assert "0.0294" in line.reason


def test_what_a_judge_abstained_on_is_told(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    """A judge that decides the easy items alone has a good rate on these: a pass says how many it left."""
    plain = gate(make_audit(rate(), unscored()), NAMED).lines[0].reason
    told = gate(make_audit(rate(left_out={"abstained": 340}), unscored()), NAMED).lines[0]
    assert told.result == "PASS"
    assert "340" in told.reason
    assert "abstained" not in plain


def test_a_higher_confidence_than_kept_is_refused(make_audit: Make, rate: Rate, unscored: Rate) -> None:
    kappa = replace(rate(), measure="cohen_kappa", k=None, value=0.9, bounds={"0.9": (0.8, 0.95), "0.99": (0.7, 0.97)})
    audit = make_audit(kappa, unscored())
    asked = {"measure": "cohen_kappa", "min": 0.75}
    assert gate(audit, asked, confidence=0.9).result == "PASS"
    next_higher = gate(audit, asked).lines[0]
    assert next_higher.result == "INCONCLUSIVE"
    assert "next higher" in next_higher.reason
    with pytest.raises(ConfigError, match=r"0\.999"):
        gate(audit, asked, confidence=0.999)
