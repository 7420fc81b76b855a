"""What keeps a requirement from being decided, whatever the bounds say."""

from __future__ import annotations

from collections.abc import Iterator

from judgeaudit.gate._find import Book, Subject
from judgeaudit.gate._policy import Policy, Requirement
from judgeaudit.model import Estimate

_DETECTED = ("mode=", "coherence=")


def evidence(estimate: Estimate) -> tuple[float | None, str]:
    """What `min_n` is held against, and its unit: repeated texts of degenerate outputs are no further evidence.

    Examples
    --------
    >>> evidence(Estimate(measure="accuracy", rubric="harm", slice="mode=word_loop", n=97, distinct_texts=1))
    (1, 'distinct texts')
    """
    parts = estimate.slice.split("&")
    if not any(part.startswith("mode=") or part == "coherence=degenerate" for part in parts):
        return estimate.n, "items"
    texts = estimate.distinct_texts
    return (None if texts is None else min(estimate.n, texts)), "distinct texts"


def obstacles(book: Book, policy: Policy, asked: Requirement, subject: Subject, estimate: Estimate) -> Iterator[str]:
    """Reasons for which nothing is decided, whatever the bounds say."""
    judges = _concerned(book, asked, subject)
    for finding in book.audit.findings:
        if finding.severity == "error" and (finding.judge is None or finding.judge in judges):
            yield f"{finding.code}: {finding.text}"
        detected = any(part.startswith(_DETECTED) for part in asked.slice.split("&"))
        if finding.code == "circular" and detected and (finding.judge is None or finding.judge in judges):
            yield f"circular: {finding.text}"
    if estimate.value is None:
        yield estimate.reason or "undefined"
    if asked.measure != "unscored_rate":
        for judge in judges:
            yield from _unscored(book, policy, subject.rubric, judge, asked.slice)


def doubts(book: Book, asked: Requirement, subject: Subject, estimate: Estimate) -> Iterator[str]:
    """Reasons for which a figure within its limit is no PASS: half of what it takes to read it was never seen.

    A judge that says one thing of everything has a perfect error rate of one kind, and a reference of one class has no items
    for the other kind. A policy that limits one rate alone must pass neither; slices of one class are no such doubt. Judges that
    share their errors agree well, so agreement among judges is no PASS where people contradict them.
    """
    among_judges = asked.other is not None or asked.panel in ("judges", "all")
    judges = [judge for judge in _concerned(book, asked, subject) if judge in book.judges(baselines=False)]
    for finding in book.audit.findings:
        # An audit of several rubrics names the rubric at the start of a finding's text.
        here = len(book.rubrics) == 1 or finding.text.startswith(f"[{subject.rubric}] ")
        constant = finding.code == "constant_judge" and finding.judge in judges
        if here and (constant or (finding.code == "agree_but_wrong" and among_judges)):
            yield f"{finding.code}: {finding.text}"
    for judge in judges:
        for kappa in book.by_place.get(("cohen_kappa", subject.rubric, judge, "all"), []):
            same = (kappa.reference, kappa.reference_rule) == (estimate.reference, estimate.reference_rule)
            if estimate.reference is not None and same and (kappa.reason or "").startswith("one_class"):
                yield f"{kappa.reason}, on all items, so that one of the two kinds of error cannot be seen"


def _concerned(book: Book, asked: Requirement, subject: Subject) -> list[str]:
    if asked.panel == "humans":
        return []
    if asked.panel is not None:
        members = {str(j["name"]) for j in book.audit.judges if "name" in j and not j.get("panel", False)}
        return [judge for judge in book.judges(baselines=False) if judge in members]
    against = asked.against.removeprefix("judge:") if asked.against and asked.against.startswith("judge:") else None
    return [name for name in (subject.judge, asked.other, against) if name is not None]


def _unscored(book: Book, policy: Policy, rubric: str, judge: str, where: str) -> Iterator[str]:
    baseline = judge not in book.judges(baselines=False)
    overall = book.single("unscored_rate", rubric, judge, "all")
    if overall is None and not baseline:
        yield f"unscored_unknown: the audit does not say how many items {judge} left without a verdict"
    for rate in (overall, book.single("unscored_rate", rubric, judge, where)):
        if rate is not None and (rate.value is None or rate.value > policy.max_unscored):
            share = "an unknown share" if rate.value is None else f"{rate.value:.4g}"
            most = f"the policy allows {policy.max_unscored:g}"
            yield f"unscored: {share} of the items of {judge} on {rate.slice} have no verdict, {most}"
