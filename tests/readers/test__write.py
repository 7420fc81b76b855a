from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import InputError, StoreError
from judgeaudit.model import LABEL_KINDS, LEVELS, Judgement, Label, Output, Rubric, Status, Usage, as_value
from judgeaudit.readers import Records, interchange_lines, read_outputs, read_records, write_interchange

# Surrogates and control characters are wanted: judged text is hostile.
TEXT = st.text(st.characters(), max_size=8) | st.sampled_from(
    ["NA", "\ud83d\ude00", "a\x00b", "\u2028", "</script>", "=1"]
)
NAMES = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=5).filter(lambda t: bool(t))
VALUES = TEXT.map(as_value).filter(bool).map(str)
CHANCE = st.none() | st.floats(0, 1)
RUBRICS = ("harm", "tone \ud800", "x")
META = st.dictionaries(
    st.text(max_size=4).filter(lambda k: k != "human_reference"),
    st.recursive(st.none() | st.booleans() | st.integers() | TEXT, lambda x: st.lists(x, max_size=2), max_leaves=4),
    max_size=3,
)


@st.composite
def outputs(draw: st.DrawFn) -> list[Output]:
    ids = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    return [
        Output(
            item_id=i, prompt=draw(TEXT), response=draw(TEXT), model=draw(st.none() | TEXT), dataset=draw(st.none() | TEXT),
            meta=draw(META),
        )
        for i in ids
    ]  # fmt: skip


@st.composite
def judgement(draw: st.DrawFn, item_id: str, judge: str, rubric: str, trial: int) -> Judgement:
    status = draw(st.sampled_from(Status))
    usage = st.builds(
        Usage,
        input_tokens=st.none() | st.integers(0, 9),
        output_tokens=st.none() | st.integers(0, 9),
        requests=st.integers(0, 3),
    )
    plain = draw(st.booleans())
    told: dict[str, Any] = {} if plain else {
        "score": draw(CHANCE), "confidence": draw(CHANCE), "seconds": draw(CHANCE), "usage": draw(st.none() | usage),
        "confidence_source": draw(st.sampled_from(["measured", "self_reported", "trials", "none"])),
        **{name: draw(TEXT) for name in (
            "rationale", "raw", "parse_method", "detail", "fingerprint", "output_hash", "rubric_version",
        )},
    }  # fmt: skip
    verdict = draw(VALUES) if status is Status.OK else None
    return Judgement(item_id=item_id, judge=judge, rubric=rubric, trial=trial, status=status, verdict=verdict, **told)


@st.composite
def label(draw: st.DrawFn, item_id: str) -> Label:
    return Label(
        item_id=item_id, annotator=draw(st.none() | NAMES), rubric=draw(st.sampled_from(RUBRICS)), value=draw(VALUES),
        kind=draw(st.sampled_from(LABEL_KINDS)), note=draw(TEXT), time=draw(TEXT), selected_by=draw(TEXT),
        weight=draw(st.just(1.0) | st.floats(0.01, 100)),
    )  # fmt: skip


@st.composite
def records(draw: st.DrawFn) -> Records:
    items = draw(outputs())
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from([o.item_id for o in items]),
                st.sampled_from(["a", "open/ai", "x/harm", "\ud800"]),
                st.sampled_from(RUBRICS),
                st.integers(1, 3),
            ),
            max_size=6,
            unique=True,
        )
    )
    judgements = [draw(judgement(*key)) for key in keys]
    labels = [draw(label(o.item_id)) for o in items for _ in range(draw(st.integers(0, 2)))]
    references = [draw(label(o.item_id)) for o in items for _ in range(draw(st.integers(0, 2)))]
    rubrics = [
        Rubric(
            name=name, question=draw(TEXT), values=tuple(draw(st.lists(VALUES, max_size=3, unique=True))),
            level=draw(st.sampled_from(LEVELS)), positive=tuple(draw(st.lists(VALUES, max_size=2))),
            cannot_judge=draw(st.none() | VALUES), descriptions=draw(st.dictionaries(VALUES, TEXT, max_size=2)),
        )
        for name in RUBRICS
    ]  # fmt: skip
    return Records(
        outputs=tuple(items),
        judgements=tuple(judgements),
        labels=tuple(labels),
        references=tuple(references),
        rubrics=tuple(rubrics),
    )


def same(one: Records, two: Records) -> None:
    """Equal but for the order of judgements, labels and references of different outputs."""
    assert one.outputs == two.outputs
    assert one.rubrics == two.rubrics
    for part in ("judgements", "labels", "references"):
        assert sorted(map(repr, getattr(one, part))) == sorted(map(repr, getattr(two, part)))


@given(records())
@settings(max_examples=120, deadline=None)
def test_a_round_trip_loses_nothing(tmp_path_factory: pytest.TempPathFactory, given_records: Records) -> None:
    path = tmp_path_factory.mktemp("t") / "t.jsonl"
    write_interchange(given_records, path)
    found = read_records(path)
    same(found, given_records)
    assert found.left_out == {}
    again = path.read_bytes()
    write_interchange(found, path)
    same(read_records(path), given_records)
    assert len(again.splitlines()) > 0


def output(k: int) -> Output:
    return Output(item_id=str(k), prompt="p", response="r")


def test_rubrics_that_were_not_described_are_still_named(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    said = Judgement(item_id="1", judge="a/b", rubric="harm", verdict="1")
    write_interchange(Records(outputs=(output(1),), judgements=(said,)), path)
    assert read_records(path).rubrics == (Rubric(name="harm"),)
    assert read_records(path).judgements == (said,)


def test_what_would_be_lost_is_refused() -> None:
    lost = Records(outputs=(output(1),), judgements=(Judgement(item_id="2", judge="j", rubric="r", verdict="1"),))
    with pytest.raises(InputError, match="got 1, the first on item '2'"):
        list(interchange_lines(lost))
    slashed = Records(outputs=(output(1),), judgements=(Judgement(item_id="1", judge="j", rubric="a/b", verdict="1"),))
    with pytest.raises(InputError, match="'a/b'"):
        list(interchange_lines(slashed))


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"t\.jsonl"):
        write_interchange(Records(outputs=(output(1),)), tmp_path / "gone" / "t.jsonl")
    full = Path("/dev/full")
    if full.exists():
        with pytest.raises(StoreError, match="disk is full"):
            write_interchange(Records(outputs=(output(1),)), full)


def test_outputs_alone_are_outputs(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    write_interchange(Records(outputs=(output(1), output(2))), path)
    assert [o.item_id for o in read_outputs(path)] == ["1", "2"]
