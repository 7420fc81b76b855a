"""A table file to the inputs of its audits, by the format that its name tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from judgeaudit import kinds
from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.readers._columns import build, needs
from judgeaudit.readers._request import CheckRequest
from judgeaudit.table import AuditInput

PACKAGE = "judgeaudit.readers"


def read_table(path: Path, request: CheckRequest) -> list[AuditInput]:
    """Read a table of verdicts and labels; one input a rubric.

    Parameters
    ----------
    path
        A csv, tsv, jsonl or parquet file. JSON Lines in the interchange form need no column named.

    Raises
    ------
    InputError
        The file cannot be used as it is: the message says what, where, and what to do.
    ConfigError
        The request does not fit the file.
    """
    module = reader_of(path)
    if hasattr(module, "read_interchange") and (found := module.read_interchange(path, request)) is not None:
        return list(found)
    if not request.names_columns and request.reference_column is None:
        known = ", ".join(repr(c) for c in module.columns(path, request.encoding)[:24])
        raise ConfigError("no column is named", where=path.name, expected=f"--judge or --human with one of {known}")
    return [build(module.read(path, needs(request), request.encoding), request)]


def reader_of(path: Path) -> Any:
    """The module that reads files with this name's ending.

    Raises
    ------
    InputError
        No format has that ending.
    """
    suffix = path.suffix.lower()
    known: list[str] = []
    for module in kinds.load_all(PACKAGE):
        if suffix in module.SUFFIXES:
            return module
        known += module.SUFFIXES
    what = "the file's name does not tell its format" if suffix else "the file's name has no ending"
    raise InputError(what, where=path.name, got=repr(suffix), next_step=nearest(suffix, known))
