"""The verb `recalibrate`, run as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from judgeaudit import Recalibrator
from judgeaudit.cli import run


@pytest.fixture
def verdicts(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    x = rng.normal(0, 2, 300)
    p, y = 1 / (1 + np.exp(-x)), rng.uniform(size=300) < 1 / (1 + np.exp(-0.4 * x))
    rows = [f"a{i},{int(q > 0.5)},{q:.4f},{int(t)}" for i, (q, t) in enumerate(zip(p, y, strict=True))]
    place = tmp_path / "verdicts.csv"
    place.write_text("\n".join(["name,guard,p,h1", *rows]), encoding="utf-8")
    return place


def test_fit_then_apply(verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge = ["--judge", "guard", "--score", "guard=p", "--id", "name"]
    kept, rescored = tmp_path / "guard.json", tmp_path / "rescored.jsonl"
    fitted = ["recalibrate", str(verdicts), *judge, "--human", "h1", "--positive", "1", "--out", str(kept)]
    assert run(fitted) == 0
    shown = capsys.readouterr().out
    assert "recalibration helps" in shown
    assert str(kept) in shown.replace("\n", "")
    assert run([*fitted, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(kept.read_text(encoding="utf-8"))
    assert run(["recalibrate", str(verdicts), *judge, "--apply", str(kept), "--out", str(rescored)]) == 0
    assert "300 of 300" in capsys.readouterr().out
    lines = [json.loads(line) for line in rescored.read_text(encoding="utf-8").splitlines()]
    assert [line["item_id"] for line in lines][:2] == ["a0", "a1"]
    one = Recalibrator.from_json(kept)
    assert lines[0]["recalibrated"] == pytest.approx(one(lines[0]["score"]), abs=1e-9)
    assert run(["recalibrate", str(verdicts), *judge, "--apply", str(kept)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 300


JUDGE = ["--judge", "guard", "--score", "guard=p", "--id", "name"]
FIT = [*JUDGE, "--human", "h1", "--positive", "1"]


def _changed(verdicts: Path, change: Callable[[int, list[str]], list[str]]) -> None:
    head, *rows = [line.split(",") for line in verdicts.read_text(encoding="utf-8").splitlines()]
    lines = [head, *(change(i, row) for i, row in enumerate(rows))]
    verdicts.write_text("\n".join(map(",".join, lines)), encoding="utf-8")


def test_what_is_left_out_is_counted_by_reason(verdicts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def without(i: int, row: list[str]) -> list[str]:
        name, verdict, p, label = row
        return [name, verdict, "" if i < 50 else p, "" if 40 <= i < 70 else label]

    _changed(verdicts, without)
    assert run(["recalibrate", str(verdicts), *FIT]) == 0
    shown = capsys.readouterr().out
    assert "230 labelled" in shown
    assert "50 with no score" in shown
    assert "20 with no settled label" in shown


def test_scores_of_the_other_value_are_told(verdicts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However small a recalibrator makes the Brier score of such scores, they still rank outputs the wrong way round."""
    assert run(["recalibrate", str(verdicts), *FIT]) == 0
    assert "warning" not in capsys.readouterr().out
    _changed(verdicts, lambda i, row: [*row[:2], f"{1 - float(row[2]):.4f}", row[3]])
    for method in ("temperature", "beta"):
        assert run(["recalibrate", str(verdicts), *FIT, "--method", method]) == 0
        assert "warning" in capsys.readouterr().out


def test_scores_of_another_judge_are_told(verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = str(tmp_path / "guard.json")
    assert run(["recalibrate", str(verdicts), *FIT, "--out", kept]) == 0
    apply = ["--apply", kept, "--out", str(tmp_path / "rescored.jsonl")]
    assert run(["recalibrate", str(verdicts), *JUDGE, *apply]) == 0
    assert capsys.readouterr().err == ""
    other = ["--judge", "second=guard", "--score", "second=p", "--id", "name"]
    assert run(["recalibrate", str(verdicts), *other, *apply]) == 0
    told = capsys.readouterr().err
    assert "'guard'" in told
    assert "'second'" in told


@pytest.mark.parametrize("text", ["[" * 100_000, '{"schema": ' + "1" * 5000 + "}", "\x00"])
def test_a_hostile_file_is_one_line(
    verdicts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "bad.json").write_text(text)
    assert run(["recalibrate", str(verdicts), *JUDGE, "--apply", str(tmp_path / "bad.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--judge", "guard", "--human", "h1", "--positive", "1"], "--score"),
        (["--judge", "guard", "--score", "guard=p", "--positive", "1"], "--human"),
        (["--judge", "guard", "--score", "guard=p", "--human", "h1", "--positive", "1", "--method", "plat"], "platt"),
        (["--judge", "guard", "--score", "guard=p", "--apply", "nowhere.json"], "nowhere.json"),
    ],
)
def test_a_wrong_request_is_one_line(
    verdicts: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    assert run(["recalibrate", str(verdicts), *arguments]) == 2
    told = capsys.readouterr().err
    assert word in told
    assert len(told.splitlines()) == 1
