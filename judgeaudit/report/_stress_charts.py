"""Dose-response curves as small multiples: one small chart a mode, both sides of the bases in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judgeaudit.report import _format as f
from judgeaudit.report._charts import _CONFIG, Chart, Spec
from judgeaudit.report._stress_words import ed50, side

_SIDES = ("negative", "positive")
_COLOURS = {"negative": "var(--coherent)", "positive": "var(--degenerate)"}


def curves(cells: Sequence[Mapping[str, Any]]) -> tuple[list[Chart], list[str]]:
    """One chart for each mode under which a verdict changed, and the names of the modes under which none did.

    A side with fewer than 10 sound texts on which the judge is right is not drawn; the table has it.
    """
    by_mode: dict[str, list[Mapping[str, Any]]] = {}
    for cell in cells:
        if not few(cell):
            by_mode.setdefault(cell["mode"], []).append(cell)
    still = [
        mode for mode, mine in by_mode.items() if not any(d["changed"] for c in mine for d in c["doses"] if d["dose"])
    ]
    return [_chart(mode, mine) for mode, mine in by_mode.items() if mode not in still], still


def _chart(mode: str, cells: Sequence[Mapping[str, Any]]) -> Chart:
    points, lines, rows = [], [], []
    for cell in cells:
        for d in cell["doses"]:
            if d["n"]:
                points.append({"side": cell["bases"], "dose": d["dose"], "share": round(d["changed"] / d["n"], 6)})
        lines += [{"side": cell["bases"], "dose": x, "share": round(y, 6)} for x, y in cell["curve"]]
        counts = "; ".join(f"{d['dose']:g}: {d['changed']} of {d['n']}" for d in cell["doses"])
        m = cell["monotone"]
        rows.append((side(cell["bases"]), ed50(cell), counts, f"{m['k']} of {m['n']}"))
    return Chart(
        title=mode.replace("_", " "),
        spec=_spec(points, lines),
        head=("sound texts", "ED50", "changed at each dose", "never back"),
        rows=tuple(rows),
    )


def _spec(points: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]) -> Spec:
    colour = {
        "field": "side", "type": "nominal", "legend": None,
        "scale": {"domain": list(_SIDES), "range": [_COLOURS[s] for s in _SIDES]},
    }  # Vega-Lite, one channel a line  # fmt: skip
    shape = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(_SIDES), "range": ["circle", "diamond"]},
    }
    dash = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(_SIDES), "range": [[1, 0], [5, 3]]},
    }
    ticks = {"values": [0, 0.5, 1], "title": None}
    x = {"field": "dose", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {**ticks, "title": "dose"}}
    y = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {**ticks, "format": ".0%"}}
    half = {"values": [{"share": 0.5}]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": _CONFIG, "width": 200, "height": 110,
        "layer": [
            {"data": half, "mark": {"type": "rule", "strokeDash": [2, 3], "color": "var(--line-2)"}, "encoding": {"y": y}},
            {"data": {"values": list(lines)}, "mark": {"type": "line", "strokeWidth": 2},
             "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash}},
            {"data": {"values": list(points)}, "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
             "encoding": {"x": x, "y": y, "color": colour, "shape": shape}},
        ],
    }  # Vega-Lite, one channel a line  # fmt: skip


def few(cell: Mapping[str, Any]) -> bool:
    """Whether a cell rests on too few bases to be named in words."""
    return int(cell["clusters"]) < f.FEW
