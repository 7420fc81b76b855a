"""Corrected shares in an audit: whose labels, how they were selected, per model; and rates that labels cannot give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from judgeaudit.audit import Options, audit
from judgeaudit.model import Estimate
from judgeaudit.table import AuditInput, Grouping
from tests.audit.making import made, repeat

OPTIONS = Options(verify=False, draws=100)


def found(data: AuditInput, measure: str, slice: str = "all", judge: str = "j") -> Estimate:
    """The one estimate of a measure."""
    (one,) = [
        e
        for e in audit(data, OPTIONS).audit.estimates
        if (e.measure, e.slice, e.judge, e.against, e.scale) == (measure, slice, judge, None, "binary")
    ]
    return one


def selected(data: AuditInput, words: Sequence[str]) -> AuditInput:
    """The same with how each item was selected."""
    names = sorted(set(words))
    return replace(
        data, selected_by=Grouping(codes=np.array([names.index(w) for w in words], dtype=np.int32), names=names)
    )


RANDOM = made(
    {"j": repeat((400, "1"), (600, "0"))},
    {"h": repeat((30, "1"), (10, "0"), (360, None), (6, "1"), (54, "0"), (540, None))},
)
DRUM = made(
    {"j": repeat((429, "1"), (221, "0"))},
    {"h": repeat((231, "1"), (32, "0"), (166, None), (27, "1"), (54, "0"), (140, None))},
)
POSITIVES_ONLY = made({"j": repeat((100, "1"), (200, "0"))}, {"h": repeat((60, "1"), (20, "0"), (220, None))})


def test_labels_drawn_at_random() -> None:
    # sensitivity 30/36, specificity 54/64, p .4: (.4 + .84375 - 1) / (.83333 + .84375 - 1) = .36
    corrected = found(RANDOM, "prevalence_corrected")
    assert corrected.value == pytest.approx(0.36)
    assert corrected.low is not None
    assert corrected.high is not None
    assert corrected.low < 0.36 < corrected.high
    assert corrected.n == 1000
    tuned, plain = found(RANDOM, "prevalence_ppi_tuned"), found(RANDOM, "prevalence_ppi")
    assert tuned.low is not None
    assert tuned.high is not None
    assert plain.low is not None
    assert plain.high is not None
    assert tuned.high - tuned.low < plain.high - plain.low < corrected.high - corrected.low


def test_labels_that_the_verdict_decided_stand_for_its_outputs() -> None:
    assert found(DRUM, "sensitivity_begg_greenes").value == pytest.approx(0.8365, abs=5e-5)
    assert found(DRUM, "specificity_begg_greenes").value == pytest.approx(0.7384, abs=5e-5)
    # p P(D+|J+) + (1 - p) P(D+|J-) = (429 * 231/263 + 221 * 27/81) / 650
    by_hand = (429 * 231 / 263 + 221 * 27 / 81) / 650
    for measure in ("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"):
        assert found(DRUM, measure).value == pytest.approx(by_hand)
        assert "j's verdict" in found(DRUM, measure).method


def test_where_no_miss_was_labelled_the_interval_knows_how_few_negatives_were_looked_at() -> None:
    """All 126 positives labelled, 25 true; of 874 negatives 263, none true. With half a pseudo-label of each kind, by hand:
    q1 = 25.5/127, q0 = .5/264, variance of the logit 1/126 + 1/874 + (1 - q1)/25.5 + (1 - q0)/.5 = 2.0366, p = 25.299/(25.299 +
    1.655) = .9386: worth 1 / (2.0366 p (1 - p)) = 8.52 positives, whose exact interval at 1 begins at .025^(1/8.52) = .6485.
    """
    verdicts = repeat((126, "1"), (874, "0"))
    one = found(
        made({"j": verdicts}, {"h": repeat((25, "1"), (101, "0"), (263, "0"), (611, None))}), "sensitivity_begg_greenes"
    )
    assert (one.value, one.high) == (1.0, 1.0)
    assert one.low == pytest.approx(0.6485, abs=5e-4)


def test_another_judges_rates_are_corrected_where_the_labels_name_who_decided() -> None:
    """K is j with 20 verdicts turned; only j's verdicts decided. By hand: 263 of 429 and 81 of 221 stand for all."""
    k = repeat((220, "1"), (209, "0"), (221, "0"))
    data = replace(DRUM, judges=DRUM.judges | {"k": (made({"k": k}).judges["k"][0],)})
    data = selected(data, ["judge:j"] * 650)
    up, down = 429 / 263, 221 / 81
    # labelled positives by j: 231 true first, of which k calls 220 positive
    by_hand = 220 * up / (231 * up + 27 * down)
    assert found(data, "sensitivity_begg_greenes", judge="k").value == pytest.approx(by_hand)


def test_rates_from_labels_of_judge_positive_outputs_alone_are_refused() -> None:
    for measure in ("false_negative_rate", "sensitivity", "youden_j", "false_positive_rate", "prevalence_corrected"):
        one = found(POSITIVES_ONLY, measure)
        assert one.value is None
        assert one.low is None
        assert one.bounds is None
        assert (one.reason or "").startswith("labels_of_positives_only: all 80 labels")
    assert found(POSITIVES_ONLY, "precision").value == pytest.approx(60 / 80)


def test_another_judges_misses_are_refused_too() -> None:
    other = made({"k": repeat((50, "1"), (50, "0"), (10, "1"), (190, "0"))}).judges["k"]
    data = replace(POSITIVES_ONLY, judges=POSITIVES_ONLY.judges | {"k": other})
    one = found(data, "false_negative_rate", judge="k")
    assert one.value is None
    assert " j calls positive" in (one.reason or "")
    assert found(data, "precision", judge="k").value is not None


def test_labels_said_to_be_drawn_at_random_are_believed() -> None:
    assert found(selected(POSITIVES_ONLY, ["random"] * 300), "false_negative_rate").value == 0


def test_few_labels_that_happen_to_be_positive_are_no_selection() -> None:
    data = made({"j": repeat((150, "1"), (150, "0"))}, {"h": repeat((3, "1"), (297, None))})
    assert found(data, "false_negative_rate").value == 0


def test_a_judge_no_better_than_chance_corrects_nothing() -> None:
    data = made({"j": repeat((50, "1"), (50, "0"))}, {"h": repeat((25, "1"), (25, "0"), (20, "1"), (30, "0"))})
    one = found(data, "prevalence_corrected")
    assert one.value is None
    assert (one.reason or "").startswith("youden_j_touches_zero: Youden's J is 0.10")


def test_each_model_is_corrected_by_its_own_labels() -> None:
    """The same verdicts, other errors: .5 of model a are positive by its labels, .25 of model b."""
    data = made(
        {"j": repeat((50, "1"), (50, "0"), (50, "1"), (50, "0"))},
        {"h": repeat((45, "1"), (5, "0"), (5, "1"), (45, "0"), (25, "1"), (25, "0"), (50, "0"))},
        models=repeat((100, "a"), (100, "b")),  # type: ignore[arg-type]
    )
    assert found(data, "prevalence_corrected", "col.model=a").value == pytest.approx(0.5)
    assert found(data, "prevalence_corrected", "col.model=b").value == pytest.approx(0.25)


def test_weights_of_labels_count_each_output_once_in_the_share_of_all() -> None:
    """The liver scans with the inverse of each verdict's labelled share given as weights: the same figures."""
    weights = repeat((263, "a"), (166, "c"), (81, "b"), (140, "c"))
    number = {"a": 429 / 263, "b": 221 / 81, "c": 1.0}
    data = replace(DRUM, weights=np.array([number[str(w)] for w in weights]), weights_of="labels")
    by_hand = (429 * 231 / 263 + 221 * 27 / 81) / 650
    assert found(data, "prevalence_corrected").value == pytest.approx(by_hand, abs=1e-6)
    assert found(data, "prevalence_ppi").value == pytest.approx(by_hand, abs=1e-6)


def test_clusters_widen_and_too_few_give_no_interval() -> None:
    clusters = [i // 5 for i in range(1000)]
    wide, plain = (
        found(replace(RANDOM, clusters=np.array(clusters, dtype=np.int32)), "prevalence_corrected"),
        found(RANDOM, "prevalence_corrected"),
    )
    assert wide.value == plain.value
    assert wide.low is not None
    assert plain.low is not None
    assert wide.low < plain.low
    few = found(replace(RANDOM, clusters=np.array([i % 5 for i in range(1000)], dtype=np.int32)), "prevalence_ppi")
    assert few.low is None
    assert (few.reason or "").startswith("few_clusters")


@pytest.mark.parametrize("measure", ["prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"])
@pytest.mark.parametrize(("labelled", "shown"), [(9, False), (10, True)])
def test_labels_of_few_clusters_give_no_interval_however_many_are_judged(
    measure: str, labelled: int, shown: bool
) -> None:
    """In each of 40 clusters 10 true positives, 5 false ones and 10 true negatives: J = 1 + 2/3 - 1."""
    verdicts = [("1", "1", "0", "0", "1")[i % 5] for i in range(1000)]
    truth = [("1", "1", "0", "0", "0")[i % 5] for i in range(1000)]
    labels: list[str | None] = [t if i // 25 < labelled else None for i, t in enumerate(truth)]
    data = replace(
        made({"j": verdicts}, {"h": labels}), clusters=np.array([i // 25 for i in range(1000)], dtype=np.int32)
    )
    e = found(data, measure)
    assert e.value == pytest.approx(0.4)  # by the labels as by the truth
    assert (e.low is not None) is shown
    assert shown or (e.reason or "").startswith("few_clusters: 9 ")


def test_figures_that_need_no_label_weigh_nothing_by_weights_of_labels() -> None:
    """Shares, pairs, trials and alpha of judges are those without weights; error rates are weighted."""
    rng = np.random.default_rng(5)
    said = {name: [str(int(x)) for x in rng.random(200) < 0.4] for name in ("j#1", "j#2", "k")}
    plain = made(said, {"h": [*(str(int(x)) for x in rng.random(60) < 0.5), *repeat((140, None))]})
    weighted = replace(plain, weights=np.where(np.arange(200) < 60, 1 + np.arange(200) % 4, 1.0), weights_of="labels")
    key = ("measure", "judge", "other", "panel", "slice", "against", "scale", "level", "weights")
    before, after = (
        {tuple(getattr(e, k) for k in key): e for e in audit(data, OPTIONS).audit.estimates}
        for data in (plain, weighted)
    )
    free = {k: e for k, e in before.items() if e.reference is None and e.panel in (None, "judges") and e.judge}
    assert {e.measure for e in free.values()} >= {"positive_rate", "unscored_rate", "percent_agreement", "flip_rate"}
    assert {k: after[k] for k in free} == free
    alpha = ("krippendorff_alpha", None, None, "judges", "all", None, "full", "nominal", None)
    assert after[alpha] == before[alpha]
    accuracy = ("accuracy", "j", None, None, "all", None, "binary", None, None)
    assert after[accuracy].value != before[accuracy].value
