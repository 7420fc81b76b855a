"""`check` passes on what it is told about the people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judgeaudit.cli import run


def table(folder: Path) -> str:
    """40 items on which three people and a judge agree but for one item each."""
    rows = [[str(i % 2)] * 4 for i in range(40)]
    for place in range(4):
        rows[place][place] = "1" if rows[place][place] == "0" else "0"
    path = folder / "t.csv"
    path.write_text("j,a,b,c\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("flags", "epsilon", "said"),
    [([], "0.1", "not stated"), (["--annotators", "expert"], "0.2", "as stated")],
)
def test_who_the_people_are_sets_the_epsilon(
    flags: list[str], epsilon: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [word for name in "abc" for word in ("--human", name)]
    assert run(["check", table(tmp_path), "--judge", "j", *people, "--draws", "100", "--json", *flags]) == 0
    audit = json.loads(capsys.readouterr().out)
    (rate,) = [e for e in audit["estimates"] if e["measure"] == "alt_test_winning_rate" and e["against"] is None]
    assert f"epsilon {epsilon} " in rate["method"]
    assert said in rate["method"]


def test_other_people_are_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", table(tmp_path), "--judge", "j", "--annotators", "wizard"]) == 2
    assert "wizard" in capsys.readouterr().err
