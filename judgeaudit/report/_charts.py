"""Charts as SVG, drawn when the report is written: no chart script in the page, colours from the page's CSS variables.

The specifications are Vega-Lite as Altair writes it, given as plain data: importing Altair costs 0.7 s, drawing with vl-convert
0.4 s, which another process can take over (`_drawer`). The tests hold every specification against Altair's schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.report import _drawer
from judgeaudit.report import _format as f
from judgeaudit.report._book import COHERENT, DEGENERATE, Book
from judgeaudit.report._words import KINDS, baseline_name, slice_name
from judgeaudit.text import clip, visible

Spec = dict[str, Any]
MAX_DIAGRAMS = 12
_CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif", "padding": {"left": 22, "top": 4, "right": 14, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink-2)", "titleColor": "var(--ink-2)", "gridColor": "var(--line)", "domainColor": "var(--line-2)",
        "tickColor": "var(--line-2)", "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 190,
    },
    "legend": {"labelColor": "var(--ink)", "labelFontSize": 12, "title": None, "orient": "top", "symbolSize": 90,
               "symbolOpacity": 1},
}  # Vega-Lite, one channel a line  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart and the same figures as a table: `head` and `rows` are what a reader who sees no picture reads."""

    title: str
    spec: Spec
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str = ""


def apart(book: Book) -> Chart | None:
    """False-positive rates on coherent and on degenerate outputs, one line a judge; None where neither is known."""
    kind = book.default
    if kind is None or not book.binary:
        return None
    values, rows, order = [], [], []
    for judge in book.judges:
        name = clip(visible(baseline_name(judge)), 28)
        found = {
            s: book.get("false_positive_rate", judge=judge, reference=kind, scale="binary", slice=s)
            for s in (COHERENT, DEGENERATE)
        }
        if any(e is None or e.value is None or e.n < f.FEW for e in found.values()):
            continue
        order.append(name)
        for key, e in found.items():
            if e is not None:
                values.append(
                    {
                        "judge": name,
                        "outputs": slice_name(key),
                        "rate": _short(e.value),
                        "low": _short(e.low),
                        "high": _short(e.high),
                    }
                )
                rows.append((baseline_name(judge), slice_name(key), f.value(e), f.interval(e), f.k_of_n(e)))
    if not order:
        return None
    title = f"{book.wording.false_positives()}, {KINDS[kind][1]}: coherent and degenerate outputs"
    return Chart(
        title=title,
        spec=_apart(values, order),
        head=("judge", "outputs", "rate", "interval", "counts"),
        rows=tuple(rows),
    )


def reliability(book: Book) -> list[Chart]:
    """One reliability diagram for each judge with scores: mean score of a bin against the share of positives in it.

    Only the first `MAX_DIAGRAMS` are drawn; all have their table.
    """
    charts = []
    for table in book.table("reliability"):
        bins = [b for b in table.get("bins") or () if b.get("n") and b.get("positive_rate") is not None]
        if not bins or table.get("slice", "all") != "all":
            continue
        judge = baseline_name(str(table.get("judge")))
        kind = KINDS.get(str(table.get("reference")), ("labels", ""))[0]
        bins = _with_bars(book, table, bins)
        rows = tuple(
            (
                f"{f.decimal(b['low'])} to {f.decimal(b['high'])}",
                f.count(b["n"]),
                _dec(b.get("mean_score")),
                f.percent(b["positive_rate"]),
                f.NONE
                if b.get("bar_low") is None
                else f"{f.points(float(b['bar_low']))} to {f.percent(float(b['bar_high']))}",
            )
            for b in bins
        )
        head = ("scores", "n", "mean score", "positive by the labels", "if calibrated")
        charts.append(Chart(title=f"{judge}, {kind}", spec=_reliability(bins), head=head, rows=rows))
    return charts


def _with_bars(book: Book, table: Mapping[str, Any], bins: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Bins with the range that their share of positives would have if the scores meant what they say."""
    keys = ("judge", "reference", "slice")
    row = next((r for r in book.table("calibration") if all(r.get(k) == table.get(k) for k in keys)), {})
    bars = row.get("bars") or []
    out: list[Mapping[str, Any]] = []
    for b in bins:
        place = round(float(b["low"]) * len(bars))
        bar = bars[place] if place < len(bars) else {}
        out.append({**b, "bar_low": bar.get("low"), "bar_high": bar.get("high")})
    return out


def draw(specs: Sequence[Spec]) -> list[str]:
    """SVG for each specification: no styles, no addresses, sized by the page."""
    return [inline(svg) for svg in _drawer.draw(specs)]


def inline(svg: str) -> str:
    """Ready to stand inside a page: namespaces dropped (HTML has them), hidden from screen readers (a table says the same)."""
    head, end, body = svg.partition(">")
    size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', head)
    width, height = size.groups() if size else ("300", "300")
    start = f'<svg class="chart" aria-hidden="true" focusable="false" width="{width}" height="{height}"'
    start += f' viewBox="0 0 {width} {height}"'
    body = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", body)
    body = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m.group()):.2f}", body)
    return start + end + body


def _apart(values: Sequence[Mapping[str, Any]], order: Sequence[str]) -> Spec:
    names = ["coherent", "degenerate"]
    colour = {
        "field": "outputs", "type": "nominal", "sort": names,
        "scale": {"domain": names, "range": ["var(--coherent)", "var(--degenerate)"]},
    }  # Vega-Lite, one channel a line  # fmt: skip
    shape = {"field": "outputs", "type": "nominal", "scale": {"domain": names, "range": ["circle", "diamond"]}}
    axis = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "title": None}
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis}
    y = {
        "field": "judge",
        "type": "nominal",
        "sort": order,
        "axis": {"title": None, "grid": False, "ticks": False, "domain": False},
    }
    offset = {"field": "outputs", "type": "nominal", "sort": names}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG, "width": 560, "height": {"step": 15}, "data": {"values": values},
        "encoding": {"y": y, "yOffset": offset, "color": colour},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55},
             "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 85, "opacity": 1},
             "encoding": {"x": {**x, "field": "rate"}, "shape": shape}},
        ],
    }  # Vega-Lite, one channel a line  # fmt: skip


def _reliability(bins: Sequence[Mapping[str, Any]]) -> Spec:
    most = max(float(b["n"]) for b in bins)
    values = [
        {
            "score": _short(b.get("mean_score")), "rate": _short(b["positive_rate"]),
            "low": _short(b.get("ci_low")), "high": _short(b.get("ci_high")),
            "bar_low": _short(b.get("bar_low")), "bar_high": _short(b.get("bar_high")),
            "n": b["n"], "from": b["low"], "to": b["high"], "bar": _short(float(b["n"]) / most * 0.16),
        }
        for b in bins
    ]  # Vega-Lite, one channel a line  # fmt: skip
    ticks = {"values": [0, 0.5, 1], "format": ".1f"}
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {**ticks, "title": "mean score in the bin"}}
    y = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {**ticks, "title": "positive by the labels"}}
    line = {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG, "width": 200, "height": 200, "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": "var(--line-2)", "opacity": 0.7},
             "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": {**y, "field": "bar"}, "y2": {"datum": 0}}},
            {"mark": {"type": "rule", "color": "var(--ink-2)", "strokeWidth": 9, "opacity": 0.28},
             "transform": [{"filter": "isValid(datum.bar_low)"}],
             "encoding": {"x": {**x, "field": "score"}, "y": {**y, "field": "bar_low"}, "y2": {"field": "bar_high"}}},
            {"data": line, "mark": {"type": "line", "strokeDash": [4, 4], "color": "var(--ink-2)", "strokeWidth": 1.2},
             "encoding": {"x": {**x, "field": "a"}, "y": {**y, "field": "b"}}},
            {"mark": {"type": "rule", "color": "var(--coherent)", "strokeWidth": 2, "opacity": 0.6},
             "encoding": {"x": {**x, "field": "score"}, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": "var(--coherent)"},
             "encoding": {"x": {**x, "field": "score"}, "y": {**y, "field": "rate"}}},
        ],
    }  # Vega-Lite, one channel a line  # fmt: skip


def _short(x: Any) -> float | None:
    """Six digits: an audit that was written and read again is drawn by the same bytes."""
    return None if x is None else round(float(x), 6)


def _dec(x: Any) -> str:
    return f.NONE if x is None else f.decimal(float(x))
