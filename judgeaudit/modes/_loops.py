"""Exact repetition: stretches in which every unit equals the one a period before, in one pass over the text.

Compression ratios rise with length on sound text as well (a fixed cut-off of 2.4, as speech recognisers use it, fails a
fifth of sound answers over 400 bytes) and are blind to short loops; a run of exact periods has neither fault, gives
spans, and finds a loop wherever it starts. The counts below are defaults, tuned on our generators and on sound answers.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LONG_WORD = 20
"""Characters (in the screen: bytes) from which a word is searched for loops inside it."""

SYMBOL_RUN = 10
"""Least number of equal symbols that is a loop; letters and digits need `LETTER_RUN`."""

LETTER_RUN = 24
MIN_CHARACTERS = 20
MANY_CHARACTERS = 48
LONG_PERIOD = 12
WORDLESS_COPIES = 20
TABLE_COPIES = 200
MATCHED = 5
"""Every loop of words has at least this many words that equal the one a period before."""

_WORD = re.compile("[^\x00-\x20]+")
_RUN = re.compile(r"(.)\1{9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One stretch [start, end) of the text; `period` in words or, where `inside` a word, in characters."""

    start: int
    end: int
    period: int
    copies: float
    unit: str
    inside: bool

    @property
    def span(self) -> tuple[int, int]:
        """[start, end) in characters."""
        return self.start, self.end


def words(text: str) -> list[str]:
    """Runs of characters above U+0020."""
    return _WORD.findall(text)


def loops(text: str, found: list[str]) -> tuple[Loop, ...]:
    """All loops in order: of words, and inside long words that lie in no loop of words."""
    runs = _runs_of_words(found)
    least = SYMBOL_RUN if text.isascii() else LONG_WORD // 4
    odd = [i for i, word in enumerate(found) if len(word) >= least and _may_loop(word)]
    if not runs and not odd:
        return ()
    places = [m.span() for m in _WORD.finditer(text)]
    out = [loop for run in runs if (loop := _of_words(text, places, run)) is not None]
    starts = [loop.start for loop in out]
    inner: list[Loop] = []
    for i in odd:
        start, _ = places[i]
        k = bisect.bisect_right(starts, start) - 1
        if k < 0 or out[k].end <= start:
            inner.extend(_of_characters(found[i], start))
    return tuple(sorted([*out, *inner], key=lambda loop: loop.start))


def periodic_runs(units: Sequence[str], keys: Iterable[Hashable], gram: int) -> list[tuple[int, int, int]]:
    """Maximal stretches (i, j, p) with units[k] == units[k - p] for i <= k < j, in order, not overlapping.

    `keys` are the units taken `gram` at a time. A stretch starts where a key was seen before, p units back; p is the
    distance to its last occurrence. Linear in the number of units.

    Examples
    --------
    >>> periodic_runs("abcabcabcx", pairwise("abcabcabcx"), 2)
    [(3, 9, 3)]
    """
    out = []
    last: dict[Hashable, int] = {}
    n = len(units)
    free = 0
    for i, key in enumerate(keys):
        before = last.get(key)
        last[key] = i
        if before is None or i < free:
            continue
        period = i - before
        j = i + gram
        while j < n and units[j] == units[j - period]:
            j += 1
        if j - i > gram:
            out.append((i, j, period))
            free = j
    return out


def _runs_of_words(units: list[str]) -> list[tuple[int, int, int]]:
    if len(units) <= MATCHED:
        return []
    runs = periodic_runs(units, pairwise(units), 2)
    return [(i, j, p) for i, j, p in runs if j - i >= MATCHED and (j - i) / p + 1 >= _copies_of_words(p)]


def _of_words(text: str, places: list[tuple[int, int]], run: tuple[int, int, int]) -> Loop | None:
    i, j, period = run
    copies = (j - i) / period + 1
    start, end = places[i - period][0], places[j - 1][1]
    unit = text[start : places[i - 1][1]]
    if end - start < MIN_CHARACTERS or copies < _copies_of_layout(unit, text, start, end):
        return None
    return Loop(start=start, end=end, period=period, copies=copies, unit=unit, inside=False)


def _copies_of_words(period: int) -> float:
    if period == 1:
        return 6
    return 4 if period < LONG_PERIOD else 3


def _copies_of_layout(unit: str, text: str, start: int, end: int) -> int:
    """Copies that zeros of a matrix, equal cells of a table, rules and beads of a drawing may have."""
    if any(map(str.isalpha, unit)) and "|" not in unit.split():
        return 0
    return TABLE_COPIES if text.find("\n", start, end) >= 0 else WORDLESS_COPIES


def _of_characters(word: str, offset: int) -> list[Loop]:
    out = []
    grams = (word[k : k + 4] for k in range(len(word) - 3))
    for i, j, period in periodic_runs(word, grams, 4):
        start, end = i - period, j
        copies = (end - start) / period
        unit = word[start:i]
        if _enough_of_characters(unit, end - start, copies):
            out.append(
                Loop(start=offset + start, end=offset + end, period=period, copies=copies, unit=unit, inside=True)
            )
    return out


def _enough_of_characters(unit: str, length: int, copies: float) -> bool:
    if len(unit) == 1:
        return length >= (LETTER_RUN if unit.isalnum() else SYMBOL_RUN)
    if len(unit) <= 8:
        return copies >= 6 and length >= MIN_CHARACTERS
    return copies >= 4 and length >= MANY_CHARACTERS


def _may_loop(word: str) -> bool:
    size = len(word)
    if size >= LONG_WORD or (size >= SYMBOL_RUN and _RUN.search(word) is not None):
        return True
    return not word.isascii() and len(word.encode("utf-8", "surrogatepass")) >= LONG_WORD
