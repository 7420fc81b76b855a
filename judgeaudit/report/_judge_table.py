"""One table a kind of labels: measures down, judges across, baselines last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._grid import Cell, cell
from judgeaudit.report._words import KINDS, baseline_name, gloss, measure, status

NOT_TOLD = "not told"
_BINARY = (
    ("sensitivity", "specificity", "false_positive_rate", "false_negative_rate", "precision", "accuracy"),
    ("cohen_kappa", "gwet_ac1", "mcc", "youden_j", "balanced_accuracy", "f1"),
    (
        "auroc",
        "aurc",
        "brier",
        "calibration_error_squared_debiased",
        "expected_calibration_error",
        "smooth_calibration_error",
        "cox_slope",
        "cox_intercept",
    ),
)
_FULL = (("accuracy", "cohen_kappa", "gwet_ac1", "krippendorff_alpha"),)
_ALONE = (("positive_rate", "abstention_rate", "unscored_rate"), ("flip_rate", "test_retest_agreement"))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeHead:
    """A column: who the judge is."""

    name: str
    baseline: bool
    panel: bool
    what: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRow:
    """One line of the table."""

    title: str
    gloss: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together under one heading."""

    title: str
    rows: tuple[JudgeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeTable:
    """All judges of a rubric against one kind of labels (`kind` "": against none)."""

    kind: str
    title: str
    heads: tuple[JudgeHead, ...]
    blocks: tuple[Block, ...]


def judge_tables(book: Book) -> list[JudgeTable]:
    """One table for each kind of labels; without labels one table of what the judges answer and cost."""
    heads = tuple(_head(book, name) for name in book.judges)
    if not heads:
        return []
    tables = []
    for number, kind in enumerate(book.references):
        blocks = list(_blocks(book, kind))
        if number == 0:
            blocks += [*_answers(book), *_costs(book)]
        if blocks:
            tables.append(JudgeTable(kind=kind, title=f"Against {KINDS[kind][0]}", heads=heads, blocks=tuple(blocks)))
    if not tables:
        blocks = [*_answers(book), *_costs(book)]
        tables.append(JudgeTable(kind="", title="What the judges answer", heads=heads, blocks=tuple(blocks)))
    return tables


def scored(book: Book, judge: str) -> tuple[int | None, dict[str, int]]:
    """How many outputs a judge scored, and how many it was asked for in vain, by status; None: not told."""
    row = next((r for r in book.table("statuses") if r.get("judge") == judge), None)
    if row is None:
        return None, {}
    counts = {str(s): int(n) for s, n in dict(row.get("counts") or {}).items()}
    failed = {s: n for s, n in counts.items() if s not in {"ok", "skipped", "not_asked"} and n}
    return counts.get("ok", 0), dict(sorted(failed.items(), key=lambda p: (-p[1], p[0])))


def _head(book: Book, name: str) -> JudgeHead:
    facts = book.judge(name)
    trials = facts.get("trials") or 1
    parts = (facts.get("kind"), facts.get("model"), f"{trials} trials" if trials > 1 else "")
    what = ", ".join(str(x) for x in parts if x)
    return JudgeHead(
        name=baseline_name(name),
        baseline=book.is_baseline(name),
        panel=bool(facts.get("panel")) and facts.get("kind") != "panel",
        what=what,
        fingerprint=str(facts.get("fingerprint") or "")[:12],
    )


def _blocks(book: Book, kind: str) -> Iterable[Block]:
    if book.binary:
        titles = ("Right and wrong", "Agreement beyond chance", "Scores")
        for title, codes in zip(titles, _BINARY, strict=True):
            rows = [*_rows(book, kind, "binary", codes)]
            if title == "Right and wrong" and (base := _base_rate(book, kind)):
                rows.append(base)
            if rows:
                yield Block(title=title, rows=tuple(rows))
    rows = [*_rows(book, kind, "full", _FULL[0])]
    if rows:
        values = ", ".join(str(v) for v in book.rubric.get("values") or ())
        yield Block(title=f"On the full scale ({values})" if values else "On the full scale", rows=tuple(rows))


def _rows(book: Book, kind: str | None, scale: str | None, codes: Iterable[str]) -> Iterable[JudgeRow]:
    for code in codes:
        found = [book.get(code, judge=j, reference=kind, scale=scale) for j in book.judges]
        if any(found):
            yield JudgeRow(title=measure(code), gloss=gloss(code), cells=tuple(_with_bounds(e) for e in found))


def _with_bounds(estimate: Estimate | None) -> Cell:
    shown = cell(estimate)
    spread = f.bounds(estimate) if estimate is not None else ""
    if not spread:
        return shown
    return Cell(
        value=shown.value,
        counts=shown.counts,
        interval=shown.interval,
        few=shown.few,
        note="; ".join(x for x in (shown.note, f"unscored counted either way: {spread}") if x),
    )


def _base_rate(book: Book, kind: str) -> JudgeRow | None:
    cells = []
    for judge in book.judges:
        positive = book.get("sensitivity", judge=judge, reference=kind, scale="binary")
        negative = book.get("specificity", judge=judge, reference=kind, scale="binary")
        if positive is None or negative is None or positive.n + negative.n == 0:
            cells.append(Cell(value=f.NONE, note="not measured"))
            continue
        every = positive.n + negative.n
        cells.append(Cell(value=f.percent(positive.n / every), counts=f"{f.count(positive.n)} of {f.count(every)}"))
    if all(c.value == f.NONE for c in cells):
        return None
    words = f"share that the reference calls {book.wording.called}, among outputs this judge scored"
    return JudgeRow(title="base rate", gloss=words, cells=tuple(cells))


def _answers(book: Book) -> Iterable[Block]:
    first = []
    states = [scored(book, j) for j in book.judges]
    if any(ok is not None for ok, _ in states):
        first.append(
            JudgeRow(
                title="scored",
                gloss="outputs with a verdict",
                cells=tuple(_scored(ok, failed) for ok, failed in states),
            )
        )
    for scale in (None, "binary", "full"):
        first += [*_rows(book, None, scale, _ALONE[0])]
    if first:
        yield Block(title="What they answer", rows=tuple(first))
    again = [row for scale in (None, "binary", "full") for row in _rows(book, None, scale, _ALONE[1])]
    if again:
        yield Block(title="The same question twice", rows=tuple(again))


def _scored(ok: int | None, failed: Mapping[str, int]) -> Cell:
    if ok is None:
        return Cell(value=f.NONE, note="not told")
    reasons = ", ".join(f"{status(s)}: {n:,}" for s, n in failed.items())
    asked = ok + sum(failed.values())
    return Cell(value=f.count(ok), counts=f"of {asked:,} asked", note=f"unscored: {reasons}" if reasons else "")


def _costs(book: Book) -> Iterable[Block]:
    facts = [book.judge(j) for j in book.judges]
    rows = (
        JudgeRow(
            title="seconds",
            gloss="time of all calls together",
            cells=tuple(_told(x, "seconds", 1, " s") for x in facts),
        ),
        JudgeRow(
            title="cost", gloss="in the currency of the prices given", cells=tuple(_told(x, "cost", 4) for x in facts)
        ),
        JudgeRow(title="tokens in", gloss="", cells=tuple(_told(x, "input_tokens", 0) for x in facts)),
        JudgeRow(title="tokens out", gloss="", cells=tuple(_told(x, "output_tokens", 0) for x in facts)),
    )
    yield Block(title="What they cost", rows=tuple(r for r in rows if r.title in {"seconds", "cost"} or _any_told(r)))


def _told(facts: Mapping[str, Any], key: str, digits: int, unit: str = "") -> Cell:
    x = facts.get(key)
    return Cell(value=NOT_TOLD) if x is None else Cell(value=f"{float(x):,.{digits}f}{unit}")


def _any_told(row: JudgeRow) -> bool:
    return any(c.value != NOT_TOLD for c in row.cells)
