"""Tables of comma-separated (or tab-, or semicolon-separated) values, read in chunks of rows turned into columns."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from judgeaudit.errors import InputError
from judgeaudit.readers._codes import Encoder
from judgeaudit.readers._open import Opened, open_text
from judgeaudit.readers._table import Needs, Table, missing_column, shown, to_floats
from judgeaudit.table import Floats

SUFFIXES = (".csv", ".tsv")

_CHUNK = 1024  # larger ones leave the processor's cache
_Rows = Iterator[list[str]]


@dataclass(frozen=True, slots=True)
class _Open:
    """A table whose header was read."""

    name: str
    opened: Opened
    rows: Any
    header: list[str]
    notes: tuple[str, ...]


def read(path: Path, needs: Needs, encoding: str | None = None) -> Table:
    """The columns asked for.

    Raises
    ------
    InputError
        The file cannot be read as a table: header only, ragged rows, broken quotes, a column missing or there twice.
    """
    with _open(path, encoding) as table:
        place = {column: _position(table, column) for column in needs.all}
        encoders = {c: Encoder(f"{table.name}, column {c!r}") for c in needs.codes}
        texts: dict[str, list[str]] = {c: [] for c in needs.texts}
        numbers: dict[str, list[Floats]] = {c: [] for c in needs.numbers}
        n = blank = 0
        for columns, skipped in _chunks(path, encoding, table):
            blank += skipped
            if not columns:
                continue
            for name, encoder in encoders.items():
                encoder.add(columns[place[name]])
            for name, cells in texts.items():
                cells.extend(columns[place[name]])
            for name, parts in numbers.items():
                parts.append(to_floats(columns[place[name]], f"{table.name}, column {name!r}", n + 1))
            n += len(columns[0])
        if not n:
            raise InputError("the table has a header and no rows", where=table.name, expected="at least one row")
        return Table(
            name=table.name,
            sha256=table.opened.sha256,
            n=n,
            codes={name: encoder.column() for name, encoder in encoders.items()},
            texts=texts,
            numbers={name: np.concatenate(parts) for name, parts in numbers.items()},
            left_out={"blank_line": blank} if blank else {},
            notes=table.notes,
        )


def rows(path: Path, encoding: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """All rows, each with the line it starts on.

    Raises
    ------
    InputError
        As for `read`; two columns of one name are refused.
    """
    with _open(path, encoding) as table:
        twice = sorted({c for c in table.header if table.header.count(c) > 1})
        if twice:
            raise _duplicate(table.name, twice[0], table.header)
        n = 0
        start = table.rows.line_num + 1
        for row in _rows(table):
            if row:
                if len(row) != len(table.header):
                    raise _ragged(table.name, start, len(row), len(table.header))
                n += 1
                yield start, dict(zip(table.header, row, strict=True))
            start = table.rows.line_num + 1
        if not n:
            raise InputError("the table has a header and no rows", where=table.name, expected="at least one row")


@contextmanager
def _open(path: Path, encoding: str | None) -> Iterator[_Open]:
    # The limit is the csv module's own state. It is only ever raised: lowering it again could break another reader.
    csv.field_size_limit(max(csv.field_size_limit(), min(sys.maxsize, 2**31 - 1)))
    with open_text(path, encoding, newline="") as opened:
        first = _first_lines(opened)
        delimiter, notes = _delimiter(path, first[-1])
        reader = csv.reader(chain(first, opened.text), delimiter=delimiter, strict=True)
        try:
            header = next((row for row in reader if row and (len(row) > 1 or row[0].strip())), [])
        except csv.Error as error:
            raise _broken(path.name, reader.line_num, error) from None
        if not any(name.strip() for name in header):
            raise InputError("no header", where=path.name, expected="names of columns in the first line")
        yield _Open(path.name, opened, reader, [name.strip() for name in header], notes)


def _first_lines(opened: Opened) -> list[str]:
    """The lines up to the first that is not blank."""
    lines = [""]
    for line in opened.text:
        lines.append(line)
        if line.strip():
            break
    return lines[1:] or lines


def _delimiter(path: Path, first: str) -> tuple[str, tuple[str, ...]]:
    """By the file's name; a header without that delimiter but with another one is split there, and a note says so."""
    usual, other = ("\t", ",") if path.suffix.lower() == ".tsv" else (",", "\t")
    if usual in first:
        return usual, ()
    for delimiter, name in ((";", "semicolons"), (other, "tabs" if other == "\t" else "commas")):
        if delimiter in first:
            return delimiter, (f"{path.name} is separated by {name}",)
    return usual, ()


def _position(table: _Open, column: str) -> int:
    count = table.header.count(column)
    if count == 0:
        raise missing_column(table.name, column, (c for c in table.header if c))
    if count > 1:
        raise _duplicate(table.name, column, table.header)
    return table.header.index(column)


def _duplicate(name: str, column: str, header: Sequence[str]) -> InputError:
    places = [str(i + 1) for i, c in enumerate(header) if c == column]
    return InputError(
        "two columns have one name", where=name, got=f"{shown(column)} at {', '.join(places)}", next_step="rename one"
    )


def _rows(table: _Open) -> _Rows:
    try:
        yield from table.rows
    except csv.Error as error:
        raise _broken(table.name, table.rows.line_num, error) from None


def _next_rows(table: _Open) -> list[list[str]]:
    try:
        return list(islice(table.rows, _CHUNK))
    except csv.Error as error:
        raise _broken(table.name, table.rows.line_num, error) from None


def _chunks(path: Path, encoding: str | None, table: _Open) -> Iterator[tuple[list[tuple[str, ...]], int]]:
    """Columns of a chunk of rows, and how many blank lines were left out of it."""
    width = len(table.header)
    while chunk := _next_rows(table):
        columns = _transposed(chunk, width)
        if columns is None:
            raise _first_ragged(path, encoding, table.name, width)
        yield columns, len(chunk) - (len(columns[0]) if columns else 0)


def _transposed(chunk: list[list[str]], width: int) -> list[tuple[str, ...]] | None:
    """Columns of the rows that are no blank lines; None where a row has another width."""
    if len(chunk[0]) == width:
        try:
            return list(zip(*chunk, strict=True))
        except ValueError:
            pass
    full = [row for row in chunk if row]
    return None if any(len(row) != width for row in full) else list(zip(*full, strict=True))


def _first_ragged(path: Path, encoding: str | None, name: str, width: int) -> InputError:
    """The first row of another width; found by reading again, since chunks do not keep lines."""
    with _open(path, encoding) as table:
        start = table.rows.line_num + 1
        for row in _rows(table):
            if row and len(row) != width:
                return _ragged(name, start, len(row), width)
            start = table.rows.line_num + 1
    return InputError("the file changed while it was read", where=name)


def _ragged(name: str, line: int, got: int, width: int) -> InputError:
    return InputError(
        "ragged row",
        where=f"{name}, line {line}",
        got=f"{got} cells",
        expected=f"{width}, as in the header",
        next_step="quote cells that hold the separator",
    )


def _broken(name: str, line: int, error: csv.Error) -> InputError:
    return InputError(
        "broken quotes",
        where=f"{name}, line {line}",
        got=str(error),
        expected='quoted cells with " doubled inside them',
    )


def columns(path: Path, encoding: str | None = None) -> list[str]:
    """Names of the columns."""
    with _open(path, encoding) as table:
        return [c for c in table.header if c]
