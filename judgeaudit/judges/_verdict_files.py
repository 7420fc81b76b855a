"""Files of verdicts: CSV, TSV or JSON Lines with an item id and a verdict a row, and the interchange form's `judge_verdicts`."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from judgeaudit.errors import InputError, nearest

VERDICTS = "judge_verdicts"
_BIG_CELL = 2**31 - 1
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_JSON = (".jsonl", ".ndjson")


def read_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The file's rows with their line numbers: text cells of a CSV or TSV file, the objects of a JSON Lines file.

    Raises
    ------
    InputError
        The file is missing, empty, of an unknown form, undecodable, ragged or torn.
    """
    suffix = path.suffix.lower()
    if suffix not in _DELIMITERS and suffix not in _JSON:
        known = ", ".join((*_DELIMITERS, *_JSON))
        raise InputError("unknown form of file", where=str(path), got=repr(suffix), expected=f"one of {known}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("cannot be read", where=str(path), got=error.strerror or type(error).__name__) from error
    text = _decode(content, path)
    rows = list(_objects(text, path) if suffix in _JSON else _cells(text, _DELIMITERS[suffix], path))
    if not rows:
        raise InputError("no rows", where=str(path), expected="a row for each verdict")
    return rows


def columns_of(
    rows: list[tuple[int, dict[str, Any]]], wanted: Mapping[str, str], chosen: frozenset[str], path: Path
) -> list[tuple[str, dict[str, Any]]]:
    """(item id, answer) of each row: of `wanted` (our name to the file's) what the row has.

    `item_id` and the columns in `chosen` must stand in some row. A JSON row without a verdict's key has an answer without it.

    Raises
    ------
    InputError
        A column is missing, an item id is blank or stands there twice.
    """
    present = {key for _, row in rows for key in row}
    for ours in sorted(chosen | {"item_id"}):
        if wanted[ours] not in present:
            hint = nearest(wanted[ours], present)
            raise InputError("missing column", where=str(path), got=repr(wanted[ours]), next_step=hint)
    return [
        (item, {ours: row[theirs] for ours, theirs in wanted.items() if ours != "item_id" and theirs in row})
        for item, row in _by_item(rows, wanted["item_id"], path)
    ]


def verdicts_of(rows: list[tuple[int, dict[str, Any]]], judge: str | None, path: Path) -> dict[str, dict[str, Any]]:
    """For each item of an interchange file what it has of one judge: by rubric, "" where the key names none.

    Parameters
    ----------
    judge
        The judge's name in the file; None: the only one that the file has, if no slash is in it.

    Raises
    ------
    InputError
        The file has no such judge, or several and none was named; a row's `judge_verdicts` is no object; and as `columns_of`.
    """
    found: dict[str, dict[str, Any]] = {}
    keys: dict[str, None] = {}
    for item, row in _by_item(rows, "item_id", path):
        verdicts = row.get(VERDICTS) or {}
        if not isinstance(verdicts, dict):
            raise InputError(f"`{VERDICTS}` is no object", where=f"{path}: item {item!r}", got=type(verdicts).__name__)
        found[item] = verdicts
        keys |= dict.fromkeys(verdicts)
    known = {key if key in (judge, None) else key.rpartition("/")[0] or key for key in keys}
    # A slash may belong to the judge's name or part it from a rubric; only a named judge tells which.
    if judge is None and len(keys) == 1 and known == set(keys):
        judge = next(iter(known))
    if judge is None or judge not in known:
        got = "none named" if judge is None else repr(judge)
        raise InputError("which judge's verdicts?", where=str(path), got=got, next_step=nearest(judge or "", known))
    rubric_of = {key: key[len(judge) + 1 :] for key in keys if key == judge or key.startswith(judge + "/")}
    return {item: {rubric_of[k]: v for k, v in verdicts.items() if k in rubric_of} for item, verdicts in found.items()}


def _by_item(rows: list[tuple[int, dict[str, Any]]], column: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: dict[str, int] = {}
    for line, row in rows:
        raw = row.get(column)
        item = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        where = f"{path}:{line}"
        if not isinstance(item, str) or not item:
            raise InputError("no item id", where=where, got=repr(raw)[:60])
        if item in seen:
            first = f"other than line {seen[item]}"
            raise InputError("an item id stands there twice", where=where, got=repr(item), expected=first)
        seen[item] = line
        yield item, row


def _decode(content: bytes, path: Path) -> str:
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path}: byte {error.start}"
        raise InputError(
            "cannot be decoded", where=where, expected="UTF-8, or UTF-16 with a byte order mark"
        ) from error


def _objects(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(
                "torn JSON", where=f"{path}:{number}", got=type(error).__name__, expected="one object a line"
            ) from error
        if not isinstance(row, dict):
            raise InputError("not a JSON object", where=f"{path}:{number}", got=type(row).__name__)
        yield number, row


def _cells(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    limit = csv.field_size_limit(_BIG_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        head = next(reader, [])
        if len(set(head)) < len(head):
            twice = next(name for name in head if head.count(name) > 1)
            raise InputError("a column stands there twice", where=str(path), got=repr(twice))
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise InputError("cannot be read as a table", where=f"{path}:{reader.line_num}", got=str(error)) from error
    finally:
        csv.field_size_limit(limit)
    for number, row in rows:
        if len(row) != len(head):
            raise InputError("ragged row", where=f"{path}:{number}", got=f"{len(row)} cells", expected=f"{len(head)}")
        yield number, dict(zip(head, row, strict=True))
