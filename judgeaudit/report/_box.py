"""The verdict box: a gate's result, or counts and nothing that sounds like a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from judgeaudit.model import Estimate, Finding
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._grid import survives
from judgeaudit.report._judge_table import scored
from judgeaudit.report._words import KINDS, rule, status

Tone = Literal["pass", "fail", "inconclusive", "counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of the policy as it came out."""

    result: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What stands first in every report.

    `lines` are the counts, worst judge first; `labels` says whose labels they rest on; `unscored` one line a judge that left
    something unscored; `warning` the strongest finding.
    """

    rubric: str
    tone: Tone
    headline: str
    requirements: tuple[Requirement, ...] = ()
    lines: tuple[str, ...] = ()
    labels: str = ""
    unscored: tuple[str, ...] = ()
    warning: Finding | None = None


def box(book: Book, result: str | None = None, requirements: Sequence[Requirement] = ()) -> Box:
    """The verdict box of one rubric; `result` is the gate's, None where there was no policy."""
    tones: dict[str, Tone] = {"PASS": "pass", "FAIL": "fail", "INCONCLUSIVE": "inconclusive"}
    return Box(
        rubric=book.name,
        tone=tones.get(result or "", "counts"),
        headline=f"Policy: {result}" if result else "What was counted (no policy was given)",
        requirements=tuple(requirements),
        lines=tuple(_lines(book)),
        labels=_labels(book),
        unscored=tuple(line for j in book.audited if (line := _unscored(book, j))),
        warning=strongest(book.audit.findings),
    )


def strongest(findings: Sequence[Finding]) -> Finding | None:
    """The first error, or the first warning, or None."""
    for severity in ("error", "warning"):
        for finding in findings:
            if finding.severity == severity:
                return finding
    return None


def _lines(book: Book) -> list[str]:
    kind = book.default
    if kind is None:
        return _without_labels(book)
    if not book.binary:
        return _full_scale(book, kind)
    told = []
    for judge in book.audited:
        apart = _rate(book, judge, kind, DEGENERATE)
        whole = _rate(book, judge, kind, COHERENT)
        if apart is None and whole is None:
            every = _rate(book, judge, kind, "all")
            if every is not None:
                told.append((_order(every), _overall(book, judge, every)))
            continue
        told.append((_order(apart), _sentence(book, judge, apart, whole)))
    return [line for _, line in sorted(told, key=lambda pair: -pair[0])]


def _sentence(book: Book, judge: str, apart: Estimate | None, whole: Estimate | None) -> str:
    """The judge's false positives on degenerate outputs, then on coherent ones."""
    plain, called = book.wording.plain, book.wording.called
    what = "harmless degenerate outputs" if plain else "degenerate outputs labelled otherwise"
    if apart is None:
        first = f"{judge}: no degenerate outputs with labels here"
    elif _too_few(apart):
        first = f"{judge}: {f.count(apart.n)} {what} ({_texts(apart)}): too few to say"
    elif plain:
        first = f"{judge} calls {_counted(apart)} harmless degenerate outputs harmful ({_texts(apart)})"
    else:
        first = f"{judge} answers {called} on {_counted(apart)} {what} ({_texts(apart)})"
    if whole is None:
        return f"{first}."
    if _too_few(whole):
        return f"{first}; {f.count(whole.n)} such coherent ones: too few to say."
    if apart is not None and not _too_few(apart):
        return f"{first}, {_counted(whole)} {'harmless coherent ones' if plain else 'such coherent ones'}."
    rest = (
        f"{_counted(whole)} harmless coherent ones harmful"
        if plain
        else f"{_counted(whole)} coherent ones labelled otherwise"
    )
    return f"{first}; it {'calls' if plain else f'answers {called} on'} {rest}."


def _overall(book: Book, judge: str, every: Estimate) -> str:
    if _too_few(every):
        return f"{judge}: {f.count(every.n)} negatives by the labels ({_texts(every)}): too few to say."
    if book.wording.plain:
        return f"{judge} calls {_counted(every)} harmless outputs harmful."
    return f"{judge} answers {book.wording.called} on {_counted(every)} outputs labelled otherwise."


def _counted(estimate: Estimate) -> str:
    return f"{f.k_of_n(estimate)} {f.interval(estimate)}".strip()


def _too_few(estimate: Estimate) -> bool:
    few_texts = estimate.distinct_texts is not None and estimate.distinct_texts < f.FEW
    return estimate.n < f.FEW or few_texts or estimate.value is None


def _texts(estimate: Estimate) -> str:
    n = estimate.distinct_texts
    return "distinct texts unknown" if n is None else f"{f.count(n)} distinct text{'' if n == 1 else 's'}"


def _rate(book: Book, judge: str, kind: str, key: str) -> Estimate | None:
    return book.get("false_positive_rate", judge=judge, reference=kind, scale="binary", slice=key)


def _order(estimate: Estimate | None) -> float:
    return -1.0 if estimate is None or _too_few(estimate) or estimate.value is None else estimate.value


def _without_labels(book: Book) -> list[str]:
    lines = [
        "No labels by persons or by construction: how often a judge is wrong cannot be said, only what it answers."
    ]
    for judge in book.audited:
        parts: list[str] = []
        for key, what in ((DEGENERATE, "degenerate"), (COHERENT, "coherent"), ("all", "")):
            found = next(
                (e for s in (None, "binary") if (e := book.get("positive_rate", judge=judge, scale=s, slice=key))), None
            )
            if found is not None and not _too_few(found) and not (key == "all" and parts):
                parts.append(f"{f.k_of_n(found)} {f.interval(found)} {what} outputs".replace("  ", " "))
        if parts:
            lines.append(f"{judge} calls {', '.join(parts)} {book.wording.called}.")
    return lines


def _full_scale(book: Book, kind: str) -> list[str]:
    lines = []
    for judge in book.audited:
        parts: list[str] = []
        for key, what in ((DEGENERATE, "degenerate"), (COHERENT, "coherent"), ("all", "")):
            found = book.get("accuracy", judge=judge, reference=kind, scale="full", slice=key)
            if found is not None and not _too_few(found) and not (key == "all" and parts):
                texts = f" ({_texts(found)})" if key == DEGENERATE else ""
                parts.append(f"{f.k_of_n(found)} {f.interval(found)} {what} outputs{texts}".replace("  ", " "))
        if parts:
            lines.append(f"{judge} gives the reference's value on {', '.join(parts)}.")
    return lines


def _labels(book: Book) -> str:
    kind = book.default
    if kind is None:
        return (
            "A model's only, which decide nothing here."
            if book.references
            else "Nobody's: the judges are held against each other only."
        )
    sample = next((e for e in book.estimates if e.reference == kind and e.reference_rule), None)
    made = f" ({rule(sample.reference_rule)})" if sample else ""
    row = next((r for r in book.table("labels") if r.get("kind") == kind), None)
    who = ""
    if row is not None:
        names = [str(a) for a in row.get("annotators") or ()]
        people = f" by {', '.join(names)}" if 0 < len(names) <= 6 else (f" by {len(names)} annotators" if names else "")
        who = f"{people}; {f.count(row.get('items_labelled'))} outputs labelled, {f.count(row.get('unresolved') or 0)} unresolved"
    return f"{KINDS[kind][0].capitalize()}{made}{who}."


def _unscored(book: Book, judge: str) -> str:
    ok, failed = scored(book, judge)
    if ok is None or not failed:
        return ""
    reasons = ", ".join(f"{status(s)} {n:,}" for s, n in failed.items())
    line = f"{judge}: {sum(failed.values()):,} of {ok + sum(failed.values()):,} unscored ({reasons})"
    kind = book.default
    for code, name in (
        ("false_positive_rate", "false-positive rate"),
        ("accuracy", "accuracy"),
        ("positive_rate", "positive rate"),
    ):
        for scale in ("binary", "full", None):
            found = book.get(code, judge=judge, reference=None if code == "positive_rate" else kind, scale=scale)
            if found is not None and f.bounds(found):
                return (
                    f"{line}; whatever they were, its {name} lies between {f.bounds(found).replace(' to ', ' and ')}."
                )
    return line + "."


def named_differences(book: Book) -> list[Estimate]:
    """Judge x mode differences that survive their family's correction: the only ones that may be named in words."""
    return [
        e for e in book.estimates if e.against == f"slice:{COHERENT}" and e.slice.startswith("mode=") and survives(e)
    ]
