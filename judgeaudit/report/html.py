"""One HTML file: no network, strict content policy, readable without script, light, dark, narrow and printed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgeaudit.model import Audit
from judgeaudit.report import (
    _agreement,
    _agreement_more,
    _box,
    _calibration,
    _charts,
    _compiled,
    _counts,
    _drawer,
    _ed50,
    _examples,
    _gibberish,
    _grid,
    _items,
    _judge_table,
    _methods,
    _part,
    _parts,
    _redact,
    _words,
)
from judgeaudit.report._beside import Beside
from judgeaudit.report._book import Book, books
from judgeaudit.report._decision import Decided, told
from judgeaudit.report._drawer import Drawer
from judgeaudit.text import utf8, visible

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE = Path(__file__).parent / "_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Everything shown of one rubric, in the order in which it is shown."""

    name: str
    anchor: str
    question: str
    box: _box.Box
    modes: list[_grid.Grid]
    gibberish: list[_gibberish.Handled]
    apart: _charts.Chart | None
    dose: _ed50.DoseResponse | None
    judges: list[_judge_table.JudgeTable]
    confusions: list[_counts.Confusion]
    reliability: list[_charts.Chart]
    risk: list[_charts.Chart]
    calibration: list[_calibration.Table]
    matrices: list[_agreement.Matrix]
    alphas: _agreement.AlphaTable | None
    ceiling: _agreement.Ceiling | None
    ceiling_line: str
    people: list[_agreement.PairRow]
    agreement_more: list[_agreement_more.Table]
    labels: list[_counts.Labels]
    slices: list[_grid.Grid]
    answers: list[_grid.Grid]
    by_slice: list[_agreement.Difference]
    by_judge: list[_agreement.Difference]
    parts: list[_part.Part]
    accounts: list[_counts.Account]
    left_out: list[tuple[str, str, str, str]]
    facts: dict[str, Mapping[str, Any]]


def render(
    audit: Audit,
    *,
    decision: Decided | None = None,
    items: Iterable[Mapping[str, Any]] | None = None,
    redact: bool = False,
    beside: Beside | None = None,
    drawer: Drawer | None = None,
) -> str:
    """The whole report as one page; the same audit gives the same text.

    Parameters
    ----------
    decision
        A gate's decision, shown in the verdict box; None: counts stand there instead.
    items
        Disagreements for the browser; None: the page says that the texts are not at hand.
    redact
        Replace prompts, responses and rationales by placeholders.
    beside
        The stress test of the same judges, and the pages in the same folder; None: neither is shown.
    drawer
        Who draws the charts; None: this process.
    """
    beside = beside or Beside()
    result, requirements = told(decision)
    shelf = books(audit)
    sections = [_section(book, number, result, requirements, beside) for number, book in enumerate(shelf, 1)]
    most = _charts.MAX_DIAGRAMS
    specs = [c.spec for s in sections for c in _drawn(s)]
    drawing = None if drawer is None else drawer.begin(specs)
    browser = _browser(items, shelf, redact)
    style, script = (PAGE / "report.css").read_text("utf-8"), (PAGE / "report.js").read_text("utf-8")
    methods = _methods.methods(audit)
    template = environment().get_template("report.html.j2")
    drawn = map(_charts.inline, _drawer.draw(specs) if drawing is None else drawing.result())
    sections = [
        replace(
            s,
            modes=[_examples.linked(g, book, None if redact else browser) for g in s.modes],
            apart=replace(s.apart, svg=next(drawn)) if s.apart else None,
            dose=replace(s.dose, charts=tuple(replace(c, svg=next(drawn)) for c in s.dose.charts)) if s.dose else None,
            reliability=[replace(c, svg=next(drawn)) if i < most else c for i, c in enumerate(s.reliability)],
            risk=[replace(c, svg=next(drawn)) if i < most else c for i, c in enumerate(s.risk)],
        )
        for s, book in zip(sections, shelf, strict=True)
    ]
    return template.render(
        audit=audit,
        sections=sections,
        result=result,
        findings=_methods.grouped(audit.findings),
        browser=browser,
        redact=redact,
        links=beside.links,
        outcomes=_examples.WORDS,
        inputs=list(_counts.inputs(audit)),
        methods=methods,
        style=style,
        script=script,
        policy=policy(style, script),
        kind_notes=_words.KIND_NOTES,
        kind_words=_words.KINDS,
        n_judges=sum(not j.get("baseline") for j in audit.judges),
    )


def policy(style: str, script: str) -> str:
    """The page's content policy: nothing is loaded; only this style and this script run, by their hashes."""
    return (
        f"default-src 'none'; script-src '{_source(script)}'; style-src '{_source(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(utf8(content)).digest()).decode("ascii")


def _drawn(s: Section) -> list[_charts.Chart]:
    """Charts of a section that are drawn, in the order in which the drawings are taken."""
    most = _charts.MAX_DIAGRAMS
    doses = list(s.dose.charts) if s.dose else []
    return ([s.apart] if s.apart else []) + doses + s.reliability[:most] + s.risk[:most]


def _section(
    book: Book, number: int, result: str | None, requirements: Sequence[_box.Requirement], beside: Beside
) -> Section:
    by_slice, by_judge = _agreement.differences(book)
    top = _agreement.ceiling(book)
    return Section(
        name=book.name,
        anchor=f"r{number}",
        question=str(book.rubric.get("question") or ""),
        box=_box.box(book, result, requirements),
        modes=_grid.mode_grids(book),
        gibberish=_gibberish.handled(book),
        apart=_charts.apart(book),
        dose=_ed50.dose_response(book, beside),
        judges=_judge_table.judge_tables(book),
        confusions=_counts.confusions(book),
        reliability=_charts.reliability(book),
        risk=_calibration.risk_coverage(book),
        calibration=_calibration.tables(book),
        matrices=_agreement.matrices(book),
        alphas=_agreement.alphas(book),
        ceiling=top,
        ceiling_line=_agreement.ceiling_line(top),
        people=list(_agreement.people(book)),
        agreement_more=_agreement_more.tables(book),
        labels=_counts.labels(book),
        slices=_grid.slice_grids(book),
        answers=_grid.answer_grids(book),
        by_slice=by_slice,
        by_judge=by_judge,
        parts=_parts.parts(book),
        accounts=_counts.accounts(book),
        left_out=_counts.left_out_of(book),
        facts={_words.slice_name(k): v for k, v in book.slices.items()},
    )


def _browser(items: Iterable[Mapping[str, Any]] | None, shelf: Sequence[Book], redact: bool) -> _items.Browser | None:
    if items is None:
        return None
    shown = _redact.redact(items) if redact else items
    return _items.browser(shown, {b.name: _scale(b) for b in shelf})


def _scale(book: Book) -> _items.Scale:
    cannot = book.rubric.get("cannot_judge")
    return _items.Scale(
        positive=frozenset(str(v) for v in book.rubric.get("positive") or ()),
        cannot_judge=None if cannot is None else str(cannot),
        default=book.default,
        judges=book.judges,
    )


@cache
def environment() -> Environment:
    """Templates with escaping on; every string that is not markup is also made visible (`text.visible`)."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    env = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
        bytecode_cache=_compiled.kept(PAGE),
    )
    env.filters.update(markup=Markup, plain_judge=_words.baseline_name, slice_name=_words.slice_name)
    return env


def _shown(content: object) -> object:
    return visible(content) if isinstance(content, str) and not hasattr(content, "__html__") else content
