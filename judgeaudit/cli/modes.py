"""Find degenerate outputs: loops, floods, noise, leaked tokens and roles, echoes and the like.

Reads csv, tsv, jsonl and parquet, the interchange form included. Shows how many outputs have each mode and how many distinct
texts these are; with --json one object a line and output: item_id, coherence, and the modes with strength and spans.
A detected mode says nothing of harm.

  judgeaudit modes outputs.jsonl
  judgeaudit modes outputs.csv --prompt question --response answer --json
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, console, echo_json
from judgeaudit.text import for_terminal

if TYPE_CHECKING:
    from judgeaudit.modes._detect import Detections

CLIP = 60


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The outputs: csv, tsv, jsonl or parquet.")],
    id: Annotated[
        str | None, typer.Option(metavar="COL", help="Distinct ids; default: item_id, id or row numbers.")
    ] = None,
    prompt: Annotated[
        str | None, typer.Option(metavar="COL", help="What the model was asked; default: prompt.")
    ] = None,
    response: Annotated[str | None, typer.Option(metavar="COL", help="What it answered; default: response.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Text encoding; default: UTF-8.")] = None,
    json: JsonFlag = False,
) -> None:
    """Read the outputs, find their modes and show them.

    Raises
    ------
    InputError
        The file cannot be read as it is.
    """
    from judgeaudit.modes._detect import find
    from judgeaudit.readers import read_outputs

    outputs = read_outputs(file, id=id, prompt=prompt, response=response, encoding=encoding)
    responses = [output.response for output in outputs]
    reasons = [output.finish_reason for output in outputs]
    found = find(responses, prompts=[output.prompt for output in outputs], finish_reasons=reasons)
    if json:
        for i, output in enumerate(outputs):
            echo_json(_entry(output.item_id, found, i), indent=None)
    else:
        _show(file.name, responses, found)


def _entry(item_id: str, found: Detections, index: int) -> dict[str, object]:
    modes = [
        {"mode": hit.mode, "strength": hit.strength, "spans": [list(span) for span in hit.spans]}
        for hit in found.hits.get(index, ())
    ]
    return {"item_id": item_id, "coherence": found.coherence(index), "modes": modes}


def _show(name: str, responses: Sequence[str], found: Detections) -> None:
    from rich.table import Table

    from judgeaudit.modes._detect import COHERENCES, all_modes

    table = Table(title=f"{for_terminal(name, CLIP)}: {len(responses)} outputs", title_justify="left")
    table.add_column("coherence or mode")
    table.add_column("makes degenerate")
    for heading in ("outputs", "share", "distinct texts"):
        table.add_column(heading, justify="right")
    for code, coherence in enumerate(COHERENCES):
        where = [i for i, c in enumerate(found.columns.coherence.tolist()) if c == code]
        table.add_row(coherence, "", *_counts(where, responses), end_section=code == len(COHERENCES) - 1)
    for mode in all_modes():
        where = found.columns.modes[mode.name].nonzero()[0].tolist()
        if where:
            table.add_row(mode.name, "if strong" if mode.degenerate else "no", *_counts(where, responses))
    console().print(table)


def _counts(where: Sequence[int], responses: Sequence[str]) -> tuple[str, str, str]:
    distinct = len({responses[i] for i in where})
    return str(len(where)), f"{len(where) / len(responses):.1%}", str(distinct)
