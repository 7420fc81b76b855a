"""Judges against each other, people among themselves, and paired differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import ANNOTATOR, COHERENT, DEGENERATE, OTHERS, Book
from judgeaudit.report._grid import Cell, cell, survives
from judgeaudit.report._words import KINDS, baseline_name, measure, slice_name

PANELS = {"judges": "judges under audit", "humans": "human annotators", "all": "judges and humans together"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Judge x judge agreement on one slice; `cells[i][j]` is None on and below the diagonal."""

    slice: str
    names: tuple[str, ...]
    cells: tuple[tuple[tuple[Cell, Cell] | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlphaRow:
    """Krippendorff's alpha of a group on the slices that are shown."""

    panel: str
    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlphaTable:
    """Alpha of each group by slice."""

    slices: tuple[str, ...]
    rows: tuple[AlphaRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Agreement of two people."""

    names: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One contrast: what is compared, its value, the raw and the adjusted p value, whether it may be named."""

    judge: str
    measure: str
    what: str
    against: str
    kind: str
    value: str
    interval: str
    p: str
    adjusted: str
    named: bool
    note: str = ""


def matrices(book: Book) -> list[Matrix]:
    """Judge x judge agreement on all, coherent and degenerate outputs."""
    names = book.judges
    return [m for key in ("all", DEGENERATE, COHERENT) if (m := _matrix(book, names, key)) is not None]


def alphas(book: Book) -> AlphaTable | None:
    """Alpha of judges, of humans and of all together, on all, coherent and degenerate outputs."""
    found = [e for e in book.estimates if e.measure == "krippendorff_alpha" and e.panel and e.against is None]
    keys = [k for k in ("all", COHERENT, DEGENERATE) if any(e.slice == k for e in found)]
    rows = []
    for panel, words in PANELS.items():
        for level in dict.fromkeys(e.level for e in found if e.panel == panel):
            cells = [next((e for e in found if (e.panel, e.level, e.slice) == (panel, level, k)), None) for k in keys]
            rows.append(AlphaRow(panel=words, level=level or "", cells=tuple(cell(e) for e in cells)))
    return AlphaTable(slices=tuple(slice_name(k) for k in keys), rows=tuple(rows)) if rows else None


def alpha_line(book: Book) -> str:
    """Alpha among the judges on all, coherent and degenerate outputs in one line, or "" where it was not measured."""
    parts = []
    for key in ("all", COHERENT, DEGENERATE):
        e = book.get("krippendorff_alpha", panel="judges", scale="full", slice=key)
        if e is not None and e.value is not None:
            parts.append(f"{slice_name(key)} {f.value(e)} {f.interval(e)} (n {f.count(e.n)})".replace("  ", " "))
    return f"Krippendorff's alpha among the judges: {'; '.join(parts)}." if parts else ""


def differences(book: Book) -> tuple[list[Difference], list[Difference]]:
    """Degenerate against coherent (and each mode against coherent), and judge against judge."""
    slices, judges = [], []
    for e in book.estimates:
        if e.against is None:
            continue
        head, _, name = e.against.partition(":")
        if head == "judge":
            judges.append(_difference(e, slice_name(e.slice), baseline_name(name)))
        elif head == "slice":
            slices.append(_difference(e, slice_name(e.slice), slice_name(name)))
    return slices, judges


def _matrix(book: Book, names: list[str], key: str) -> Matrix | None:
    def pair(a: str, b: str) -> tuple[Cell, Cell] | None:
        found = [_pair(book, code, a, b, key) for code in ("percent_agreement", "cohen_kappa")]
        return (cell(found[0]), cell(found[1], heat=True)) if any(found) else None

    cells = tuple(tuple(pair(a, b) if i < j else None for j, b in enumerate(names)) for i, a in enumerate(names))
    if not any(c for row in cells for c in row):
        return None
    used = [i for i in range(len(names)) if any(cells[i]) or any(row[i] for row in cells)]
    return Matrix(
        slice=slice_name(key),
        names=tuple(baseline_name(names[i]) for i in used),
        cells=tuple(tuple(cells[i][j] for j in used) for i in used),
    )


def _pair(book: Book, code: str, a: str, b: str, key: str) -> Estimate | None:
    for scale in ("full", "binary", None):
        for first, second in ((a, b), (b, a)):
            found = book.get(code, judge=first, other=second, scale=scale, slice=key)
            if found is not None:
                return found
    return None


def _difference(e: Estimate, what: str, against: str) -> Difference:
    return Difference(
        judge=baseline_name(e.judge or ""),
        measure=measure(e.measure),
        what=what,
        against=against,
        kind=KINDS.get(e.reference or "", ("", ""))[0],
        value=f.value(e),
        interval=f.interval(e),
        p="" if e.p_value is None else f.p_value(e.p_value),
        adjusted="" if e.p_adjusted is None else f.p_value(e.p_adjusted),
        named=survives(e),
        note=f.why(e) if e.value is None else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Each person against the others, and every judge against the same references: accuracy, then kappa."""

    judges: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Cell, Cell] | None, ...]], ...]


def ceiling(book: Book) -> Ceiling | None:
    """The human ceiling, or None where fewer than three people labelled."""
    scale = "binary" if book.binary else "full"
    found = {
        (str(e.reference_rule).removeprefix(OTHERS), e.judge, e.measure): e
        for e in book.estimates
        if (e.reference_rule or "").startswith(OTHERS) and e.scale == scale
    }
    names = list(dict.fromkeys(name for name, _, _ in found))
    judges = [j for j in book.judges if any(rater == j for _, rater, _ in found)]

    def pair(name: str, rater: str) -> tuple[Cell, Cell] | None:
        both = [found.get((name, rater, code)) for code in ("accuracy", "cohen_kappa")]
        return (cell(both[0]), cell(both[1])) if any(both) else None

    rows = tuple((n, (pair(n, f"{ANNOTATOR}{n}"), *(pair(n, j) for j in judges))) for n in names)
    return Ceiling(judges=tuple(judges), rows=rows) if rows else None


def ceiling_line(found: Ceiling | None) -> str:
    """How well people do against each other, in one line beside the judges' table; "" where fewer than three labelled."""
    if found is None:
        return ""
    shown = [f"{name} {pairs[0][0].value}" for name, pairs in found.rows[:6] if pairs[0] is not None]
    more = f" and {len(found.rows) - 6} more" if len(found.rows) > 6 else ""
    return f"Human ceiling, accuracy of each person against the other people: {', '.join(shown)}{more}; see Agreement."


def people(book: Book) -> Iterable[PairRow]:
    """Agreement of each pair of human annotators."""
    known = set(book.judges)
    pairs = {(e.judge, e.other) for e in book.estimates if e.judge and e.other and not {e.judge, e.other} & known}
    for a, b in sorted(pairs):
        found = [_pair(book, code, str(a), str(b), "all") for code in ("percent_agreement", "cohen_kappa")]
        names = [str(x).removeprefix(ANNOTATOR) for x in (a, b)]
        yield PairRow(names=" and ".join(names), cells=tuple(cell(e) for e in found))
