"""Write the report of an audit: one HTML file and a short Markdown summary.

The texts for the disagreement browser are read from disagreements.jsonl beside the audit, if that file is the one which
belongs to it. A stress.json beside the audit, made from the same judges, is shown with its dose-response curves, and the
report leads to stress.html and conclusions.html where those lie in its own folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json


def run(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT.json", help="An audit that was written before.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the report (default: the audit's).")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Replace prompts, responses and rationales by placeholders.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Write report.html and report.md and print where they are.

    Raises
    ------
    InputError
        The audit cannot be read, or a line of disagreements.jsonl is no JSON object.
    """
    from judgeaudit import audit_file
    from judgeaudit.report._disagreements import beside
    from judgeaudit.report._write import write

    read = audit_file.read(audit)
    found = beside(audit, read)
    written = write(
        read, out if out is not None else audit.parent, items=found.items, redact=redact, folder=audit.parent
    )
    if json:
        echo_json({"files": [str(path) for path in written], "disagreements": found.note})
        return
    for path in written:
        echo(str(path))
    echo(found.note, stderr=True)
