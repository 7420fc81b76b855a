"""What stands beside verdicts and labels: ids, clusters, weights, groups of items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.readers._codes import Column
from judgeaudit.readers._scale import in_order
from judgeaudit.readers._table import shown
from judgeaudit.table import Codes, Floats, Grouping

MAX_SLICES = 50
BY_PROMPT = "items with the same prompt are one cluster, since prompts repeat"
ALONE = "items are independent"


def check_ids(item_ids: Sequence[str], where: str) -> None:
    """Refuse ids that are empty or not distinct.

    Raises
    ------
    InputError
        With how many there are and the first few.
    """
    distinct = set(item_ids)
    if "" in distinct:
        empty = [i for i, item in enumerate(item_ids) if not item]
        raise InputError("ids are empty", where=f"{where}, row {empty[0] + 1}", got=f"{len(empty)} empty ids")
    if len(distinct) == len(item_ids):
        return
    twice = [(item, k) for item, k in Counter(item_ids).items() if k > 1]
    named = ", ".join(f"{shown(item)} ({k} times)" for item, k in twice[:3]) + (", ..." if len(twice) > 3 else "")
    raise InputError(
        "ids are not distinct",
        where=where,
        got=f"{len(twice)} ids that repeat: {named}",
        expected="one row an id",
        next_step="name another column with --id, or none to number the rows",
    )


def row_numbers(n: int) -> list[str]:
    """Ids where a table has none: "1" to n."""
    return list(map(str, range(1, n + 1)))


def by_prompt(prompts: Sequence[str] | None) -> tuple[Codes | None, str]:
    """Clusters of equal prompts where prompts repeat; an empty prompt is alone."""
    if prompts is None:
        return None, ALONE
    first = dict(zip(dict.fromkeys(prompts), count()))  # counting has no end
    if len(first) == len(prompts):
        return None, ALONE
    codes = np.fromiter(map(first.__getitem__, prompts), dtype=np.int32, count=len(prompts))
    if "" in first:
        codes = _alone_where(codes, codes == first[""])
    if len(np.unique(codes)) == len(codes):
        return None, ALONE
    return codes, BY_PROMPT


def by_column(column: Column, name: str) -> tuple[Codes, str, list[str]]:
    """Clusters of equal values of a column; an item without a value is alone."""
    empty = column.codes < 0
    count = int(empty.sum())
    notes = [f"{count} items have no value of {name} and are clusters of their own"] if count else []
    return _alone_where(column.codes, empty), f"items with the same {name} are one cluster", notes


def _alone_where(codes: Codes, alone: npt.NDArray[np.bool_]) -> Codes:
    out = codes.copy()
    out[alone] = np.arange(int(alone.sum())) + max(int(codes.max(initial=0)), 0) + 1
    return out


def grouping(column: Column) -> Grouping:
    """A column as groups, in the order of their names."""
    names = in_order(column.used)
    place = {name: i for i, name in enumerate(names)}
    lut = np.array([place.get(v, -1) for v in column.values], dtype=np.int32)
    codes = np.where(column.codes >= 0, lut[np.maximum(column.codes, 0)] if len(lut) else -1, -1)
    return Grouping(codes=codes.astype(np.int32), names=names)


def slice_of(column: Column, name: str, where: str) -> Grouping:
    """A user column to split by.

    Raises
    ------
    ConfigError
        It has more values than one can look at.
    """
    count = len(column.used)
    if count > MAX_SLICES:
        raise ConfigError(
            "too many values to split by",
            where=f"{where}, column {shown(name)}",
            got=f"{count} values",
            expected=f"at most {MAX_SLICES}",
            next_step="is it --group that you mean?",
        )
    return grouping(column)


def texts_of(rows: Sequence[int], texts: Sequence[str], n: int) -> list[str]:
    """Texts of some rows as a column, "" where there is none.

    Examples
    --------
    >>> texts_of([2], ["why"], 3)
    ['', '', 'why']
    """
    out = [""] * n
    for row, text in zip(rows, texts, strict=True):
        out[row] = text
    return out


def check_weights(weights: Floats, name: str, where: str) -> Floats:
    """Refuse weights that are missing or not positive."""
    wrong = np.flatnonzero(~(weights > 0))
    if len(wrong):
        row = int(wrong[0])
        got = "nothing" if np.isnan(weights[row]) else f"{weights[row]:g}"
        raise InputError(
            "weights must be positive numbers",
            where=f"{where}, column {shown(name)}, row {row + 1}",
            got=f"{got} ({len(wrong)} such rows)",
            expected="inclusion weights above 0",
        )
    return weights


def check_scores(scores: Floats, name: str, where: str) -> Floats:
    """Refuse scores that are no probabilities."""
    wrong = np.flatnonzero((scores < 0) | (scores > 1))
    if len(wrong):
        row = int(wrong[0])
        raise InputError(
            "a score is no probability",
            where=f"{where}, column {shown(name)}, row {row + 1}",
            got=f"{scores[row]:g} ({len(wrong)} such rows)",
            expected="the probability of positive, from 0 to 1",
        )
    return scores
