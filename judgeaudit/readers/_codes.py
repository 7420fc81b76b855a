"""Cells to integer codes, column by column, without an object a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit.errors import InputError
from judgeaudit.model import Status, as_value
from judgeaudit.table import NOT_ASKED, STATUS_CODES, Codes

MISSING = STATUS_CODES[Status.MISSING]


class NoValue:
    """Marks a cell that holds a status instead of a value, so that no text can be mistaken for one."""

    __slots__ = ("code",)

    def __init__(self, code: int) -> None:
        self.code = code


STATUS_CELLS = {status: NoValue(code) for status, code in STATUS_CODES.items()}
ABSENT = STATUS_CELLS[Status.SKIPPED]
"""A key that is absent in JSON: not asked, which is not the same as no answer."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values before the scale is known.

    Parameters
    ----------
    codes
        (n,) int32; >= 0: index into `values`; < 0: a status by `judgeaudit.table.CODE_STATUSES`.
    values
        The distinct values as text (`as_value`), in order of first appearance; each stands in at least one cell.
    """

    codes: Codes
    values: tuple[str, ...]

    @property
    def used(self) -> set[str]:
        """The values as a set."""
        return set(self.values)

    def counts(self) -> dict[str, int]:
        """How many items have each value."""
        found = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))
        return {value: int(k) for value, k in zip(self.values, found, strict=True)}

    def renamed(self, names: Mapping[str, str]) -> Column:
        """The column with some values called otherwise; a value called "" becomes missing."""
        if not any(value in names for value in self.values):
            return self
        index: dict[str, int] = {}
        lut = np.empty(len(self.values), dtype=np.int32)
        for i, value in enumerate(self.values):
            to = names.get(value, value)
            lut[i] = index.setdefault(to, len(index)) if to else MISSING
        return Column(recode(self.codes, lut), tuple(index))


def recode(codes: Codes, lut: Codes) -> Codes:
    """Codes >= 0 through a table; statuses stay."""
    if not len(lut):
        return codes
    return np.where(codes >= 0, lut[np.maximum(codes, 0)], codes).astype(np.int32)


class _Index(dict[Any, int]):
    def __missing__(self, raw: Any) -> int:
        code = self[raw] = len(self)
        return code


class Encoder:
    """Collects one column chunk by chunk. Distinct raw cells are few, so what is done a cell is one look-up."""

    def __init__(self, where: str = "") -> None:
        self._where = where
        self._index = _Index()
        self._parts: list[Codes] = []
        self._rows = 0

    def add(self, cells: Sequence[str]) -> None:
        """Add cells that are text."""
        self._parts.append(np.fromiter(map(self._index.__getitem__, cells), dtype=np.int32, count=len(cells)))
        self._rows += len(cells)

    def add_any(self, cells: Sequence[Any], lines: Sequence[int] | None = None) -> None:
        """Add cells of any scalar type; `ABSENT` where there is none. 1, 1.0, "1" are one value, true is another."""
        types = set(map(type, cells))
        if not types <= _SCALARS:
            self._refuse(cells, lines)
        if bool in types or len(types & {int, float}) == 2:
            # 1, 1.0 and True are one dictionary key in Python.
            cells = [as_value(c) if type(c) in _NUMBERS else c for c in cells]
        self.add(cells)

    def column(self) -> Column:
        """The column, with raw cells that spell one value joined."""
        index: dict[str, int] = {}
        lut = np.empty(len(self._index), dtype=np.int32)
        for raw, code in self._index.items():
            if isinstance(raw, NoValue):
                lut[code] = raw.code
                continue
            value = as_value(raw)
            lut[code] = MISSING if value is None else index.setdefault(value, len(index))
        codes = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int32)
        self._parts = []
        return Column(lut[codes] if len(codes) else codes, tuple(index))

    def _refuse(self, cells: Sequence[Any], lines: Sequence[int] | None) -> None:
        at, cell = next((i, c) for i, c in enumerate(cells) if type(c) not in _SCALARS)
        line = f"line {lines[at]}" if lines is not None else f"row {self._rows + at + 1}"
        kind = "an object" if isinstance(cell, dict) else "a list" if isinstance(cell, list) else type(cell).__name__
        raise InputError(
            "a single value is needed",
            where=f"{self._where}, {line}" if self._where else line,
            got=kind,
            expected="text, a number, true, false or null",
            next_step="a dotted path leads inside an object" if isinstance(cell, dict) else "",
        )


_NUMBERS = frozenset({bool, int, float})
_SCALARS = frozenset({str, int, float, bool, type(None), NoValue})


class Cells:
    """Cells of a column that few rows have: which rows, and what stands there."""

    def __init__(self, where: str = "") -> None:
        self._encoder = Encoder(where)
        self._rows: list[npt.NDArray[np.int64]] = []
        self._new_rows: list[int] = []
        self._new: list[Any] = []

    def add(self, row: int, raw: Any) -> None:
        """Add one cell."""
        self._new_rows.append(row)
        self._new.append(raw)

    def flush(self) -> None:
        """Encode what was added, so that the objects can go."""
        if self._new:
            self._encoder.add_any(self._new, [row + 1 for row in self._new_rows])
            self._rows.append(np.array(self._new_rows, dtype=np.int64))
            self._new_rows, self._new = [], []

    def sparse(self) -> tuple[npt.NDArray[np.int64], Column]:
        """The rows, and the cells in the same order."""
        self.flush()
        rows = np.concatenate(self._rows) if self._rows else np.zeros(0, dtype=np.int64)
        self._rows = [rows]
        return rows, self._encoder.column()

    def column(self, n: int) -> tuple[Column, int | None]:
        """The whole column, not asked where no cell was added; and the first row that has two cells, or None."""
        rows, cells = self.sparse()
        codes = np.full(n, NOT_ASKED, dtype=np.int32)
        codes[rows] = cells.codes
        twice = None
        if len(rows) > 1 and (np.diff(rows) <= 0).any():
            distinct, counts = np.unique(rows, return_counts=True)
            twice = int(distinct[counts > 1][0]) if (counts > 1).any() else None
        return Column(codes, cells.values), twice
