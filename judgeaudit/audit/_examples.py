"""Which outputs are shown as examples: for every cell of the mode x judge tables a few that it counts, of different texts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from judgeaudit.audit._context import Context, Small
from judgeaudit.audit._judges import answer_kinds_of
from judgeaudit.slices import Items, Slice
from judgeaudit.table import NOT_ASKED

EACH = 3
"""Outputs wanted for what a cell counts: enough to see a pattern."""
MOST_EXAMPLES = 2000
"""Outputs a rubric that cells may ask for; one for each cell goes before a second for any."""
_LOOKED_AT = 64

_Outcomes = npt.NDArray[np.int8]
_NONE, _TRUE_NEGATIVE, _MISSED, _OVER, _TRUE_POSITIVE, _UNSCORED = range(6)
_RIGHT, _WRONG = 1, 2
_ANSWERED_NEGATIVE, _ANSWERED_POSITIVE, _ANSWERED_NOT = 0, 1, 3
_Wanted = tuple[int, tuple[int, ...]]
"""What a cell counts, up to `EACH` of it; where there is none of it, one of the first of these that is there."""
_BINARY: tuple[_Wanted, ...] = ((_OVER, (_TRUE_NEGATIVE, _UNSCORED)), (_MISSED, (_TRUE_POSITIVE, _UNSCORED)))
_FULL: tuple[_Wanted, ...] = ((_WRONG, (_RIGHT, _UNSCORED)),)
_ANSWERS: tuple[_Wanted, ...] = ((_ANSWERED_POSITIVE, (_ANSWERED_NOT, _ANSWERED_NEGATIVE)),)


def examples(context: Context, rank: Items) -> set[int]:
    """Places of the examples, at most `MOST_EXAMPLES`.

    Each cell of a judge on a mode or a part of coherence gets up to 3 outputs of different texts: of what the judge called
    positive wrongly, and of what it missed, by each kind of labels; without labels by persons or by construction, of what
    it called positive. Where it did none of that, one output that it judged rightly, or left without a verdict, or did not
    call positive.

    Parameters
    ----------
    rank
        (n,) the place of each item in the order worst first: worse examples are preferred.
    """
    chosen: set[int] = set()
    cells = list(_cells(context, rank))
    for depth in range(EACH):
        for cell in cells:
            if len(chosen) >= MOST_EXAMPLES:
                return chosen
            chosen.update(cell[depth : depth + 1])
    return chosen


def _cells(context: Context, rank: Items) -> Iterator[list[int]]:
    columns = [column for judge in context.own for column in _columns(context, judge)]
    for part in context.slices:
        if not _stands_in_table(part):
            continue
        items = part.items[np.argsort(rank[part.items])]
        for column, wanted in columns:
            inside = column[items]
            for first, instead in wanted:
                found = _different(context, items[inside == first], EACH)
                for code in instead:
                    found = found or _different(context, items[inside == code], 1)
                yield found


def _stands_in_table(part: Slice) -> bool:
    return part.detected and "&" not in part.name


def _columns(context: Context, judge: str) -> Iterator[tuple[_Outcomes, tuple[_Wanted, ...]]]:
    """For each table that the judge stands in: (n,) what it did with each item, and what the table's cells count."""
    scale = context.scales[0]
    size = context.size(scale)
    unscored = context.judges[judge][0].codes < NOT_ASKED
    for reference in context.references.values():
        truth = context.on_scale(reference.codes, scale)
        yield (
            _outcomes(context.padded[scale, judge], truth, size, unscored, scale),
            _BINARY if scale == "binary" else _FULL,
        )
    if context.default is None and context.binary is not None:
        yield answer_kinds_of(context, judge).astype(np.int8), _ANSWERS


def _outcomes(own: Small, truth: Small, size: int, unscored: npt.NDArray[np.bool_], scale: str) -> _Outcomes:
    both = (own < size) & (truth < size)
    did = 1 + own * 2 + truth if scale == "binary" else np.where(own == truth, _RIGHT, _WRONG)
    return np.where(both, did, unscored * _UNSCORED).astype(np.int8)


def _different(context: Context, items: Items, count: int) -> list[int]:
    """The first items of different texts; without texts the first items."""
    if context.texts is None:
        return [int(i) for i in items[:count]]
    first: dict[int, int] = {}
    for i in items[:_LOOKED_AT]:
        first.setdefault(int(context.texts[i]), int(i))
    if len(first) < count and len(items) > _LOOKED_AT:
        return _different_of_many(items, context.texts[items], count)
    return list(first.values())[:count]


def _different_of_many(items: Items, texts: npt.NDArray[np.int32], count: int) -> list[int]:
    places = np.sort(np.unique(texts, return_index=True)[1])[:count]
    return [int(i) for i in items[places]]
