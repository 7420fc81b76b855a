"""What a measure is: a table of counts it needs and a function from that table.

Tables are arrays whose leading axes are free (slices, draws): a measure is computed for all of them at once. Inside a
computation NaN marks "undefined"; it never leaves the audit, where it becomes None with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from judgeaudit.table import Floats

TableKind = Literal[
    "confusion",
    "answers",
    "pair",
    "two_raters",
    "panel",
    "group",
    "test",
    "alt_test",
    "scores",
    "calibration",
    "trials",
    "prevalence",
    "latent",
    "joint",
    "errors",
    "strata",
    "orders",
    "rationales",
]
Scale = Literal["binary", "full"]
Cells = tuple[tuple[int, ...], tuple[int, ...]]

NEGATIVE, POSITIVE = 0, 1
ANSWER_NEGATIVE, ANSWER_POSITIVE, ANSWER_ABSTAINED, ANSWER_UNSCORED = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure.

    Parameters
    ----------
    table
        ``confusion``: (..., V, V) counts, judge's value down, reference's value across; binary: 0 negative, 1 positive.
        ``pair``: the same for two judges. ``answers``: (..., 4) negative, positive, abstained, unscored.
        ``two_raters``: as ``pair``, on all items alone. ``group``: see `_group.py`.
        ``panel``, ``scores``, ``trials``, ``test``, ``alt_test``: see the files of the measures that use them.
    compute
        From the table to values of its leading shape; NaN where undefined.
    reason
        Why the measure is undefined on one table ("code: words"), or None.
    cells
        For a proportion: from V to the flat cells of numerator and denominator.
    parts
        For a signed sum of proportions: their names with signs; the value is factor * sum + offset.
    weights
        linear or quadratic where near misses count in part; None: values are equal or not.
    """

    name: str
    table: TableKind
    scales: tuple[Scale, ...] = ("binary",)
    compute: Callable[[Floats], Floats]
    reason: Callable[[Floats], str | None]
    cells: Callable[[int], Cells] | None = None
    parts: Sequence[tuple[str, int]] = ()
    factor: float = 1.0
    offset: float = 0.0
    weights: str | None = None


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Element-wise quotient; NaN where the denominator is 0.

    Examples
    --------
    >>> import numpy as np
    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1.0), np.nan))


def proportion(
    name: str,
    cells: Callable[[int], Cells],
    empty: str,
    *,
    table: TableKind = "confusion",
    scales: tuple[Scale, ...] = ("binary",),
) -> Measure:
    """A measure that is k of n: sums of cells over sums of cells; `empty` is the reason where n is 0."""

    def compute(t: Floats) -> Floats:
        flat, size = _flat(t, table)
        numerator, denominator = cells(size)
        return ratio(flat[..., list(numerator)].sum(axis=-1), flat[..., list(denominator)].sum(axis=-1))

    def reason(t: Floats) -> str | None:
        flat, size = _flat(t, table)
        return empty if flat[list(cells(size)[1])].sum() <= 0 else None

    return Measure(name=name, table=table, scales=scales, compute=compute, reason=reason, cells=cells)


def _flat(t: Floats, table: TableKind) -> tuple[Floats, int]:
    if table in {"confusion", "pair"}:
        return t.reshape(*t.shape[:-2], -1), t.shape[-1]
    return t, t.shape[-1]


def counts(t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """tp, fp, fn, tn of binary confusion tables."""
    return t[..., 1, 1], t[..., 1, 0], t[..., 0, 1], t[..., 0, 0]


def no_items(t: Floats) -> str | None:
    """The reason of an empty table."""
    return "no_items: no item has both a verdict and a reference" if t.sum() <= 0 else None


def one_class(t: Floats) -> str | None:
    """The reason where the reference has fewer than two classes."""
    if t.sum() <= 0:
        return no_items(t)
    return "one_class: the reference has one class only" if (t.sum(axis=-2) > 0).sum() < 2 else None


def constant_judge(t: Floats) -> str | None:
    """The reason where the reference has one class or the judge gave one value only."""
    found = one_class(t)
    if found:
        return found
    return "constant_judge: the judge gave one value only" if (t.sum(axis=-1) > 0).sum() < 2 else None


def undefined_where(values: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """The values with NaN where the mask holds."""
    return np.where(mask, np.nan, values)
