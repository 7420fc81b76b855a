"""Letters by script: which scripts a text is written in, and where it keeps changing between them.

Scripts that one language mixes (Han, Hiragana, Katakana, Bopomofo) are one group. Ranges follow the blocks of Unicode 15;
small blocks are left to "Other". A language inside a script is not told apart: that needs a language model.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from judgeaudit.modes._spans import Span

_RANGES = (
    (0x41, 0x24F, "Latin"), (0x250, 0x2AF, "Latin"), (0x1E00, 0x1EFF, "Latin"), (0x2C60, 0x2C7F, "Latin"),
    (0xA720, 0xA7FF, "Latin"), (0xFF21, 0xFF5A, "Latin"), (0x370, 0x3FF, "Greek"), (0x1F00, 0x1FFF, "Greek"),
    (0x400, 0x52F, "Cyrillic"), (0x1C80, 0x1C8F, "Cyrillic"), (0x2DE0, 0x2DFF, "Cyrillic"),
    (0x530, 0x58F, "Armenian"), (0x590, 0x5FF, "Hebrew"), (0x600, 0x6FF, "Arabic"), (0x700, 0x74F, "Syriac"),
    (0x750, 0x77F, "Arabic"), (0x780, 0x7BF, "Thaana"), (0x8A0, 0x8FF, "Arabic"), (0xFB50, 0xFDFF, "Arabic"),
    (0xFE70, 0xFEFE, "Arabic"), (0x900, 0x97F, "Devanagari"), (0x980, 0x9FF, "Bengali"), (0xA00, 0xA7F, "Gurmukhi"),
    (0xA80, 0xAFF, "Gujarati"), (0xB00, 0xB7F, "Oriya"), (0xB80, 0xBFF, "Tamil"), (0xC00, 0xC7F, "Telugu"),
    (0xC80, 0xCFF, "Kannada"), (0xD00, 0xD7F, "Malayalam"), (0xD80, 0xDFF, "Sinhala"), (0xE00, 0xE7F, "Thai"),
    (0xE80, 0xEFF, "Lao"), (0xF00, 0xFFF, "Tibetan"), (0x1000, 0x109F, "Myanmar"), (0x10A0, 0x10FF, "Georgian"),
    (0x1C90, 0x1CBF, "Georgian"), (0x1100, 0x11FF, "Hangul"), (0x3130, 0x318F, "Hangul"), (0xAC00, 0xD7AF, "Hangul"),
    (0x1200, 0x139F, "Ethiopic"), (0x13A0, 0x13FF, "Cherokee"), (0x1400, 0x167F, "Aboriginal"),
    (0x1780, 0x17FF, "Khmer"), (0x1800, 0x18AF, "Mongolian"), (0x3005, 0x3007, "Han"), (0x3040, 0x30FF, "Han"),
    (0x3100, 0x312F, "Han"), (0x31F0, 0x31FF, "Han"), (0x3400, 0x4DBF, "Han"), (0x4E00, 0x9FFF, "Han"),
    (0xF900, 0xFAFF, "Han"), (0xFF66, 0xFF9F, "Han"), (0x20000, 0x323AF, "Han"),
)  # code ranges, several a line  # fmt: skip
_SORTED = sorted(_RANGES)
_STARTS = [start for start, _, _ in _SORTED]

LETTERS = 12
WORDS = 3
SHARE = 0.25
SOUP_SCRIPTS = 3
SOUP_SWITCHES = 4
SOUP_WINDOW = 16

_VISIBLE = re.compile("[^\x00-\x20]+")
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_NO_LETTER = bytes(code for code in range(128) if not chr(code).isalpha())
_UNSEEN = bytes(range(0x21))
_LATIN_RUN = re.compile(f"[{_LATIN}]+")
_LATIN_WORD = re.compile(f"(?<![^\\W_])[{_LATIN}]")
_RUN = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ \n\t_]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """Letters by script."""

    letters: Mapping[str, int]

    @property
    def total(self) -> int:
        """Letters in all."""
        return sum(self.letters.values())

    @property
    def main(self) -> str | None:
        """The script with most letters (by name among equals); None without letters."""
        return min(self.letters, key=lambda s: (-self.letters[s], s)) if self.letters else None

    def share(self, script: str) -> float:
        """Share of all letters that are of this script; 0 without letters."""
        return self.letters.get(script, 0) / self.total if self.total else 0.0


def script(character: str) -> str:
    """Script group of one letter.

    Examples
    --------
    >>> [script(c) for c in "aé漢かд"]
    ['Latin', 'Latin', 'Han', 'Han', 'Cyrillic']
    """
    code = ord(character)
    i = bisect.bisect_right(_STARTS, code) - 1
    return _SORTED[i][2] if i >= 0 and code <= _SORTED[i][1] else "Other"


def count(text: str) -> Scripts:
    """Letters of a text by script.

    Examples
    --------
    >>> count("tea 茶").letters
    {'Latin': 3, 'Han': 1}
    """
    if text.isascii():
        letters = _latin_letters(text)
        return Scripts(letters={"Latin": letters} if letters else {})
    counts: Counter[str] = Counter()
    for character, times in Counter(text).items():
        if character.isalpha():
            counts[script(character)] += times
    return Scripts(letters=dict(counts))


def assessable(text: str) -> bool:
    """Whether the text can be called coherent when no mode was found.

    It has at least `WORDS` words (their first letter follows no digit) and `LETTERS` letters in Latin script; the letters
    are at least `SHARE` of its visible characters, and no fewer than its other letters. For other scripts the first version
    can tell loops, floods and soups, but not noise from words.

    Examples
    --------
    >>> assessable("The kite is red."), assessable("42"), assessable("茶はおいしいです。")
    (True, False, False)
    """
    letters = _latin_letters(text)
    if letters < LETTERS:
        return False
    words = sum(1 for _ in islice(_LATIN_WORD.finditer(text), WORDS))
    if not counts_suffice(letters, words, visible(text)):
        return False
    return text.isascii() or letters >= sum(map(str.isalpha, text)) - letters


def _latin_letters(text: str) -> int:
    if text.isascii():
        return len(text.encode().translate(None, _NO_LETTER))
    return sum(map(len, _LATIN_RUN.findall(text)))


def visible(text: str) -> int:
    """Characters above U+0020."""
    if text.isascii():
        return len(text.encode().translate(None, _UNSEEN))
    return sum(map(len, _VISIBLE.findall(text)))


def counts_suffice(letters: int, words: int, shown: int) -> bool:
    """The rule of `assessable` on counts."""
    return letters >= LETTERS and words >= WORDS and letters >= SHARE * shown


def soup(text: str) -> tuple[Span, ...]:
    """Stretches in which words change script with nothing but a space between them, through three scripts or more.

    In a window of `SOUP_WINDOW` words at least `SOUP_SWITCHES` such changes and `SOUP_SCRIPTS` scripts. A list of
    translations has commas, colons or brackets between the scripts, and an answer that switches code has two.

    Examples
    --------
    >>> soup("harbour давно 比較 tuple नमक merge давно 比較")
    ((0, 41),)
    >>> soup("water: вода, 水, पानी, ماء")
    ()
    """
    runs = [(script(m.group()[0]), m.start(), m.end()) for m in _RUN.finditer(text)]
    changes = [
        i
        for i in range(1, len(runs))
        if runs[i][0] != runs[i - 1][0] and _GAP.match(text, runs[i - 1][2], runs[i][1]) is not None
    ]
    spans: list[Span] = []
    for k in range(len(changes) - SOUP_SWITCHES + 1):
        first, last = changes[k] - 1, changes[k + SOUP_SWITCHES - 1]
        if last - first >= SOUP_WINDOW:
            continue
        window = runs[first : last + 1]
        if len({name for name, _, _ in window}) >= SOUP_SCRIPTS:
            start, end = window[0][1], window[-1][2]
            if spans and start <= spans[-1][1]:
                start = spans.pop()[0]
            spans.append((start, end))
    return tuple(spans)
