"""`judgeaudit list`: kinds, and the measured figures of modes."""

from __future__ import annotations

import json

import pytest

from judgeaudit import kinds
from judgeaudit.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["list", *arguments])
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


def test_measured_prints_all_modes_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "modes", "--measured")
    heads = [line for line in out.splitlines()[1:] if not line.startswith(" ")]
    assert code == 0
    assert heads == ["degenerate", *kinds.names("judgeaudit.modes")]
    assert out.count("recall on our own generators (truth: construction)") == len(heads) - 1


def test_measured_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "modes", "--measured", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {row["mode"] for row in rows} == {"degenerate", *kinds.names("judgeaudit.modes")}
    assert all(row["said"].startswith("not measured: ") == (row["n"] is None) for row in rows)


def test_only_modes_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "judges", "--measured")
    assert code == 2
    assert "list modes --measured" in err
