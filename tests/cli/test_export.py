from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from judgeaudit.cli import run
from judgeaudit.model import Judgement, Label, Output
from judgeaudit.store import Store

ROOT = Path(__file__).parents[2]
LINE = {
    "item_id": "a",
    "prompt": "Say tea.",
    "response": "tea\ud800\u202e",
    "model": "m",
    "human_labels": [
        {"annotator": "x", "label": "1", "dimension": "harm"},
        {"annotator": None, "label": "0", "dimension": "harm"},
    ],
    "judge_verdicts": {"j/harm": [{"verdict": "1", "score": 0.5}, {"status": "refused"}]},
    "reference": {"harm": "1"},
    "meta": {"run": 3},
}


def _write(folder: Path) -> Path:
    path = folder / "in.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    return path


def test_import_export_import_export_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _write(tmp_path)
    for number, source in ((1, path), (2, tmp_path / "1.jsonl")):
        assert run(["import", str(source), "--store", str(tmp_path / f"{number}.db")]) == 0
        assert run(["export", str(tmp_path / f"{number}.jsonl"), "--store", str(tmp_path / f"{number}.db")]) == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    out = capsys.readouterr().out
    assert "outputs: 1 new" in out
    assert "1 outputs, 2 judgements, 3 labels" in out


def test_what_is_imported_is_told_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, store = _write(tmp_path), str(tmp_path / "a.db")
    assert run(["import", str(path), "--store", store, "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert told["file"] == str(path)
    assert told["judgements"] == {"new": 2, "changed": 0, "same": 0}
    assert told["labels"]["new"] == 3
    assert run(["import", str(path), "--store", store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["labels"] == {"new": 0, "changed": 0, "same": 3}


def test_stdout_is_the_same_as_a_file(tmp_path: Path) -> None:
    store = str(tmp_path / "a.db")
    assert run(["import", str(_write(tmp_path)), "--store", store]) == 0
    assert run(["export", str(tmp_path / "out.jsonl"), "--store", store]) == 0
    command = [sys.executable, "-m", "judgeaudit", "export", "--store", store]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == (tmp_path / "out.jsonl").read_bytes()


def test_what_is_left_out_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(str(tmp_path / "a.db")) as store:
        store.add_outputs([Output(item_id="a", prompt="p", response="r")])
        store.add_judgements([Judgement(item_id="gone", judge="j", rubric="harm", verdict="1")])
        store.add_labels([Label(item_id="a", annotator=None, rubric="harm", value="1", kind="human")], source="s")
        store.add_outputs([Output(item_id="a", prompt="p", response="another")])
    assert run(["export", str(tmp_path / "out.jsonl"), "--store", str(tmp_path / "a.db"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["left_out"] == {"judgements_of_no_output": 1, "labels_of_an_earlier_text": 1}
    assert (told["outputs"], told["judgements"], told["labels"]) == (1, 0, 0)


@pytest.mark.parametrize("verb", ["import", "export"])
@pytest.mark.parametrize("store", ["nowhere/audit.db", "mysql://h/db"])
def test_a_store_that_cannot_be_opened_is_one_line(
    tmp_path: Path, verb: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(_write(tmp_path))] if verb == "import" else []
    assert run([verb, *files, "--store", store if "://" in store else str(tmp_path / store)]) == 2
    told = capsys.readouterr()
    assert store.partition("/")[0].removesuffix(":") in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_store_that_is_not_there_is_not_made_by_an_export(tmp_path: Path) -> None:
    assert run(["export", "--store", str(tmp_path / "a.db")]) == 2
    assert list(tmp_path.iterdir()) == []
