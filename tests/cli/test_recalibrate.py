"""The verb `recalibrate`, run as a user runs it."""

from __future__ import annotations

import json
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
