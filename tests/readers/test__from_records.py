from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import Judgement, Label, Output, Rubric, Status, Usage
from judgeaudit.readers import from_records
from judgeaudit.table import STATUS_CODES

RUBRIC = Rubric(name="harm", values=("no", "yes"), positive=("yes",), cannot_judge="?")
OUTPUTS = [
    Output(
        item_id=i, prompt=f"p{k // 2}", response=f"r{k}", model="m" if k else None, meta={"run": k % 2, "w": k + 0.5}
    )
    for k, i in enumerate("abcd")
]


def said(item: str, verdict: str | None, **more: Any) -> Judgement:
    status = more.pop("status", Status.OK if verdict is not None else Status.MISSING)
    return Judgement(item_id=item, judge=more.pop("judge", "j"), rubric="harm", verdict=verdict, status=status, **more)


def label(item: str, value: str, annotator: str | None = "ann", **more: Any) -> Label:
    return Label(item_id=item, annotator=annotator, rubric="harm", value=value, kind=more.pop("kind", "human"), **more)


def test_records_become_an_input() -> None:
    data = from_records(
        OUTPUTS,
        [
            said("a", "yes", score=0.9, seconds=1.5, usage=Usage(input_tokens=3), fingerprint="f"), said("b", "?", seconds=0.5),
            said("c", None, status=Status.FILTERED), said("d", "maybe"), said("a", "no", trial=2),
            Judgement(item_id="a", judge="other", rubric="tone", verdict="1"),
        ],
        [label("a", "yes"), label("b", "no"), label("a", "no", None), label("a", "no", "rule", kind="construction")],
        RUBRIC,
        references=[label("c", "yes", None)],
        slices=["meta.run", "run"],
    )  # fmt: skip
    assert data.rubric == RUBRIC
    assert list(data.judges) == ["j"]
    first, second = data.judges["j"]
    assert first.codes.tolist() == [1, 2, STATUS_CODES[Status.FILTERED], STATUS_CODES[Status.OUT_OF_RANGE]]
    assert second.codes.tolist() == [0, -1, -1, -1]
    assert first.scores is not None
    assert first.scores[0] == 0.9
    assert np.isnan(first.scores[1:]).all()
    info = data.judge_info["j"]
    assert (info.seconds, info.input_tokens, info.output_tokens, info.fingerprint) == (2.0, 3, None, "f")
    human = data.labels["human"]
    assert human.annotators["ann"].codes.tolist() == [1, 0, -1, -1]
    assert human.votes is not None
    assert human.votes.tolist() == [[1, 0, 0]] + [[0, 0, 0]] * 3
    assert human.adjudicated is not None
    assert human.adjudicated.codes.tolist() == [-1, -1, 1, -1]
    assert list(data.labels["construction"].annotators) == ["rule"]
    assert data.clusters is not None
    assert data.clusters.tolist() == [0, 0, 1, 1]
    assert data.models is not None
    assert data.models.codes.tolist() == [-1, 0, 0, 0]
    assert data.slices["meta.run"].codes.tolist() == data.slices["run"].codes.tolist() == [0, 1, 0, 1]
    assert data.responses == ["r0", "r1", "r2", "r3"]


def test_what_belongs_to_no_output_is_counted() -> None:
    data = from_records(OUTPUTS, [said("a", "no"), said("x", "no")], [label("a", "no"), label("y", "no")], RUBRIC)
    assert [(s["name"], s["rows"], s["left_out"]) for s in data.sources] == [
        ("the store", 4, {}), ("the store, judgements", 1, {"no_output": 1}), ("the store, labels", 1, {"no_output": 1}),
    ]  # fmt: skip
    assert any("1 labels belong to no output" in note for note in data.notes)


def test_labels_that_join_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="2 labels of rubric harm, none on one of 4 outputs"):
        from_records(OUTPUTS, [said("a", "no")], [label("x", "no"), label("y", "no")], RUBRIC)


def test_labels_of_another_rubric_are_no_labels() -> None:
    other = Label(item_id="a", annotator="ann", rubric="tone", value="1", kind="human")
    assert from_records(OUTPUTS, [said("a", "no")], [other], RUBRIC).labels == {}


def test_two_answers_in_one_trial() -> None:
    with pytest.raises(InputError, match="'a'"):
        from_records(OUTPUTS, [said("a", "no"), said("a", "yes")], [], RUBRIC)
    with pytest.raises(InputError, match="'a'"):
        from_records(OUTPUTS, [said("a", "no")], [label("a", "no"), label("a", "yes")], RUBRIC)


def test_groups_and_weights() -> None:
    data = from_records(OUTPUTS, [said("a", "no")], [], RUBRIC, group="meta.run", weight="w")
    assert data.clusters is not None
    assert data.clusters.tolist() == [0, 1, 0, 1]
    assert data.weights is not None
    assert data.weights.tolist() == [0.5, 1.5, 2.5, 3.5]
    assert from_records(OUTPUTS, [said("a", "no")], [], RUBRIC, group="none").clusters is None
    weighted = from_records(
        OUTPUTS, [said("a", "no")], [label("b", "no", weight=4), label("b", "no", "bob", weight=4)], RUBRIC
    )
    assert weighted.weights is not None
    assert weighted.weights.tolist() == [1, 4, 1, 1]
    with pytest.raises(InputError, match="4 and 5"):
        from_records(OUTPUTS, [], [label("b", "no", weight=4), label("b", "no", "bob", weight=5)], RUBRIC)


def test_a_field_that_no_output_has() -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'meta\.run'"):
        from_records(OUTPUTS, [said("a", "no")], [], RUBRIC, slices=["meta.ran"])


def test_a_rubric_without_values_gets_those_seen() -> None:
    data = from_records(
        OUTPUTS, [said("a", "1"), said("b", "0")], [label("a", "0"), label("b", "1")], Rubric(name="harm")
    )
    assert (data.rubric.values, data.rubric.positive) == (("0", "1"), ("1",))


def test_the_source_knows_the_texts_and_not_their_order() -> None:
    one = from_records(OUTPUTS, [said("a", "no")], [], RUBRIC).sources[-1]["outputs_sha256"]
    two = from_records(OUTPUTS[::-1], [said("a", "no")], [], RUBRIC).sources[-1]["outputs_sha256"]
    other = from_records(OUTPUTS[:3], [said("a", "no")], [], RUBRIC).sources[-1]["outputs_sha256"]
    assert one == two != other


def test_values_of_a_rubric_are_spelled_as_cells_are() -> None:
    rubric = Rubric(name="harm", values=("1.0", "2.0"), positive=("2.0",))
    data = from_records(OUTPUTS, [said("a", "2.0"), said("b", "1")], [], rubric)
    assert (data.rubric.values, data.rubric.positive) == (("1", "2"), ("2",))
    assert data.judges["j"][0].codes.tolist() == [1, 0, -1, -1]
