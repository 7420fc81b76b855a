"""The report's files, each written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from judgeaudit.model import Audit
from judgeaudit.report import html, markdown
from judgeaudit.report._beside import look
from judgeaudit.report._decision import Decided
from judgeaudit.report._drawer import Drawer
from judgeaudit.text import utf8

HTML, MARKDOWN = "report.html", "report.md"


def write(
    audit: Audit,
    out: Path,
    *,
    decision: Decided | None = None,
    items: Iterable[Mapping[str, Any]] | None = None,
    redact: bool = False,
    folder: Path | None = None,
    drawer: Drawer | None = None,
) -> list[Path]:
    """Write `report.html` and `report.md` into the folder `out`, which is made where it is missing.

    Parameters
    ----------
    folder
        Where the audit lies, and beside it perhaps its stress test; None: in `out`.
    drawer
        Who draws the charts; None: this process.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; earlier files are untouched.
    """
    beside = look(folder or out, out)
    texts = {
        HTML: html.render(audit, decision=decision, items=items, redact=redact, beside=beside, drawer=drawer),
        MARKDOWN: markdown.render(audit, decision=decision),
    }
    out.mkdir(parents=True, exist_ok=True)
    return [whole(out / name, text) for name, text in texts.items()]


def whole(place: Path, text: str) -> Path:
    """Write a file whole or not at all: to one beside it that is then renamed."""
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(utf8(text))
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return place
