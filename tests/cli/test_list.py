"""`judgeaudit list`: kinds with their sources, and the measured figures of modes."""

from __future__ import annotations

import io
import json
import re

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


def test_every_measure_stands_with_its_reference(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "measures", "--json")
    rows = {row["name"]: row["reference"] for row in json.loads(out)}
    assert code == 0
    assert list(rows) == kinds.names("judgeaudit.measures")
    without = [
        name for name, source in rows.items() if not re.search(r"(1[6-9]|20)\d\d, |arXiv:\d{4}\.\d{5}", source or "")
    ]
    assert without == []
    _, shown, _ = run(capsys, "measures")
    lines = shown.splitlines()
    for name, source in rows.items():
        (at,) = [i for i, line in enumerate(lines) if line.startswith(f"{name} ")]
        assert lines[at + 1].strip() == f"Source: {source}"


def test_a_kind_without_a_source_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "readers", "--json")
    assert {row["reference"] for row in json.loads(out)} == {None}
    _, out, _ = run(capsys, "readers")
    assert "Source:" not in out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("arguments", [["modes", "--measured"], ["measures"], ["modes"], ["findings"], ["verbs"]])
def test_a_terminal_of_80_columns_shows_all_in_lines_that_fit(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, piped, _ = run(capsys, *arguments)
    monkeypatch.setenv("COLUMNS", "80")
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with pytest.raises(SystemExit):
        main(["list", *arguments])
    shown = screen.getvalue()
    long = [line for line in shown.splitlines() if len(line) > 80 and len(line.split()) > 1]
    assert long == []
    assert shown.split() == piped.split()
