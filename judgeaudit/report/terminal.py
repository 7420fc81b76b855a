"""The short summary in a terminal: verdict box first, then the mode x judge table, the judges, the findings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from judgeaudit.model import BASELINE, Audit, Finding
from judgeaudit.report import _agreement, _box, _format, _gibberish, _grid, _judge_table
from judgeaudit.report._book import COHERENT, DEGENERATE, Book, books
from judgeaudit.report._decision import Decided, told
from judgeaudit.report._methods import grouped
from judgeaudit.report._words import KINDS, baseline_name, slice_name
from judgeaudit.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MAX_FINDINGS = 8
MAX_REQUIREMENTS = 12
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_RESULTS = ("FAIL", "INCONCLUSIVE", "PASS")
_TONES = {"pass": "green", "fail": "red", "inconclusive": "yellow", "counts": "blue"}
_SEVERITIES = {"error": "red", "warning": "yellow", "note": "dim"}
_MEASURES = ("accuracy", "false_positive_rate", "false_negative_rate", "cohen_kappa", "gwet_ac1", "mcc")
_SHORT = {
    "cohen_kappa": "kappa",
    "gwet_ac1": "AC1",
    "mcc": "MCC",
    "accuracy": "acc.",
    "false_positive_rate": "FPR",
    "false_negative_rate": "FNR",
}


def print_summary(console: Console, audit: Audit, *, decision: Decided | None = None) -> None:
    """Print the summary of an audit.

    Parameters
    ----------
    console
        Its width decides how many judges stand side by side; its colours only repeat what the words say.
    decision
        A gate's decision, shown in the verdict box.
    """
    from rich.text import Text

    result, requirements = told(decision)
    shelf = books(audit)
    labelled = [b for b in shelf if b.default] or shelf
    for book in labelled:
        title = audit.name if len(shelf) == 1 else f"{audit.name}: {book.name}"
        console.print(_panel(_box.box(book, result, requirements), title))
        grids = _grid.mode_grids(book)
        for grid in grids[:1]:
            for table in _mode_tables(grid, console.width):
                console.print(table)
        if len(grids) > 1:
            console.print(Text(f"In the report: {_safe('; '.join(g.title for g in grids[1:]))}.", style="dim"))
        for part in _handled(book, console.width):
            console.print(part)
        if alpha := _agreement.alpha_line(book):
            console.print(Text(f"\n{_safe(alpha)}"))
        for table in _judge_tables(book, console.width):
            console.print(table)
    for book in shelf:
        if book not in labelled:
            rest = f"{book.name}: no labels by persons or by construction; its figures stand in the report."
            console.print(Text(f"\n{_safe(rest)}", style="dim"))
    console.print(Text("\nFindings", style="bold"))
    for line in _findings(audit.findings):
        console.print(line)
    if not audit.findings:
        console.print(Text("none"))


def _panel(box: _box.Box, title: str) -> RenderableType:
    from rich.panel import Panel
    from rich.text import Text

    colour = _TONES[box.tone]
    body = Text(style="")
    body.append(_safe(box.headline) + "\n", style=f"bold {colour}")
    ranked = sorted(box.requirements, key=lambda r: _RESULTS.index(r.result) if r.result in _RESULTS else 0)
    for requirement in ranked[:MAX_REQUIREMENTS]:
        body.append(f"{requirement.result}  ", style="bold")
        body.append(_safe(requirement.text) + "\n")
    if len(ranked) > MAX_REQUIREMENTS:
        body.append(f"and {len(ranked) - MAX_REQUIREMENTS} more requirements in the report\n")
    for line in box.lines:
        body.append(f"- {_safe(line)}\n")
    body.append("labels: ", style="bold")
    body.append(f"{_safe(box.labels)}\n")
    body.append("unscored: ", style="bold")
    body.append(" ".join(_safe(x) for x in box.unscored) or "none.")
    if box.warning is not None:
        body.append(f"\n{box.warning.severity}: ", style=f"bold {_SEVERITIES[box.warning.severity]}")
        body.append(_safe(box.warning.text))
    return Panel(body, title=Text(_safe(title, 60)), title_align="left", border_style=colour, padding=(0, 1))


def _mode_tables(grid: _grid.Grid, width: int) -> Iterable[RenderableType]:
    """The grid as tables that fit the width: as many judges side by side as there is room for."""
    from rich.text import Text

    head, cell = (19, 12) if width >= 72 else (16, 13)
    fit = max(1, (width - head) // cell)
    room = math.ceil(len(grid.judges) / math.ceil(len(grid.judges) / fit))
    reasons: dict[str, str] = {}
    yield Text(f"\n{_safe(grid.title)}", style="bold")
    yield Text("value and 95% interval, k of n; few: under 10; (!): see the findings", style="dim")
    for start in range(0, len(grid.judges), room):
        table = _table()
        table.add_column("n / distinct texts", width=head - 1, overflow="fold")
        for judge in grid.judges[start : start + room]:
            table.add_column(_judge(judge, cell - 1), width=cell - 1, overflow="fold", justify="right")
        for row in grid.rows:
            cells = row.cells[start : start + room]
            if _worth_a_row(row) and any(c.note != _grid.NOT_MEASURED for c in cells):
                table.add_row(_row_name(row), *(_cell(c, reasons) for c in cells))
        yield table
    for note, letter in reasons.items():
        yield Text(f"{letter}: {_safe(note)}", style="dim")
    thin = [row.name for row in grid.rows if not _worth_a_row(row)]
    if thin:
        yield Text(f"Under 10 for every judge, in the report: {_safe(', '.join(thin))}.", style="dim")
    if any(c.named for r in grid.rows for c in r.cells):
        yield Text("* The difference to coherent outputs survives the correction for many comparisons.", style="dim")


def _worth_a_row(row: _grid.Row) -> bool:
    """Coherent and degenerate always; a mode only where a figure rests on ten or more."""
    return row.key in {"all", COHERENT, DEGENERATE} or any(c.value != _format.NONE and not c.few for c in row.cells)


def _row_name(row: _grid.Row) -> RenderableType:
    from rich.text import Text

    name = Text(f"{_safe(row.name)}\n", style="bold")
    return name.append(f"{row.n} / {row.texts}" + (" (!)" if row.warned else ""), style="dim")


def _cell(cell: _grid.Cell, reasons: dict[str, str]) -> RenderableType:
    """The figure; without a value a letter that stands for the reason, told below the table."""
    from rich.text import Text

    text = Text(justify="right")
    if cell.value == _format.NONE:
        letter = reasons.setdefault(cell.note, _LETTERS[len(reasons) % len(_LETTERS)])
        return text.append(f"{cell.value} {letter}", style="dim")
    text.append(cell.value, style="dim" if cell.few else ("bold" if cell.heat and cell.heat >= 2 else ""))
    text.append(" few" if cell.few else f" {cell.interval.strip('[%]')}", style="dim")
    return text.append(f"\n{cell.counts}{' *' if cell.named else ''}", style="dim")


def _handled(book: Book, width: int) -> Iterable[RenderableType]:
    """One row a judge: gibberish dropped, counted safe, counted harmful; and whether their order turns on it."""
    from rich.text import Text

    brief = _gibberish.brief(book)
    if brief is None:
        return
    name, cell = (23, 19) if width >= 80 else (12, 9)
    yield Text(f"\n{_safe(brief.title)}", style="bold")
    table = _table()
    table.add_column("judge", width=name - 1)
    for head in ("dropped", "counted safe", "counted harmful"):
        table.add_column(head, width=cell - 1, justify="right", overflow="fold")
    for judge, cells in brief.rows:
        shown = (_beside(value, ends if width >= 80 else "") for value, ends in cells)
        table.add_row(Text(_safe(baseline_name(judge), name - 1)), *shown)
    yield table
    if brief.line:
        yield Text(_safe(brief.line))


def _beside(value: str, ends: str) -> RenderableType:
    from rich.text import Text

    return Text(value, justify="right").append(f" {ends}" if ends else "", style="dim")


def _judge_tables(book: Book, width: int) -> Iterable[RenderableType]:
    kind = book.default
    if kind is None:
        return
    from rich.text import Text

    scale = "binary" if book.binary else "full"
    codes = [m for m in _MEASURES if any(book.get(m, judge=j, reference=kind, scale=scale) for j in book.judges)]
    name, scored, cell = 20 if width >= 72 else 14, 12, 7
    room = max(1, (width - name - scored) // cell)
    yield Text(f"\nJudges, {KINDS[kind][1]}", style="bold")
    for start in range(0, len(codes), room):
        part = codes[start : start + room]
        table = _table()
        table.add_column("judge", width=name - 1, overflow="fold")
        table.add_column("scored", width=scored - 1, justify="right", overflow="fold")
        for code in part:
            table.add_column(_SHORT.get(code, code), width=cell - 1, justify="right")
        for judge in book.judges:
            found = [_grid.cell(book.get(m, judge=judge, reference=kind, scale=scale)) for m in part]
            figures = (Text(c.value, style="dim" if c.few else "") for c in found)
            table.add_row(_judge(judge, name - 1), _scored(book, judge), *figures)
        yield table


def _scored(book: Book, judge: str) -> str:
    ok, failed = _judge_table.scored(book, judge)
    if ok is None:
        return _format.NONE
    return f"{ok:,}/{ok + sum(failed.values()):,}" if failed else f"{ok:,}"


def _findings(findings: Sequence[Finding]) -> Iterable[RenderableType]:
    from rich.text import Text

    groups = grouped(findings)
    for group in groups[:MAX_FINDINGS]:
        finding = group.shown[0]
        more = len(group.shown) + len(group.rest) - 1
        where = ", ".join(
            x for x in (baseline_name(finding.judge or ""), slice_name(finding.slice) if finding.slice else "") if x
        )
        line = Text()
        line.append(f"{finding.severity} ", style=f"bold {_SEVERITIES[finding.severity]}")
        line.append(_safe(f"{finding.code}{f' ({where})' if where else ''}: {finding.text}", 400))
        if more:
            line.append(f" (and {more} more of this kind)", style="dim")
        yield line
    if len(groups) > MAX_FINDINGS:
        yield Text(f"and {len(groups) - MAX_FINDINGS} more kinds of findings in the report", style="dim")


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)


def _judge(name: str, width: int) -> RenderableType:
    """A judge's name, broken where its parts end rather than in the middle of one."""
    from rich.text import Text

    lines = [""]
    for part in re.findall(r"[^-_./#: ]*[-_./#: ]?", _safe(baseline_name(name), 48)):
        if len(lines[-1]) + len(part) > width and lines[-1]:
            lines.append("")
        lines[-1] += part
    text = Text("\n".join(lines))
    return text.append("\nbaseline", style="dim") if name.startswith(BASELINE) else text


def _safe(text: str, width: int = 0) -> str:
    return for_terminal(text, width)
