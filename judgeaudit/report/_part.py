"""A section of lines and tables: the same text for the page and for Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judgeaudit.model import Estimate, Finding
from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._words import reason

LONG = 12
"""Tables with more rows are folded away."""
NAMED = 4
"""So many judges are named in a line, then they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement; `severity` where it is a warning."""

    text: str
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Text ready to be shown; `fold`: folded away until asked for."""

    title: str
    gloss: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section: `key` ends its anchor, `short` leads to it; `lines` stand before the tables, `notes` behind them."""

    key: str
    short: str
    title: str
    lede: str
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


def figure(e: Estimate | None) -> str:
    """Value and interval; "no interval" where there is none; in words why there is no value.

    Examples
    --------
    >>> figure(Estimate(measure="sensitivity", rubric="r", value=1.0, reason="no_variation: all alike"))
    '100% (no interval)'
    """
    if e is None:
        return f.NONE
    if e.value is None:
        return f"none: {reason(e.reason)}"
    return f"{f.value(e)} {f.interval(e) or '(no interval)'}"


def without_interval(found: Iterable[Estimate | None]) -> tuple[str, ...]:
    """One note for each reason for which a value stands without its interval."""
    why = dict.fromkeys(reason(e.reason) for e in found if e is not None and e.value is not None and e.low is None)
    return tuple(f"No interval: {words}." for words in why)


def left_out(e: Estimate) -> str:
    """What was left out, by reason."""
    told = ", ".join(f"{reason(code)}: {f.count(n)}" for code, n in sorted((e.left_out or {}).items()) if n)
    return told or "none"


def names(judges: Sequence[str], *, more: bool = False) -> str:
    """A few judges by name, many by their number; `more`: others were named before.

    Examples
    --------
    >>> names(["a"]), names(["a", "b", "c"]), names(list("abcdef"))
    ('a', 'a, b and c', '6 judges')
    """
    if len(judges) > NAMED:
        return f"{len(judges)} {'more ' if more else ''}judges"
    return judges[0] if len(judges) == 1 else ", ".join(judges[:-1]) + " and " + judges[-1]


def findings(book: Book, code: str) -> list[Finding]:
    """The audit's findings of one code that are of this rubric."""
    others = tuple(f"[{r.get('name')}] " for r in book.audit.rubrics if r.get("name") != book.name)
    return [x for x in book.audit.findings if x.code == code and not (others and x.text.startswith(others))]


def without_empty(
    head: Sequence[str], rows: Sequence[Sequence[str]], empty: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, str]]:
    """Head and rows without the columns named in `empty` whose cells all say the same nothing; and for each the cell.

    Examples
    --------
    >>> without_empty(("judge", "PPI"), [("a", "none: x"), ("b", "none: x")], ["PPI"])
    (('judge',), (('a',), ('b',)), {'PPI': 'none: x'})
    """
    gone = {i: rows[0][i] for i, name in enumerate(head) if rows and name in empty and _nothing({r[i] for r in rows})}
    kept = [i for i in range(len(head)) if i not in gone]
    return (
        tuple(head[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in rows),
        {head[i]: cell for i, cell in gone.items()},
    )


def _nothing(cells: set[str]) -> bool:
    return len(cells) == 1 and next(iter(cells)).startswith(("none", f.NONE))
