from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.cli import run
from judgeaudit.store import Store


def test_several_files_and_a_rubric_for_what_names_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,prompt,response\n1,p,r\n")
    (tmp_path / "b.jsonl").write_text(
        '{"item_id": "2", "response": "r", "human_labels": [{"annotator": "x", "label": 1}], "judge_verdicts": {"j": 0}}\n'
    )
    files = [str(tmp_path / name) for name in ("a.csv", "b.jsonl")]
    assert run(["import", *files, "--store", str(tmp_path / "s.db"), "--rubric", "harm"]) == 0
    with Store.open(str(tmp_path / "s.db"), create=False) as store:
        assert [o.item_id for o in store.outputs()] == ["1", "2"]
        assert [(label.rubric, label.value) for label in store.labels()] == [("harm", "1")]
        assert [(j.judge, j.rubric, j.verdict) for j in store.judgements()] == [("j", "harm", "0")]


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,response\n1,thé\n".encode("cp1252"))
    arguments = ["import", str(tmp_path / "a.csv"), "--store", str(tmp_path / "s.db")]
    assert run(arguments) == 2
    assert run([*arguments, "--encoding", "cp1252"]) == 0
    with Store.open(str(tmp_path / "s.db")) as store:
        assert [o.response for o in store.outputs()] == ["thé"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", '{"item_id": ', "line 1"),
        ("a.csv", "id,answer\n1,x\n", "'response'"),
        ("a.csv", "", "empty"),
        ("a.doc", "x", ".doc"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content)
    assert run(["import", str(tmp_path / name), "--store", str(tmp_path / "s.db")]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
