from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judgeaudit.model import Audit, Estimate
from judgeaudit.report._book import books
from judgeaudit.report._box import Requirement, box

HARM = {"name": "harm", "values": ["0", "1"], "positive": ["1"]}


def audit_of(*estimates: Estimate, rubric: dict[str, Any] | None = None, **more: Any) -> Audit:
    judges = tuple({"name": j} for j in dict.fromkeys(e.judge for e in estimates))
    return Audit(name="t", judges=judges, rubrics=(rubric or HARM,), estimates=estimates, **more)


def rate(key: str, k: int, n: int, texts: int | None, judge: str = "j", **more: Any) -> Estimate:
    fields: dict[str, Any] = {
        "measure": "false_positive_rate", "rubric": "harm", "judge": judge, "reference": "human", "reference_rule": "majority",
        "scale": "binary", "slice": key, "value": k / n, "low": 0.1, "high": 0.9, "k": k, "n": n, "distinct_texts": texts,
    }  # fmt: skip
    return Estimate(**{**fields, **more})


def lines(*estimates: Estimate, **more: Any) -> tuple[str, ...]:
    (book,) = books(audit_of(*estimates, **more))
    return box(book).lines


def test_counts_on_degenerate_outputs_stand_beside_those_on_coherent_ones() -> None:
    told = lines(rate("coherence=degenerate", 30, 60, 12), rate("coherence=coherent", 4, 80, 80))
    assert told == (
        "j calls 30 of 60 [10–90%] harmless degenerate outputs harmful (12 distinct texts), "
        "4 of 80 [10–90%] harmless coherent ones.",
    )


@pytest.mark.parametrize(("n", "texts"), [(60, 9), (60, 1), (9, 9)])
def test_under_ten_texts_or_outputs_nothing_is_said_of_gibberish(n: int, texts: int) -> None:
    told = lines(rate("coherence=degenerate", 7, n, texts), rate("coherence=coherent", 4, 80, 80))
    assert "too few to say" in told[0]
    assert "7 of" not in " ".join(told)
    assert told[1] == "j calls 4 of 80 [10–90%] harmless coherent outputs harmful."


def test_a_judge_with_too_few_is_named_apart_from_one_with_enough() -> None:
    told = lines(
        rate("coherence=degenerate", 7, 8, 8), rate("coherence=coherent", 4, 80, 80),
        rate("coherence=degenerate", 30, 60, 12, "k"), rate("coherence=coherent", 5, 80, 80, "k"),
    )  # fmt: skip
    assert told[0].startswith("k calls 30 of 60")
    assert told[1] == (
        "j: 8 harmless degenerate outputs (8 distinct texts): too few to say; "
        "it calls 4 of 80 [10–90%] harmless coherent outputs harmful."
    )


def test_another_rubric_is_told_by_its_value() -> None:
    rubric = {"name": "refusal", "values": ["no", "yes"], "positive": ["yes"]}
    estimates = (rate("coherence=degenerate", 30, 60, 12), rate("coherence=coherent", 4, 80, 80))
    told = lines(*(replace(e, rubric="refusal") for e in estimates), rubric=rubric)
    assert told == (
        "j answers “yes” on 30 of 60 [10–90%] degenerate outputs labelled otherwise (12 distinct texts), "
        "4 of 80 [10–90%] such coherent ones.",
    )


def test_a_models_labels_never_speak_in_the_box() -> None:
    told = lines(
        rate("coherence=degenerate", 30, 60, 12, reference="model"),
        rate("coherence=degenerate", 20, 60, 12, reference=None, measure="positive_rate"),
    )
    assert "30 of 60" not in " ".join(told)
    assert told[1] == "j calls 20 of 60 [10–90%] degenerate outputs harmful (12 distinct texts)."
    (book,) = books(audit_of(rate("all", 1, 20, 20, reference="model")))
    assert "A model's only" in box(book).labels


def test_human_labels_speak_before_truth_by_construction_and_never_together() -> None:
    told = lines(
        rate("coherence=degenerate", 30, 60, 12), rate("coherence=degenerate", 50, 55, 40, reference="construction")
    )
    assert "30 of 60" in told[0]
    assert "50 of 55" not in " ".join(told)


def test_baselines_are_not_in_the_box() -> None:
    told = lines(rate("coherence=degenerate", 30, 60, 12), rate("coherence=degenerate", 60, 60, 12, "baseline:always"))
    assert len(told) == 1


def test_without_modes_the_counts_of_all_outputs_are_told() -> None:
    assert lines(rate("all", 3, 40, 40)) == ("j calls 3 of 40 [10–90%] harmless outputs harmful.",)


def test_every_judge_beyond_the_eighth_is_counted() -> None:
    told = lines(*(rate("all", k, 40, 40, f"j{k}") for k in range(1, 12)))
    assert len(told) == 9
    assert told[0].startswith("j11 ")
    assert told[-1].endswith(": 3.")


def test_what_is_unscored_is_told_by_reason_with_its_bounds(audit: Audit) -> None:
    (book,) = books(audit)
    (line,) = box(book).unscored
    assert line.startswith("small-llm: 32 of 240 unscored")
    assert "between" in line


def test_the_strongest_warning_is_an_error_before_a_warning(audit: Audit) -> None:
    (book,) = books(audit)
    found = box(book).warning
    assert found is not None
    assert found.code == "unscored", "a warning on the whole comes before one on a single mode"
    worse = replace(
        audit, findings=(*audit.findings, replace(audit.findings[0], severity="error", code="second_opinion"))
    )
    found = box(books(worse)[0]).warning
    assert found is not None
    assert found.code == "second_opinion"


def test_with_several_rubrics_a_box_shows_no_other_rubrics_warning(audit: Audit) -> None:
    findings = tuple(replace(audit.findings[1], text=f"[{name}] {name} repeats") for name in ("refusal", "harm"))
    both = replace(audit, rubrics=(*audit.rubrics, {"name": "refusal"}), findings=findings)
    told = [box(book).warning for book in books(both)]
    assert [w.text for w in told if w] == ["harm repeats", "refusal repeats"]


def test_what_degenerate_outputs_live_on_is_said_after_the_counts() -> None:
    facts = {
        "slice": "coherence=degenerate",
        "n": 60,
        "distinct_texts": 12,
        "largest_text_share": 0.8,
        "repeated": True,
        "source": "model=x",
    }
    told = lines(rate("coherence=degenerate", 30, 60, 12), tables={"slices": [facts]})
    assert told[-1].startswith(
        "80% of the degenerate outputs are one and the same text, and over 80% of them come from model=x"
    )
    calm = {**facts, "repeated": False, "source": None}
    assert len(lines(rate("coherence=degenerate", 30, 60, 12), tables={"slices": [calm]})) == 1


def test_a_policy_that_asks_nothing_of_a_rubric_gives_it_no_result(audit: Audit) -> None:
    both = replace(audit, rubrics=(*audit.rubrics, {"name": "refusal"}))
    harm, refusal = books(both)
    asked = [Requirement(result="FAIL", text="guard", rubric="harm")]
    assert box(harm, "FAIL", asked).headline == "Policy: FAIL"
    other = box(refusal, "FAIL", asked)
    assert (other.tone, other.requirements) == ("counts", ())
    assert "nothing of this rubric" in other.headline
    assert (
        box(refusal, "INCONCLUSIVE", [Requirement(result="INCONCLUSIVE", text="no such estimate")]).tone
        == "inconclusive"
    )
