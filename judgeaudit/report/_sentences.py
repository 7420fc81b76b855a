"""The verdict box's sentences: counts on degenerate outputs beside counts on coherent ones, and nothing that generalises."""

from __future__ import annotations

from dataclasses import dataclass

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._words import in_sentence

MAX_JUDGES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one rubric's figures are said: "calls 3 of 9 harmless degenerate outputs harmful".

    `label` stands before the kind of output or after "outputs"; `tail` ends the count; `low_is_bad`: high figures are good.
    """

    measure: str
    reference: str | None
    scales: tuple[str | None, ...]
    head: str
    before: str = ""
    after: str = ""
    tail: str = ""
    low_is_bad: bool = False

    def outputs(self, what: str) -> str:
        """The counted outputs, such as "harmless degenerate outputs"."""
        return " ".join(x for x in (self.before, what, "outputs", self.after) if x)

    def ones(self, what: str) -> str:
        """The same once more, such as "harmless coherent ones"; of all outputs where nothing tells these apart.

        Examples
        --------
        >>> style = Style(measure="false_positive_rate", reference="human", scales=("binary",), head="calls", after="so")
        >>> style.ones("coherent"), style.ones("")
        ('such coherent ones', 'such ones of all')
        """
        last = "ones" if what else "ones of all"
        return " ".join(x for x in (self.before or ("such" if self.after else ""), what, last) if x)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """One judge's figures on degenerate, coherent and all outputs."""

    judge: str
    degenerate: Estimate | None
    coherent: Estimate | None
    whole: Estimate | None


def sentences(book: Book) -> list[str]:
    """One line a judge under audit, the worst on degenerate outputs first; and what must be said before them."""
    style = _style(book)
    counts = [_counts(book, style, judge) for judge in book.audited]
    lines = []
    if style.reference is None:
        lines.append(
            "No labels by persons or by construction: how often a judge is wrong cannot be said, only what it answers."
        )
    nowhere = all(_few(c.degenerate) for c in counts)
    if nowhere and any(c.degenerate is not None for c in counts):
        most = max((c.degenerate for c in counts if c.degenerate is not None), key=lambda e: e.n)
        lines.append(
            f"{f.count(most.n)} {style.outputs('degenerate')} ({texts(most)}): too few to say what the judges do with them."
        )
    ranked = sorted(
        counts, key=lambda c: _badness(c.degenerate if not nowhere else c.coherent or c.whole, style), reverse=True
    )
    said = [line for c in ranked if (line := _sentence(c, style, nowhere))]
    if len(said) > MAX_JUDGES:
        said = [*said[:MAX_JUDGES], f"Judges with lower figures, in the table below: {len(said) - MAX_JUDGES}."]
    return [*lines, *said, *_caveats(book)] if not nowhere else lines + said


def _caveats(book: Book) -> list[str]:
    """What the degenerate outputs live on, where that is one text or one source: the counts do not go beyond it."""
    facts = book.slices.get(DEGENERATE, {})
    parts = []
    if facts.get("repeated") and facts.get("largest_text_share"):
        parts.append(
            f"{f.percent(float(facts['largest_text_share']))} of the degenerate outputs are one and the same text"
        )
    if facts.get("source"):
        parts.append(
            f"over 80% of them come from {facts['source']}"
            if parts
            else f"over 80% of the degenerate outputs come from {facts['source']}"
        )
    return [f"{', and '.join(parts)}: the counts above speak of that, not of gibberish at large."] if parts else []


def _counts(book: Book, style: Style, judge: str) -> Counts:
    apart, coherent, whole = (_find(book, style, judge, key) for key in (DEGENERATE, COHERENT, "all"))
    return Counts(judge=in_sentence(judge), degenerate=apart, coherent=coherent, whole=whole)


def too_few(estimate: Estimate) -> bool:
    """Under 10 in the denominator or under 10 distinct texts: never named in the verdict box."""
    few_texts = estimate.distinct_texts is not None and estimate.distinct_texts < f.FEW
    return estimate.n < f.FEW or few_texts or estimate.value is None


def texts(estimate: Estimate) -> str:
    """How many distinct texts an estimate rests on, in words."""
    n = estimate.distinct_texts
    return "distinct texts unknown" if n is None else f"{f.count(n)} distinct text{'' if n == 1 else 's'}"


def _style(book: Book) -> Style:
    words, kind = book.wording, book.default
    head, tail = ("calls", "harmful") if words.plain else (f"answers {words.called} on", "")
    if kind is None:
        return Style(measure="positive_rate", reference=None, scales=("binary", None), head=head, tail=tail)
    if not book.binary:
        head = "gives the reference's value on"
        return Style(measure="accuracy", reference=kind, scales=("full",), head=head, low_is_bad=True)
    before, after = ("harmless", "") if words.plain else ("", "labelled otherwise")
    return Style(
        measure="false_positive_rate",
        reference=kind,
        scales=("binary",),
        head=head,
        before=before,
        after=after,
        tail=tail,
    )


def _sentence(counts: Counts, style: Style, nowhere: bool) -> str:
    apart, whole = counts.degenerate, counts.coherent or counts.whole
    what = "coherent" if counts.coherent is not None else ""
    rest = "" if whole is None else _counted(whole, style, what)
    if apart is None or nowhere:
        return (
            f"{counts.judge} {rest}."
            if rest and whole and not too_few(whole)
            else _nothing(counts.judge, whole, style, what)
        )
    if apart.n == 0 and apart.reason:
        first = f"{counts.judge}: nothing to say about degenerate outputs ({f.why(apart)})"
        return f"{first}; it {rest}." if whole is not None and not too_few(whole) else f"{first}."
    if too_few(apart):
        first = f"{counts.judge}: {f.count(apart.n)} {style.outputs('degenerate')} ({texts(apart)}): too few to say"
        return f"{first}; it {rest}." if whole is not None and not too_few(whole) else f"{first}."
    first = f"{counts.judge} {_counted(apart, style, 'degenerate')} ({texts(apart)})"
    if whole is None:
        return f"{first}."
    if too_few(whole):
        return f"{first}; {f.count(whole.n)} {style.ones(what)}: too few to say."
    return f"{first}, {_figure(whole)} {style.ones(what)}."


def _nothing(judge: str, estimate: Estimate | None, style: Style, what: str) -> str:
    if estimate is None:
        return ""
    return f"{judge}: {f.count(estimate.n)} {style.outputs(what)} ({texts(estimate)}): too few to say."


def _counted(estimate: Estimate, style: Style, what: str) -> str:
    return " ".join(x for x in (style.head, _figure(estimate), style.outputs(what), style.tail) if x)


def _figure(estimate: Estimate) -> str:
    return f"{f.k_of_n(estimate)} {f.interval(estimate)}".strip()


def _few(estimate: Estimate | None) -> bool:
    return estimate is None or too_few(estimate)


def _badness(estimate: Estimate | None, style: Style) -> float:
    if estimate is None or too_few(estimate) or estimate.value is None:
        return -1.0
    return 1 - estimate.value if style.low_is_bad else estimate.value


def _find(book: Book, style: Style, judge: str, key: str) -> Estimate | None:
    found = (book.get(style.measure, judge=judge, reference=style.reference, scale=s, slice=key) for s in style.scales)
    return next((e for e in found if e is not None), None)
