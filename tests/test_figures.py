"""`check` finds the published or independently computed figures of real sets to 4 places, where the sets are present."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judgeaudit.api import Result, check
from judgeaudit.measures._weights import WEIGHTINGS
from judgeaudit.measures.cohen_kappa import weighted
from tests.bench.check_real_sets import simple_rules

SETS = Path(__file__).parents[1].parent / "shared" / "datasets"
pytestmark = pytest.mark.skipif(not SETS.is_dir(), reason="the folder of real sets is not here")
PLACES = 5.1e-5
ERRORS = ("false_positive_rate", "false_negative_rate")
BINARY = {
    "accuracy": "accuracy",
    "kappa": "cohen_kappa",
    "fpr": "false_positive_rate",
    "fnr": "false_negative_rate",
    "precision": "precision",
    "recall": "sensitivity",
    "f1": "f1",
}


def reference(name: str) -> Any:
    return json.loads((SETS / name / "reference.json").read_text(encoding="utf-8"))["figures"]


def rows(name: str) -> list[dict[str, Any]]:
    # Not splitlines: it also splits at U+2028 and the like, which stand inside texts.
    with (SETS / name / f"{name}.jsonl").open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def audited(name: str, path: Path | None = None, **given: Any) -> Result:
    return check(path or SETS / name / f"{name}.jsonl", draws=100, verify=False, **given)


def agree(result: Result, judge: str, figures: dict[str, Any], *, scale: str = "binary", slice: str = "all") -> None:
    for key, measure in BINARY.items():
        if key in figures:
            value = result.one(measure, judge, scale=scale, slice=slice, reference="human").value
            assert value == pytest.approx(figures[key], abs=PLACES), (judge, measure, slice)


def with_rules(name: str, folder: Path) -> Path:
    """The set with the simple rules as a column, for a slice."""
    place = folder / f"{name}.jsonl"
    with place.open("w", encoding="utf-8") as file:
        for row in rows(name):
            row["meta"]["rules"] = "degenerate" if simple_rules(row["response"]) else "other"
            file.write(json.dumps(row) + "\n")
    return place


def test_jailbreakbench_interchange_form() -> None:
    result = audited("jbb-judge-comparison", positive="1")
    figures = reference("jbb-judge-comparison")
    assert len(figures["judges_vs_human_majority"]) == 9
    for judge, expected in figures["judges_vs_human_majority"].items():
        agree(result, judge, expected)
    assert alpha(result, "judges") == pytest.approx(figures["panel_all"]["alpha_nominal"], abs=PLACES)
    for pair, expected in figures["panel_all"]["pairwise"].items():
        first, _, second = pair.partition(" vs ")
        found = result.one("cohen_kappa", first, other=second, scale="binary")
        assert found.value == pytest.approx(expected["kappa"], abs=PLACES), pair


def test_jailbreakbench_as_released() -> None:
    table = SETS / "jbb-judge-comparison" / "original" / "jbb_judge_comparison.jsonl"
    four = ["gpt4", "harmbench", "llama3", "llamaguard2"]
    result = audited(
        "", table, judges=[f"{j}=baselines.{j}" for j in four], humans=["experts=human_majority"], id="index",
        prompt="goal", response="response", positive="1",
    )  # fmt: skip
    figures = reference("jbb-judge-comparison")
    for judge in four:
        agree(result, judge, figures["judges_vs_human_majority"][judge])
    assert alpha(result, "judges") == pytest.approx(figures["panel_released_four"]["alpha_nominal"], abs=PLACES)


def test_harmbench() -> None:
    result = audited("harmbench-val", positive="1", reference="majority")
    figures = reference("harmbench-val")
    assert len(figures["judges"]) == 9
    for judge, expected in figures["judges"].items():
        agree(result, judge, expected)
    assert alpha(result, "humans") == pytest.approx(figures["humans"]["alpha_nominal"], abs=PLACES)


def test_harmbench_by_the_simple_rules(tmp_path: Path) -> None:
    result = audited("harmbench-val", with_rules("harmbench-val", tmp_path), positive="1", slices=["meta.rules"])
    for judge, figures in reference("harmbench-val")["judges"].items():
        for part in ("degenerate", "other"):
            agree(result, judge, figures[part], slice=f"col.meta.rules={part}")
    rates = [
        result.one(m, "strmatch-zou2023universal", scale="binary", slice="col.meta.rules=degenerate") for m in ERRORS
    ]
    assert [(r.k, r.n) for r in rates] == [(7, 7), (0, 6)]


@pytest.mark.parametrize("judge", ["gpt4", "strmatch"])
def test_xstest_interchange_form(judge: str) -> None:
    result = audited("xstest-completions", positive="1_full_compliance", reference="adjudicated", slices=["model"])
    figures = reference("xstest-completions")["judges_vs_final_label"]
    for model, expected in figures.items():
        where = "all" if model == "ALL" else f"col.model={model}"
        agree(result, judge, expected[judge], slice=where)
        assert three_classes(result, judge, where) == pytest.approx(classes_of(expected[judge]), abs=PLACES)


def three_classes(result: Result, judge: str, where: str = "all") -> list[float | None]:
    found = (result.one(m, judge, scale="full", slice=where, reference="human") for m in ("accuracy", "cohen_kappa"))
    return [e.value for e in found]


def classes_of(figures: dict[str, float]) -> list[float]:
    return [figures["multiclass_accuracy"], figures["multiclass_kappa"]]


def test_xstest_people() -> None:
    result = audited("xstest-completions", positive="1_full_compliance", slices=["model"])
    for model, expected in reference("xstest-completions")["humans"].items():
        where = "all" if model == "ALL" else f"col.model={model}"
        assert alpha(result, "humans", slice=where) == pytest.approx(expected["alpha_nominal"], abs=PLACES)


@pytest.mark.parametrize("model", ["gpt4", "mistralguard", "mistralinstruct"])
@pytest.mark.parametrize(
    ("judge", "column", "file"), [("gpt4", "gpt4_label", "gpteval"), ("strmatch", "strmatch_label", "streval")]
)
def test_xstest_tables_as_released(model: str, judge: str, column: str, file: str) -> None:
    folder = SETS / "xstest-completions" / "original" / "automated_evaluation_labels"
    result = audited(
        "", folder / f"xstest_v2_completions_{model}_{file}.csv", judges=[f"{judge}={column}"],
        humans=["annotation_1", "annotation_2"], reference="column:final_label", id="id", prompt="prompt",
        response="completion", positive="1_full_compliance",
    )  # fmt: skip
    expected = reference("xstest-completions")["judges_vs_final_label"][model][judge]
    agree(result, judge, expected)
    assert three_classes(result, judge) == pytest.approx(classes_of(expected), abs=PLACES)
    people = reference("xstest-completions")["humans"][model]["alpha_nominal"]
    assert alpha(result, "humans") == pytest.approx(people, abs=PLACES)
    unscored = result.one("unscored_rate", judge)
    assert unscored.k == (11 if (model, judge) == ("mistralinstruct", "gpt4") else 0)


@pytest.mark.parametrize("scale", ["Informativeness", "Relevance", "Fluency", "Coherence"])
def test_newsroom_people(scale: str) -> None:
    result = audited("newsroom-ratings", rubric=scale, level="ordinal")
    expected = reference("newsroom-ratings")[scale]
    for level in ("nominal", "ordinal", "interval"):
        assert alpha(result, "humans", level) == pytest.approx(expected[f"alpha_{level}"], abs=PLACES)


RUBRICS = ["persona", "safety", "drift"]


@pytest.mark.parametrize("rubric", RUBRICS)
def test_em_collapse_judges(rubric: str) -> None:
    result = audited("em-collapse", rubric=rubric, level="ordinal", slices=["meta.condition"])
    for condition, expected in reference("em-collapse")["panel"].items():
        where = "all" if condition == "ALL" else f"col.meta.condition={condition}"
        for level in ("nominal", "ordinal", "interval"):
            found = alpha(result, "judges", level, slice=where)
            assert found == pytest.approx(expected[rubric][f"alpha_{level}"], abs=PLACES), (condition, level)
        for pair, kappas in expected[rubric]["pairwise"].items():
            first, _, second = pair.partition(" vs ")
            kappa = result.one("cohen_kappa", first, other=second, slice=where, scale="full").value
            assert kappa == pytest.approx(kappas["kappa"], abs=PLACES), (condition, pair)
            for weights in ("linear", "quadratic") if where == "all" else ():
                kappa = result.one("cohen_kappa", first, other=second, scale="full", weights=weights).value
                assert kappa == pytest.approx(kappas[f"kappa_{weights}"], abs=PLACES), (weights, pair)


def test_em_collapse_weighted_kappas_by_condition() -> None:
    """Each pair of judges on each rubric within each condition; the linear ones are the published figures."""
    found = 0
    items = rows("em-collapse")
    for condition, expected in reference("em-collapse")["panel"].items():
        inside = [row for row in items if condition in ("ALL", row["meta"]["condition"])]
        for rubric, pair in ((r, p) for r in RUBRICS for p in expected[r]["pairwise"]):
            table = np.zeros((4, 4))
            for row in inside:
                first, second = (row["judge_verdicts"].get(f"{judge}/{rubric}") for judge in pair.split(" vs "))
                if first is not None and second is not None:
                    table[int(first), int(second)] += 1
            for weights in WEIGHTINGS:
                kappa = expected[rubric]["pairwise"][pair][f"kappa_{weights}"]
                assert float(weighted(table, weights)) == pytest.approx(kappa, abs=PLACES), (condition, rubric, pair)
                found += 1
    assert found == 2 * 8 * 3 * 6


@pytest.mark.parametrize("rubric", RUBRICS)
def test_em_collapse_by_the_simple_rules(rubric: str, tmp_path: Path) -> None:
    table = with_rules("em-collapse", tmp_path)
    result = audited("", table, rubric=rubric, level="ordinal", slices=["meta.rules"])
    for part, expected in reference("em-collapse")["by_output"].items():
        where = f"col.meta.rules={part}"
        for level in ("nominal", "ordinal", "interval"):
            found = alpha(result, "judges", level, slice=where)
            assert found == pytest.approx(expected[rubric][f"alpha_{level}"], abs=PLACES), (part, level)
    (degenerate_slice,) = [s for s in result.audit.tables["slices"] if s["slice"] == "col.meta.rules=degenerate"]
    assert (degenerate_slice["n"], degenerate_slice["distinct_texts"]) == (110, 14)
    assert "repeated_text" in {f.code for f in result.findings if f.slice == "col.meta.rules=degenerate"}


def test_em_collapse_all_rubrics_at_once() -> None:
    result = audited("em-collapse", rubric="all", level="ordinal")
    assert [r["name"] for r in result.audit.rubrics] == sorted(RUBRICS)


def alpha(result: Result, panel: str, level: str = "nominal", slice: str = "all") -> float | None:
    return result.one("krippendorff_alpha", None, panel=panel, level=level, slice=slice).value
