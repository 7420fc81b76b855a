"""Parquet files, read column by column (needs the extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.readers._codes import ABSENT, Encoder
from judgeaudit.readers._open import sha256
from judgeaudit.readers._paths import getter
from judgeaudit.readers._table import Needs, Table, missing_column, to_floats, to_text
from judgeaudit.table import Floats

SUFFIXES = (".parquet", ".pq")

_BATCH = 16384


def read(path: Path, needs: Needs, encoding: str | None = None) -> Table:
    """The columns asked for; a dotted path leads inside columns of structs.

    Raises
    ------
    ConfigError
        pyarrow is not installed, or an encoding is asked for (parquet text is always UTF-8).
    InputError
        The file is no parquet, has no rows, or lacks a column.
    """
    if encoding is not None:
        raise ConfigError("a parquet file has no text encoding to choose", where=path.name, got=repr(encoding))
    with _open(path) as file:
        absent = set(needs.all)
        top = {column: _top(file.schema_arrow.names, column, path.name) for column in needs.all}
        encoders = {c: Encoder(f"{path.name}, column {c!r}") for c in needs.codes}
        texts: dict[str, list[str]] = {c: [] for c in needs.texts}
        numbers: dict[str, list[Floats]] = {c: [] for c in needs.numbers}
        n = 0
        for batch in file.iter_batches(batch_size=_BATCH, columns=sorted(set(top.values()))):
            cells = {column: _cells(batch, column, own) for column, own in top.items()}
            absent -= {c for c in absent if any(cell is not ABSENT for cell in cells[c])}
            for name, encoder in encoders.items():
                encoder.add_any(cells[name])
            for name, kept in texts.items():
                at = f"{path.name}, column {name!r}, row"
                kept.extend([to_text(cell, f"{at} {row}") for row, cell in enumerate(cells[name], n + 1)])
            for name, parts in numbers.items():
                parts.append(to_floats(cells[name], f"{path.name}, column {name!r}", n + 1))
            n += batch.num_rows
        n = n or file.metadata.num_rows
        known = file.schema_arrow.names
    if not n:
        raise InputError("the table has no rows", where=path.name, expected="at least one row")
    if absent:
        raise missing_column(path.name, min(absent), known)
    return Table(
        name=path.name,
        sha256=sha256(path),
        n=n,
        codes={name: encoder.column() for name, encoder in encoders.items()},
        texts=texts,
        numbers={name: np.concatenate(parts) for name, parts in numbers.items()},
    )


def rows(path: Path, encoding: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """All rows with their numbers from 1."""
    with _open(path) as file:
        n = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                n += 1
                yield n, {name: _plain(cell) for name, cell in row.items()}
    if not n:
        raise InputError("the table has no rows", where=path.name, expected="at least one row")


def columns(path: Path, encoding: str | None = None) -> list[str]:
    """Names of the columns."""
    with _open(path) as file:
        return list(file.schema_arrow.names)


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise ConfigError(
            "parquet files need pyarrow", where=path.name, next_step="install judgeaudit with the extra `parquet`"
        ) from None
    try:
        with path.open("rb") as binary, ParquetFile(binary) as file:
            yield file
    except FileNotFoundError:
        raise InputError("no such file", where=path.name, next_step="check the path") from None
    except IsADirectoryError:
        raise InputError("a folder, not a file", where=path.name, expected="a table") from None
    except (ArrowException, OSError) as error:
        raise InputError("not a readable parquet file", where=path.name, got=str(error).partition("\n")[0]) from None


def _top(names: Sequence[str], column: str, where: str) -> str:
    """The column that a path starts in: the longest that fits."""
    fitting = [name for name in names if column == name or column.startswith(name + ".")]
    if not fitting:
        raise missing_column(where, column, names)
    chosen = max(fitting, key=len)
    if list(names).count(chosen) > 1:
        raise InputError("two columns have one name", where=where, got=repr(chosen), next_step="rename one")
    return chosen


def _cells(batch: Any, column: str, top: str) -> list[Any]:
    cells = [_plain(cell) for cell in batch.column(top).to_pylist()]
    if column == top:
        return cells
    get = getter(column[len(top) + 1 :])
    return [get(cell) if isinstance(cell, Mapping) else ABSENT for cell in cells]


def _plain(cell: Any) -> Any:
    """Values that JSON has as they are; dates, decimals and bytes as text."""
    if cell is None or isinstance(cell, (str, bool, int, float, dict, list)):
        return cell
    return cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else str(cell)
