"""Tables of one measure: slices down, judges across. The mode x judge table is the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judgeaudit.model import Estimate, LabelKind
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, Book
from judgeaudit.report._words import KINDS, measure, slice_name

HEAT_STEPS = 8
ALPHA = 0.05
NOT_MEASURED = "not measured"
_ERRORS = frozenset({"false_positive_rate", "false_negative_rate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Where the browser of single outputs is to look for what a cell counts; `words` says what is found there."""

    rubric: str
    judge: str
    where: str
    by: str
    did: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure as shown: value, counts, interval, difference, or the reason why there is none.

    `heat` is 0 to `HEAT_STEPS` by the value's size, None where nothing is coloured; `few`: under 10; `named`: the difference
    survives the correction of its family.
    """

    value: str
    counts: str = ""
    interval: str = ""
    difference: str = ""
    named: bool = False
    note: str = ""
    heat: int | None = None
    few: bool = False
    example: Example | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One slice: its name, how many outputs and distinct texts it holds, one cell a judge, alpha among the judges."""

    key: str
    name: str
    n: str
    texts: str
    cells: tuple[Cell, ...]
    extra: Cell | None = None
    warned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One table: `kind` says whose labels, `""` where nobody's are needed."""

    code: str
    title: str
    gloss: str
    kind: str
    judges: tuple[str, ...]
    rows: tuple[Row, ...]
    extra_title: str = ""
    open: bool = True


def cell(estimate: Estimate | None, difference: Estimate | None = None, *, heat: bool = False) -> Cell:
    """One figure as shown. An estimate that is not there is said to be not measured, never left blank."""
    if estimate is None:
        return Cell(value=f.NONE, note=NOT_MEASURED)
    few = estimate.n < f.FEW
    if estimate.value is None:
        return Cell(value=f.NONE, counts=_counts(estimate), note=f.why(estimate), few=few)
    return Cell(
        value=f.value(estimate),
        counts=_counts(estimate),
        interval=f.interval(estimate),
        note=_no_interval(estimate),
        difference=_difference(difference),
        named=survives(difference) and not few,
        heat=round(estimate.value * HEAT_STEPS) if heat and 0 <= estimate.value <= 1 else None,
        few=few,
    )


def survives(difference: Estimate | None) -> bool:
    """Whether a difference may be named in words: its adjusted p value is at most 0.05."""
    return difference is not None and difference.p_adjusted is not None and difference.p_adjusted <= ALPHA


def mode_grids(book: Book) -> list[Grid]:
    """The mode x judge tables of a rubric: for each kind of labels one of false positives and one of false negatives.

    Without a positive value accuracy stands instead; without any labels, how often each judge calls an output positive.
    """
    keys = [k for k in book.slice_keys() if k.startswith(("coherence=", "mode=")) and "&" not in k] or ["all"]
    return _grids(book, keys)


def slice_grids(book: Book) -> list[Grid]:
    """The same tables over all outputs and the user's own slices."""
    keys = [k for k in book.slice_keys() if "&" in k or not k.startswith(("coherence=", "mode="))]
    return _grids(book, keys) if len(keys) > 1 else []


def answer_grids(book: Book) -> list[Grid]:
    """What judges answer whether or not anybody labelled it: called positive, abstained, unscored."""
    keys = book.slice_keys()
    titles = {
        "positive_rate": f"Called {book.wording.called}",
        "abstention_rate": "Abstained",
        "unscored_rate": "Unscored",
    }
    grids = [_grid(book, keys, code, None, title, "", judges=book.judges) for code, title in titles.items()]
    return [g for g in grids if g.rows]


def _grids(book: Book, keys: Sequence[str]) -> list[Grid]:
    words = book.wording
    grids: list[Grid] = []
    if book.default is None:
        grids += _unlabelled(book, keys)
    for kind in book.references:
        by = KINDS[kind][1]
        pairs: tuple[tuple[str, str], ...]
        if book.binary:
            pairs = (
                ("false_positive_rate", f"{words.false_positives()}, {by}"),
                ("false_negative_rate", f"{words.false_negatives()}, {by}"),
            )
        else:
            pairs = (("accuracy", f"Equal to the reference, {by}"),)
        for code, title in pairs:
            grid = _grid(book, keys, code, kind, title, _gloss(book, code, kind), judges=book.judges, alpha=not grids)
            if grid.rows:
                grids.append(grid)
    return grids


def _unlabelled(book: Book, keys: Sequence[str]) -> list[Grid]:
    """How often each judge calls outputs positive: all that can be said without labels by persons or by construction."""
    title = f"Called {book.wording.called}; without labels by persons or by construction there is no error rate"
    grid = _grid(book, keys, "positive_rate", None, title, "", judges=book.judges, alpha=True)
    return [grid] if grid.rows else []


def _grid(
    book: Book,
    keys: Sequence[str],
    code: str,
    kind: LabelKind | str | None,
    title: str,
    gloss: str,
    *,
    judges: Sequence[str],
    alpha: bool = False,
) -> Grid:
    scale = None if kind is None else ("binary" if book.binary else "full")
    rows = []
    warned = {f.slice for f in book.audit.findings if f.code in {"repeated_text", "one_source"}}
    for key in keys:
        found = [
            book.get(code, judge=j, reference=kind, scale=scale, slice=key) or _unscaled(book, code, j, key)
            for j in judges
        ]
        if not any(found):
            continue
        apart = [
            book.get(code, judge=j, reference=kind, scale=scale, slice=key, against=f"slice:{COHERENT}") for j in judges
        ]
        among = book.get("krippendorff_alpha", panel="judges", scale="full", slice=key)
        facts = book.slices.get(key, {})
        rows.append(
            Row(
                key=key,
                name=slice_name(key),
                n=f.count(facts.get("n")),
                texts=f.count(facts.get("distinct_texts")),
                cells=tuple(
                    cell(e, d, heat=code in _ERRORS or kind is None) for e, d in zip(found, apart, strict=True)
                ),
                extra=cell(among) if among else Cell(value=f.NONE),
                warned=key in warned,
            )
        )
    return Grid(
        code=code,
        title=title,
        gloss=gloss,
        kind=kind or "",
        judges=tuple(judges),
        rows=tuple(rows),
        extra_title="alpha among judges" if alpha and any(r.extra and r.extra.value != f.NONE for r in rows) else "",
    )


def _unscaled(book: Book, code: str, judge: str, key: str) -> Estimate | None:
    """Rates of a judge's own answers carry the binary scale or none."""
    if code not in {"positive_rate", "abstention_rate", "unscored_rate"}:
        return None
    return book.get(code, judge=judge, scale="binary", slice=key) or book.get(
        code, judge=judge, scale="full", slice=key
    )


def _gloss(book: Book, code: str, kind: str) -> str:
    words = book.wording
    by = KINDS[kind][1]
    match code:
        case "false_positive_rate":
            return f"Of the outputs that are {words.negatives()} {by}, the share that the judge called {words.called}."
        case "false_negative_rate":
            return f"Of the outputs that are {words.positives()} {by}, the share that the judge did not call {words.called}."
        case _:
            return f"Of the outputs with {KINDS[kind][0]}: {measure(code)}."


def _no_interval(estimate: Estimate) -> str:
    if estimate.low is not None:
        return ""
    return f"no interval: {f.why(estimate)}" if estimate.reason else "no interval"


def _counts(estimate: Estimate) -> str:
    return f.k_of_n(estimate) if estimate.n else "n 0"


def _difference(difference: Estimate | None) -> str:
    if difference is None or difference.value is None:
        return ""
    return f"{f.value(difference)} {f.interval(difference)}".strip()
