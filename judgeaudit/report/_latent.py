"""What the judges imply together without labels: Dawid-Skene's share and rates, and how many independent judges they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._part import LONG, Line, Part, Table, figure, without_interval
from judgeaudit.report._words import KINDS, reason

RULE = "dawid_skene"
RATES = (("latent_sensitivity", "sensitivity"), ("latent_specificity", "specificity"))
LEVEL = 0.05
MOST = 40
"""So many pairs of judges are shown, those with the most alike errors first."""


def latent(book: Book) -> Part | None:
    """The section; None where fewer than two judges are compared or nothing is positive."""
    share = _panel(book, "latent_prevalence")
    votes = _panel(book, "effective_votes")
    if share is None and votes is None:
        return None
    rates, told = _rates(book)
    tables = [t for t in (rates, _pairs(book)) if t is not None]
    return Part(
        key="latent",
        short="Without labels",
        title="What the judges imply together, without labels",
        lede="Dawid-Skene takes the truth as hidden and finds the share and the error rates under which all verdicts together "
        "are likeliest. It trusts agreement: an error that most judges share passes for truth.",
        lines=(*_votes(book, votes), *_dependence(book), *_share(book, share)),
        tables=tuple(tables),
        notes=told,
    )


def _panel(book: Book, measure: str) -> Estimate | None:
    found = [e for e in book.estimates if e.measure == measure and e.panel == "judges" and e.slice == "all"]
    return next((e for e in found if e.judge is None), None)


def _votes(book: Book, e: Estimate | None) -> Iterator[Line]:
    """Effective votes beside what independent judges would give."""
    if e is None:
        return
    if e.value is None:
        lacking = (e.reason or "").startswith("no_reference")
        why = "whether judges err on the same outputs shows only against labels" if lacking else reason(e.reason)
        yield Line(text=f"How many independent judges they count as is not known: {why}.")
        return
    row = next((x for x in book.table("panel_votes") if x.get("reference") == e.reference), {})
    judges = len(row.get("judges") or ()) or len([j for j in book.audited if not book.judge(j).get("panel")])
    text = f"{judges} judges count as {_short(e.value)} independent ones{_ends(e)}"
    null = row.get("independent")
    if null:
        text += f"; independent judges would give {_short(null['low'])} to {_short(null['high'])}"
    text += f" ({f.count(e.n)} outputs that all scored, {KINDS.get(e.reference or '', ('', 'labelled'))[1]})."
    low = e.p_value is not None and e.p_value <= LEVEL
    if low:
        text += (
            " They err on the same outputs: their agreement, a majority of them and the figures below claim more than they "
            "know."
        )
    yield Line(text=text, severity="warning" if low else None)


def _dependence(book: Book) -> Iterator[Line]:
    """Whether the judges go together more than one hidden truth explains."""
    e = _panel(book, "conditional_dependence")
    if e is None:
        return
    if e.value is None:
        yield Line(text=f"Whether the judges err independently cannot be checked without labels: {reason(e.reason)}.")
        return
    p = "" if e.p_value is None else f", {f.p_value(e.p_value)}"
    how = (e.method or "").partition("; ")[2]
    held = f"{f.decimal(e.value)}{p}" + (f"; {how}" if how else "")
    if e.p_value is not None and e.p_value <= LEVEL:
        text = (
            f"The judges go together more than one hidden truth explains ({held}): the figures below rest on an assumption that "
            "fails here."
        )
        yield Line(text=text, severity="warning")
    else:
        yield Line(
            text=f"The judges go together no more than one hidden truth explains ({held}). They may still share errors."
        )


def _share(book: Book, e: Estimate | None) -> Iterator[Line]:
    """The latent share, beside the labels' where there are any."""
    if e is None:
        return
    if e.value is None:
        yield Line(text=f"No hidden truth was sought: {reason(e.reason)}.")
        return
    text = f"Share that the panel implies to be {book.wording.called}: {f.percent(e.value)}{_ends(e)} of {f.count(e.n)} outputs."
    kind = book.default
    row = next((x for x in book.table("labels") if x.get("kind") == kind), None)
    positive = {str(v) for v in book.rubric.get("positive") or ()}
    if kind is None or row is None or not row.get("resolved"):
        yield Line(text=text + " There are no labels to hold it against." if kind is None else text)
        return
    given = {str(v): float(n) for v, n in (row.get("distribution") or {}).items()}
    k, n = sum(c for v, c in given.items() if v in positive), float(row["resolved"])
    text += f" By {KINDS[kind][0]} it is {f.percent(k / n)} ({f.count(k)} of {f.count(n)})"
    outside = e.low is not None and e.high is not None and not e.low <= k / n <= e.high
    yield Line(text=text + (", outside that interval." if outside else "."), severity="warning" if outside else None)


def _rates(book: Book) -> tuple[Table | None, tuple[str, ...]]:
    """Each judge's latent rates beside those against labels."""
    found = {(e.measure, e.judge): e for e in book.estimates if e.reference_rule == RULE and e.judge is not None}
    judges = [j for j in book.judges if any((code, j) in found for code, _ in RATES)]
    if not judges:
        return None, ()
    kind = book.default
    head, rows = ["judge"], []
    for _, plain in RATES:
        head += [plain, *([f"{plain}, {KINDS[kind][1]}"] if kind else [])]
    for judge in judges:
        row = [judge]
        for code, plain in RATES:
            row.append(figure(found.get((code, judge))))
            if kind:
                row.append(figure(book.get(plain, judge=judge, reference=kind, scale="binary")))
        rows.append(tuple(row))
    table = Table(
        title="Each judge's rates against the hidden truth" + (", beside those against labels" if kind else ""),
        gloss="Sensitivity: of the positives, called positive. Specificity: of the negatives, called negative.",
        head=tuple(head),
        rows=tuple(rows),
        fold=len(rows) > LONG,
    )
    return table, without_interval(found.values())


def _pairs(book: Book) -> Table | None:
    """Pairs of judges by how far their errors go together, the most alike first."""
    found = [e for e in book.estimates if e.measure == "error_correlation" and e.other is not None]
    if not found:
        return None
    ranked: Sequence[Estimate] = sorted(found, key=lambda e: -2.0 if e.value is None else e.value, reverse=True)
    more = f" The {MOST} most alike of {len(ranked)} pairs." if len(ranked) > MOST else ""
    return Table(
        title="Do two judges err on the same outputs?",
        gloss=f"Correlation of their errors, given the truth: 0 independently, 1 always together, below 0 rather apart.{more}",
        head=("pair", "correlation of errors", "outputs"),
        rows=tuple((f"{e.judge} and {e.other}", figure(e), f.count(e.n)) for e in ranked[:MOST]),
        fold=len(ranked) > 6,
    )


def _short(x: float) -> str:
    """Votes with one decimal, whole ones without."""
    return f"{x:.1f}".removesuffix(".0")


def _ends(e: Estimate) -> str:
    if e.low is None or e.high is None:
        return f" (no interval: {reason(e.reason)})"
    if e.measure in f.RATES:
        return f" {f.interval(e)}"
    return f" [{_short(e.low)} to {_short(e.high)}]"
