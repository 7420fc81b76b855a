"""Import files into a store: outputs, and recorded verdicts and labels where a file has them.

Reads JSON Lines in the interchange form with everything in it, and the outputs of other tables. Reading a file again adds
nothing; nothing that was kept is overwritten.

  judgeaudit import outputs.jsonl labelled.jsonl --store audit.db
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json


def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE..", help="The files: csv, tsv, jsonl or parquet.")],
    store: Annotated[str, typer.Option("--store", metavar="URL", help="SQLite file, or URL of a database.")],
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="NAME", help="Where verdicts and labels without a rubric belong.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Text encoding; default: UTF-8.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Read each file into the store and say what was new."""
    from judgeaudit.engine.importing import import_file
    from judgeaudit.store import Store

    with Store.open(store) as opened:
        done = {str(path): import_file(opened, path, rubric=rubric, encoding=encoding) for path in files}
    if json:
        echo_json([{"file": name, **asdict(imported)} for name, imported in done.items()])
        return
    for name, imported in done.items():
        parts = {"outputs": imported.outputs, "judgements": imported.judgements, "labels": imported.labels}
        told = [
            f"{what}: {n.new} new, {n.changed} changed, {n.same} as before"
            for what, n in parts.items()
            if n.new or n.changed or n.same
        ]
        echo(f"{name}: {'; '.join(told) or 'nothing'}")
        for reason, count in imported.left_out.items():
            echo(f"{name}: {count} left out: {reason.replace('_', ' ')}", stderr=True)
