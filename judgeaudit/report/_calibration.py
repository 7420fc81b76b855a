"""A judge's scores: reliability against what a perfect judge would show, risk by coverage, and what each threshold does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.report import _charts
from judgeaudit.report import _format as f
from judgeaudit.report._book import Book
from judgeaudit.report._charts import _CONFIG
from judgeaudit.report._words import KINDS, baseline_name, measure

ERRORS = ("expected_calibration_error", "smooth_calibration_error", "calibration_error_squared_debiased")
PARTS = ("brier", "brier_reliability", "brier_resolution", "brier_uncertainty", "brier_within_bins")
_RATES = ("false_positive_rate", "false_negative_rate", "youden_j")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table ready to be shown; `fold`: whether it is folded away."""

    title: str
    gloss: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fold: bool = False


def risk_coverage(book: Book) -> list[_charts.Chart]:
    """One chart a judge with scores: how often it errs on the share of outputs whose verdicts it is surest of."""
    charts = []
    for table in book.table("risk_coverage"):
        points = list(table.get("points") or ())
        if len(points) < 2:
            continue
        rows = tuple((f.percent(x["coverage"]), f.percent(x["risk"]), f.decimal(x["confidence"])) for x in points)
        charts.append(
            _charts.Chart(
                title=f"{_title(table)}: errors by share kept",
                spec=_risk_spec(points),
                head=("surest kept", "wrong among them", "least confidence"),
                rows=rows,
            )
        )
    return charts


def tables(book: Book) -> list[Table]:
    """Errors beside their null bands, the Brier score in its parts, thresholds picked on other folds, the sweeps."""
    made = [_errors(book), _parts(book), _picked(book), *_sweeps(book)]
    return [t for t in made if t.rows]


def _errors(book: Book) -> Table:
    rows = []
    for table in book.table("calibration"):
        nulls: Mapping[str, Mapping[str, float]] = table.get("null") or {}
        for code in ERRORS:
            e = book.get(code, judge=str(table.get("judge")), reference=str(table.get("reference")), scale="binary")
            null = nulls.get(code)
            if e is None or e.value is None or null is None:
                continue
            band = f"[{_fine(null['low'])}, {_fine(null['high'])}]"
            said = (
                "inside" if null["low"] <= e.value <= null["high"] else "above" if e.value > null["high"] else "below"
            )
            rows.append((_title(table), measure(code), _fine(e.value), band, said, f.p_value(float(null["p_value"]))))
    return Table(
        title="Calibration errors beside what a perfect judge would give",
        gloss="No error is 0 on a sample. The band holds 95 of 100 errors of a judge whose scores mean what they say, "
        "with the same scores and as many outputs as the clusters are worth.",
        head=("judge", "error", "value", "a perfect judge", "the value is", "p, if perfect"),
        rows=tuple(rows),
    )


def _parts(book: Book) -> Table:
    rows = []
    for table in book.table("calibration"):
        found = [
            book.get(code, judge=str(table.get("judge")), reference=str(table.get("reference")), scale="binary")
            for code in PARTS
        ]
        cells = [f.NONE if e is None or e.value is None else _fine(e.value) for e in found]
        if any(c != f.NONE for c in cells):
            rows.append((_title(table), *cells))
    return Table(
        title="The Brier score in its parts",
        gloss="Brier = reliability \u2212 resolution + uncertainty + within bins.",
        head=("judge", "Brier", "reliability", "resolution", "uncertainty", "within bins"),
        rows=tuple(rows),
    )


def _picked(book: Book) -> Table:
    rows = []
    for table in book.table("operating_points"):
        for x in table.get("picked") or ():
            chosen = [float(t) for t in x["chosen"]]
            spread = f"{_threshold(min(chosen))} to {_threshold(max(chosen))}"
            rows.append((_title(table), str(x["rule"]), _threshold(x["threshold"]), spread, *_rates(x)))
    return Table(
        title="Thresholds picked on some outputs and judged on others",
        gloss="Each fold is judged at the threshold that the other folds picked; equal texts, prompts and clusters stay "
        "together. The interval is conditional on the thresholds picked.",
        head=(
            "judge",
            "rule",
            "on all outputs",
            "in the folds",
            "false-positive rate",
            "false-negative rate",
            "Youden's J",
        ),
        rows=tuple(rows),
    )


def _sweeps(book: Book) -> Iterable[Table]:
    for table in book.table("operating_points"):
        rows = tuple((f"{x['threshold']:.2f}", *_rates(x)) for x in table.get("points") or ())
        yield Table(
            title=f"{_title(table)}: every threshold",
            gloss="Scores at or above the threshold are called positive. The best line of this table looks better than it is.",
            head=("threshold", "false-positive rate", "false-negative rate", "Youden's J"),
            rows=rows,
            fold=True,
        )


def _rates(x: Mapping[str, Any]) -> list[str]:
    out = []
    for code in _RATES:
        e: Mapping[str, Any] = x[code]
        if e["value"] is None:
            out.append(f.NONE)
            continue
        form = f.decimal if code == "youden_j" else f.percent
        ends = "" if e["low"] is None else f" [{form(e['low'])}, {form(e['high'])}]"
        counts = "" if e["k"] is None else f" ({f.count(e['k'])} of {f.count(e['n'])})"
        out.append(f"{form(e['value'])}{ends}{counts}")
    return out


def _title(table: Mapping[str, Any]) -> str:
    kind = KINDS.get(str(table.get("reference")), ("labels", ""))[0]
    return f"{baseline_name(str(table.get('judge')))}, {kind}"


def _threshold(x: float) -> str:
    return "none reaches it" if x > 1 else f"{x:.3f}"


def _fine(x: float) -> str:
    """Three decimals, four below 0.01: these figures are small."""
    digits = f"{abs(x):.4f}" if abs(x) < 0.01 else f"{abs(x):.3f}"
    return (f.MINUS if x < 0 and float(digits) else "") + digits


def _risk_spec(points: Sequence[Mapping[str, Any]]) -> _charts.Spec:
    values = [{"coverage": round(float(x["coverage"]), 6), "risk": round(float(x["risk"]), 6)} for x in points]
    last = values[-1]["risk"]
    most = max(0.1, *(v["risk"] for v in values)) * 1.1
    x = {
        "type": "quantitative", "field": "coverage", "scale": {"domain": [0, 1]},
        "axis": {"values": [0, 0.5, 1], "format": ".0%", "title": "share of outputs kept, surest first"},
    }  # Vega-Lite, one channel a line  # fmt: skip
    y = {
        "type": "quantitative", "field": "risk", "scale": {"domain": [0, round(min(most, 1.0), 6)]},
        "axis": {"format": ".0%", "tickCount": 4, "title": "wrong among those kept"},
    }  # Vega-Lite, one channel a line  # fmt: skip
    flat = {"values": [{"coverage": 0, "risk": last}, {"coverage": 1, "risk": last}]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG, "width": 200, "height": 200, "data": {"values": values},
        "layer": [
            {"data": flat, "mark": {"type": "line", "strokeDash": [4, 4], "color": "var(--ink-2)", "strokeWidth": 1.2},
             "encoding": {"x": x, "y": y}},
            {"mark": {"type": "line", "color": "var(--coherent)", "strokeWidth": 2}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": True, "size": 25, "opacity": 1, "color": "var(--coherent)"},
             "encoding": {"x": x, "y": y}},
        ],
    }  # Vega-Lite, one channel a line  # fmt: skip
