"""Spans of a text: [start, end) in characters."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def merged(spans: Iterable[Span], gap: int = 1) -> list[Span]:
    """The spans in order, those that overlap or stand at most `gap` characters apart made one.

    Examples
    --------
    >>> merged([(8, 9), (0, 3), (2, 5), (6, 7)])
    [(0, 9)]
    """
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1] + gap:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def inside(span: Span, spans: Sequence[Span]) -> bool:
    """Whether the span starts inside one of the spans, which are in order and do not overlap.

    Examples
    --------
    >>> inside((3, 4), [(0, 2), (3, 9)])
    True
    """
    i = bisect.bisect_right(spans, (span[0], 1 << 62)) - 1
    return i >= 0 and span[0] < spans[i][1]
