from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from judgeaudit import kinds
from judgeaudit.errors import ConfigError

FOLDERS = ["findings", "judges", "measures", "models", "modes", "readers", "references", "cli"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_is_the_registry(folder: str) -> None:
    names = kinds.names(f"judgeaudit.{folder}")
    files = {p.stem for p in (Path(kinds.__file__).parent / folder).glob("[!_]*.py")}
    assert set(names) == files
    assert names == sorted(names)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_kind_says_what_it_is(folder: str) -> None:
    for kind in kinds.names(f"judgeaudit.{folder}"):
        assert kinds.summary(f"judgeaudit.{folder}", kind), f"{folder}/{kind}.py has no docstring"


def test_unknown_kinds_name_the_nearest() -> None:
    with pytest.raises(ConfigError, match="'openai'"):
        kinds.load("judgeaudit.judges", "opnai")


def test_listing_imports_nothing() -> None:
    code = (
        "import sys; from judgeaudit import kinds; room = 'judgeaudit.judges';"
        "[kinds.summary(room, k) for k in kinds.names(room)];"
        "sys.exit(str([m for m in sys.modules if m.startswith('judgeaudit.judges.')] or '') or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_outside_package_adds_a_kind_by_an_entry_point(tmp_path: Path) -> None:
    """A package elsewhere, with nothing but a module and its metadata."""
    (tmp_path / "outside_kind.py").write_text('"""A kind from elsewhere."""\nMARK = 1\n', encoding="utf-8")
    metadata = tmp_path / "outside-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[judgeaudit.findings]\nelsewhere = outside_kind\n", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from judgeaudit import kinds;"
        "assert 'elsewhere' in kinds.names('judgeaudit.findings');"
        "assert kinds.load('judgeaudit.findings', 'elsewhere').MARK == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
