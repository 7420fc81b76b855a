from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import Label, Output, Status
from judgeaudit.readers import read_outputs, read_records

Save = Callable[[str, Any], Path]


def test_outputs_of_a_csv(save: Save) -> None:
    path = save("t.csv", 'id,prompt,response,model,finish_reason,n\na,Hi?,"Yes, I do",m,stop,\nb,,"NA",,length,3\n')
    first, second = read_outputs(path)
    assert first == Output(
        item_id="a", prompt="Hi?", response="Yes, I do", model="m", meta={"finish_reason": "stop", "n": ""}
    )
    assert (second.response, second.model, second.meta["finish_reason"]) == ("NA", None, "length")


def test_columns_of_other_names_and_no_ids(save: Save) -> None:
    path = save(
        "t.jsonl",
        [{"q": "Hi?", "out": {"text": "Yes"}, "set": "s", "meta": {"run": 1}}, {"q": "Ho?", "out": {"text": None}}],
    )
    first, second = read_outputs(path, prompt="q", response="out.text", dataset="set")
    assert (first.item_id, first.prompt, first.response, first.dataset) == ("1", "Hi?", "Yes", "s")
    assert first.meta == {"run": 1, "out": {"text": "Yes"}}
    assert (second.item_id, second.response) == ("2", "")


def test_ids_may_be_numbers(save: Save) -> None:
    assert [
        o.item_id for o in read_outputs(save("t.jsonl", [{"id": 7, "response": "x"}, {"id": "8", "response": "y"}]))
    ] == ["7", "8"]
    with pytest.raises(InputError, match="'7'"):
        read_outputs(save("t.jsonl", [{"id": 7, "response": "x"}, {"id": "7", "response": "y"}]))


def test_a_table_without_responses(save: Save) -> None:
    with pytest.raises(InputError, match="'respnse'"):
        read_outputs(save("t.csv", "id,respnse\n1,x\n"))
    with pytest.raises(InputError, match="'response'"):
        read_records(save("t.csv", "id,respnse\n1,x\n"))


def test_a_response_that_is_no_text(save: Save) -> None:
    with pytest.raises(InputError, match="row 1, response"):
        read_outputs(save("t.jsonl", [{"response": ["a"]}]))


def test_a_field_beside_meta_and_in_it(save: Save) -> None:
    with pytest.raises(InputError, match="'run'"):
        read_outputs(save("t.jsonl", [{"response": "a", "run": 1, "meta": {"run": 2}}]))


def test_everything_of_the_interchange_form(save: Save) -> None:
    line = {
        "item_id": 3, "prompt": "p", "response": "r", "model": "m", "dataset": "d", "temperature": 0.7,
        "human_labels": [
            {"annotator": "a", "label": 1.0, "weight": 2, "selected_by": "random", "colour": "red"},
            {"annotator": None, "label": None},
        ],
        "judge_verdicts": {"j": [None, {"verdict": True, "trial": 5, "rationale": "why"}], "k": {"status": "refused"}},
        "meta": {"run": 1, "human_reference": 0},
    }  # fmt: skip
    found = read_records(save("t.jsonl", [line]))
    assert found.outputs[0].item_id == "3"
    assert found.outputs[0].meta == {"run": 1, "human_reference": 0, "temperature": 0.7}
    assert [(j.judge, j.rubric, j.trial, j.status, j.verdict) for j in found.judgements] == [
        ("j", "verdict", 1, Status.MISSING, None), ("j", "verdict", 5, Status.OK, "true"),
        ("k", "verdict", 1, Status.REFUSED, None),
    ]  # fmt: skip
    assert found.labels == (
        Label(item_id="3", annotator="a", rubric="verdict", value="1", kind="human", weight=2, selected_by="random"),
    )
    assert found.references == (Label(item_id="3", annotator=None, rubric="verdict", value="0", kind="human"),)
    assert found.left_out == {"empty_label": 1, "unknown_field colour": 1}
    assert [r.name for r in found.rubrics] == ["verdict"]
    assert {x.rubric for x in read_records(save("t.jsonl", [line]), rubric="harm").judgements} == {"harm"}


def test_several_rubrics_and_verdicts_without_one(save: Save) -> None:
    verdicts = {"a/x": 1, "b/x": 1, "a/y": 1, "b/y": 1, "c": 1}
    path = save("t.jsonl", [{"item_id": "1", "response": "r", "judge_verdicts": verdicts}])
    with pytest.raises(ConfigError, match="'x', 'y'"):
        read_records(path)
    found = read_records(path, rubric="x")
    assert sorted((j.judge, j.rubric) for j in found.judgements) == [
        ("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "named"),
    [
        ({"verdict": 1, "usage": 3}, "usage"),
        ({"verdict": 1, "usage": {"input_tokens": "3"}}, "usage"),
        ({"verdict": 1, "seconds": "3"}, "seconds"),
        ({"verdict": 1, "confidence": 2}, "confidence"),
        ({"verdict": 1, "confidence_source": "guess"}, "guess"),
        ({"verdict": 1, "rationale": ["a"]}, "rationale"),
    ],
)
def test_fields_that_are_not_of_the_form(save: Save, verdict: object, named: str) -> None:
    path = save("t.jsonl", [{"item_id": "1", "response": "r", "judge_verdicts": {"j": verdict}}])
    with pytest.raises(InputError, match="line 1") as caught:
        read_records(path)
    assert named in str(caught.value)


def test_other_tables_hold_outputs(save: Save) -> None:
    found = read_records(save("t.csv", "response\nx\n"))
    assert (len(found.outputs), found.judgements) == (1, ())
