"""What share is really positive: by the judge, and corrected by the labels, model by model and for all outputs together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from judgeaudit.model import Estimate
from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._part import LONG, Line, Part, Table, figure, findings, left_out, names, without_empty
from judgeaudit.report._words import KINDS, slice_name

MODEL = "col.model="
METHODS = {
    "prevalence_corrected": "corrected (Rogan-Gladen, Lee)",
    "prevalence_ppi": "PPI",
    "prevalence_ppi_tuned": "PPI++",
}
MOST = 200
"""So many rows of the table of every method are shown."""
VERIFIED = ("sensitivity_begg_greenes", "specificity_begg_greenes")
_Place = tuple[str | None, str | None, str]
_LABELS, _LEFT, _MORE = "labels", "left out", "of 100 more labels"


def prevalence(book: Book) -> Part | None:
    """The section; None where the rubric has no judges."""
    if not book.audited:
        return None
    kinds = [k for k in book.references if any(_of(book, k))]
    lines, tables, notes = [], [], []
    if not kinds:
        why = "no output has a label." if book.binary else "no value of this rubric is said to be positive."
        lines.append(Line(text=f"Nothing was corrected: {why}"))
    if kinds and book.default is None:
        lines.append(
            Line(text="There are a model's labels only: shares corrected by them are as good as that model's word.")
        )
    for kind in kinds:
        told = _shared(book) if kind == book.default else []
        lines += told
        made, said = _of_kind(book, kind)
        tables += made
        notes += said
    return Part(
        key="prevalence",
        short="Prevalence",
        title="What share is really positive?",
        lede=f"A judge that errs reports a wrong share. “As judged” is the share that it calls {book.wording.called}; "
        "“corrected” takes out its errors, as far as the labelled outputs show them. A correction holds where the labelled "
        "outputs are like the others.",
        lines=tuple(lines),
        tables=tuple(tables),
        notes=tuple(dict.fromkeys(notes)),
    )


def _of(book: Book, kind: str) -> Iterator[Estimate]:
    return (e for e in book.estimates if e.measure == "prevalence_corrected" and e.reference == kind)


def _shared(book: Book) -> list[Line]:
    """The warnings that errors are taken as equal across models, the first in full."""
    found = findings(book, "shared_calibration")
    if found:
        others = [str(x.judge) for x in found[1:]]
        more = f" The same holds of {names(others, more=True)}." if others else ""
        text = found[0].text.removeprefix(f"[{book.name}] ")
        return [Line(text=f"{text}{more}", severity=found[0].severity)]
    if any(e.slice.startswith(MODEL) for e in book.estimates):
        return []
    text = (
        "The models are not told apart here (none is named, one, or more than 50): the shares are of all outputs together, and a "
        "correction takes the judge's errors as equal in all of them."
    )
    return [Line(text=text)]


def _of_kind(book: Book, kind: str) -> tuple[list[Table], list[str]]:
    """Tables by one kind of labels: model by model, all outputs together, rates where verdicts chose the labels."""
    every = list(_of(book, kind))
    models = sorted({e.slice for e in every if e.slice.startswith(MODEL)})
    judges = [j for j in book.judges if any(e.judge == j for e in every)]
    by, folded = KINDS[kind][1], kind != book.default
    more = _allocations(book)
    tables: list[Table] = []
    notes: list[str] = []
    if models:
        tables.append(_by_model(book, kind, judges, models))
        rows = [(judge, *_row(book, more, kind, judge, part, _model(part))) for judge in judges for part in models]
        most = f"The first {MOST} of {len(rows)} rows; all stand in audit.json." if len(rows) > MOST else ""
        made, said = _table(f"Model by model, every method, {by}", most, ("judge", "model"), rows[:MOST], fold=True)
        tables.append(made)
        notes += said
    rows = [_row(book, more, kind, judge, "all", judge) for judge in judges]
    whole = f"All {len(models)} models together" if models else "All outputs together"
    gloss = "Says nothing of one model: a pooled share hides what the models differ in." if models else ""
    made, said = _table(f"{whole}, {by}", gloss, ("judge",), rows, fold=folded or len(rows) > LONG)
    tables.append(made)
    notes += said
    if kind == book.default:
        notes += _ways(book, more, every)
    tables += _verified(book, kind, judges)
    return tables, notes


def _model(part: str) -> str:
    return slice_name(part).removeprefix("model: ")


def _by_model(book: Book, kind: str, judges: Sequence[str], models: Sequence[str]) -> Table:
    """Models down, judges across: the corrected share with the judge's own beside it."""

    def cell(judge: str, part: str) -> str:
        corrected = book.get("prevalence_corrected", judge=judge, reference=kind, scale="binary", slice=part)
        judged = book.get("positive_rate", judge=judge, scale="binary", slice=part)
        return figure(corrected) + ("" if judged is None or judged.value is None else f" ({f.value(judged)})")

    return Table(
        title=f"Model by model, {KINDS[kind][1]}",
        gloss="The corrected share with its interval, each model by its own labels; in parentheses the share as judged.",
        head=("model", *judges),
        rows=tuple((_model(part), *(cell(judge, part) for judge in judges)) for part in models),
        fold=kind != book.default or len(models) > LONG,
    )


def _table(
    title: str, gloss: str, first: Sequence[str], rows: Sequence[Sequence[str]], *, fold: bool
) -> tuple[Table, Iterator[str]]:
    head = (*first, "as judged", *METHODS.values(), _LABELS, _LEFT, _MORE)
    shown, kept, gone = without_empty(head, rows, (*list(METHODS.values())[1:], _LEFT, _MORE))
    return Table(title=title, gloss=gloss, head=shown, rows=kept, fold=fold), _said(gone)


def _said(gone: Mapping[str, str]) -> Iterator[str]:
    """What stood in the columns that were left away because every cell said the same."""
    refused: dict[str, list[str]] = {}
    for name, cell in gone.items():
        if name in METHODS.values() and cell != f.NONE:
            refused.setdefault(cell.removeprefix("none: "), []).append(name)
    for why, given in refused.items():
        yield f"{' and '.join(given)}: none; {why}."
    if gone.get(_LEFT) == "none":
        yield "Nothing was left out."


def _row(book: Book, more: Mapping[_Place, str], kind: str, judge: str, part: str, name: str) -> tuple[str, ...]:
    found = [book.get(code, judge=judge, reference=kind, scale="binary", slice=part) for code in METHODS]
    corrected = found[0]
    return (
        name,
        _judged(book.get("positive_rate", judge=judge, scale="binary", slice=part)),
        *(figure(e) for e in found),
        _labelled(book, kind, judge, part, corrected),
        f.NONE if corrected is None else left_out(corrected),
        _further(more, kind, judge, part),
    )


def _judged(e: Estimate | None) -> str:
    if e is None or e.value is None:
        return figure(e)
    return f"{f.value(e)} · {f.k_of_n(e)} {f.interval(e)}".strip()


def _labelled(book: Book, kind: str, judge: str, part: str, corrected: Estimate | None) -> str:
    """How many of the judged outputs have a label, and what share of them the labels call positive."""
    found = [
        book.get(c, judge=judge, reference=kind, scale="binary", slice=part) for c in ("sensitivity", "specificity")
    ]
    if corrected is None or any(e is None or e.n is None for e in found):
        return f.NONE
    positive, negative = (float(e.n or 0) for e in found if e is not None)
    labels = positive + negative
    share = f", {f.percent(positive / labels)} positive" if labels else ""
    return f"{f.count(labels)} of {f.count(corrected.n)}{share}"


def _further(more: Mapping[_Place, str], kind: str | None, judge: str | None, part: str) -> str:
    return more.get((judge, kind, part), f.NONE)


def _allocations(book: Book) -> Mapping[_Place, str]:
    """Which further labels narrow the interval most, by judge, kind of labels and slice."""
    return {
        (x.get("judge"), x.get("reference"), str(x.get("slice"))): f"{f.count(x['negatives'])} negative, "
        f"{f.count(x['positives'])} positive"
        for x in book.table("label_allocation")
    }


def _ways(book: Book, more: Mapping[_Place, str], found: Sequence[Estimate]) -> Iterator[str]:
    """How the correction and its interval were made, and why it is refused where a judge tells nothing."""
    for way in dict.fromkeys(e.method for e in found if e.value is not None and e.method):
        yield f"How: {way}. PPI and PPI++ add the judge's mean error on labelled outputs to its share."
    if any(e.value is not None and _all_labelled(book, e) for e in found):
        yield (
            "Where every judged output has a label, a corrected share is the labels' own share again; its interval is the one "
            "that outputs without labels would get from this judge."
        )
    if any(_further(more, e.reference, e.judge, e.slice) != f.NONE for e in found):
        yield (
            "Of 100 more labels: so many on outputs that are in truth negative and positive, added to those that are there, "
            "narrow the corrected share's interval most."
        )
    if any((e.reason or "").startswith("youden_j") for e in found):
        yield (
            "Youden's J is sensitivity + specificity \u2212 1. A judge whose J may be 0 may be guessing: its share says nothing "
            "of the true one, and no correction can mend that."
        )


def _all_labelled(book: Book, e: Estimate) -> bool:
    other = book.get("prevalence_ppi", judge=e.judge, reference=e.reference, scale="binary", slice=e.slice)
    return other is not None and (other.reason or "").startswith("all_labelled")


def _verified(book: Book, kind: str, judges: Sequence[str]) -> Iterator[Table]:
    """Both rates where a judge's own verdicts decided what was labelled."""
    rows = []
    for judge in judges:
        found = [book.get(code, judge=judge, reference=kind, scale="binary") for code in VERIFIED]
        if any(e is not None for e in found):
            plain = [book.get(c, judge=judge, reference=kind, scale="binary") for c in ("sensitivity", "specificity")]
            rows.append((judge, *(figure(e) for pair in zip(found, plain, strict=True) for e in pair)))
    if rows:
        yield Table(
            title=f"Where verdicts decided which outputs were labelled, {KINDS[kind][1]}",
            gloss="Begg-Greenes lets the labels of each verdict stand for all outputs with that verdict; beside it, the rates on "
            "the labelled outputs as they are.",
            head=("judge", "sensitivity", "as labelled", "specificity", "as labelled"),
            rows=tuple(rows),
            fold=kind != book.default,
        )
