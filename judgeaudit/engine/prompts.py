"""Prompts to collect outputs for: one a line of a text file, or rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from judgeaudit.engine.collecting import Prompt
from judgeaudit.errors import InputError, nearest
from judgeaudit.readers._open import open_text
from judgeaudit.readers._read import reader_of

_IDS = ("id", "prompt_id", "item_id")


def read_prompts(path: Path) -> list[Prompt]:
    """Prompts of a file, in order.

    ``.txt``: each line that is not blank. A table (csv, tsv, jsonl, ...): a column `prompt`; ids from `id` (or `prompt_id`,
    `item_id`), else the number of the line; all other columns are kept with each output.

    Raises
    ------
    InputError
        Missing, empty, undecodable or torn file, no column `prompt`, an id that stands twice.
    """
    made = list(_prompts(path))
    if not made:
        raise InputError("there are no prompts", where=str(path), next_step="give one a line")
    seen: dict[str, int] = {}
    for number, prompt in enumerate(made, 1):
        if prompt.id in seen:
            raise InputError("an id stands twice", where=f"{path}: prompt {number}", got=repr(prompt.id))
        seen[prompt.id] = number
    return made


def _prompts(path: Path) -> Iterator[Prompt]:
    if path.suffix.lower() != ".txt":
        for number, row in reader_of(path).rows(path):
            yield _prompt(path, number, row)
        return
    with open_text(path, None, newline="\n") as opened:
        for number, line in enumerate(opened.text, 1):
            if line.strip():
                yield Prompt(id=str(number), text=line.removesuffix("\n").removesuffix("\r"))


def _prompt(path: Path, number: int, row: Mapping[str, Any]) -> Prompt:
    where = f"{path}: line {number}"
    if "prompt" not in row:
        raise InputError("missing column", where=where, expected="'prompt'", next_step=nearest("prompt", row))
    if not isinstance(row["prompt"], str) or not row["prompt"]:
        raise InputError("no text", where=f"{where}: prompt", got=repr(row["prompt"]), expected="the prompt")
    name = next((key for key in _IDS if row.get(key) not in (None, "")), None)
    meta = {key: value for key, value in row.items() if key not in ("prompt", name)}
    return Prompt(id=str(number if name is None else row[name]), text=row["prompt"], meta=meta)
