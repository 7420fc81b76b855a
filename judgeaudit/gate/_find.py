"""From a requirement to the one estimate that it is about, or the words for why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from judgeaudit import kinds
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.gate._policy import EVERY_JUDGE, Requirement
from judgeaudit.model import Audit, Estimate

_EXACT = ("panel", "against", "weights")
_ANY = ("reference_rule", "level")
_CEILING = "others_than:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a requirement is applied to; `judge` None: a panel."""

    rubric: str
    judge: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """An audit's estimates by measure, rubric, judge and slice."""

    audit: Audit
    by_place: dict[tuple[str, str, str | None, str], list[Estimate]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for e in self.audit.estimates:
            self.by_place.setdefault((e.measure, e.rubric, e.judge, ordered(e.slice)), []).append(e)

    @property
    def measures(self) -> set[str]:
        """Measures that the package or the audit knows."""
        return {e.measure for e in self.audit.estimates}.union(kinds.names("judgeaudit.measures"))

    @property
    def rubrics(self) -> list[str]:
        """Names of all rubrics, in the audit's order."""
        named = [str(rubric["name"]) for rubric in self.audit.rubrics if "name" in rubric]
        return list(dict.fromkeys([*named, *(e.rubric for e in self.audit.estimates)]))

    def judges(self, *, baselines: bool) -> list[str]:
        """Names of the judges, with or without baselines, in the audit's order."""
        return [
            str(j["name"]) for j in self.audit.judges if "name" in j and (baselines or not j.get("baseline", False))
        ]

    def single(self, measure: str, rubric: str, judge: str, where: str) -> Estimate | None:
        """The estimate of a measure that stands once for each judge and slice; None: there is none."""
        found = self.by_place.get((measure, rubric, judge, ordered(where)), [])
        plain = [e for e in found if e.other is None and e.against is None]
        return plain[0] if len(plain) == 1 else None


def ordered(slice_name: str) -> str:
    """The slice's name with its parts in alphabetical order.

    Examples
    --------
    >>> ordered("mode=word_loop&coherence=degenerate")
    'coherence=degenerate&mode=word_loop'
    """
    return "&".join(sorted(slice_name.split("&")))


def subjects(book: Book, requirement: Requirement, where: str) -> list[Subject]:
    """Every rubric and judge that a requirement applies to; none: the audit has no judge.

    Raises
    ------
    ConfigError
        The measure, a judge or the rubric is unknown; the message names the nearest known.
    """
    _known("measure", requirement.measure, sorted(book.measures), where)
    if requirement.rubric is not None:
        _known("rubric", requirement.rubric, book.rubrics, where)
    for name in (requirement.judge, requirement.other):
        if name is not None and name != EVERY_JUDGE:
            _known("judge", name, book.judges(baselines=True), where)
    rubrics = book.rubrics if requirement.rubric is None else [requirement.rubric]
    return [Subject(rubric=rubric, judge=judge) for rubric in rubrics for judge in _judges(book, requirement)]


def _judges(book: Book, requirement: Requirement) -> Iterator[str | None]:
    if requirement.panel is not None:
        yield None
    elif requirement.judge != EVERY_JUDGE:
        yield requirement.judge
    else:
        yield from (judge for judge in book.judges(baselines=False) if judge != requirement.other)


def _known(kind: str, name: str, known: Sequence[str], where: str) -> None:
    if name not in known:
        raise ConfigError(f"unknown {kind}", where=where, got=repr(name), next_step=nearest(name, known))


def find(book: Book, requirement: Requirement, subject: Subject, where: str) -> Estimate | str:
    """The estimate, or in words why there is none.

    Raises
    ------
    ConfigError
        Several estimates fit; the message names the key that would tell them apart.
    """
    there = _there(book, requirement, subject)
    if not there:
        return _absent(book, requirement, subject)
    fitting = [e for e in there if all(getattr(e, key) == getattr(requirement, key) for key in _EXACT)]
    fitting = [e for e in fitting if all(getattr(requirement, key) in (None, getattr(e, key)) for key in _ANY)]
    if requirement.reference_rule is None:
        # The ceiling's references, all annotators but one, are beside the reference and not rivals of it.
        fitting = [e for e in fitting if not (e.reference_rule or "").startswith(_CEILING)]
    fitting = _by_scale(_by_reference(fitting, requirement), requirement)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        key = next(
            k for k in ("reference_rule", "level", "reference", "scale") if len({getattr(e, k) for e in fitting}) > 1
        )
        choices = ", ".join(sorted({str(getattr(e, key)) for e in fitting}))
        raise ConfigError(
            "several estimates fit", where=where, got=f"{key} left out", expected=f"{key} as one of {choices}"
        )
    return f"not_in_audit: {_kinds(there)}"


def _there(book: Book, asked: Requirement, subject: Subject) -> list[Estimate]:
    """Estimates of the right measure, raters and slice; a pair may be named in either order."""

    def at(judge: str | None) -> list[Estimate]:
        return book.by_place.get((asked.measure, subject.rubric, judge, ordered(asked.slice)), [])

    found = [e for e in at(subject.judge) if e.other == asked.other]
    return found or [e for e in at(asked.other) if asked.other is not None and e.other == subject.judge]


def _by_reference(found: list[Estimate], requirement: Requirement) -> list[Estimate]:
    if "reference" in requirement.model_fields_set:
        return [e for e in found if e.reference == requirement.reference]
    named = [e for e in found if e.reference is not None]
    return [e for e in named if e.reference == "human"] if named else found


def _by_scale(found: list[Estimate], requirement: Requirement) -> list[Estimate]:
    if "scale" in requirement.model_fields_set:
        return [e for e in found if e.scale == requirement.scale]
    return [e for e in found if e.scale in _scales(requirement.measure)]


def _scales(measure: str) -> tuple[str | None, ...]:
    """Scales that a requirement without one means: binary, but full for a measure that is never binary."""
    if measure not in kinds.names("judgeaudit.measures"):
        return ("binary", None)
    module: Any = kinds.load("judgeaudit.measures", measure)
    return ("binary", None) if "binary" in module.MEASURE.scales else ("full", None)


def _absent(book: Book, requirement: Requirement, subject: Subject) -> str:
    same = [e for e in book.audit.estimates if e.measure == requirement.measure and e.rubric == subject.rubric]
    if not same:
        return f"not_in_audit: {requirement.measure} is not in the audit"
    of_judge = [e for e in same if e.judge == subject.judge or (e.other is not None and e.other == subject.judge)]
    if not of_judge:
        groups = sorted({e.panel for e in same if e.panel})
        hint = f"; it is of a panel: {', '.join(groups)}" if groups and subject.judge is not None else ""
        return f"not_in_audit: {requirement.measure} of {subject.judge or 'a panel'} is not in the audit{hint}"
    known = nearest(requirement.slice, {e.slice for e in of_judge})
    on_slice = {e.measure for e in book.audit.estimates if ordered(e.slice) == ordered(requirement.slice)}
    if on_slice:
        others = f"there: {', '.join(sorted(on_slice))}"
        return (
            f"not_in_audit: no {requirement.measure} on slice {requirement.slice!r}, {others}; slices with it, {known}"
        )
    return f"not_in_audit: no slice {requirement.slice!r}, or no output in it; {known}"


def _kinds(there: Sequence[Estimate]) -> str:
    """What there is instead, where the slice is right and another key is not."""
    keys = ("reference", "reference_rule", "scale", *_EXACT, "level")
    shown = []
    for key in keys:
        values = sorted({str(getattr(e, key)) for e in there if getattr(e, key) is not None})
        if values:
            shown.append(f"{key} {' or '.join(values)}")
    return f"the audit has it only with {', '.join(shown)}" if shown else "the audit has it only without these keys"
