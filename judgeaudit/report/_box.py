"""The verdict box: a gate's result, or counts and nothing that sounds like a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from judgeaudit.model import Finding
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._judge_table import scored
from judgeaudit.report._sentences import sentences
from judgeaudit.report._words import KINDS, in_sentence, rule, status

Tone = Literal["pass", "fail", "inconclusive", "counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of the policy as it came out."""

    result: str
    text: str
    rubric: str | None = None


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
    mine = tuple(r for r in requirements if r.rubric in (None, book.name))
    asked = result is not None and (bool(mine) or not requirements)
    why = "no policy was given" if result is None else "the policy asks nothing of this rubric"
    return Box(
        rubric=book.name,
        tone=tones.get(result or "", "counts") if asked else "counts",
        headline=f"Policy: {result}" if asked else f"What was counted ({why})",
        requirements=mine,
        lines=tuple(sentences(book)),
        labels=_labels(book),
        unscored=tuple(line for j in book.audited if (line := _unscored(book, j))),
        warning=_strongest(book),
    )


def strongest(findings: Sequence[Finding]) -> Finding | None:
    """The first error, else the first warning: those on the whole or on degenerate outputs before those on other slices."""
    wide = {None, "all", DEGENERATE, COHERENT}
    ranked = sorted(
        (x for x in findings if x.severity != "note"),
        key=lambda x: (x.severity != "error", x.slice not in wide, not (x.slice or "").startswith("mode=")),
    )
    return ranked[0] if ranked else None


def _strongest(book: Book) -> Finding | None:
    """With several rubrics a finding's text begins with its rubric in brackets: another rubric's is not this box's."""
    mark = f"[{book.name}] "
    others = tuple(f"[{r.get('name')}] " for r in book.audit.rubrics if r.get("name") != book.name)
    mine = [x for x in book.audit.findings if not (others and x.text.startswith(others))]
    found = strongest(mine)
    return None if found is None else replace(found, text=found.text.removeprefix(mark))


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
        if sample is not None and names == [str(sample.reference_rule).removeprefix("annotator:")]:
            names = []  # the rule has named the one annotator already
        people = f" by {', '.join(names)}" if 0 < len(names) <= 6 else (f" by {len(names)} annotators" if names else "")
        who = f"{people}; {f.count(row.get('items_labelled'))} outputs labelled, {f.count(row.get('unresolved') or 0)} unresolved"
    return f"{KINDS[kind][0].capitalize()}{made}{who}."


def _unscored(book: Book, judge: str) -> str:
    ok, failed = scored(book, judge)
    if ok is None or not failed:
        return ""
    reasons = ", ".join(f"{status(s)}: {n:,}" for s, n in failed.items())
    line = f"{in_sentence(judge)}: {sum(failed.values()):,} of {ok + sum(failed.values()):,} unscored ({reasons})"
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
