"""Compiled templates are kept, never stale, and never in the way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from judgeaudit.report._compiled import kept


def rendered(folder: Path) -> str:
    return (
        Environment(loader=FileSystemLoader(folder), autoescape=True, bytecode_cache=kept(folder))
        .get_template("t")
        .render()
    )


def test_a_template_is_compiled_once_and_anew_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "t").write_text("{{ 1 + 1 }}")
    assert rendered(tmp_path) == "2"
    (first,) = (tmp_path / "__pycache__").iterdir()
    before = first.stat().st_mtime_ns, first.read_bytes()
    assert rendered(tmp_path) == "2"
    assert (first.stat().st_mtime_ns, first.read_bytes()) == before
    (tmp_path / "t").write_text("{{ 1 + 2 }}")
    assert rendered(tmp_path) == "3"
    assert first.read_bytes() != before[1]


def test_a_broken_file_is_compiled_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "t").write_text("{{ 1 + 1 }}")
    rendered(tmp_path)
    (first,) = (tmp_path / "__pycache__").iterdir()
    first.write_bytes(first.read_bytes()[:-3])
    assert rendered(tmp_path) == "2"


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "t").write_text("x")
    assert rendered(tmp_path) == "x"
    assert not (tmp_path / "__pycache__").exists()


@pytest.mark.parametrize("obstacle", ["folder", "file"])
def test_what_cannot_be_written_costs_time_alone(
    obstacle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place is taken by a file; or it is there and writing fails."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "t").write_text("x")
    if obstacle == "folder":
        (tmp_path / "__pycache__").write_text("")
    else:
        monkeypatch.setattr("tempfile.NamedTemporaryFile", _full)
    assert rendered(tmp_path) == "x"


def _full(*args: object, **settings: object) -> None:
    raise OSError(28, "No space left on device")
