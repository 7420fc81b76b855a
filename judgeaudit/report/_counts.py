"""The counts behind the figures: confusion matrices, label distributions, and what was left out of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.model import Audit
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._grid import HEAT_STEPS
from judgeaudit.report._words import KINDS, baseline_name, reason, rule, slice_name, status


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCell:
    """A count with its share of the row, and whether verdict and reference agree there."""

    n: str
    share: str
    agree: bool
    heat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """One judge against one kind of labels on one slice: rows are the judge's values, columns the reference's."""

    judge: str
    kind: str
    slice: str
    scale: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CountCell, ...]], ...]
    main: bool
    baseline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Records in = used + left out by reason: one line of the accounting."""

    name: str
    asked: str
    used: str
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One kind of labels: who gave them, by what rule they became one, how many, and how they are distributed."""

    kind: str
    rule: str
    annotators: str
    labelled: str
    unresolved: str
    distribution: tuple[tuple[str, str], ...]


def confusions(book: Book) -> list[Confusion]:
    """The confusion matrices; those over all outputs stand open (`main`), those on slices and of baselines folded."""
    made = []
    for row in book.table("confusion"):
        key = str(row.get("slice", "all"))
        if key not in {"all", COHERENT, DEGENERATE}:
            continue
        values = [str(v) for v in row.get("values") or ()]
        made.append(
            Confusion(
                judge=baseline_name(str(row.get("judge"))),
                kind=KINDS.get(str(row.get("reference")), ("labels", ""))[0],
                slice=slice_name(key),
                scale=str(row.get("scale") or ""),
                columns=tuple(values),
                rows=tuple(
                    (name, _row(counts, i))
                    for i, (name, counts) in enumerate(zip(values, row.get("counts") or (), strict=False))
                ),
                main=key == "all" and not book.is_baseline(str(row.get("judge"))),
                baseline=book.is_baseline(str(row.get("judge"))),
            )
        )
    return made


def labels(book: Book) -> list[Labels]:
    """What is known of each kind of labels."""
    found = []
    for row in book.table("labels"):
        names = [str(a) for a in row.get("annotators") or ()]
        found.append(
            Labels(
                kind=KINDS.get(str(row.get("kind")), (f"{row.get('kind')} labels", ""))[0],
                rule=rule(row.get("rule")),
                annotators=", ".join(names) or "anonymous",
                labelled=f.count(row.get("items_labelled")),
                unresolved=f.count(row.get("unresolved") or 0),
                distribution=tuple((v, f.count(n)) for v, n in _in_order(book, dict(row.get("distribution") or {}))),
            )
        )
    return found


def _in_order(book: Book, distribution: Mapping[str, float]) -> list[tuple[str, float]]:
    scale = [str(v) for v in book.rubric.get("values") or ()]
    return sorted(
        ((str(v), n) for v, n in distribution.items()), key=lambda p: (scale.index(p[0]) if p[0] in scale else 99, p[0])
    )


def accounts(book: Book) -> list[Account]:
    """For each judge: outputs in, scored, and what was left out by reason."""
    found = []
    for row in book.table("statuses"):
        counts = {str(s): int(n) for s, n in dict(row.get("counts") or {}).items()}
        rest = [
            (status(s), f.count(n)) for s, n in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if s != "ok" and n
        ]
        found.append(
            Account(
                name=baseline_name(str(row.get("judge"))),
                asked=f.count(sum(counts.values())),
                used=f.count(counts.get("ok", 0)),
                left_out=tuple(rest),
            )
        )
    return found


def inputs(audit: Audit) -> Iterable[Account]:
    """For each input: rows read, used as items, and left out by reason."""
    for source in audit.inputs:
        left = dict(source.get("left_out") or {})
        rows = source.get("rows")
        read = None if rows is None else float(rows) + sum(float(n) for n in left.values())
        yield Account(
            name=str(source.get("name") or source.get("path") or "input"),
            asked=f.count(read),
            used=f.count(rows),
            left_out=tuple((reason(str(r)), f.count(n)) for r, n in sorted(left.items()) if n),
        )


def left_out_of(book: Book) -> list[tuple[str, str, str, str]]:
    """Of each judge's headline measure per kind of labels: (judge, labels, used, left out by reason)."""
    rows = []
    for kind in book.references:
        for judge in book.judges:
            for scale in ("binary", "full"):
                e = book.get("accuracy", judge=judge, reference=kind, scale=scale)
                if e is not None:
                    rows.append((baseline_name(judge), KINDS[kind][0], f.count(e.n), _reasons(e.left_out)))
                    break
    return rows


def _reasons(left_out: Mapping[str, float]) -> str:
    return (
        ", ".join(
            f"{reason(r) if r not in _STATUS_LIKE else status(r)}: {f.count(n)}"
            for r, n in sorted(left_out.items())
            if n
        )
        or "none"
    )


_STATUS_LIKE = frozenset(
    {"missing", "unparsable", "refused", "filtered", "truncated", "out_of_range", "error", "skipped", "not_asked"}
)


def _row(counts: Sequence[float], diagonal: int) -> tuple[CountCell, ...]:
    total = sum(counts)
    return tuple(
        CountCell(
            n=f.count(n),
            share=f.percent(n / total) if total else f.NONE,
            agree=j == diagonal,
            heat=round(n / total * HEAT_STEPS) if total else 0,
        )
        for j, n in enumerate(counts)
    )
