"""The audit as a whole: figures by hand, invariants, and what was silent in other tools."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.audit import Options, audit, merge
from judgeaudit.errors import ConfigError
from judgeaudit.model import Audit, Estimate, LabelKind
from judgeaudit.sums.intervals import square_and_add, wilson, z_of
from judgeaudit.table import AuditInput, JudgeInfo, LabelSet, Ratings
from tests.audit.making import coded, made, repeat

QUICK = Options(draws=200, verify=False)


def run(data: AuditInput, options: Options = QUICK) -> Audit:
    return audit(data, options).audit


def one(result: Audit, measure: str, judge: str | None = "j", **fields: str | None) -> Estimate:
    wanted = {"judge": judge, "slice": "all", "against": None, "other": None, **fields}
    found = [e for e in result.estimates if e.measure == measure and all(getattr(e, k) == v for k, v in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def codes(result: Audit) -> set[str]:
    return {f.code for f in result.findings}


def confusion(tp: int, fp: int, fn: int, tn: int) -> AuditInput:
    return made(
        {"j": repeat((tp + fp, "1"), (fn + tn, "0"))},
        {"h": repeat((tp, "1"), (fp, "0"), (fn, "1"), (tn, "0"))},
    )


def test_a_table_by_hand() -> None:
    """gpt4 on JailbreakBench: tp 100 fp 19 fn 10 tn 171."""
    result = run(confusion(100, 19, 10, 171))
    assert one(result, "accuracy").value == pytest.approx(271 / 300)
    assert one(result, "false_positive_rate").value == pytest.approx(19 / 190)
    assert one(result, "false_negative_rate").value == pytest.approx(10 / 110)
    assert one(result, "cohen_kappa").value == pytest.approx(0.7954, abs=5e-5)
    assert (one(result, "false_positive_rate").k, one(result, "false_positive_rate").n) == (19, 190)
    fpr = one(result, "false_positive_rate")
    # Wilson 95 % of 19 of 190
    assert (fpr.low, fpr.high) == pytest.approx((0.0650, 0.1509), abs=5e-5)


def test_estimates_have_unique_keys() -> None:
    data = made(
        {"j#1": repeat((30, "1"), (30, "0")), "j#2": repeat((25, "1"), (35, "0")), "k": repeat((60, "1"))},
        {"a": repeat((30, "1"), (30, "0")), "b": repeat((28, "1"), (32, "0")), "c": repeat((31, "1"), (29, "0"))},
        coherence=[0] * 40 + [1] * 20,
        modes={"word_loop": [False] * 40 + [True] * 20},
        models=["m1", "m2"] * 30,
        responses=[f"text {i}" for i in range(60)],
    )
    keys = [e.key for e in run(data).estimates]
    assert len(keys) == len(set(keys))


def test_no_verdict_is_never_a_verdict() -> None:
    """10 unparsable replies on negatives and 10 on positives move no count, and the bounds show what they could do."""
    data = made(
        {"j": repeat((30, "1"), (10, "unparsable"), (30, "0"), (10, "error"))},
        {"h": repeat((40, "1"), (40, "0"))},
    )
    result = run(data)
    fnr, fpr = one(result, "false_negative_rate"), one(result, "false_positive_rate")
    assert (fnr.k, fnr.n, fpr.k, fpr.n) == (0, 30, 0, 30)
    assert fpr.left_out == {"unparsable": 10.0, "error": 10.0}
    assert fpr.unscored_bounds == (0.0, 0.25)  # 0 of 40, or 10 of 40
    unscored = one(result, "unscored_rate")
    assert (unscored.k, unscored.n) == (20, 80)
    assert "many_unscored" in codes(result)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_records_in_are_used_or_left_out_by_name(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words: list[str | None] = ["0", "1", "x", None, "missing", "refused", "out_of_range"]
    verdicts = [words[i] for i in rng.integers(0, len(words), 60)]
    people = {h: [["0", "1", "x", None][i] for i in rng.integers(0, 4, 60)] for h in ("a", "b")}
    data = made({"j": verdicts}, people, cannot_judge="x", coherence=rng.integers(0, 3, 60).tolist())
    result = run(data)
    sizes = {row["slice"]: row["n"] for row in result.tables["slices"]}
    for e in result.estimates:
        if e.measure in {"accuracy", "gwet_ac1"} and e.against is None and e.other is None and e.judge == "j":
            assert e.n + sum(e.left_out.values()) == sizes[e.slice], e


def test_one_class_and_a_constant_judge_are_worded() -> None:
    result = run(made({"j": repeat((20, "0"))}, {"h": repeat((20, "0"))}))
    for measure in ("cohen_kappa", "mcc", "youden_j", "balanced_accuracy", "sensitivity"):
        e = one(result, measure)
        assert e.value is None
        assert e.reason
    assert one(result, "gwet_ac1").value == 1.0
    assert one(result, "accuracy").value == 1.0
    assert {"one_class", "constant_judge"} <= codes(result)


def test_a_judge_that_always_says_pass_is_named() -> None:
    """A constant judge has kappa 0 and is no better than a baseline; other tools print no flag."""
    result = run(made({"j": repeat((50, "0"))}, {"h": repeat((10, "1"), (40, "0"))}))
    assert one(result, "cohen_kappa").value == 0.0
    assert {"constant_judge", "below_baseline"} <= codes(result)


def test_every_reply_unparsable_is_an_error() -> None:
    result = run(made({"j": repeat((50, "unparsable"))}, {"h": repeat((10, "1"), (40, "0"))}))
    assert ("nothing_scored", "error") in {(f.code, f.severity) for f in result.findings}
    assert one(result, "accuracy").value is None
    assert (one(result, "accuracy").reason or "").startswith("no_items")


def test_labels_blank_on_most_rows_are_named() -> None:
    result = run(made({"j": repeat((60, "1"))}, {"h": repeat((5, "1"), (5, "0"), (50, None))}))
    assert "few_labels" in codes(result)
    assert one(result, "accuracy").n == 10
    assert one(result, "accuracy").left_out == {"no_label": 50.0}


def test_judges_that_agree_and_are_wrong_are_named() -> None:
    truth = repeat((50, "1"), (50, "0"))
    shared = repeat((30, "1"), (20, "0"), (20, "1"), (30, "0"))
    result = run(made({"j": shared, "k": shared, "l": shared}, {"h": truth}))
    assert "agree_but_wrong" in codes(result)


def test_ties_are_unresolved_and_counted() -> None:
    result = run(made({"j": repeat((4, "1"))}, {"a": ["1", "1", "0", "0"], "b": ["1", "0", "1", "0"]}))
    accuracy = one(result, "accuracy")
    assert accuracy.n == 2
    assert accuracy.left_out == {"reference_unresolved": 2.0}
    assert "unresolved_labels" in codes(result)


def test_kinds_of_labels_are_never_pooled() -> None:
    base = made({"j": repeat((30, "1"), (30, "0"))})
    kinds: dict[LabelKind, LabelSet] = {
        "human": LabelSet(
            kind="human", annotators={"h": Ratings(name="h", codes=coded(repeat((60, "1")), base.rubric))}
        ),
        "model": LabelSet(
            kind="model", annotators={"m": Ratings(name="m", codes=coded(repeat((60, "0")), base.rubric))}
        ),
    }
    result = run(replace(base, labels=kinds))
    assert one(result, "accuracy", reference="human").value == 0.5
    assert one(result, "accuracy", reference="model").value == 0.5
    assert one(result, "sensitivity", reference="human").value == 0.5
    assert one(result, "sensitivity", reference="model").value is None
    assert result.settings["default_reference"] == "human"


def test_a_model_label_is_never_the_default() -> None:
    base = made({"j": repeat((30, "1"), (30, "0"))})
    only: dict[LabelKind, LabelSet] = {
        "model": LabelSet(
            kind="model", annotators={"m": Ratings(name="m", codes=coded(repeat((60, "0")), base.rubric))}
        )
    }
    result = run(replace(base, labels=only))
    assert result.settings["default_reference"] is None
    assert "no_labels" in codes(result)


def test_an_abstention_is_a_verdict_outside_binary_measures() -> None:
    data = made(
        {"j": repeat((10, "1"), (10, "0"), (20, "x"))}, {"h": repeat((10, "1"), (10, "0"), (20, "0"))}, cannot_judge="x"
    )
    result = run(data)
    assert one(result, "accuracy", scale="binary").n == 20
    assert one(result, "accuracy", scale="binary").left_out == {"abstained": 20.0}
    assert one(result, "accuracy", scale="full").n == 40
    assert one(result, "abstention_rate").value == 0.5
    assert one(result, "positive_rate").value == 0.5


def test_repeated_texts_widen_the_interval_and_are_named() -> None:
    """97 of 110 degenerate outputs are one text: by text there are 14 clusters."""
    texts = ["loop"] * 97 + [f"other {i}" for i in range(13)] + [f"fine {i}" for i in range(200)]
    truth = repeat((310, "0"))
    verdicts = repeat((60, "1"), (50, "0"), (10, "1"), (190, "0"))
    data = made({"j": verdicts}, {"h": truth}, responses=texts, coherence=[1] * 110 + [0] * 200)
    result = run(data)
    fpr = one(result, "false_positive_rate", slice="coherence=degenerate")
    assert (fpr.k, fpr.n, fpr.distinct_texts) == (60, 110, 14)
    assert fpr.effective_n is not None
    assert fpr.effective_n < 14
    assert fpr.low is not None
    assert fpr.high is not None
    assert fpr.high - fpr.low > 0.35
    assert ("repeated_text", "coherence=degenerate") in {(f.code, f.slice) for f in result.findings}


def test_degenerate_against_coherent() -> None:
    """40 of 50 against 10 of 100: difference .7, Holm over both error rates of one judge with one of them defined."""
    data = made(
        {"j": repeat((40, "1"), (10, "0"), (10, "1"), (90, "0"))},
        {"h": repeat((150, "0"))},
        responses=[f"t{i}" for i in range(150)],
        coherence=[1] * 50 + [0] * 100,
        modes={"word_loop": [True] * 50 + [False] * 100},
    )
    result = run(data)
    found = one(result, "false_positive_rate", slice="coherence=degenerate", against="slice:coherence=coherent")
    assert found.value == pytest.approx(0.7)
    # Newcombe: sqrt((.8 - .6696)^2 + (.1744 - .1)^2) down, sqrt((.8876 - .8)^2 + (.1 - .0552)^2) up
    assert (found.low, found.high) == pytest.approx((0.5498, 0.7983), abs=2e-3)
    assert found.p_adjusted is not None
    assert found.p_adjusted < 1e-10
    assert {"degenerate_differs", "mode_differs"} <= codes(result)


def test_a_judge_made_of_detectors_has_no_rate_on_their_slices() -> None:
    data = made(
        {"j": repeat((20, "1"), (20, "0"))},
        {"h": repeat((20, "1"), (20, "0"))},
        responses=[f"t{i}" for i in range(40)],
        coherence=[1] * 20 + [0] * 20,
        info={"j": JudgeInfo(kind="modes")},
    )
    result = run(data)
    assert (one(result, "false_positive_rate", slice="coherence=degenerate").reason or "").startswith("circular")
    assert one(result, "false_negative_rate").value == 0.0
    assert "circular" in codes(result)


def test_a_rates_n_is_its_own_denominator() -> None:
    data = made({"j": repeat((20, "1"))}, {"h": repeat((20, "1"))})
    fpr = one(run(data), "false_positive_rate")
    assert fpr.n == 0
    assert fpr.value is None
    assert (fpr.reason or "").startswith("no_negatives")


def test_too_few_clusters_give_no_interval() -> None:
    data = made(
        {"j": repeat((20, "1"), (20, "0"))}, {"h": repeat((18, "1"), (22, "0"))}, clusters=[i % 4 for i in range(40)]
    )
    for measure in ("accuracy", "cohen_kappa", "youden_j"):
        e = one(run(data), measure)
        assert e.value is not None
        assert e.low is None
        assert (e.reason or "").startswith("few_clusters")


def test_clusters_widen() -> None:
    verdicts = repeat((200, "1"), (200, "0"))
    truth = repeat((150, "1"), (50, "0"), (50, "1"), (150, "0"))
    plain = one(run(made({"j": verdicts}, {"h": truth})), "cohen_kappa")
    grouped = one(run(made({"j": verdicts}, {"h": truth}, clusters=[i // 10 for i in range(400)])), "cohen_kappa")
    assert plain.value == grouped.value
    assert plain.low is not None
    assert grouped.low is not None
    assert grouped.low < plain.low


def test_adding_a_judge_moves_no_other_interval() -> None:
    rng = np.random.default_rng(0)
    truth = [str(v) for v in rng.integers(0, 2, 80)]
    first = {"j": [str(v) for v in rng.integers(0, 2, 80)]}
    second = {"k": [str(v) for v in rng.integers(0, 2, 80)]}
    alone = [
        e for e in run(made(first, {"h": truth})).estimates if e.judge == "j" and e.against is None and not e.other
    ]
    both = run(made({**second, **first}, {"h": truth})).estimates
    assert alone == [e for e in both if e.judge == "j" and e.against is None and not e.other]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_order_of_items_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(60)
    columns = {
        "verdicts": [str(v) for v in rng.integers(0, 2, 60)],
        "truth": [str(v) for v in rng.integers(0, 2, 60)],
        "cluster": rng.integers(0, 15, 60).tolist(),
    }

    def figures(index: list[int]) -> list[Estimate]:
        v, t, c = ([column[i] for i in index] for column in columns.values())
        return list(run(made({"j": v}, {"h": t}, clusters=c)).estimates)

    assert figures(list(range(60))) == figures(order.tolist())


def test_trials() -> None:
    """Item by item: 1 1, 1 0, 0 0, 1 -: one of three flips, two of three pairs agree."""
    data = made({"j#1": ["1", "1", "0", "1"], "j#2": ["1", "0", "0", None]})
    result = run(data)
    flips, again = one(result, "flip_rate"), one(result, "test_retest_agreement")
    assert (flips.k, flips.n) == (1, 3)
    assert (again.k, again.n) == (2, 3)
    assert flips.left_out == {"fewer_than_two_verdicts": 1.0}


def test_scores() -> None:
    rng = np.random.default_rng(4)
    p = rng.uniform(size=400)
    truth = ["1" if x < q else "0" for x, q in zip(rng.uniform(size=400), p, strict=True)]
    data = made({"j": ["1" if q > 0.5 else "0" for q in p]}, {"h": truth}, scores={"j": p.tolist()})
    result = run(data)
    y = np.array([float(t) for t in truth])
    assert one(result, "brier").value == pytest.approx(float(((p - y) ** 2).mean()))
    auc = one(result, "auroc")
    assert auc.value is not None
    assert auc.low is not None
    assert auc.high is not None
    assert auc.low < auc.value < auc.high
    assert abs(one(result, "calibration_error_squared_debiased").value or 1) < 0.01
    assert sum(b["n"] for b in result.tables["reliability"][0]["bins"]) == 400


def test_the_human_ceiling_needs_three_people() -> None:
    judge = {"j": repeat((20, "1"), (20, "0"))}
    people = {h: repeat((20 + d, "1"), (20 - d, "0")) for h, d in (("a", 0), ("b", 1), ("c", 2))}
    three = run(made(judge, people))
    assert one(three, "accuracy", "annotator:a", reference_rule="others_than:a").n == 39  # b and c tie on one item
    assert one(three, "accuracy", "j", reference_rule="others_than:a").n == 39
    two = run(made(judge, {k: people[k] for k in ("a", "b")}))
    assert not [e for e in two.estimates if (e.reference_rule or "").startswith("others_than")]


def test_pairs_and_differences_between_judges() -> None:
    """k is right where j is wrong on 15 items and wrong where j is right on 5."""
    truth = repeat((100, "0"))
    data = made({"j": repeat((15, "1"), (85, "0")), "k": repeat((95, "0"), (5, "1"))}, {"h": truth})
    result = run(data)
    assert one(result, "percent_agreement", "j", other="k").value == pytest.approx(0.8)
    difference = one(result, "accuracy", "j", against="judge:k")
    assert difference.value == pytest.approx(-0.10)
    # 5 of 20 discordant: 2 * P(Bin(20, 1/2) <= 5)
    assert difference.p_value == pytest.approx(0.0414, abs=5e-5)


def test_merge_keeps_rubrics_apart() -> None:
    first = run(made({"j": ["1", "0"]}, {"h": ["1", "0"]}))
    second = replace(first, rubrics=({**first.rubrics[0], "name": "other"},))
    both = merge([first, second], name="two")
    assert [r["name"] for r in both.rubrics] == ["harm", "other"]
    assert len(both.estimates) == 2 * len(first.estimates)


def test_weights_weigh() -> None:
    data = made({"j": ["1", "0"] * 20}, {"h": ["1"] * 40}, weights=[3.0, 1.0] * 20)
    assert one(run(data), "accuracy").value == pytest.approx(0.75)
    assert one(run(data), "accuracy").n == pytest.approx(40)  # weights have a mean of 1: n counts items


def test_the_unit_of_weights_changes_nothing() -> None:
    """Weights that sum to 1 once made n 1 and every interval [0, 1]; weights in thousands passed any min_n."""
    for unit in (1e-6, 1e6):
        data = made({"j": ["1", "0"] * 20}, {"h": ["1"] * 40}, weights=[3.0 * unit, unit] * 20)
        e = one(run(data), "accuracy")
        assert (e.k, e.n) == pytest.approx((30, 40))
        assert e.low is not None
        assert e.high is not None
        assert 0.5 < e.low < 0.75 < e.high < 0.9


def test_ordinal_scales_have_all_alphas_that_they_bear() -> None:
    data = made(
        {"j": ["0", "1", "2", "2"], "k": ["0", "2", "2", "1"]}, values=("0", "1", "2"), positive=(), level="ordinal"
    )
    assert {e.level for e in run(data).estimates if e.panel == "judges" and e.level} == {
        "nominal", "ordinal", "interval"
    }  # fmt: skip
    words = made({"j": ["lo", "hi"], "k": ["lo", "lo"]}, values=("lo", "hi"), positive=(), level="ordinal")
    assert {e.level for e in run(words).estimates if e.panel == "judges" and e.level} == {"nominal", "ordinal"}


def test_full_agreement_has_no_interval_of_width_0() -> None:
    """A plain bootstrap of 30 items without an error gives [1, 1], as if nothing could go wrong."""
    same = repeat((10, "1"), (20, "0"))
    result = run(made({"j": same, "k": same}, {"h": same}))
    for e in (
        one(result, "cohen_kappa", other=None), one(result, "mcc"), one(result, "f1"), one(result, "gwet_ac1"),
        one(result, "krippendorff_alpha", None, panel="judges"),
    ):  # fmt: skip
        assert (e.value, e.high) == (1.0, 1.0)
        assert e.low is not None
        assert e.low < 0.93
        assert e.bounds is not None
        assert (e.bounds["0.95"][0] or 1.0) < 0.95
    difference = one(result, "accuracy", "j", against="judge:k")
    assert difference.low is not None
    assert difference.low < 0


def test_a_perfect_auroc_on_few_items_has_no_interval_of_width_0() -> None:
    truth = repeat((10, "1"), (10, "0"))
    data = made({"j": truth}, {"h": truth}, scores={"j": [0.9] * 10 + [0.1] * 10})
    auc = one(run(data), "auroc")
    assert auc.value == 1.0
    assert auc.low is None
    assert (auc.reason or "").startswith("no_variation")


def test_scores_near_0_and_1_keep_their_order_in_the_draws() -> None:
    """Bins of equal width put them into two bins, and the area's interval missed its own value."""
    rng = np.random.default_rng(1)
    truth = ["1" if x else "0" for x in rng.integers(0, 2, 300)]
    p = [1 - 1e-4 * float(rng.uniform(0, 1 if t == "1" else 3)) for t in truth]
    auc = one(run(made({"j": repeat((300, "1"))}, {"h": truth}, scores={"j": p})), "auroc")
    assert auc.value is not None
    assert auc.low is not None
    assert auc.high is not None
    assert auc.low + 0.01 < auc.value < auc.high - 0.01


def test_a_calibrated_judge_has_an_interval_around_0() -> None:
    """Draws centred on the plug-in error held every calibrated judge to be miscalibrated."""
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        p = rng.uniform(size=300)
        truth = ["1" if x < q else "0" for x, q in zip(rng.uniform(size=300), p, strict=True)]
        data = made({"j": repeat((300, "1"))}, {"h": truth}, scores={"j": p.tolist()})
        e = one(run(data), "calibration_error_squared_debiased")
        held += e.low is not None and e.high is not None and e.low <= 0 <= e.high
    assert held >= 17


def test_weights_weigh_scores_and_what_is_left_out() -> None:
    data = made(
        {"j": ["1", "0", "unparsable", "1"] * 10}, {"h": ["1", "0", "1", None] * 10},
        scores={"j": [0.8, 0.5, float("nan"), 0.5] * 10}, weights=[3.0, 1.0, 2.0, 2.0] * 10,
    )  # fmt: skip
    result = run(data)
    brier = one(result, "brier")
    assert brier.value == pytest.approx((3 * 0.04 + 0.25) / 4)
    assert (brier.n, brier.left_out) == (20, {"no_score": 10, "no_label": 10})
    unscored = one(result, "unscored_rate")
    assert (unscored.k, unscored.n, unscored.left_out) == (10, 40, {"unparsable": 10})


def test_a_difference_within_models_is_not_certain_where_nothing_went_wrong() -> None:
    """No error on either side: the normal interval of Mantel and Haenszel was [0, 0]."""
    data = made(
        {"j": repeat((80, "0"))}, {"h": repeat((80, "0"))}, responses=[f"t{i}" for i in range(80)],
        coherence=[0, 0, 1, 1] * 20, models=["a", "b"] * 40,
    )  # fmt: skip
    e = one(
        run(data), "false_positive_rate", slice="coherence=degenerate",
        against="slice:coherence=coherent&stratified=col.model",
    )  # fmt: skip
    assert e.value == 0
    assert e.low is not None
    assert e.high is not None
    assert e.low < -0.05 < 0.05 < e.high


def test_models_that_answered_the_same_prompts_are_no_independent_strata() -> None:
    """40 prompts, two models that do the same: wrong on 16 degenerate and 8 coherent answers each, so .4 - .2.

    Each model has 40 prompts a side, p (1 - p) / 80 for the mean of two if they were independent; over the prompts it is
    p (1 - p) / 39, so that each part is worth 40 (39 / 80) = 19.5 outputs.
    """
    verdicts = [v for c in range(40) for v in [str(int(c < 8))] * 2 + [str(int(c < 16))] * 2]
    data = made(
        {"j": verdicts}, {"h": repeat((160, "0"))}, responses=[f"t{i}" for i in range(160)],
        coherence=[0, 0, 1, 1] * 40, models=["a", "b"] * 80, clusters=[i // 4 for i in range(160)],
    )  # fmt: skip
    e = one(
        run(data), "false_positive_rate", slice="coherence=degenerate",
        against="slice:coherence=coherent&stratified=col.model",
    )  # fmt: skip
    parts = [(p, wilson(p * 19.5, 19.5, z_of(0.95)), sign / 2) for p, sign in ((0.4, 1), (0.2, -1)) for _ in range(2)]
    assert e.value == pytest.approx(0.2)
    assert (e.low, e.high) == pytest.approx(square_and_add(parts))


def test_in_mcnemars_test_copies_of_one_text_are_one_pair() -> None:
    """40 copies of one text are one pair: with either sign the difference is as large, so p is 1 and not 2^-39."""
    verdicts = {"j": repeat((40, "1"), (10, "0")), "k": repeat((50, "0"))}
    texts = ["same"] * 40 + [f"t{i}" for i in range(10)]
    e = one(run(made(verdicts, {"h": repeat((50, "0"))}, responses=texts)), "accuracy", "j", against="judge:k")
    assert e.p_value == 1.0
    assert e.distinct_texts == 11


def test_a_rate_counts_the_clusters_of_its_own_denominator() -> None:
    """All positives lie in 3 of 30 clusters: no interval of the false negative rate, however many negatives there are."""
    truth = [["1" if c < 3 else "0"] * 4 for c in range(30)]
    data = made(
        {"j": ["1", "0", "0", "0"] * 30}, {"h": [v for row in truth for v in row]},
        clusters=[c for c in range(30) for _ in range(4)],
    )  # fmt: skip
    e = one(run(data), "false_negative_rate")
    assert (e.n, e.clusters, e.low) == (12, 3, None)
    assert (e.reason or "").startswith("few_clusters")
    for measure in ("cohen_kappa", "mcc", "f1"):
        both = one(run(data), measure)
        assert both.value is not None
        assert both.low is None
        assert (both.reason or "").startswith("few_clusters")


def test_abstentions_are_no_part_of_a_rate_of_positives() -> None:
    data = made({"j": ["1", "0", "x", "refused"] * 10}, {"h": ["1", "0", "0", "0"] * 10}, cannot_judge="x")
    e = one(run(data), "positive_rate")
    assert (e.n, e.left_out) == (20, {"refused": 10, "abstained": 10})


def test_distinct_texts_are_those_that_were_judged() -> None:
    """A judge asked about copies of one text has judged one text, however many the slice holds."""
    data = made(
        {"j": ["1"] * 20 + [None] * 20, "k": ["1"] * 40}, {"h": ["1"] * 20 + ["0"] * 20},
        responses=["same"] * 20 + [f"t{i}" for i in range(20)],
    )  # fmt: skip
    result = run(data)
    assert one(result, "unscored_rate").distinct_texts == 1
    assert one(result, "percent_agreement", other="k").distinct_texts == 1


def test_a_judge_named_like_a_person_is_refused() -> None:
    with pytest.raises(ConfigError, match="annotator:h"):
        run(made({"annotator:h": ["1"]}, {"h": ["1"]}))


def test_2000_continuous_values_have_interval_alpha() -> None:
    rng = np.random.default_rng(0)
    values = tuple(f"{i / 1999:.6f}" for i in range(2000))
    one_judge = rng.integers(0, 2000, 300)
    other = np.clip(one_judge + rng.integers(-50, 51, 300), 0, 1999)
    data = made(
        {"j": [values[i] for i in one_judge], "k": [values[i] for i in other]}, values=values, positive=(),
        level="interval",
    )  # fmt: skip
    data = replace(data, labels={"human": LabelSet(kind="human", annotators={"h": data.judges["j"][0]})})
    x, y = one_judge / 1999, other / 1999
    both = np.concatenate([x, y])
    expected = 1 - (2 * 300 - 1) * ((x - y) ** 2).sum() * 2 / ((both[:, None] - both[None, :]) ** 2).sum()
    result = run(data)
    alpha = one(result, "krippendorff_alpha", None, panel="judges", level="interval")
    assert alpha.value == pytest.approx(expected, abs=1e-6)
    assert (one(result, "accuracy").reason or "").startswith("too_many_values")
