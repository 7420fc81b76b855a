"""JSON Lines, one object a row: plain tables with dotted paths, and the interchange form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from judgeaudit.errors import InputError
from judgeaudit.readers._codes import ABSENT, Encoder
from judgeaudit.readers._interchange import read_interchange
from judgeaudit.readers._lines import open_lines
from judgeaudit.readers._paths import getter, known_paths
from judgeaudit.readers._table import Needs, Table, missing_column, to_floats, to_text
from judgeaudit.table import Floats

SUFFIXES = (".jsonl", ".ndjson")

_CHUNK = 2048


def read(path: Path, needs: Needs, encoding: str | None = None) -> Table:
    """The columns asked for; a dotted path leads inside objects.

    Raises
    ------
    InputError
        Torn JSON, a path that no object has, an object where a single value is needed.
    """
    wanted = needs.all
    getters = [getter(p) for p in wanted]
    encoders = {c: Encoder(f"{path.name}, {c!r}") for c in needs.codes}
    texts: dict[str, list[str]] = {c: [] for c in needs.texts}
    numbers: dict[str, list[Floats]] = {c: [] for c in needs.numbers}
    absent = set(wanted)
    first: list[dict[str, Any]] = []
    n = 0
    with open_lines(path, encoding) as lines:
        records = iter(lines)
        while chunk := list(islice(records, _CHUNK)):
            first = first or [record for _, record in chunk[:100]]
            at = [line for line, _ in chunk]
            columns = dict(zip(wanted, zip(*([g(r) for g in getters] for _, r in chunk), strict=True), strict=False))
            absent -= {c for c in absent if any(cell is not ABSENT for cell in columns[c])}
            for name, encoder in encoders.items():
                encoder.add_any(columns[name], at)
            for name, cells in texts.items():
                cells.extend(_texts(columns[name], f"{path.name}, {name!r}", at))
            for name, parts in numbers.items():
                cells_or_none = [None if cell is ABSENT else cell for cell in columns[name]]
                parts.append(to_floats(cells_or_none, f"{path.name}, {name!r}", n + 1))
            n += len(chunk)
        if not n:
            raise InputError("the file has no rows", where=path.name, expected="one JSON object a line")
        if absent:
            raise missing_column(path.name, min(absent), known_paths(first))
        return Table(
            name=path.name,
            sha256=lines.sha256,
            n=n,
            codes={name: encoder.column() for name, encoder in encoders.items()},
            texts=texts,
            numbers={name: np.concatenate(parts) for name, parts in numbers.items()},
            left_out={"blank_line": lines.blank} if lines.blank else {},
        )


def rows(path: Path, encoding: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """All objects, each with its line."""
    with open_lines(path, encoding) as lines:
        n = 0
        for line, record in lines:
            n += 1
            yield line, record
        if not n:
            raise InputError("the file has no rows", where=path.name, expected="one JSON object a line")


def columns(path: Path, encoding: str | None = None) -> list[str]:
    """Paths to single values in the first objects."""
    with open_lines(path, encoding) as lines:
        return known_paths(record for _, record in islice(iter(lines), 100))


def _texts(cells: Sequence[Any], where: str, lines: Sequence[int]) -> list[str]:
    if set(map(type, cells)) == {str}:
        return list(cells)
    return [to_text(cell, f"{where}, line {line}") for cell, line in zip(cells, lines, strict=True)]


__all__ = ["SUFFIXES", "columns", "read", "read_interchange", "rows"]
