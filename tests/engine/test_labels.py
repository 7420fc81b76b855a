from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.engine.labels import read_labels
from judgeaudit.errors import ConfigError, InputError, JudgeAuditError
from judgeaudit.model import Label


def _file(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text)
    return path


def test_a_plain_table_takes_from_the_caller_what_it_does_not_say(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,value\n1.0,1.0\nb,\nc,NA\n")
    assert read_labels(path, kind="construction", rubric="harm", annotator="rule") == [
        Label(item_id="1.0", annotator="rule", rubric="harm", value="1", kind="construction"),
        Label(item_id="c", annotator="rule", rubric="harm", value="NA", kind="construction"),
    ]


def test_what_the_table_says_goes_first(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "item_id,label,annotator,dimension,kind,weight,selected_by,note,time\n"
        "a,yes,ann,tone,model,2.5,audit,odd one,2026-01-02\n"
        "b,no,,,,,,,\n",
    )
    assert read_labels(path, kind="human", rubric="harm") == [
        Label(
            item_id="a", annotator="ann", rubric="tone", value="yes", kind="model", weight=2.5, selected_by="audit",
            note="odd one", time="2026-01-02",
        ),
        Label(item_id="b", annotator=None, rubric="harm", value="no", kind="human"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "rubric", "error", "words"),
    [
        ("item_id,label\na,1\n", None, "harm", ConfigError, "`kind`"),
        ("item_id,label\na,1\n", "human", None, ConfigError, "rubric"),
        ("item_id,labl\na,1\n", "human", "harm", InputError, "'labl'"),
        ("itm,label\na,1\n", "human", "harm", InputError, "'item_id'"),
        ("item_id,label\n,1\n", "human", "harm", InputError, "line 2"),
        ("item_id,label\na,\nb, \n", "human", "harm", InputError, "all labels are missing"),
        ("item_id,label,kind\na,1,humane\n", None, "harm", InputError, "'human'"),
        ("item_id,label,weight\na,1,0\n", "human", "harm", InputError, "'0'"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, text: str, kind: str | None, rubric: str | None, error: type[JudgeAuditError], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_labels(_file(tmp_path, text), kind=kind, rubric=rubric)  # type: ignore[arg-type]
