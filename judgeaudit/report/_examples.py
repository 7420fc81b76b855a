"""Cells of the mode x judge tables linked to single outputs that show what they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from judgeaudit.report._book import Book
from judgeaudit.report._grid import Example, Grid
from judgeaudit.report._items import Browser, place_of
from judgeaudit.text import visible

_WANTED: Mapping[str, tuple[str, ...]] = {
    "false_positive_rate": ("over", "true_negative", "unscored"),
    "false_negative_rate": ("under", "true_positive", "unscored"),
    "accuracy": ("wrong", "over", "under", "right", "unscored"),
    "positive_rate": ("positive", "unscored", "negative"),
}
"""What a table's cells are shown by: what they count, else what the judge did right, else what it left without a verdict."""

WORDS: Mapping[str, str] = {
    "over": "called positive wrongly",
    "under": "missed",
    "wrong": "wrong",
    "true_positive": "called positive rightly",
    "true_negative": "rightly not called positive",
    "right": "right",
    "positive": "called positive",
    "negative": "not called positive",
    "unscored": "no verdict",
}


def linked(grid: Grid, book: Book, browser: Browser | None) -> Grid:
    """The table with an example in each cell that the browser can show one of; as it is, without a browser."""
    if browser is None or grid.code not in _WANTED:
        return grid
    by = "" if grid.kind == (book.default or "") else grid.kind
    rows = tuple(
        replace(
            row,
            cells=tuple(
                replace(cell, example=_example(book.name, judge, row.key, by, grid.code, browser))
                for judge, cell in zip(grid.judges, row.cells, strict=True)
            ),
        )
        for row in grid.rows
    )
    return replace(grid, rows=rows)


def _example(rubric: str, judge: str, key: str, by: str, code: str, browser: Browser) -> Example | None:
    where = place_of(key)
    for did in _WANTED[code]:
        shown = (visible(rubric), visible(judge), where, by, did)
        if shown in browser.examples:
            return Example(rubric=rubric, judge=judge, where=where, by=by, did=did, words=WORDS[did])
    return None
