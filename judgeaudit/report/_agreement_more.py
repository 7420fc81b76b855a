"""The further tables of agreement: groups, weighted kappa, each person, the ceiling's places, the alt-test, tests of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._agreement import PANELS
from judgeaudit.report._book import ANNOTATOR, Book
from judgeaudit.report._words import measure

GROUPED = ("fleiss_kappa", "brennan_prediger", "gwet_ac1", "gwet_ac2")
EPSILONS = {"crowd": "0.1", "skilled": "0.15", "expert": "0.2"}
"""Epsilons of the alt-test by who the people are; the one that was taken stands without `against`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Text ready to be shown; `fold`: folded away until asked for."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fold: bool = True


def tables(book: Book) -> list[Table]:
    """Every table that this audit has figures for."""
    whole = [e for e in book.estimates if e.slice == "all"]
    made = (
        _places(whole),
        _alt_test(whole, book.audit.settings.get("annotators")),
        _groups(whole),
        _weighted(whole, book),
        _people(whole, book),
        _tests(whole),
    )
    return [table for table in made if table is not None and table.rows]


def _figure(e: Estimate | None, *, p: bool = False) -> str:
    """Value, interval and, for tests, p adjusted for its family; in words why there is none."""
    if e is None:
        return f.NONE
    if e.value is None:
        return f.why(e)
    tested = e.p_adjusted if e.p_adjusted is not None else e.p_value
    parts = [f.value(e), f.interval(e), "" if not p or tested is None else f.p_value(tested)]
    return " ".join(part for part in parts if part)


def _one(found: Iterable[Estimate], measure: str, **fields: str | None) -> Estimate | None:
    return next((e for e in found if e.measure == measure and all(getattr(e, k) == v for k, v in fields.items())), None)


def _names(found: Iterable[Estimate]) -> list[str]:
    return list(dict.fromkeys(e.judge for e in found if e.judge is not None))


def _person(name: str | None) -> str:
    return str(name).removeprefix(ANNOTATOR)


def _places(whole: Sequence[Estimate]) -> Table | None:
    places = [e for e in whole if e.measure == "ceiling_place" and e.value is not None]
    differences = [e for e in whole if e.measure == "ceiling_difference"]
    people = list(dict.fromkeys(e.other for e in differences))
    if not places:
        return None
    return Table(
        title="The judge's place in the human ceiling: people whom it equals or beats in agreeing with the other people, and its "
        "accuracy less each person's (p by McNemar's exact test, Holm)",
        head=("judge", "equals or beats", *(f"less {_person(p)}" for p in people)),
        rows=tuple(
            (
                str(e.judge),
                f.k_of_n(e),
                *(_figure(_one(differences, "ceiling_difference", judge=e.judge, other=p), p=True) for p in people),
            )
            for e in places
        ),
        fold=False,
    )


def _alt_test(whole: Sequence[Estimate], stated: str | None) -> Table | None:
    rates = [e for e in whole if e.measure == "alt_test_winning_rate"]
    if not any(e.value is not None for e in rates):
        return _not_tested(rates)

    def won(judge: str, kind: str) -> str:
        against = None if kind == (stated or "crowd") else f"epsilon:{EPSILONS[kind]}"
        e = _one(rates, "alt_test_winning_rate", judge=judge, against=against)
        return f.NONE if e is None else f.k_of_n(e) if e.value is not None else f.why(e)

    return Table(
        title="May the judge take a person's place? Alternative annotator test: people won over when a person costs epsilon more "
        "(0.1 crowd, 0.15 skilled, 0.2 expert); half of them is enough; "
        + (f"who the people are: {stated}" if stated else "who the people are is not stated"),
        head=("judge", *(f"epsilon {cost}" for cost in EPSILONS.values()), "advantage probability"),
        rows=tuple(
            (
                judge,
                *(won(judge, kind) for kind in EPSILONS),
                _figure(_one(whole, "alt_test_advantage_probability", judge=judge, other=None)),
            )
            for judge in _names(rates)
        ),
        fold=False,
    )


def _not_tested(rates: Sequence[Estimate]) -> Table:
    """Why no judge was held against single people, judges with the same reason together."""
    why: dict[str, list[str]] = {}
    for e in rates:
        judges = why.setdefault(f.why(e), [])
        if e.judge is not None and e.judge not in judges:
            judges.append(e.judge)
    return Table(
        title="May the judge take a person's place? Not tested (alternative annotator test)",
        head=("judge", "why"),
        rows=tuple((", ".join(judges), words) for words, judges in why.items()),
    )


def _groups(whole: Sequence[Estimate]) -> Table:
    def rows() -> Iterator[tuple[str, ...]]:
        for panel, words in PANELS.items():
            for code in GROUPED:
                for e in (x for x in whole if x.measure == code and x.panel == panel):
                    yield f"{measure(code)}{_by(e)}", words, _figure(e), f.count(e.n)
        for e in (x for x in whole if x.measure == "cochran_q"):
            asked = "equally often right?" if e.reference else "equally often positive?"
            tested = "" if e.p_value is None else f.p_value(e.p_value)
            yield f"{measure('cochran_q')}, {asked}", PANELS["judges"], f"{_figure(e)} {tested}".strip(), f.count(e.n)

    return Table(
        title="Groups by other notions of chance, and Cochran's Q",
        head=("measure", "group", "value", "outputs"),
        rows=tuple(rows()),
    )


def _by(e: Estimate) -> str:
    return "" if e.weights is None else f", {e.weights} weights"


def _weighted(whole: Sequence[Estimate], book: Book) -> Table:
    """Weighted kappa of each judge with the reference, each other judge, each person."""
    found = [
        e for e in whole if e.measure == "cohen_kappa" and e.weights and e.against is None and e.judge in book.judges
    ]
    pairs = dict.fromkeys((e.judge, e.other, e.reference) for e in found)
    rows = tuple(
        (
            str(judge),
            _person(other) if other else f"{reference} reference",
            *(
                _figure(_one(found, "cohen_kappa", judge=judge, other=other, reference=reference, weights=w))
                for w in ("linear", "quadratic")
            ),
        )
        for judge, other, reference in pairs
    )
    return Table(
        title="Weighted kappa: near misses count in part", head=("judge", "with", "linear", "quadratic"), rows=rows
    )


def _people(whole: Sequence[Estimate], book: Book) -> Table:
    """Kappa of each judge with each person, binary where there is a positive value."""
    scale = "binary" if book.binary else "full"
    found = [
        e
        for e in whole
        if e.measure in ("percent_agreement", "cohen_kappa") and e.judge in book.judges and str(e.other).startswith(ANNOTATOR)
        and e.scale == scale and e.weights is None
    ]  # fmt: skip
    people = list(dict.fromkeys(e.other for e in found))
    rows = tuple((judge, *(_both(found, judge, person) for person in people)) for judge in _names(found))
    return Table(
        title="Judge against each person: equal verdicts, then Cohen's kappa",
        head=("judge", *(_person(p) for p in people)),
        rows=rows,
    )


def _both(found: Sequence[Estimate], judge: str, person: str | None) -> str:
    agreement, kappa = (_one(found, code, judge=judge, other=person) for code in ("percent_agreement", "cohen_kappa"))
    return f"{_figure(agreement)}; {_figure(kappa)}"


def _tests(whole: Sequence[Estimate]) -> Table:
    """Pairs of judges: how often they call positive, symmetry, and what difference these outputs could show."""
    codes = ("mcnemar", "bowker_symmetry", "stuart_maxwell")
    found = [e for e in whole if e.measure in codes and not str(e.judge).startswith(ANNOTATOR)]
    detectable = {
        (e.judge, str(e.against).removeprefix("judge:")): e
        for e in whole
        if e.measure == "minimum_detectable_difference"
    }
    pairs = dict.fromkeys([(e.judge, e.other) for e in found] + list(detectable))
    rows = tuple(
        (
            f"{a} and {b}",
            *(_figure(_one(found, code, judge=a, other=b), p=True) for code in codes),
            _detectable(detectable.get((a, str(b)))),
        )
        for a, b in pairs
    )
    return Table(
        title="Pairs of judges: tests (p adjusted by Holm), and the smallest difference of accuracies that would have shown",
        head=("pair", *(measure(code) for code in codes), "would have shown"),
        rows=rows,
    )


def _detectable(e: Estimate | None) -> str:
    if e is None or e.value is None:
        return f.NONE if e is None else f.why(e)
    return f"{f.points(e.value)} points"
