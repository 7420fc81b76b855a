from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judgeaudit.model import Audit
from judgeaudit.report import html, markdown
from judgeaudit.report._write import write


def test_the_files_hold_what_was_rendered_and_missing_folders_are_made(
    audit: Audit, items: list[dict[str, Any]], tmp_path: Path
) -> None:
    written = write(audit, tmp_path / "a" / "b", items=items)
    assert [p.name for p in written] == ["report.html", "report.md"]
    assert written[0].read_bytes().decode() == html.render(audit, items=items)
    assert written[1].read_bytes().decode() == markdown.render(audit)
    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == ["report.html", "report.md"]


def test_an_earlier_report_stays_whole_when_a_new_one_cannot_be_written(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(audit, tmp_path)
    before = (tmp_path / "report.html").read_bytes()

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(audit, tmp_path, items=[])
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.html", "report.md"]
