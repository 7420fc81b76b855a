"""The same content short, for a pull request's comment or a step summary; every piece of data is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from judgeaudit.model import Audit
from judgeaudit.report import _agreement, _agreement_more, _box, _gibberish, _grid, _judge_table
from judgeaudit.report._book import Book, books
from judgeaudit.report._decision import Decided, told
from judgeaudit.report._format import NONE
from judgeaudit.report._methods import grouped
from judgeaudit.report._part import Part, Table
from judgeaudit.report._parts import parts as further
from judgeaudit.report._words import baseline_name, slice_name
from judgeaudit.text import clip, visible

_SPECIAL = re.compile(r"[\\`*_{}\[\]()+!|~$<>&]")
_ENTITY = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "`": "&#96;"}
_MARK = re.compile(r"(?i)[@#]|\b(?=(?:https?|ftp)\b)|(?<=www)\.")
_JOINER = "\u2060"
"""Invisible and never broken: GitHub makes no mention, link or issue number of what it parts."""


def escape(text: str, width: int = 0) -> str:
    """One line of Markdown that shows the text as it is: no markup, table edge, mention, link, HTML or line break comes of it.

    Examples
    --------
    >>> escape("a|b <img> @team")
    'a&#124;b &lt;img&gt; @\\u2060team'
    """
    line = " ".join(visible(clip(text, width) if width else text).split())
    line = _MARK.sub(lambda m: m.group() + _JOINER, line)
    return _SPECIAL.sub(lambda m: _ENTITY.get(m.group(), "\\" + m.group()), line)


LIMIT = 65_000
"""Characters; GitHub takes no comment of more than 65,536."""


class _Block(NamedTuple):
    """A piece of the summary; of several pieces those of the highest rank are left out first, 0 never."""

    rank: int
    text: str


def render(audit: Audit, *, decision: Decided | None = None, limit: int = LIMIT) -> str:
    """The summary as GitHub-flavoured Markdown; the same audit gives the same text.

    Parameters
    ----------
    limit
        Characters that it may have: what is of least weight for a decision is left out, and that is said.
    """
    result, requirements = told(decision)
    shelf = books(audit)
    blocks = [_Block(0, f"# {escape(audit.name)}")]
    for book in shelf:
        if len(shelf) > 1:
            blocks.append(_Block(0, f"## {escape(book.name)}"))
        blocks.append(_Block(0, _verdict(_box.box(book, result, requirements))))
        for rank, texts in (
            (2, _modes(book)),
            (3, _handled(book)),
            (1, [escape(_agreement.alpha_line(book))]),
            (4, _judges(book)),
            (6, _agreements(book)),
            (5, (_part(p) for p in further(book))),
        ):
            blocks += [_Block(rank, text) for text in texts]
    blocks += [_Block(0, "## Findings"), *(_Block(1, text) for text in _findings(audit)), _Block(0, _foot(audit))]
    return _fitting([b for b in blocks if b.text], limit)


def _fitting(blocks: Sequence[_Block], limit: int) -> str:
    """The blocks as one text of at most `limit` characters; of equal rank the last goes first."""
    whole = _joined(b.text for b in blocks)
    if len(whole) <= limit:
        return whole
    kept = dict(enumerate(blocks))
    room = limit - 200  # for the line that says what was left out
    length = len(whole)
    for i in sorted(kept, key=lambda i: (-blocks[i].rank, -i)):
        if length <= room or blocks[i].rank == 0:
            break
        length -= len(kept.pop(i).text) + 1
    gone, text = len(blocks) - len(kept), _joined(b.text for b in kept.values())
    if len(text) > room:
        text, gone = text[:room].rsplit("\n", 1)[0], gone + 1
    return f"{text.rstrip()}\n\n**{gone} parts did not fit into {limit:,} characters.** They stand in the report.\n"


def _joined(texts: Iterable[str]) -> str:
    """Blocks apart by a blank line, the lines of one list together."""
    out: list[str] = []
    for text in texts:
        listed = bool(out) and text.startswith("- ") and out[-1].startswith("- ")
        out += ["\n" if listed else "\n\n", text] if out else [text]
    return "".join(out) + "\n"


def _verdict(box: _box.Box) -> str:
    lines = [f"> **{escape(box.headline)}**", ">"]
    lines += [f"> - **{escape(r.result)}** {escape(r.text)}" for r in box.requirements]
    lines += [f"> - {escape(line)}" for line in box.lines]
    lines += [">", f"> **Whose labels.** {escape(box.labels)}"]
    lines += [">", f"> **Unscored.** {escape(' '.join(box.unscored) or 'none.')}"]
    if box.warning is not None:
        lines += [">", f"> **{box.warning.severity}.** {escape(box.warning.text)}"]
    return "\n".join(lines)


def _modes(book: Book) -> Iterable[str]:
    every = _grid.mode_grids(book)
    grids = [g for g in every if g.kind == every[0].kind]
    for grid in grids:
        head = ["outputs", "n", "distinct texts", *(_judge(book, j) for j in grid.judges)]
        rows = [[escape(r.name), r.n, r.texts, *(_cell(c) for c in r.cells)] for r in grid.rows]
        yield f"### {escape(grid.title)}\n\n" + _table(head, rows)
    if any(c.named for g in grids for r in g.rows for c in r.cells):
        yield "◆: the difference to coherent outputs survives the correction for many comparisons. Fewer than 10: *(few)*."
    if len(grids) < len(every):
        yield f"{len(every) - len(grids)} more tables, by other kinds of labels, stand in the report."


def _handled(book: Book) -> Iterable[str]:
    for table in _gibberish.handled(book)[:1]:
        rows = [[escape(cell) for cell in row] for row in table.rows]
        yield f"### {escape(table.title)}\n\n" + _table([table.first, *_gibberish.HEADS], rows)
        if table.line:
            yield escape(table.line)


def _judges(book: Book) -> Iterable[str]:
    for table in _judge_table.judge_tables(book):
        head = ["measure", *(escape(h.name) + (" (baseline)" if h.baseline else "") for h in table.heads)]
        rows = [
            [escape(r.title), *(_cell(c) for c in r.cells)]
            for b in table.blocks
            for r in b.rows
            if any(c.value != _judge_table.NOT_TOLD for c in r.cells)
        ]
        yield f"### {escape(table.title)}\n\n" + _table(head, rows)


def _part(part: Part) -> str:
    """One further section; folded tables stand in the report."""
    lines = [f"### {escape(part.title)}"]
    told = [f"- {f'**{line.severity}** ' if line.severity else ''}{escape(line.text)}" for line in part.lines]
    lines += ["\n".join(told)] if told else []
    lines += [_text_table(t) for t in part.tables if not t.fold]
    folded = sum(t.fold for t in part.tables)
    notes = [f"- {escape(note)}" for note in part.notes]
    notes += [f"- {folded} more {'table stands' if folded == 1 else 'tables stand'} in the report."] if folded else []
    return "\n\n".join([*lines, "\n".join(notes)] if notes else lines)


def _text_table(table: Table) -> str:
    rows = [[escape(cell) for cell in row] for row in table.rows]
    gloss = f" {escape(table.gloss)}" if table.gloss else ""
    return f"**{escape(table.title)}.**{gloss}\n\n" + _table([escape(h) for h in table.head], rows)


def _agreements(book: Book) -> Iterable[str]:
    """The judge's place among people and the alt-test."""
    for table in _agreement_more.tables(book):
        if not table.fold:
            rows = [[escape(cell) for cell in row] for row in table.rows]
            yield f"**{escape(table.title)}**\n\n" + _table([escape(h) for h in table.head], rows)


def _findings(audit: Audit) -> Iterable[str]:
    """One line a finding, errors first."""
    if not audit.findings:
        yield "None of the checks found anything."
    for group in grouped(audit.findings):
        for finding in group.shown:
            where = ", ".join(
                x for x in (baseline_name(finding.judge or ""), slice_name(finding.slice) if finding.slice else "") if x
            )
            place = f" ({escape(where)})" if where else ""
            yield f"- **{finding.severity}** {escape(finding.code)}{place}: {escape(finding.text)}"
        if group.rest:
            yield f"- and {len(group.rest)} more of the kind {escape(group.rest[0].code)} in the report"


def _foot(audit: Audit) -> str:
    version = audit.versions.get("judgeaudit", "")
    return f"judgeaudit {escape(version)}, seed {audit.seed}. Every number stands in audit.json.".replace("  ", " ")


def _cell(cell: _grid.Cell) -> str:
    if cell.value == NONE:
        return f"{NONE} {escape(cell.note)}".strip()
    parts = [f"**{cell.value}**" if not cell.few else cell.value, cell.counts, cell.interval, cell.difference]
    text = " ".join(escape(p) if i else p for i, p in enumerate(parts) if p)
    return text + (" ◆" if cell.named else "") + (" *(few)*" if cell.few else "")


def _judge(book: Book, name: str) -> str:
    return escape(baseline_name(name), 60) + (" (baseline)" if book.is_baseline(name) else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    edge = "| " + " | ".join(["---", *["--:"] * (len(head) - 1)]) + " |"
    return "\n".join(["| " + " | ".join(head) + " |", edge, *("| " + " | ".join(row) + " |" for row in rows)])
