"""The specification curve: every universe's value with its interval, sorted, and below it which choices it was made with.

Written as SVG paths: a drawing library makes one element a mark, and 432 universes with five choices are 3,000 marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from judgeaudit.conclusions import Conclusion, Conclusions
from judgeaudit.conclusions._multiverse import CHOICES
from judgeaudit.conclusions._words import points, sentence
from judgeaudit.report._charts import Chart
from judgeaudit.text import clip, for_html

WIDTH, LEFT, RIGHT, TOP, PANEL, STRIP = 1060, 250, 12, 10, 220, 15
_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5)
_ABOVE, _BELOW, _OPEN = "var(--degenerate)", "var(--coherent)", "var(--line-2)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """One computed universe: where it stands, its values and the level of each choice."""

    x: float
    value: float
    low: float
    high: float
    levels: tuple[int, ...]


def curve(result: Conclusions, conclusion: Conclusion) -> Chart:
    """The curve of one claim; without any computed universe there is no drawing."""
    marks = _marks(result, conclusion)
    rows = tuple(
        (choice, count.level, str(count.computed), str(count.above), str(count.below))
        for choice, counts in conclusion.verdict.by_level.items()
        for count in counts
    )
    return Chart(
        title=f"{conclusion.contrast.claim}: {sentence(conclusion)}",
        spec={},
        head=("choice", "level", "universes", "wholly for", "wholly against"),
        rows=rows,
        svg=_draw(result, marks) if marks else "",
    )


def _marks(result: Conclusions, conclusion: Conclusion) -> list[_Mark]:
    shape = result.grid.shape
    found = [
        (value, low, high, tuple(int(i) for i in np.unravel_index(u, shape)))
        for u, (value, low, high) in enumerate(zip(conclusion.value, conclusion.low, conclusion.high, strict=True))
        if value is not None and low is not None and high is not None
    ]
    found.sort(key=lambda m: (m[0], m[3]))
    step = (WIDTH - LEFT - RIGHT) / max(len(found), 1)
    return [
        _Mark(x=LEFT + (i + 0.5) * step, value=value, low=low, high=high, levels=levels)
        for i, (value, low, high, levels) in enumerate(found)
    ]


def _draw(result: Conclusions, marks: Sequence[_Mark]) -> str:
    low = min(0.0, *(m.low for m in marks))
    high = max(0.0, *(m.high for m in marks))
    room = (high - low) * 0.04 or 0.05
    low, high = low - room, high + room

    def y(value: float) -> float:
        return TOP + (high - value) / (high - low) * PANEL

    parts = list(_axis(low, high, y))
    thick = min(max((WIDTH - LEFT - RIGHT) / len(marks) * 0.75, 0.8), 6.0)
    sides = ((_OPEN, [m for m in marks if m.low <= 0 <= m.high]), (_ABOVE, [m for m in marks if m.low > 0]))
    for colour, own in (*sides, (_BELOW, [m for m in marks if m.high < 0])):
        lines = "".join(f"M{_n(m.x)} {_n(y(m.high))}V{_n(y(m.low))}" for m in own)
        dots = "".join(f"M{_n(m.x)} {_n(y(m.value))}h0" for m in own)
        parts.append(f'<path d="{lines}" stroke="{colour}" stroke-width="{_n(thick)}" opacity=".55" fill="none"/>')
        if own:
            size = _n(max(thick, 2.2))
            parts.append(
                f'<path d="{dots}" stroke="var(--ink)" stroke-width="{size}" stroke-linecap="round" fill="none"/>'
            )
    strips, bottom = _strips(result, marks, thick)
    head = f'<svg class="chart wide" aria-hidden="true" focusable="false" width="{WIDTH}" height="{_n(bottom)}"'
    head += f' viewBox="0 0 {WIDTH} {_n(bottom)}" font-family="system-ui, sans-serif" font-size="12">'
    return head + "".join([*(p for p in parts if 'd=""' not in p), *strips]) + "</svg>"


def _axis(low: float, high: float, y: object) -> Iterator[str]:
    assert callable(y)
    step = next((s for s in _STEPS if (high - low) / s <= 7), 1.0)
    tick = np.ceil(low / step) * step
    while tick <= high + 1e-9:
        at, zero = _n(y(float(tick))), abs(tick) < 1e-9
        colour, width = ("var(--ink)", "1.2") if zero else ("var(--line)", "1")
        yield f'<path d="M{LEFT} {at}H{WIDTH - RIGHT}" stroke="{colour}" stroke-width="{width}" fill="none"/>'
        yield (
            f'<text x="{LEFT - 8}" y="{at}" dy="4" text-anchor="end" fill="var(--ink-2)">{points(float(tick))}</text>'
        )
        tick += step
    yield f'<text x="0" y="{TOP + 4}" fill="var(--ink-2)">points</text>'
    yield f'<text x="0" y="{TOP + 20}" fill="var(--ink-2)">above 0: for the claim</text>'


def _strips(result: Conclusions, marks: Sequence[_Mark], thick: float) -> tuple[list[str], float]:
    """One row a level: a tick where a universe was made with it."""
    parts: list[str] = []
    y = float(TOP + PANEL + 14)
    for axis, choice in enumerate(CHOICES):
        levels = result.grid.levels[choice]
        if len(levels) < 2:
            continue
        y += 6
        parts.append(f'<text x="0" y="{_n(y + 10)}" fill="var(--ink)" font-weight="600">{choice}</text>')
        for i, level in enumerate(levels):
            ticks = "".join(f"M{_n(m.x)} {_n(y + 2)}v9" for m in marks if m.levels[axis] == i)
            name = for_html(clip(level, 26))
            parts.append(f'<path d="M{LEFT} {_n(y + 12.5)}H{WIDTH - RIGHT}" stroke="var(--line)" fill="none"/>')
            parts.append(f'<text x="{LEFT - 8}" y="{_n(y + 10)}" text-anchor="end" fill="var(--ink-2)">{name}</text>')
            if ticks:
                parts.append(f'<path d="{ticks}" stroke="var(--ink-2)" stroke-width="{_n(thick)}" fill="none"/>')
            y += STRIP
    return parts, y + 4


def _n(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")
