"""Counts by SQL, by chunks of a file and by rows lead to one audit."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from judgeaudit import audit_file
from judgeaudit.api import Result, audit_inputs, check
from judgeaudit.audit import Options
from judgeaudit.errors import InputError
from judgeaudit.model import Judgement, Label, Output, Rubric, Status
from judgeaudit.readers import count_file, counted_input
from judgeaudit.store import Store, queries
from judgeaudit.table import PatternCounts

RUBRIC = Rubric(name="harm", values=("no", "unclear", "yes"), positive=("yes",), level="ordinal")
OPTIONS = Options(draws=100, seed=4, verify=False)
N = 300


def _cells() -> list[dict[str, str]]:
    """Two judges and two people on N outputs; the judges leave some empty, and so do the people."""
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 3, N)
    rows = []
    for i in range(N):
        cells = {}
        for name, right, empty in (("j1", 0.8, 0.1), ("j2", 0.6, 0.05), ("h1", 0.95, 0.2), ("h2", 0.9, 0.1)):
            value = truth[i] if rng.random() < right else rng.integers(0, 3)
            cells[name] = "" if rng.random() < empty else RUBRIC.values[value]
        rows.append(cells)
    return rows


ROWS = _cells()


def _fill(store: Store) -> None:
    """The same rows, with older states that no longer count: another text, an earlier verdict, a corrected label."""
    outputs = [Output(item_id=str(i), prompt=f"p{i}", response=f"r{i}") for i in range(N)]
    store.add_outputs([replace(outputs[0], response="an earlier text")])
    store.add_judgements([_said(replace(outputs[0], response="an earlier text"), "j1", "yes")])
    store.add_outputs(outputs)
    store.add_judgements(_said(o, "j1", "unclear") for o in outputs[:50] if ROWS[int(o.item_id)]["j1"])
    store.add_judgements(_said(o, j, ROWS[i][j]) for i, o in enumerate(outputs) for j in ("j1", "j2"))
    store.add_judgements([_said(outputs[0], "j1", "no", trial=2), _said(outputs[0], "other", "no")])
    for annotator in ("h1", "h2"):
        labels = [_label(o, annotator, ROWS[i][annotator]) for i, o in enumerate(outputs) if ROWS[i][annotator]]
        store.add_labels([replace(label, value="no") for label in labels[:9]], source="sheet of " + annotator)
        store.add_labels(labels, source="sheet of " + annotator)
    store.add_labels([_label(outputs[3], "h1", "yes", kind="model")], source="a model")


def _said(output: Output, judge: str, cell: str, trial: int = 1) -> Judgement:
    status = Status.OK if cell else Status.MISSING
    return Judgement(
        item_id=output.item_id, judge=judge, rubric="harm", trial=trial, status=status, verdict=cell or None,
        output_hash=output.hash, rubric_version=RUBRIC.version,
    )  # fmt: skip


def _label(output: Output, annotator: str, value: str, **changes: str) -> Label:
    label = Label(item_id=output.item_id, annotator=annotator, rubric="harm", value=value, kind="human")
    return replace(label, **changes)  # type: ignore[arg-type]


def _table(folder: Path) -> Path:
    path = folder / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, ["j1", "j2", "h1", "h2"])
        writer.writeheader()
        writer.writerows(ROWS)
    return path


def _audited(counts: PatternCounts) -> Result:
    return audit_inputs([counted_input(counts, RUBRIC)], OPTIONS, name="counted")


def _chunks(path: Path, size: int) -> PatternCounts:
    return count_file(path, judges={"j1": "j1", "j2": "j2"}, annotators={"h1": "h1", "h2": "h2"}, chunk=size)


def test_sql_and_chunks_give_equal_bytes(store_url: str, tmp_path: Path) -> None:
    with Store.open(store_url) as store:
        _fill(store)
        by_sql = store.pattern_counts("harm", judges=["j1", "j2"], annotators=["h1", "h2"])
    expected = audit_file.dumps(_audited(by_sql).audit)
    path = _table(tmp_path)
    for size in (1, 7, 1000):
        assert audit_file.dumps(_audited(_chunks(path, size)).audit) == expected


def test_figures_are_those_of_a_row_by_row_check(tmp_path: Path) -> None:
    """All estimates and count tables, to the last digit; ids of outputs and hashes of inputs are not in counts."""
    path = _table(tmp_path)
    counted = _audited(_chunks(path, 64))
    rows = check(
        path, judges=["j1", "j2"], humans=["h1", "h2"], values=RUBRIC.values, positive="yes", level="ordinal",
        rubric="harm", draws=100, seed=4, verify=False,
    )  # fmt: skip
    assert audit_file.dumps(replace(counted.audit, **_SAME)) == audit_file.dumps(replace(rows.audit, **_SAME))


_SAME: dict[str, Any] = {"name": "x", "inputs": (), "judges": (), "rubrics": (), "settings": {}, "findings": ()}


def test_an_item_is_not_held_against_all_ids(tmp_path: Path) -> None:
    """SQLite may look up every id that counts anew for every item ("rowid=?"): 8,000 items took 47 s instead of 0.2."""
    path = tmp_path / "s.db"
    with Store.open(f"sqlite:///{path}"):
        pass
    query = queries.pattern_counts("harm", ["j1", "j2"], ["h1"], "human")
    engine = sa.create_engine(f"sqlite:///{path}")
    words = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        plan = [str(step.detail) for step in connection.execute(sa.text(f"explain query plan {words}"))]
    engine.dispose()
    looked_up = [step for step in plan if "LEFT-JOIN" in step and "judgeaudit_judgements" in step]
    assert len(looked_up) == 2
    assert not [step for step in looked_up if "rowid" in step]


def test_counts_are_those_of_a_hand_count(store_url: str) -> None:
    """Four outputs: agreed, agreed, judge silent, not asked and without label."""
    outputs = [Output(item_id=str(i), prompt="p", response=f"r{i}") for i in range(4)]
    with Store.open(store_url) as store:
        store.add_outputs(outputs)
        store.add_judgements([_said(outputs[0], "j", "yes"), _said(outputs[1], "j", "yes"), _said(outputs[2], "j", "")])
        store.add_labels([_label(o, "h", "yes") for o in outputs[:2]], source="s")
        found = store.pattern_counts("harm", judges=["j"], annotators=["h"])
    nobody = ("skipped", None)
    assert found.counts == {
        (("ok", "yes"), ("ok", "yes")): 2, (("missing", None), nobody): 1, (nobody, nobody): 1,
    }  # fmt: skip


def test_hostile_names_and_values_are_values(store_url: str) -> None:
    """Quotes, backslashes, NUL and lone surrogates reach the query as parameters and come back whole."""
    name, value = "j'); DROP TABLE x; --\x00\ud800", "\\u0000'\x00"
    output = Output(item_id="1", prompt="p", response="r")
    with Store.open(store_url) as store:
        store.add_outputs([output])
        store.add_judgements([replace(_said(output, name, value), rubric=name)])
        found = store.pattern_counts(name, judges=[name])
    assert found.counts == {(("ok", value),): 1}


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="j9"):
        count_file(_table(tmp_path), judges={"j1": "j1", "x": "j9"})


def test_counts_of_other_raters_do_not_add(tmp_path: Path) -> None:
    path = _table(tmp_path)
    with pytest.raises(InputError, match="other raters"):
        count_file(path, judges={"j1": "j1"}) + count_file(path, judges={"j2": "j2"})
