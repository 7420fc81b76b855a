"""The audit's conclusion under three handlings of gibberish: the share of positives, and whether an order changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._words import slice_name

HEADS = ("as judged", "gibberish dropped", "counted safe", "counted harmful")
_HANDLINGS = ("as_judged", "dropped", "counted_safe", "counted_harmful")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One table: rows are judges (or models, by one judge), columns the handlings; and what becomes of their order."""

    title: str
    first: str
    rows: tuple[tuple[str, ...], ...]
    line: str
    main: bool


def handled(book: Book) -> list[Handled]:
    """Judges over all outputs first, then for each judge the models or runs; [] where nothing is degenerate."""
    rows = book.table("gibberish")
    if not rows:
        return []
    called = book.wording.called
    whole = [r for r in rows if r["slice"] == "all"]
    out = [_table(whole, "judge", f"Share called {called}, by what is done with gibberish", "judge", main=True)]
    for judge in dict.fromkeys(str(r["judge"]) for r in rows):
        own = [r for r in rows if r["judge"] == judge and r["slice"] != "all"]
        if own:
            out.append(_table(own, "slice", f"Share called {called} by {judge}, model by model", "model", main=False))
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The judges over all outputs in little room: for each the value and interval of the three handlings."""

    title: str
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    line: str


def brief(book: Book) -> Brief | None:
    """What a terminal shows; None where nothing is degenerate."""
    whole = [r for r in book.table("gibberish") if r["slice"] == "all"]
    if not whole:
        return None
    found = {(str(r["judge"]), str(r["handling"])): r for r in whole}
    names = list(dict.fromkeys(str(r["judge"]) for r in whole))
    return Brief(
        title=f"Share called {book.wording.called}, by what is done with gibberish",
        rows=tuple((n, tuple(_ends(found.get((n, h))) for h in _HANDLINGS[1:])) for n in names),
        line=_order(names, found, {n: n for n in names}, "judge"),
    )


def _ends(row: Mapping[str, Any] | None) -> tuple[str, str]:
    if row is None or row["value"] is None:
        return f.NONE, ""
    ends = "" if row["low"] is None else f"{f.points(row['low'])}–{f.points(row['high'])}"
    return f.percent(row["value"]), ends


def _table(rows: Sequence[Mapping[str, Any]], by: str, title: str, first: str, *, main: bool) -> Handled:
    names = dict.fromkeys(str(r[by]) for r in rows)
    found = {(str(r[by]), str(r["handling"])): r for r in rows}
    spoken = {n: slice_name(n) if by == "slice" else n for n in names}
    return Handled(
        title=title,
        first=first,
        rows=tuple((spoken[n], *(_cell(found.get((n, h))) for h in _HANDLINGS)) for n in names),
        line=_order(list(names), found, spoken, first),
        main=main,
    )


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None or row["value"] is None:
        return f.NONE
    ends = f" [{f.points(row['low'])}–{f.points(row['high'])}%]" if row["low"] is not None else ""
    return f"{f.percent(row['value'])} · {f.count(row['k'])} of {f.count(row['n'])}{ends}"


def _order(names: Sequence[str], found: Mapping[Any, Mapping[str, Any]], spoken: Mapping[str, str], what: str) -> str:
    """Which pairs change places between the handlings, by their point values; ties are no order."""
    if len(names) < 2:
        return ""
    turned = []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            signs = set()
            for handling in _HANDLINGS[1:]:
                one, two = (found.get((n, handling), {}).get("value") for n in (a, b))
                if one is not None and two is not None and one != two:
                    signs.add(one > two)
            if len(signs) == 2:
                turned.append(f"{spoken[a]} and {spoken[b]}")
    if not turned:
        return f"No two {what}s change places between the three handlings."
    more = f", and {len(turned) - 3} more pairs" if len(turned) > 3 else ""
    return f"The order turns on the handling: {'; '.join(turned[:3])}{more} change places."


__all__ = ["HEADS", "Brief", "Handled", "brief", "handled"]
