"""What a file format hands over: the columns asked for, as codes, texts and numbers. A format's module exports

- ``SUFFIXES``: how names of such files end,
- ``read(path, needs, encoding) -> Table``: the columns asked for (for audits: fast and small),
- ``rows(path, encoding) -> Iterator[(line, {column: value})]``: all columns, row by row (for outputs and their meta).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from judgeaudit.errors import InputError, nearest
from judgeaudit.model import as_value, number
from judgeaudit.readers._codes import Column, NoValue
from judgeaudit.table import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The columns wanted from a table, each once a way: as codes, as texts, as numbers."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every column wanted, once."""
        return tuple(dict.fromkeys((*self.codes, *self.texts, *self.numbers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns that were asked for.

    Parameters
    ----------
    name
        The file's name, without its folder.
    sha256
        Of the file's bytes.
    left_out
        Rows that are no items, by reason.
    numbers
        NaN where the cell is empty, null or says nan.
    notes
        What the format's reader decided.
    """

    name: str
    sha256: str
    n: int
    codes: Mapping[str, Column] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, Floats] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> dict[str, Any]:
        """What an audit tells of this input."""
        return {"name": self.name, "sha256": self.sha256, "rows": self.n, "left_out": dict(self.left_out)}


def to_floats(cells: Sequence[Any], where: str, first_row: int) -> Floats:
    """Cells as numbers: NaN where nothing stands there.

    Raises
    ------
    InputError
        A cell is no finite number; the message names its row.
    """
    try:
        if bool not in set(map(type, cells)):
            found: Floats = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
            if not np.isinf(found).any():
                return found
    except (TypeError, ValueError):
        pass
    return np.fromiter((_float(c, where, first_row + i) for i, c in enumerate(cells)), np.float64, len(cells))


def _float(cell: Any, where: str, row: int) -> float:
    value = as_value(cell) if isinstance(cell, (str, int, float, bool, type(None))) else None
    if value is None or value.lower() == "nan":
        if isinstance(cell, (dict, list)):
            raise InputError("a number is needed", where=f"{where}, row {row}", got=type(cell).__name__)
        return float("nan")
    x = number(value)
    if x is None:
        raise InputError("a number is needed", where=f"{where}, row {row}", got=shown(value))
    return x


def to_text(cell: Any, where: str) -> str:
    """A cell as text: text as it is, numbers as values, "" where nothing stands.

    Raises
    ------
    InputError
        The cell is an object or a list.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (dict, list)):
        got = "an object" if isinstance(cell, dict) else "a list"
        raise InputError("text is needed", where=where, got=got)
    return "" if isinstance(cell, NoValue) else as_value(cell) or ""


def missing_column(name: str, wanted: str, known: Iterable[str]) -> InputError:
    """The error for a column that a table does not have."""
    return InputError("missing column", where=name, got=repr(wanted), next_step=nearest(wanted, known))


def shown(text: str, width: int = 40) -> str:
    """A cell of a table for a message: quoted, one line, clipped."""
    from judgeaudit.text import for_terminal

    return "'" + for_terminal(text, width) + "'"
