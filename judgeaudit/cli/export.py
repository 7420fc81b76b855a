"""Export a store as JSON Lines in the interchange form, one object an output.

`judgeaudit check` and `judgeaudit import` read it; importing it into another store loses nothing.

  judgeaudit export labelled.jsonl --store audit.db
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json


def run(
    store: Annotated[str, typer.Option("--store", metavar="URL", help="SQLite file, or URL of a database.")],
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to write; default: stdout.")] = None,
    json: JsonFlag = False,
) -> None:
    """Write what counts in the store."""
    from judgeaudit.engine.importing import store_records
    from judgeaudit.readers import interchange_lines, write_interchange
    from judgeaudit.store import Store

    with Store.open(store, create=False) as opened:
        records = store_records(opened)
    for reason, count in records.left_out.items():
        echo(f"{count} left out: {reason.replace('_', ' ')}", stderr=True)
    if file is None:
        sys.stdout.flush()
        for line in interchange_lines(records):
            sys.stdout.buffer.write(line)
        return
    write_interchange(records, file)
    counts = {
        "outputs": len(records.outputs),
        "judgements": len(records.judgements),
        "labels": len(records.labels) + len(records.references),
    }
    if json:
        echo_json({"file": str(file), **counts, "left_out": dict(records.left_out)})
    else:
        echo(f"{file}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
