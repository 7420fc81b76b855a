"""Tables with what their estimates share, and the draws from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from judgeaudit.audit._context import Options
from judgeaudit.sums.patterns import Patterns
from judgeaudit.sums.resample import Pseudo, draw, generator
from judgeaudit.table import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One table with what its estimates share.

    Parameters
    ----------
    key
        Fields of the estimates' key beside the measure.
    name
        Names the table; with the audit's seed it seeds the draws.
    patterns
        One for each way of resampling; of several intervals the wider is given.
    shape
        Shape of the table.
    unscored
        Unscored items with a negative and a positive reference (or both unknown: the same number twice).
    distinct
        Distinct texts among the items used (""), and by measure where its denominator is a part of them; None where there
        are no texts.
    circular
        Whether the slice was made by the detectors that the judge's verdicts come from.
    pseudo
        Pseudo clusters for the draws of a panel's table; of tables of counts they are worked out.
    """

    key: Mapping[str, Any]
    name: str
    patterns: tuple[Patterns, ...]
    shape: tuple[int, ...]
    left_out: Mapping[str, float] = field(default_factory=dict)
    unscored: tuple[float, float] | None = None
    distinct: Mapping[str, int] | None = None
    circular: bool = False
    pseudo: Pseudo | None = None

    def unseen(self, patterns: Patterns) -> Pseudo | None:
        """Pseudo clusters of the size of an average one: what was not seen, mostly disagreement, is not impossible."""
        if patterns.clusters == 0:
            return None
        one = self.pseudo or _disagreements(self.table)
        if one is None:
            return None
        # A pseudo item of a panel adds what one item adds; of a table of counts as many as a cluster holds.
        return one if self.pseudo else Pseudo(one.sums * float(patterns.total.sum()) / patterns.clusters, one.mass)

    @property
    def table(self) -> Floats:
        """The table itself."""
        return self.patterns[0].total.reshape(self.shape)


def _disagreements(table: Floats) -> Pseudo | None:
    """Off the diagonal of a V x V table one item in all, between its commonest value and each other that is used.

    Of a 2 x 2 x 2 table of two judges and the truth half an item in each cell where the judges differ. It is half an item
    for each way of disagreeing, as in Jeffreys' prior of a proportion. None for tables that are no cross tables.
    """
    if table.shape == (2, 2, 2):
        sums = np.zeros((4, 2, 2, 2))
        sums[[0, 1, 2, 3], [0, 1, 0, 1], [1, 0, 1, 0], [0, 0, 1, 1]] = 1.0
        return Pseudo(sums.reshape(4, 8), np.full(4, 0.5))
    if table.ndim != 2 or table.shape[0] < 2:
        return None
    size = len(table)
    often = table.sum(axis=0) + table.sum(axis=1)
    top = int(often.argmax())
    others = [v for v in range(size) if v != top and often[v] > 0] or [(top + 1) % size]
    cells = [top * size + v for v in others] + [v * size + top for v in others]
    sums = np.zeros((len(cells), size * size))
    sums[np.arange(len(cells)), cells] = 1.0
    return Pseudo(sums, np.full(len(cells), 1.0 / len(cells)))


def draws_of(row: Row, options: Options) -> Floats:
    """(schemes, draws, *shape) resampled tables, one for each way of resampling."""
    drawn = [
        draw(
            patterns,
            options.draws,
            # The first way keeps the table's name, so that one more way of resampling moves no other draw.
            generator(options.seed, f"{row.name}#{scheme}" if scheme else row.name),
            row.unseen(patterns),
        )
        for scheme, patterns in enumerate(row.patterns)
    ]
    return np.stack(drawn).reshape(len(drawn), options.draws, *row.shape)
