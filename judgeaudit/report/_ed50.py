"""Dose-response in the report: the ED50 of each judge and mode, and the curves as small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from judgeaudit.report import _format as f
from judgeaudit.report import _stress_words as w
from judgeaudit.report._beside import Beside
from judgeaudit.report._book import Book
from judgeaudit.report._charts import Chart
from judgeaudit.report._stress_charts import curves, few

MOST_CHARTS = 24
"""Curves drawn a rubric, each judge its part of them; drawing one takes about 0.03 s. The stress test's own page has all."""
Row = tuple[str, tuple[tuple[str, ...], ...]]
_MARKS = {"negative": "●", "positive": "◆"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResponse:
    """Everything shown of one rubric.

    Parameters
    ----------
    notes
        What is not shown, and why; one line each.
    judges
        Columns of the table.
    rows
        Mode, then for each judge one line a side of the sound texts: modes with an ED50 from 10 sound texts or more.
    thin
        The same for modes whose every ED50 rests on fewer.
    never
        Modes without an ED50 by any judge.
    more
        How many curves are not drawn.
    """

    notes: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    thin: tuple[Row, ...] = ()
    never: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    more: int = 0


def dose_response(book: Book, beside: Beside) -> DoseResponse | None:
    """The dose-response of this rubric's judges; None where no stress test is at hand."""
    if beside.stress is None:
        return DoseResponse(notes=(f"Dose-response is not shown: {beside.note}.",)) if beside.note else None
    content = beside.stress
    then = next((r for r in content["rubrics"] if r["name"] == book.name), None)
    if then is None:
        return _of_other_rubrics(book, content)
    if then["version"] != book.rubric.get("version", then["version"]):
        return DoseResponse(
            notes=("Dose-response is not shown: the stress test was made with another version of this rubric.",)
        )
    mine = [j for j in content["judges"] if j["rubric"] == book.name]
    refused = {j["judge"]: why for j in mine if (why := _other_judge(book, j))}
    shown = [j for j in mine if j["judge"] not in refused]
    notes = [f"Dose-response is not shown for {judge}: {why}." for judge, why in refused.items()]
    return _made(shown, [*notes, *_not_probed(book, content)])


def _of_other_rubrics(book: Book, content: Mapping[str, Any]) -> DoseResponse | None:
    why = next((s["reason"] for s in content["skipped"] if s["rubric"] == book.name and s["judge"] is None), None)
    return None if why is None else DoseResponse(notes=(f"Dose-response is not shown: {why}.",))


def _other_judge(book: Book, judge: Mapping[str, Any]) -> str:
    """Why a probed judge is not one of this audit's, as far as that is recorded; `""` where it is."""
    if judge["judge"] not in book.audited:
        return "this audit has no such judge"
    entry = book.judge(judge["judge"])
    known = entry.get("fingerprint") if entry.get("rubric", book.name) == book.name else None
    if known and known != judge["fingerprint"]:
        return "it is another judge here than in the stress test (their fingerprints differ)"
    return ""


def _not_probed(book: Book, content: Mapping[str, Any]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for s in content["skipped"]:
        if s["rubric"] == book.name and s["judge"] in book.audited:
            reasons.setdefault(s["reason"], []).append(s["judge"])
    notes = [f"Not probed: {', '.join(judges)} ({reason})." for reason, judges in reasons.items()]
    return [*notes, f"The stress test is incomplete: {content['incomplete']}."] if content["incomplete"] else notes


def _made(judges: Sequence[Mapping[str, Any]], notes: Sequence[str]) -> DoseResponse:
    cells = {(j["judge"], c["mode"], c["bases"]): c for j in judges for c in j["cells"]["dose"]}
    names = tuple(dict.fromkeys(j["judge"] for j in judges))
    modes = sorted({mode for _, mode, _ in cells})
    reached = {mode for (_, mode, _), cell in cells.items() if cell["ed50"] is not None}
    well = {mode for (_, mode, _), cell in cells.items() if cell["ed50"] is not None and not few(cell)}
    rows: dict[str, Row] = {m: (w.plain(m), tuple(_sides(cells, n, m) for n in names)) for m in modes}
    each = max(1, MOST_CHARTS // max(1, len(judges)))
    charts = [(j, curves(j["cells"]["dose"])[0]) for j in judges]
    return DoseResponse(
        notes=tuple(notes),
        judges=names,
        rows=tuple(rows[m] for m in modes if m in well),
        thin=tuple(rows[m] for m in modes if m in reached - well),
        never=tuple(w.plain(m) for m in modes if m not in reached),
        charts=tuple(
            replace(c, title=f"{j['judge']}: {c.title}") for j, own in charts for c in _most_changed(own, j, each)
        ),
        more=sum(max(0, len(own) - each) for _, own in charts),
    )


def _most_changed(charts: Sequence[Chart], judge: Mapping[str, Any], count: int) -> list[Chart]:
    """So many charts: the modes that change most verdicts at dose 1, on negative texts first; in the order given."""
    changed: dict[tuple[str, str], float] = {}
    for cell in judge["cells"]["dose"]:
        last = cell["doses"][-1]
        if last["n"] and not few(cell):
            changed[w.plain(cell["mode"]), cell["bases"]] = last["changed"] / last["n"]
    chosen = sorted(charts, key=lambda c: [-changed.get((c.title, side), 0.0) for side in _MARKS])[:count]
    return [c for c in charts if c in chosen]


def _sides(cells: Mapping[tuple[str, str, str], Mapping[str, Any]], judge: str, mode: str) -> tuple[str, ...]:
    found = [(mark, cells[judge, mode, side]) for side, mark in _MARKS.items() if (judge, mode, side) in cells]
    return tuple(f"{mark} {_short(cell)}" for mark, cell in found) or (f.NONE,)


def _short(cell: Mapping[str, Any]) -> str:
    if cell["ed50"] is None:
        return w.ed50(cell).partition(":")[0]
    if cell["low"] is None:
        return f"{f.decimal(cell['ed50'])} ({cell['clusters']} {'text' if cell['clusters'] == 1 else 'texts'} only)"
    return w.ed50(cell)
