"""How outputs were selected for a label, and with which chance, comes through every form; what has no weight is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import Judgement, Label, Output, Rubric
from judgeaudit.readers import CheckRequest, from_records, read_table
from judgeaudit.table import AuditInput
from tests.readers.conftest import Save

RUBRIC = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
CSV = "id,j,h,w,how\na,1,1,2,judge:j\nb,1,,,\nc,0,0,4,random\nd,0,,,\n"


def read(save: Save, content: Any, name: str = "t.jsonl", **request: Any) -> AuditInput:
    """The one input of a file."""
    (data,) = read_table(save(name, content), CheckRequest.make(**request))
    return data


def told(data: AuditInput) -> list[str | None]:
    """For each item how it was selected."""
    how = data.selected_by
    assert how is not None
    return [None if c < 0 else how.names[c] for c in how.codes]


def line(number: int, verdict: Any = "no", labels: list[dict[str, Any]] | None = None, **meta: Any) -> dict[str, Any]:
    """One object of the interchange form."""
    judged = {"judge_verdicts": {"j": verdict}} if verdict != "not asked" else {}
    return {
        "item_id": f"i{number}",
        "prompt": "p",
        "response": f"r{number}",
        "human_labels": labels or [],
        "meta": meta,
    } | judged


def label(value: str = "no", **fields: Any) -> dict[str, Any]:
    return {"annotator": "ann", "label": value, **fields}


def test_a_wide_table_says_it_in_a_flag_or_in_a_column(save: Save) -> None:
    named = {"judges": ["j"], "humans": ["h"], "positive": ["1"]}
    assert told(read(save, CSV, "t.csv", selected_by="random", **named)) == ["random"] * 4
    assert told(read(save, CSV, "t.csv", selected_by="judge:j", **named)) == ["judge:j"] * 4
    assert told(read(save, CSV, "t.csv", selected_by="column:how", **named)) == ["judge:j", None, "random", None]
    assert read(save, CSV, "t.csv", **named).selected_by is None


def test_weights_of_labels_are_needed_where_a_label_is(save: Save) -> None:
    named = {"judges": ["j"], "humans": ["h"], "positive": ["1"], "weight": "w"}
    data = read(save, CSV, "t.csv", selected_by="column:how", **named)
    assert data.weights_of == "labels"
    assert data.weights is not None
    assert data.weights.tolist() == [2, 1, 4, 1]
    with pytest.raises(InputError, match=r"'w', row 1: weights must be positive"):
        read(save, CSV.replace("a,1,1,2", "a,1,1,"), "t.csv", selected_by="random", **named)


def test_outputs_with_neither_weight_nor_verdict_are_no_part_of_the_sample(save: Save) -> None:
    lines = [
        line(0, "yes", [label("yes"), {"annotator": None, "label": "yes"}], w=2.5, kind="a"),
        line(1, "not asked", [label("maybe"), {"annotator": None, "label": "no"}], kind="b"),
        line(
            2,
            {"verdict": "no", "score": 0.2, "rationale": "Nothing."},
            [label("no"), {"annotator": None, "label": "no"}],
            w=1.5,
        ),
    ]
    data = read(save, lines, weight="meta.w", slices=["meta.kind"], positive=["yes"])
    assert list(data.item_ids) == ["i0", "i2"]
    assert data.weights_of == "outputs"
    assert data.weights is not None
    assert data.weights.tolist() == [2.5, 1.5]
    assert data.rubric.values == ("no", "yes")
    (one,) = data.judges["j"]
    assert one.codes.tolist() == [1, 0]
    assert one.rationales == ["", "Nothing."]
    assert one.scores is not None
    assert np.isnan(one.scores[0])
    human = data.labels["human"]
    assert human.annotators["ann"].codes.tolist() == [1, 0]
    assert human.votes is not None
    assert human.votes.tolist() == [[0, 1], [1, 0]]
    assert data.slices["meta.kind"].codes.tolist() == [0, -1]
    assert data.sources[-1]["rows"] == 2
    assert data.sources[-1]["left_out"] == {"no_weight": 1}
    assert any("1 outputs have neither" in note for note in data.notes)


@pytest.mark.parametrize("verdict", ["yes", {"status": "refused"}])
def test_an_output_with_a_verdict_needs_a_weight(save: Save, verdict: Any) -> None:
    spare = line(0, "not asked", [label("yes")])
    lines = [spare, line(1, "yes", [label("yes")], w=2), line(2, verdict, [label()])]
    with pytest.raises(InputError, match=r"'meta\.w', row 3: weights must be positive"):
        read(save, lines, weight="meta.w", positive=["yes"])


def test_labels_of_the_interchange_form_say_it_each(save: Save) -> None:
    lines = [
        line(0, labels=[label(selected_by="random"), {"annotator": "bob", "label": "no", "selected_by": "judge:j"}]),
        line(1, labels=[label("yes", selected_by="random")], selected_by="all"),
        line(2, labels=[label()]),
        line(3),
    ]
    assert told(read(save, lines)) == ["several: judge:j, random", "random", "not told", None]


def test_meta_says_it_where_no_label_does(save: Save) -> None:
    lines = [
        line(0, labels=[label()], selected_by="random"),
        line(1, "yes", labels=[label("yes")], selected_by="judge:j"),
    ]
    assert told(read(save, lines)) == ["random", "judge:j"]
    assert told(read(save, lines, selected_by="all")) == ["all", "all"]


def test_labels_of_another_kind_say_nothing_of_the_default_ones(save: Save) -> None:
    lines = [
        line(0, labels=[label(), {"annotator": "m", "label": "no", "kind": "model", "selected_by": "random"}]),
        line(1, "yes"),
    ]
    assert read(save, lines).selected_by is None


def test_a_judge_that_is_not_there_is_refused_in_a_flag_and_noted_in_a_file(save: Save) -> None:
    lines = [
        line(0, labels=[label(selected_by="judge:old")]),
        line(1, "yes", labels=[label("yes", selected_by="judge:old")]),
    ]
    with pytest.raises(ConfigError, match="'j'"):
        read(save, lines, selected_by="judge:k")
    assert any("'old'" in note for note in read(save, lines).notes)


@pytest.mark.parametrize("told_as", ["", "chance", "judge:", "column:", "random:x", "judges:j"])
def test_a_word_that_says_nothing_is_refused(told_as: str) -> None:
    with pytest.raises(ConfigError, match="judge:NAME or column:COL"):
        CheckRequest(selected_by=told_as)


def records(**more: Any) -> AuditInput:
    outputs = [
        Output(item_id=i, prompt=i, response=i, meta={"how": "random", "w": k} | more.get(i, {}))
        for k, i in enumerate("abc", 1)
    ]
    said = [Judgement(item_id=i, judge="j", rubric="harm", verdict="no", rationale=f"Why {i}.") for i in "ab"]
    given = [
        Label(item_id=i, annotator="h", rubric="harm", value=v, kind="human", selected_by=s)
        for i, v, s in more["labels"]
    ]
    return from_records(outputs, said, given, RUBRIC, **more.get("ask", {}))


def test_records_of_a_store_carry_both() -> None:
    plain = [("a", "no", ""), ("b", "yes", "")]
    assert records(labels=plain).selected_by is None
    assert records(labels=plain).judges["j"][0].rationales == ["Why a.", "Why b.", ""]
    assert told(records(labels=[("a", "no", "judge:j"), ("b", "yes", "")])) == ["judge:j", "not told", None]
    assert told(records(labels=plain, a={"selected_by": "random"})) == ["random", "not told", None]
    asked = records(labels=plain, ask={"selected_by": "column:how", "weight": "w"})
    assert told(asked) == ["random"] * 3
    assert asked.weights_of == "labels"
    assert records(labels=plain, ask={"weight": "w"}).weights_of == "outputs"


def test_rationales_of_a_column(save: Save) -> None:
    text = 'j,k,why\n1,0,"Two lines,\nand a comma"\n0,1,\n'
    data = read(save, text, "t.csv", judges=["j", "k"], rationales={"j": "why"}, positive=["1"])
    assert data.judges["j"][0].rationales == ["Two lines,\nand a comma", ""]
    assert data.judges["k"][0].rationales is None
    with pytest.raises(ConfigError, match="--rationale names no judge"):
        read(save, text, "t.csv", judges=["j"], rationales={"m": "why"}, positive=["1"])
    with pytest.raises(ConfigError, match="two roles"):
        CheckRequest.make(judges=["j"], rationales={"j": "j"})


def test_rationales_of_the_interchange_form_by_trial(save: Save) -> None:
    lines = [
        line(0, [{"verdict": "no", "rationale": "First."}, {"verdict": "yes", "rationale": "Second."}], [label("yes")]),
        line(1, "no", [label("no")]),
        {**line(2, {"verdict": "yes", "rationale": None}), "why": "In a column."},
    ]
    first, second = read(save, lines).judges["j"]
    assert first.rationales == ["First.", "", ""]
    assert second.rationales == ["Second.", "", ""]
    assert read(save, lines, judges=["j"], rationales={"j": "why"}).judges["j"][0].rationales == [
        "",
        "",
        "In a column.",
    ]
    with pytest.raises(InputError, match=r"line 1, 'j', rationale"):
        read(save, [line(0, {"verdict": "no", "rationale": ["a"]}, [label()])])
