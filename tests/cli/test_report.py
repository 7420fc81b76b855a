from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit import audit_file
from judgeaudit.cli import run
from judgeaudit.model import Audit, Estimate

AUDIT = Audit(
    name="t",
    judges=({"name": "j"},),
    rubrics=({"name": "harm", "positive": ["1"]},),
    estimates=(
        Estimate(
            measure="positive_rate", rubric="harm", judge="j", scale="binary", value=0.5, n=10, k=5, low=0.2, high=0.8
        ),
    ),
)


def test_the_report_is_written_beside_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit_file.write(tmp_path / "audit.json", AUDIT)
    assert run(["report", str(tmp_path / "audit.json")]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(tmp_path / "report.html"), str(tmp_path / "report.md")]
    assert "disagreements.jsonl" in told.err
    assert "5 of 10" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_another_folder_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit_file.write(tmp_path / "audit.json", AUDIT)
    assert run(["report", str(tmp_path / "audit.json"), "--out", str(tmp_path / "new"), "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [Path(f).parent for f in files] == [tmp_path / "new"] * 2
    assert all(Path(f).is_file() for f in files)


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_a_file_that_is_no_audit_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    place = tmp_path / "audit.json"
    if content is not None:
        place.write_text(content)
    assert run(["report", str(place)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "audit.json" in told.err


def test_a_folder_that_cannot_be_written_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit_file.write(tmp_path / "audit.json", AUDIT)
    (tmp_path / "taken").write_text("a file")
    assert run(["report", str(tmp_path / "audit.json"), "--out", str(tmp_path / "taken" / "x")]) == 2
    assert "taken" in capsys.readouterr().err
