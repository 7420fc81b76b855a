from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit.cli import run
from judgeaudit.cli.init import FILES
from judgeaudit.config import read_audit_config


def test_it_writes_an_audit_that_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "first"
    assert run(["init", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == [str(folder / name) for name in FILES]
    config = read_audit_config(folder / "audit.yaml")
    assert config.policy is not None
    named = [
        *(config.outputs.files if config.outputs else ()),
        *(labels.file for labels in config.labels),
        config.policy,
    ]
    assert [config.path(path).is_file() for path in named] == [True] * len(named)


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "labels.csv").write_text("mine")
    assert run(["init", str(tmp_path)]) == 2
    assert str(tmp_path / "labels.csv") in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    assert (tmp_path / "labels.csv").read_text() == "mine"


@pytest.mark.parametrize("place", ["/proc/first", "FILE/first"])
def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "FILE").write_text("")
    assert run(["init", str(tmp_path / place)]) == 2
    err = capsys.readouterr().err
    assert str(tmp_path / place) in err
    assert err.count("\n") == 1
