"""Prompts to collect outputs for: one a line of a text file, or rows of csv, tsv or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from judgeaudit.engine.collecting import Prompt
from judgeaudit.errors import InputError, nearest

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_IDS = ("id", "prompt_id", "item_id")
_SUFFIXES = (".txt", ".csv", ".tsv", ".jsonl", ".ndjson")


def read_prompts(path: Path) -> list[Prompt]:
    """Prompts of a file, in order.

    ``.txt``: each line that is not blank. ``.csv``, ``.tsv``, ``.jsonl``: a column `prompt`; ids from `id` (or `prompt_id`,
    `item_id`), else the number of the line; all other columns are kept with each output.

    Raises
    ------
    InputError
        Missing, empty, undecodable or torn file, no column `prompt`, an id that stands twice.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError("not a file of prompts", where=str(path), expected="one of " + ", ".join(_SUFFIXES))
    text = _text(path)
    made = list(_prompts(path, text))
    if not made:
        raise InputError("there are no prompts", where=str(path), next_step="give one a line")
    seen: dict[str, int] = {}
    for number, prompt in enumerate(made, 1):
        if prompt.id in seen:
            raise InputError("an id stands twice", where=f"{path}: prompt {number}", got=repr(prompt.id))
        seen[prompt.id] = number
    return made


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("cannot be read", where=str(path), got=error.strerror or "an error") from None
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError("cannot be decoded", where=str(path), got=f"byte {error.start}", expected="UTF-8") from None


def _prompts(path: Path, text: str) -> Iterator[Prompt]:
    suffix = path.suffix.lower()
    if suffix == ".txt":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield Prompt(id=str(number), text=line.removesuffix("\r"))
        return
    rows = _json_rows(path, text) if suffix in (".jsonl", ".ndjson") else _table_rows(path, text, suffix)
    for number, row in rows:
        yield _prompt(path, number, row)


def _prompt(path: Path, number: int, row: Mapping[str, Any]) -> Prompt:
    where = f"{path}: line {number}"
    if "prompt" not in row:
        raise InputError("missing column", where=where, expected="'prompt'", next_step=nearest("prompt", row))
    if not isinstance(row["prompt"], str) or not row["prompt"]:
        raise InputError("no text", where=f"{where}: prompt", got=repr(row["prompt"]), expected="the prompt")
    name = next((key for key in _IDS if row.get(key) not in (None, "")), None)
    meta = {key: value for key, value in row.items() if key not in ("prompt", name)}
    return Prompt(id=str(number if name is None else row[name]), text=row["prompt"], meta=meta)


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError("torn JSON", where=f"{path}: line {number}", got=str(error)) from None
        if not isinstance(row, dict):
            raise InputError("not an object", where=f"{path}: line {number}", got=type(row).__name__)
        yield number, row


def _table_rows(path: Path, text: str, suffix: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if suffix == ".tsv" else ",", strict=True)
    # The module's default limit would refuse a long prompt.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    header: list[str] = []
    try:
        for cells in reader:
            if not header:
                header = cells
            elif len(cells) == len(header):
                yield reader.line_num, dict(zip(header, cells, strict=True))
            elif cells:
                got, wanted = f"{len(cells)} cells", f"{len(header)}"
                raise InputError("ragged row", where=f"{path}: line {reader.line_num}", got=got, expected=wanted)
    except csv.Error as error:
        raise InputError("torn table", where=f"{path}: line {reader.line_num}", got=str(error)) from None
