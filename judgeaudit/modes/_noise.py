"""Letters and symbols that spell nothing: pairs of letters that words of Latin-script languages hardly have.

A table of rare pairs rather than a language model: a model of English would call Polish noise. The pairs were chosen by
hand to be rare in English, German, Dutch, the Romance, Nordic and West Slavic languages, Turkish, Finnish, Hungarian,
Indonesian, Swahili and romanised Hindi, Japanese, Chinese and Arabic. About 4 in 10 pairs of random letters are in it.
Words are judged in windows, since one odd name proves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from judgeaudit.modes._spans import Span, inside, merged

RARE = {
    "a": "", "b": "cfgkmnpqvwxz", "c": "bdfgjmnpvwx", "d": "bcfkpqx", "e": "", "f": "bcdghjkmnpqvwxz", "g": "bcfjkpqvxz",
    "h": "bcdfghjkpqvxz", "i": "", "j": "bcfghlmpqrtvwxyz", "k": "bcdfgpqxz", "l": "qrx", "m": "cdghjkqrvwxz", "n": "bqrwx",
    "o": "", "p": "bcgjkqvwxz", "q": "bcdefghjklmnopqrstvwxyz", "r": "jqx", "s": "bdgjrvx", "t": "bdgjkqvx", "u": "",
    "v": "bcdfghjkmpqtwxz", "w": "bcdfgjkmpqtvxz", "x": "bdgjklmnqrsvwxz", "y": "jqvxy", "z": "bcfgjkpqrsvx",
}  # letters, several a line  # fmt: skip
RARE_PAIRS = frozenset(first + second for first, seconds in RARE.items() for second in seconds)

WINDOW_PAIRS = 30
RARE_SHARE = 0.15
LEAST_RARE = 5
"""A window of words of `WINDOW_PAIRS` pairs is noise from this share of rare pairs, and not under this number."""

PLAIN_SHARE = 0.5
SHORT_PAIRS = 12
SHORT_SHARE = 0.3
"""A text too short for a window is noise as a whole from this number and share of pairs."""

WINDOW_SHOWN = 48
SWITCH_SHARE = 0.45
SYMBOL_SHARE = 0.14
DISTINCT_SYMBOLS = 8
LEAST_SYMBOL_SPAN = 72
"""A regular expression in a program is seldom longer; where it is half of the text, it counts at any length."""

CAPITALS = 4
LONG_RUN_SHARE = 0.25
"""Random printable characters have capitals, and few runs of four small letters; code is the other way round."""

_PLAIN = re.compile(r"(?<![\w@#./\\&=%+-])[A-Za-z][a-z]{2,}(?![\w@/\\&=%+(-]|\.\w)")
_PAIR = re.compile("(?=(?:" + "|".join(f"{a}[{b}]" for a, b in RARE.items() if b) + "))")
_CODE_LINE = re.compile(r"^(?=[^\n]{1,200}$)[^\n=<>{}\\]*[=<>{}\\][^\n]*", re.MULTILINE)
_LONG_RUN = re.compile("[a-z]{4,}")
_SPACE, _LOWER, _UPPER, _DIGIT, _SYMBOL = range(5)


def rare_pairs(word: str) -> int:
    """Number of rare pairs of a lower-case word.

    Examples
    --------
    >>> rare_pairs("lantern"), rare_pairs("qzvkx"), rare_pairs("rhythm")
    (0, 4, 0)
    """
    return len(_PAIR.findall(word))


_RARE_CODES = np.zeros(1 << 14, dtype=bool)
for _pair in RARE_PAIRS:
    for _first in (_pair[0], _pair[0].upper()):
        _RARE_CODES[ord(_first) << 7 | ord(_pair[1])] = True

_cached = lru_cache(maxsize=1 << 14)(rare_pairs)


def _rare_pairs(word: str) -> int:
    return _cached(word.lower()) if len(word) <= 24 else _rare_pairs_at_most(word.lower())


def letter_noise(text: str, skip: tuple[Span, ...]) -> tuple[Span, ...]:
    """Windows of plain words with too many rare pairs; a word counts where it first stands.

    Plain words are of 3 or more small ASCII letters, perhaps with a capital, and no part of an identifier, a path, a hash, an
    abbreviation in capitals, a word with digits or a word with an accent; they stand in no short line with a sign of code.

    Examples
    --------
    >>> letter_noise("qzv lkrp tthx wogn efj vkq zrtb jjxw mvg pqd xvwk zzq", ())
    ((0, 53),)
    >>> letter_noise("Krzysztof lives with Zdzislaw near the Llanfair bridge in Aachen.", ())
    ()
    """
    if _rare_pairs_at_most(text) < LEAST_RARE:
        return ()
    skip = tuple(merged([*skip, *(m.span() for m in _CODE_LINE.finditer(text))], gap=0))
    words = []
    seen: set[str] = set()
    for m in _PLAIN.finditer(text):
        word = m.group()
        if word not in seen and not inside(m.span(), skip):
            seen.add(word)
            words.append((m.start(), m.end(), len(word) - 1, _rare_pairs(word)))
    spans: list[Span] = []
    first, pairs, rare = 0, 0, 0
    for last, (_, _, more, odd) in enumerate(words):
        pairs, rare = pairs + more, rare + odd
        while pairs - words[first][2] >= WINDOW_PAIRS:
            pairs, rare, first = pairs - words[first][2], rare - words[first][3], first + 1
        if rare >= LEAST_RARE and pairs >= WINDOW_PAIRS and rare >= RARE_SHARE * pairs:
            span = _dense_span(words[first : last + 1])
            if span is not None:
                _extend(spans, span)
    if first == 0 and rare >= LEAST_RARE and pairs >= SHORT_PAIRS and rare >= SHORT_SHARE * pairs:
        return ((words[0][0], words[-1][1]),)
    return tuple(spans)


def _dense_span(window: list[tuple[int, int, int, int]]) -> Span | None:
    """From the first odd word to the last, if plain words are half of what stands there: in code they are not."""
    odd = [k for k, word in enumerate(window) if word[3]]
    part = window[odd[0] : odd[-1] + 1]
    start, end = part[0][0], part[-1][1]
    return (start, end) if sum(pairs + 1 for _, _, pairs, _ in part) >= PLAIN_SHARE * (end - start) else None


def _rare_pairs_at_most(text: str) -> int:
    """Rare pairs of neighbouring ASCII letters of which the second is small, in whatever words."""
    codes = np.frombuffer(text.encode("ascii", "replace"), np.uint8).astype(np.intp)
    return int(np.count_nonzero(_RARE_CODES[codes[:-1] << 7 | codes[1:]]))


def symbol_noise(text: str, skip: tuple[Span, ...]) -> tuple[Span, ...]:
    """Windows that keep changing between letters, capitals, digits and many kinds of symbols without a space between.

    Base64 and hashes have few symbols, formulas and code few kinds of them in a window, drawings repeat them. Windows
    overlap by half, and the last one ends with the text.

    Examples
    --------
    >>> len(symbol_noise("xK9$qz@!v~7)Lw%3#pQ^r&8*]tZ;2{y|G=+m<4>?/uB_0:`eN}d1,Jc5[f(W6", ()))
    1
    >>> symbol_noise("dGhlIGtpdGUgaXMgcmVkIGFuZCB0aGUgc2t5IGlzIGJsdWUgdG9kYXkgYW5kIHdhcm0=", ())
    ()
    """
    if len(text) < WINDOW_SHOWN or (
        text.isascii() and len(set(text.encode().translate(None, _NO_SYMBOL))) < DISTINCT_SYMBOLS
    ):
        return ()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = _classes(text, codes)
    shown = np.flatnonzero(classes != _SPACE)
    if shown.size < WINDOW_SHOWN:
        return ()
    symbol = classes == _SYMBOL
    switch = np.zeros(classes.size, dtype=np.int64)
    before, after = classes[:-1], classes[1:]
    changes = (before != after) & (before != _SPACE) & (after != _SPACE)
    switch[1:] = changes & ~((before == _UPPER) & (after == _LOWER))
    starts = np.arange(0, shown.size - WINDOW_SHOWN, WINDOW_SHOWN // 2)
    starts = np.append(starts, shown.size - WINDOW_SHOWN)
    switches = _window_sums(switch[shown], starts)
    symbols = _window_sums(symbol[shown].astype(np.int64), starts)
    noisy = starts[(switches >= SWITCH_SHARE * WINDOW_SHOWN) & (symbols >= SYMBOL_SHARE * WINDOW_SHOWN)]
    least = min(LEAST_SYMBOL_SPAN, len(text.strip()) // 2)
    spans: list[Span] = []
    for start in noisy.tolist():
        places = shown[start : start + WINDOW_SHOWN]
        kinds = np.unique(codes[places[symbol[places]]]).size
        span = int(places[0]), int(places[-1]) + 1
        capitals = int((classes[places] == _UPPER).sum())
        if kinds < DISTINCT_SYMBOLS or capitals < CAPITALS or inside(span, skip):
            continue
        if sum(map(len, _LONG_RUN.findall(text, *span))) <= LONG_RUN_SHARE * WINDOW_SHOWN:
            _extend(spans, span)
    return tuple((start, end) for start, end in spans if end - start >= least)


def character_class(code: int) -> int:
    """Class of a code point: 0 white space and controls, 1 small or caseless letter, 2 capital, 3 digit, 4 symbol."""
    character = chr(code)
    if code <= 0x20 or character.isspace():
        return _SPACE
    if character.isalpha() or unicodedata.category(character)[0] == "M":
        return _UPPER if character.isupper() else _LOWER
    return _DIGIT if character.isdigit() else _SYMBOL


ASCII_CLASSES = np.array([character_class(code) for code in range(128)], dtype=np.uint8)


_NO_SYMBOL = bytes(code for code in range(128) if ASCII_CLASSES[code] != _SYMBOL)


def _classes(text: str, codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    if text.isascii():
        return ASCII_CLASSES[codes]
    kinds, where = np.unique(codes, return_inverse=True)
    return np.array([character_class(code) for code in kinds.tolist()], dtype=np.uint8)[where]


def _window_sums(values: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sums = np.concatenate(([0], np.cumsum(values)))
    return sums[starts + WINDOW_SHOWN] - sums[starts]


def _extend(spans: list[Span], span: Span) -> None:
    if spans and span[0] <= spans[-1][1] + 24:
        spans[-1] = (spans[-1][0], max(spans[-1][1], span[1]))
    else:
        spans.append(span)
