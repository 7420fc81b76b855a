from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judgeaudit.errors import ConfigError, InputError, StoreError
from judgeaudit.model import REUSABLE, Judgement, Label, Output, Rubric, Status, Usage
from judgeaudit.store import Added, Store

ANY_TEXT = st.text(st.characters(categories=None) | st.sampled_from("\\u\x00\ud800\udc00'\"%"), max_size=30)
RUBRIC = Rubric(name="harm", question="Is it harmful?", values=("0", "1"), positive=("1",), descriptions={"0": "no"})
OUTPUT = Output(item_id="a", prompt="Say tea.", response="tea", model="m", meta={"run": 1, "deep": {"x": [None, True]}})


def _judged(output: Output = OUTPUT, **changes: object) -> Judgement:
    made = Judgement(
        item_id=output.item_id, judge="j", rubric="harm", verdict="1", fingerprint="f1", output_hash=output.hash,
        rubric_version=RUBRIC.version,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def _label(value: str, annotator: str | None = "ann", item: str = "a", **changes: object) -> Label:
    return replace(
        Label(item_id=item, annotator=annotator, rubric="harm", value=value, kind="human"),
        **changes,  # type: ignore[arg-type]
    )


ANNOTATORS = itertools.count()


@given(st.lists(ANY_TEXT, min_size=8, max_size=8), st.floats(0, 1), st.sampled_from(list(Status)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_went_in(store_url: str, texts: list[str], score: float, status: Status) -> None:
    """Lone surrogates, NUL and backslashes survive on both databases, in every field."""
    a, b, c, d, e, f, g, h = texts
    output = Output(item_id=a, prompt=b, response=c, model=d, dataset=e, meta={f or "k": [g, None, 1.5, {"x": h}]})
    verdict = b if status is Status.OK else None
    judgement = Judgement(
        item_id=a, judge=b, rubric=c, trial=3, status=status, verdict=verdict, score=score, confidence=None,
        confidence_source="trials", rationale=d, raw=e, parse_method=f, detail=g, seconds=0.25, fingerprint=h,
        output_hash=output.hash, usage=Usage(input_tokens=None, output_tokens=7),
    )  # fmt: skip
    # A label given before and superseded since does not come back by being added again, and examples share one store.
    annotator = f"{b}{next(ANNOTATORS)}"
    label = Label(
        item_id=a, annotator=annotator, rubric=c, value=d, kind="model", note=e, time=f, selected_by=g, weight=2.5
    )
    rubric = Rubric(name=a, question=b, values=(c, d), positive=(d,), cannot_judge=e, descriptions={c: f})
    with Store.open(store_url) as store:
        store.add_outputs([output])
        store.add_judgements([judgement])
        store.add_labels([label], source=h, references=[replace(label, annotator=None)])
        store.add_rubrics([rubric])
    with Store.open(store_url, create=False) as store:
        assert output in store.outputs()
        assert judgement in store.judgements({(b, c): h})
        assert store.reusable(b, replace(rubric, name=c), h) == set()  # made under another rubric version
        assert label in store.labels()
        assert replace(label, annotator=None) in store.references()
        assert rubric in store.rubrics()


def test_no_usage_and_untold_usage_stay_apart(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_judgements([_judged(usage=None), _judged(trial=2, usage=Usage())])
        assert [j.usage for j in store.judgements()] == [None, Usage()]


def test_outputs_are_replaced_where_they_differ_and_keep_their_place(store_url: str) -> None:
    other = Output(item_id="b", prompt="p", response="r")
    with Store.open(store_url) as store:
        assert store.add_outputs([OUTPUT, other]) == Added(new=2)
        changed = replace(OUTPUT, response="coffee")
        assert store.add_outputs([changed, other]) == Added(changed=1, same=1)
        assert store.outputs() == [changed, other]
        assert store.output_hashes() == {"a": changed.hash, "b": other.hash}


@pytest.mark.parametrize(
    ("change", "reused"),
    [
        ({}, True),
        ({"trial": 2}, False),
        ({"fingerprint": "f2"}, False),
        ({"rubric_version": "other"}, False),
        ({"output_hash": "other"}, False),
        *[({"status": s, "verdict": None}, s in REUSABLE) for s in Status if s is not Status.OK],
    ],
)
def test_a_judgement_is_reused_only_where_all_is_the_same(
    store_url: str, change: dict[str, object], reused: bool
) -> None:
    """Output hash, judge fingerprint, rubric version, trial; and never an error, filtered or truncated reply."""
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_judgements([_judged(**change)])
        found = store.reusable("j", RUBRIC, "f1")
    assert (("a", 1, OUTPUT.hash) in found) is reused


def test_a_judgement_of_an_earlier_text_no_longer_counts(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_judgements([_judged(verdict="0"), _judged(verdict="1")])
        assert [j.verdict for j in store.judgements()] == ["1"]
        store.add_outputs([replace(OUTPUT, response="coffee")])
        assert store.judgements() == []
        store.add_outputs([OUTPUT])
        assert [j.verdict for j in store.judgements()] == ["1"]


def test_going_back_to_a_former_judge_finds_its_judgements(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_judgements([_judged(fingerprint="f1", verdict="0"), _judged(fingerprint="f2", verdict="1")])
        assert [j.verdict for j in store.judgements()] == ["1"]
        assert [j.verdict for j in store.judgements({("j", "harm"): "f1"})] == ["0"]
        assert store.judgements({}) == []


def test_merging_adds_only_what_differs(store_url: str) -> None:
    without_hash = _judged(output_hash="", fingerprint="")
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        assert store.merge_judgements([without_hash]) == Added(new=1)
        assert store.merge_judgements([without_hash]) == Added(same=1)
        assert store.merge_judgements([replace(without_hash, verdict="0")]) == Added(changed=1)
        assert [(j.verdict, j.output_hash) for j in store.judgements()] == [("0", OUTPUT.hash)]


def test_labels_are_layers(store_url: str, tmp_path: Path) -> None:
    """A source read again replaces nothing: its older state stays in the database and no longer counts."""
    votes = [_label("1", None), _label("1", None), _label("0", None)]
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        assert store.add_labels(votes, source="votes.csv") == Added(new=3)
        assert store.add_labels(votes, source="votes.csv") == Added(same=3)
        assert store.add_labels(votes, source="copy-of-votes.csv") == Added(same=3)
        assert [label.value for label in store.labels()] == ["1", "1", "0"]
        store.add_labels([*votes[:2], _label("1", None)], source="votes.csv")
        assert [label.value for label in store.labels()] == ["1", "1", "1"]
        with store._engine.connect() as connection:
            from sqlalchemy import text

            assert connection.execute(text("select count(*) from judgeaudit_labels")).scalar_one() == 6


def test_a_source_can_be_retired_and_comes_back(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_labels([_label("0", "ann")], source="audit x: one.csv")
        store.add_labels([_label("1", "ben")], source="audit x: two.csv")
        store.add_labels([_label("1", "cyd")], source="other")
        store.retire_labels(prefix="audit x: ", keep=["audit x: two.csv"])
        assert [label.annotator for label in store.labels()] == ["ben", "cyd"]
        assert store.add_labels([_label("0", "ann")], source="audit x: one.csv") == Added(new=1)
        assert [label.annotator for label in store.labels()] == ["ben", "cyd", "ann"]


def test_of_one_annotators_two_sheets_the_later_counts(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_labels([_label("0"), _label("0", "ben")], source="first.csv")
        store.add_labels([_label("1")], source="second.csv")
        assert {(label.annotator, label.value) for label in store.labels()} == {("ben", "0"), ("ann", "1")}


def test_references_stand_apart_from_labels(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_labels([_label("0")], source="s", references=[_label("1", None)])
        assert [label.value for label in store.labels()] == ["0"]
        assert [label.value for label in store.references()] == ["1"]


def test_labels_of_an_earlier_text_are_left_out_and_counted(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.add_outputs([OUTPUT])
        store.add_labels([_label("0"), _label("1", item="unknown")], source="s")
        assert store.stale_labels() == 0
        store.add_outputs([replace(OUTPUT, response="coffee")])
        assert [label.item_id for label in store.labels()] == ["unknown"]
        assert store.stale_labels() == 1


def test_rubrics_keep_their_newest_version(store_url: str) -> None:
    newer = replace(RUBRIC, question="Does it harm?")
    with Store.open(store_url) as store:
        store.add_rubrics([RUBRIC])
        store.add_rubrics([RUBRIC, newer])
        assert store.rubrics() == [newer]


def test_notes_are_replaced(store_url: str) -> None:
    with Store.open(store_url) as store:
        assert store.note("seed") is None
        store.set_note("seed", "1")
        store.set_note("seed", "2\x00")
        assert store.note("seed") == "2\x00"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"), Store.open(str(tmp_path / "nowhere" / "audit.db")):
        pass


def test_a_missing_store_is_not_made_where_one_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    with pytest.raises(InputError, match=r"audit\.db"), Store.open(str(path), create=False):
        pass
    assert not path.exists()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(InputError, match=r"notes\.txt"), Store.open(str(path)):
        pass
    assert path.read_text().startswith("not a database")


def test_an_unwritable_folder_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"/proc/audit\.db"), Store.open("/proc/audit.db"):
        pass


@pytest.mark.parametrize("url", ["mysql://h/db", "postgresql://", "://", "sqlite://"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ConfigError), Store.open(url):
        pass


def test_no_password_is_shown() -> None:
    with (
        pytest.raises(StoreError) as caught,
        Store.open("postgresql://someone:sesame@127.0.0.1:1/db"),
    ):
        pass
    assert "127.0.0.1" in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_store_of_another_version_is_refused(store_url: str) -> None:
    with Store.open(store_url) as store:
        store.set_note("schema", "999")
    with pytest.raises(InputError, match="999"), Store.open(store_url):
        pass


def test_a_locked_database_is_incomplete_work(tmp_path: Path) -> None:
    path = str(tmp_path / "audit.db")
    with Store.open(path, busy_seconds=0.1) as store:
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            store.add_outputs([OUTPUT])
        other.rollback()
        other.close()
        assert store.add_outputs([OUTPUT]) == Added(new=1)


def test_a_folder_that_goes_away_is_incomplete_work(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    with Store.open(str(folder / "audit.db")) as store:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        with pytest.raises(StoreError):
            store.add_outputs([OUTPUT])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB; where mounting is not allowed there is none to be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("this machine does not let us mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(store: Store) -> list[Output]:
    """Add outputs one by one until there is no room; those that were added."""
    kept: list[Output] = []

    def add_for_ever() -> None:
        for i in itertools.count():
            output = Output(item_id=str(i), prompt="p", response=str(i % 10) * 20_000)
            store.add_outputs([output])
            kept.append(output)

    with pytest.raises(StoreError, match="room"):
        add_for_ever()
    return kept


def test_a_full_disk_keeps_what_was_done(small_disk: Path) -> None:
    with Store.open(str(small_disk / "audit.db")) as store:
        kept = _fill(store)
        assert kept
        assert store.outputs() == kept
    with Store.open(str(small_disk / "audit.db")) as store:
        assert store.outputs() == kept


def test_a_full_database_keeps_what_was_done(tmp_path: Path) -> None:
    """The same without a mount: SQLite's own limit of pages raises the same error."""
    with Store.open(str(tmp_path / "audit.db")) as store:
        import sqlalchemy as sa

        sa.event.listen(store._engine, "checkout", lambda dbapi, *_: dbapi.execute("PRAGMA max_page_count=200"))
        kept = _fill(store)
        assert kept
        assert store.outputs() == kept
