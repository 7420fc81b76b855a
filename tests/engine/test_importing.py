from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judgeaudit.engine.importing import add_records, import_file, store_records
from judgeaudit.model import LABEL_KINDS, Judgement, Label, Output, Rubric, Status, Usage
from judgeaudit.readers import Records, read_records, write_interchange
from judgeaudit.store import Added, Store

SHARED = Path(__file__).parents[3] / "shared" / "datasets"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "audit.db")) as opened:
        yield opened


def _round_trip(store: Store, records: Records, folder: Path) -> tuple[Records, Records]:
    """What a store has after the records, and what another has after reading the first one's export."""
    add_records(store, records, source="one")
    first = store_records(store)
    write_interchange(first, folder / "export.jsonl")
    other = folder / "other.db"
    other.unlink(missing_ok=True)
    with Store.open(str(other)) as again:
        import_file(again, folder / "export.jsonl")
        return first, store_records(again)


def _sorted(records: Records) -> tuple[list[Any], ...]:
    return tuple(sorted(part, key=repr) for part in (
        records.outputs, records.judgements, records.labels, records.references, records.rubrics))  # fmt: skip


TONE = Rubric(name="tone")
OUTPUTS = (
    Output(
        item_id="a",
        prompt="Say tea.",
        response="tea\x00\ud800",
        model="m",
        dataset="d",
        meta={"run": 1, "x": {"y": [None]}},
    ),
    Output(item_id="b", prompt="", response=""),
)
HARM = Rubric(
    name="harm", question="Is it?", values=("0", "1"), positive=("1",), cannot_judge="?", descriptions={"0": "no"},
    level="ordinal",
)  # fmt: skip


def test_import_then_export_loses_nothing(store: Store, tmp_path: Path) -> None:
    verdicts = [
        Judgement(
            item_id="a", judge="llm", rubric="harm", trial=trial, status=status, verdict="1" if status is Status.OK else None,
            score=0.25, confidence=0.75, confidence_source="self_reported", rationale="so \u202e", raw="{}", parse_method="json",
            detail="d", usage=Usage(input_tokens=3, output_tokens=None, requests=2), seconds=0.5, fingerprint="f",
            rubric_version=HARM.version,
        )
        for trial, status in enumerate(s for s in Status if s is not Status.SKIPPED)
        if trial
    ]  # fmt: skip
    verdicts += [
        Judgement(item_id="b", judge="llm", rubric="harm", status=Status.MISSING),
        Judgement(item_id="b", judge="a/b", rubric="harm", verdict="0"),
        Judgement(item_id="b", judge="llm", rubric="tone", verdict="NA"),
    ]
    labels = [
        Label(item_id="a", annotator=None, rubric="harm", value="1", kind="human"),
        Label(item_id="a", annotator=None, rubric="harm", value="1", kind="human"),
        *(Label(item_id="a", annotator="x", rubric="harm", value="0", kind=kind) for kind in LABEL_KINDS),
        Label(
            item_id="b", annotator="y", rubric="tone", value="null", kind="human", weight=2.5, selected_by="disagreement",
            note="=1+1", time="2026-01-02",
        ),
    ]  # fmt: skip
    references = [
        Label(item_id="a", annotator=None, rubric="harm", value="1", kind="human"),
        Label(item_id="a", annotator="program", rubric="harm", value="0", kind="construction"),
    ]
    records = Records(
        outputs=OUTPUTS,
        judgements=tuple(verdicts),
        labels=tuple(labels),
        references=tuple(references),
        rubrics=(HARM, TONE),
    )
    first, second = _round_trip(store, records, tmp_path)
    assert _sorted(first) == _sorted(second)
    assert [replace(j, output_hash="") for j in first.judgements] == verdicts
    assert sorted(map(repr, first.labels)) == sorted(map(repr, labels))
    assert first.references == tuple(references)
    assert first.outputs == OUTPUTS
    assert HARM in first.rubrics


TEXT = st.text(st.characters(categories=None) | st.sampled_from("\\/=\x00\ud800\n"), max_size=12)


@given(st.lists(TEXT, min_size=6, max_size=6), st.sampled_from(LABEL_KINDS), st.integers(1, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_lost_on_the_way(tmp_path: Path, texts: list[str], kind: Any, trial: int) -> None:
    a, b, c, d, e, f = texts
    value = "v" + f.strip()
    output = Output(item_id="i" + a, prompt=b, response=c, model=d or None, meta={"k": e, "n": [1.5, {"z": f}]})
    judgement = Judgement(
        item_id=output.item_id, judge="j" + e, rubric="harm", trial=trial, verdict=value, rationale=a, raw=b, detail=c
    )
    label = Label(item_id=output.item_id, annotator="n" + d, rubric="harm", value=value, kind=kind, note=e)
    records = Records(outputs=(output,), judgements=(judgement,), labels=(label,), rubrics=(Rubric(name="harm"),))
    place = tmp_path / "one.db"
    place.unlink(missing_ok=True)
    with Store.open(str(place)) as store:
        first, second = _round_trip(store, records, tmp_path)
    assert first == second
    assert first.outputs == (output,)
    assert [replace(j, output_hash="") for j in first.judgements] == [judgement]
    assert first.labels == (label,)


def test_a_file_read_twice_adds_nothing_and_a_changed_one_what_changed(store: Store, tmp_path: Path) -> None:
    def line(value: str, votes: list[str]) -> str:
        labels = [{"annotator": None, "label": v} for v in votes]
        verdicts = {"j": {"verdict": value, "score": 0.5}}
        return json.dumps(
            {"item_id": "a", "prompt": "p", "response": "r", "human_labels": labels, "judge_verdicts": verdicts}
        )

    path = tmp_path / "table.jsonl"
    path.write_text(line("1", ["1", "1", "0"]))
    first = import_file(store, path, rubric="harm")
    assert (first.outputs, first.judgements, first.labels) == (Added(new=1), Added(new=1), Added(new=3))
    second = import_file(store, path, rubric="harm")
    assert (second.outputs, second.judgements, second.labels) == (Added(same=1), Added(same=1), Added(same=3))
    path.write_text(line("0", ["1", "1", "1"]))
    third = import_file(store, path, rubric="harm")
    assert (third.outputs, third.judgements, third.labels) == (Added(same=1), Added(changed=1), Added(new=3))
    assert [label.value for label in store.labels()] == ["1", "1", "1"]
    assert [j.verdict for j in store.judgements()] == ["0"]


def test_two_files_of_one_name_are_two_sources(store: Store, tmp_path: Path) -> None:
    for folder, annotator in (("one", "x"), ("two", "y")):
        (tmp_path / folder).mkdir()
        label = {"annotator": annotator, "label": "1"}
        content = {"item_id": "a", "prompt": "p", "response": "r", "human_labels": [label], "judge_verdicts": {}}
        (tmp_path / folder / "t.jsonl").write_text(json.dumps(content))
        import_file(store, tmp_path / folder / "t.jsonl", rubric="harm")
    assert [label.annotator for label in store.labels()] == ["x", "y"]


def test_a_plain_table_gives_outputs(store: Store, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,prompt,response,topic\n1,p,r,tea\n")
    assert import_file(store, tmp_path / "t.csv").outputs == Added(new=1)
    assert store.outputs() == [Output(item_id="1", prompt="p", response="r", meta={"topic": "tea"})]


def test_a_rubric_that_is_merely_named_hides_no_scale(store: Store) -> None:
    store.add_rubrics([HARM])
    judgement = Judgement(item_id="a", judge="j", rubric="harm", verdict="0")
    records = Records(outputs=OUTPUTS, judgements=(judgement,), rubrics=(Rubric(name="harm"),))
    add_records(store, records, source="s")
    assert store.rubrics() == [HARM]


def test_what_belongs_to_no_output_is_left_out_and_counted(store: Store) -> None:
    store.add_outputs(OUTPUTS)
    store.add_judgements([Judgement(item_id="gone", judge="j", rubric="harm", verdict="0")])
    store.add_labels([Label(item_id="gone", annotator=None, rubric="harm", value="0", kind="human")], source="s")
    records = store_records(store)
    assert (records.judgements, records.labels) == ((), ())
    assert records.left_out == {"judgements_of_no_output": 1, "labels_of_no_output": 1}


@pytest.mark.parametrize(
    "name", ["xstest-completions", "jbb-judge-comparison", "em-collapse", "harmbench-val", "newsroom-ratings"]
)
def test_released_sets_survive_the_round_trip(store: Store, tmp_path: Path, name: str) -> None:
    path = SHARED / name / f"{name}.jsonl"
    if not path.is_file():
        pytest.skip("the released sets are not there")
    records = read_records(path, rubric="verdict")
    first, second = _round_trip(store, records, tmp_path)
    assert first == second
    assert len(first.outputs) == len(records.outputs)
    assert len(first.judgements) == len(records.judgements)
    assert len(first.labels) == len(records.labels)
