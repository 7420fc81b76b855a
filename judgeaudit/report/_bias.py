"""What moves verdicts beside the truth: length, the judge's own family, the order of options; and contradicted rationales."""

from __future__ import annotations

from collections.abc import Iterator

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._part import LONG, Line, Part, Table, left_out, names
from judgeaudit.report._words import reason

KINDS = {
    "length_bias": "length",
    "self_family_preference": "own family",
    "order_flip_rate": "order of options",
    "rationale_contradiction_rate": "own rationale",
}
"""What may move a verdict, by measure."""


def bias(book: Book) -> Part | None:
    """The section; None where nothing of it was asked."""
    found = [e for e in book.estimates if e.measure in KINDS and e.slice == "all" and e.judge is not None]
    if not found:
        return None
    rows = tuple(_row(book, e) for code in KINDS for e in found if e.measure == code and e.value is not None)
    table = Table(
        title="What moves verdicts beside the truth",
        gloss="Differences are between outputs that are equally true by the labels. Of 20 intervals about one misses 0 by "
        "chance.",
        head=("judge", "bias", "in words", "figure", "outputs", "left out"),
        rows=rows,
        fold=len(rows) > LONG,
    )
    return Part(
        key="bias",
        short="Bias",
        title="Bias",
        lede="A sound judge's verdict follows what an output says, not how long it is, who wrote it or in which order the "
        "options stand; and it is the one that its own rationale states.",
        lines=() if rows else (Line(text="None of these could be measured here."),),
        tables=(table,) if rows else (),
        notes=tuple(_refused(found)),
    )


def _row(book: Book, e: Estimate) -> tuple[str, ...]:
    judge = str(e.judge)
    return judge, KINDS[e.measure], _words(book, e), _figure(e), f.count(e.n), left_out(e)


def _figure(e: Estimate) -> str:
    if e.measure in f.RATES:
        return f"{f.value(e)} · {f.k_of_n(e)} {f.interval(e)}".strip()
    value, low, high = e.value, e.low, e.high
    if value is None:
        return f.NONE
    ends = "" if low is None or high is None else f" [{f.points(low, signed=True)}, {f.points(high, signed=True)}]"
    return f"{f.points(value, signed=True)} points{ends}"


def _words(book: Book, e: Estimate) -> str:
    """The direction in words; where the interval holds 0, that there is none to see."""
    called = book.wording.called
    if e.measure == "order_flip_rate":
        return _flips(book, e)
    if e.measure == "rationale_contradiction_rate":
        return _contradictions(book, e)
    if e.low is None or e.high is None or e.value is None:
        return f"too little to say: {reason(e.reason)}"
    what = {
        "length_bias": ("longer", "shorter"),
        "self_family_preference": ("its own family's", "other families'"),
    }[e.measure]
    if e.low <= 0 <= e.high:
        return f"no clear difference between {what[0]} and {what[1]} outputs"
    first, second = what if e.value > 0 else what[::-1]
    return f"calls {first} outputs {called} more often than {second}"


def _flips(book: Book, e: Estimate) -> str:
    flips = book.get("flip_rate", judge=e.judge, scale="binary")
    told = "verdicts that change when the options are shown in the other order"
    if flips is None or flips.value is None:
        return told
    return f"{told}; from trial to trial {f.percent(flips.value)} change anyway"


def _contradictions(book: Book, e: Estimate) -> str:
    """What the figure counts, and on which outputs it happens."""
    told = "verdicts other than the value that the judge's own rationale states"
    for part, name in ((COHERENT, "coherent"), (DEGENERATE, "degenerate")):
        one = book.get(e.measure, judge=e.judge, scale=e.scale, slice=part)
        if one is not None and one.value is not None:
            told += f"; on {name} outputs {f.value(one)} ({f.k_of_n(one)})"
    return told


def _refused(found: list[Estimate]) -> Iterator[str]:
    """What was not measured, judges with the same reason together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for e in found:
        if e.value is None:
            judge = str(e.judge)
            why = reason(e.reason).replace(f"{judge}~", "NAME~")
            groups.setdefault((KINDS[e.measure], why), []).append(judge)
    for (what, why), judges in groups.items():
        yield f"{what.capitalize()}, not measured for {names(judges)}: {why}."
