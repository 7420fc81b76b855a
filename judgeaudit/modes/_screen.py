"""A first look at many texts at once, by array operations: which modes need a closer look at which text.

The screen never decides that a mode is there; it only tells which signals a text has, and a detector whose signals are all
missing cannot hit (each array statistic is a lower bound of what the detector needs; tests compare both ways on
generators, sound texts and random ones). Most sound answers show no signal, so that a hundred thousand of them take less
than a second.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from judgeaudit.modes import (
    _loops,
    _noise,
    _openings,
    _salad,
    _scripts,
    markup_debris,
    prompt_echo,
    sentence_loop,
    truncated,
)
from judgeaudit.modes._mode import Signal
from judgeaudit.modes._order import MIX_LENGTH, MIX_WORD, word_hashes
from judgeaudit.text import utf8

Bytes = npt.NDArray[np.uint8]
Words64 = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

CHUNK_BYTES = 1 << 18
CHUNK_TEXTS = 1 << 12
EVERYTHING = Signal(sum(Signal)) & ~Signal.CORPUS

# Characters that sound Latin text may have without a closer look; a UTF-8 lead byte before a continuation is mojibake.
_TAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SUSPECT = re.compile(f"[^\x00-\x7f\u00c0-\u00de\u00e0-\u00ff‘’“”–—…•°]|[\u00c2-\u00f4][{_TAIL}]")
# The newline before the line is searched for as a literal, twenty times as fast as "^".
_ASKING_LINE = re.compile(
    rb"\n[ \t>*#]{0,8}(?:\[|\*\*|<\|)?(?:user|human|instruction|input)(?:\]|\*\*|\|>)?[ \t]?:", re.IGNORECASE
)

_DIGIT, _SYMBOL, _SPACE, _HIGH, _MARKER, _CONTROL, _DELETE = 52, 53, 54, 55, 56, 57, 58
_HASH = ord("#")
_RARE, _CHANGE = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """(n,) signals of each text, and whether it is assessable: 1 yes, 0 no, -1 not looked at."""

    signals: npt.NDArray[np.uint16]
    assessable: npt.NDArray[np.int8]


def screen(
    responses: Sequence[str], prompts: Sequence[str | None] | None, finish_reasons: Sequence[str | None] | None
) -> Screened:
    """The signals of each text; prompts and finish reasons None: there are none."""
    n = len(responses)
    signals = np.zeros(n, dtype=np.uint16)
    assessable = np.full(n, -1, dtype=np.int8)
    for start, stop in _chunks(responses):
        part = slice(start, stop)
        texts = responses[part]
        asked = None if prompts is None else prompts[part]
        signals[part], assessable[part] = _look(texts, asked)
        signals[part] |= _ends(texts, None if finish_reasons is None else finish_reasons[part])
    return Screened(signals=signals, assessable=assessable)


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, size = 0, 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK_BYTES or i - start + 1 >= CHUNK_TEXTS:
            yield start, i + 1
            start, size = i + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _look(
    texts: Sequence[str], prompts: Sequence[str | None] | None
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.int8]]:
    encoded = [utf8(text) if len(text) <= CHUNK_BYTES else b"" for text in texts]
    joined, offsets = _joined(encoded)
    signals = _pairs(joined, offsets)
    assessable = signals.assessable
    found = signals.bits
    digits = np.frombuffer(_salad.same_digits(joined), np.uint8)
    words = word_hashes(digits, digits > 0x20)
    found[_texts_of(_repeated(digits, words, offsets), offsets)] |= int(Signal.REPETITION)
    found[_disordered(digits, words, offsets)] |= int(Signal.ORDER)
    asking = np.fromiter((m.start() + 1 for m in _ASKING_LINE.finditer(joined)), np.int64)
    found[_texts_of(asking, offsets)] |= int(Signal.MARKERS)
    for i, text in enumerate(texts):
        if _openings.opens(text):
            found[i] |= int(Signal.OPENING)
        if not text.isascii():
            assessable[i] = -1
            if _SUSPECT.search(text):
                found[i] = EVERYTHING
    too_long = np.fromiter((len(text) > CHUNK_BYTES for text in texts), bool, len(texts))
    found[too_long], assessable[too_long] = EVERYTHING, -1
    if prompts is not None:
        for i, prompt in enumerate(prompts):
            if prompt and not prompt.isascii() and _SUSPECT.search(prompt):
                found[i] |= int(Signal.FOREIGN)
        looped = found & int(Signal.REPETITION) > 0
        near = [i for i, p in enumerate(prompts) if p and (looped[i] or len(texts[i]) <= prompt_echo.LONGEST * len(p))]
        found[near] |= _echoes([texts[i] for i in near], [prompts[i] or "" for i in near])
    return found, assessable


def _texts_of(places: Places, offsets: Places) -> Places:
    return np.searchsorted(offsets, places, side="right") - 1


def _owners(starts: Places, offsets: Places) -> Places:
    """As `_texts_of` for places in order, of which there are many more than texts."""
    return np.repeat(np.arange(offsets.size), _counts(starts, offsets))


def _joined(encoded: Sequence[bytes]) -> tuple[bytes, Places]:
    """The texts in one, a newline before and after each and 8 blanks at the end; and where each starts."""
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    return b"\n" + b"\n".join(encoded) + b"\n" + b" " * 8, np.cumsum(lengths + 1) - lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    bits: npt.NDArray[np.uint16]
    assessable: npt.NDArray[np.int8]


def _pairs(joined: bytes, offsets: Places) -> _Pairs:
    """Everything that follows from counts of neighbouring bytes: blanks, markers, odd pairs, words enough."""
    classes = np.frombuffer(joined.translate(_CLASS_OF_BYTE), np.uint8)
    starts = offsets - 1
    letter = classes < _DIGIT
    visible = (classes != _SPACE) & (classes != _CONTROL)
    letters, words, shown, symbols = (
        np.add.reduceat(mask, starts, dtype=np.int32)
        for mask in (
            letter[1:],
            letter[1:] & (classes[:-1] > _DIGIT),
            visible[1:],
            visible[1:] & (classes[1:] > _DIGIT),
        )
    )
    flags = _flags(classes)
    changes = np.flatnonzero(flags & _CHANGE > 0)
    rare, switches = (_counts(places, starts) for places in (np.flatnonzero(flags & _RARE > 0), changes))
    places = np.flatnonzero(classes >= _MARKER)
    lone = (
        [k for k, p in enumerate(places.tolist()) if joined[p] == _HASH and joined[p : p + 3] != b"###"]
        if _HASH in joined
        else []
    )
    markers = _texts_of(np.delete(places, lone) if lone else places, offsets)
    bits = np.zeros(offsets.size, dtype=np.uint16)
    bits[shown == 0] |= int(Signal.BLANK)
    bits[(symbols >= markup_debris.LEAST) & (symbols >= markup_debris.SHARE * shown)] |= int(Signal.MARKUP)
    bits[markers] |= int(Signal.MARKERS)
    dense = (switches >= _SWITCHES) & (symbols >= _noise.SYMBOL_SHARE * _noise.WINDOW_SHOWN)
    if dense.any():
        likely = np.zeros(offsets.size, dtype=bool)
        likely[_texts_of(_dense_switches(visible, changes), offsets)] = True
        likely[_texts_of(np.flatnonzero(classes == _HIGH), offsets)] = True
        dense &= likely
    bits[(rare >= _noise.LEAST_RARE) | dense] |= int(Signal.ODD_PAIRS)
    enough = (letters >= _scripts.LETTERS) & (words >= _scripts.WORDS) & (letters >= _scripts.SHARE * shown)
    return _Pairs(bits=bits, assessable=enough.astype(np.int8))


def _counts(places: Places, starts: Places) -> Places:
    """How many of the places, which rise, lie in each text."""
    return np.diff(np.searchsorted(places, np.append(starts, np.iinfo(np.int64).max)))


def _dense_switches(visible: npt.NDArray[np.bool_], places: Places) -> Places:
    """Where a window with enough of these changes of class begins, in texts of ASCII (elsewhere characters are longer)."""
    if places.size < _SWITCHES:
        return places[:0]
    rank = np.cumsum(visible, dtype=np.int32)[places]
    near = rank[_SWITCHES - 1 :] - rank[: -(_SWITCHES - 1)] < _noise.WINDOW_SHOWN
    return places[: -(_SWITCHES - 1)][near] + 1


def _flags(classes: Bytes) -> Bytes:
    """What is seldom in each pair of neighbouring bytes."""
    codes = classes[:-1].astype(np.intp) << 6
    codes |= classes[1:]
    return _FLAGS.take(codes)


def _class(byte: int) -> int:
    character = chr(byte)
    if byte >= 0x80:
        return _HIGH
    if "a" <= character <= "z":
        return byte - ord("a")
    if "A" <= character <= "Z":
        return byte - ord("A") + 26
    if character.isdigit():
        return _DIGIT
    if character in "\t\n\r\x0c ":
        return _SPACE
    if byte < 0x20:
        return _CONTROL
    if byte == 0x7F:
        return _DELETE
    return _MARKER if character in "<[{#" else _SYMBOL


def _table() -> Bytes:
    """By pair of classes: whether the letters seldom stand together, and whether the kind of character changes."""
    flags = np.zeros(1 << 12, dtype=np.uint8)
    for a in range(_DELETE + 1):
        for b in range(_DELETE + 1):
            rare = a < 52 and b < 52 and chr(97 + a % 26) + chr(97 + b % 26) in _noise.RARE_PAIRS
            change = not {a, b} & {_SPACE, _CONTROL} and (_kind(a) != _kind(b) or a == _HIGH)
            flags[a << 6 | b] = _RARE * rare | _CHANGE * change
    return flags


def _kind(cls: int) -> int:
    return 0 if cls < 26 else 1 if cls < 52 else 2 if cls == _DIGIT else 4 if cls == _HIGH else 3


_CLASS_OF_BYTE = bytes(map(_class, range(256)))
_FLAGS = _table()
_SWITCHES = math.ceil(_noise.SWITCH_SHARE * _noise.WINDOW_SHOWN)

_MIX_PAIR = np.uint64(0xA0761D6478BD642F)


def _disordered(joined: Bytes, words: tuple[Places, Places, Words64], offsets: Places) -> Places:
    """Texts with a window of words in no order, and short ones that are so as a whole."""
    starts = words[0]
    order = _salad.order(joined, *words)
    if order is None:
        return starts[:0]
    out = []
    for first, size in order.windows():
        owner = _texts_of(starts[first], offsets)
        out.append(owner[owner == _texts_of(starts[first + size], offsets)])
    firsts = np.searchsorted(starts, np.append(offsets, np.iinfo(np.int64).max))
    return np.concatenate([*out, order.whole(firsts[:-1], np.diff(firsts))])


def _repeated(joined: Bytes, words: tuple[Places, Places, Words64], offsets: Places) -> Places:
    """Places in texts with repeated words, a long word, or a long run of one byte; all digits are equal here."""
    starts, lengths, hashes = words
    long_words = starts[lengths >= _loops.LONG_WORD]
    run = joined[1:] == joined[:-1]
    run = run[2:] & run[1:-1] & run[:-2]
    run = run[6:] & run[3:-3] & run[:-6]
    runs = np.flatnonzero(run)
    return np.concatenate((long_words, runs[joined[runs] > 0x20], _repeating(starts, hashes, offsets)))


def _repeating(starts: Places, hashes: Words64, offsets: Places) -> Places:
    """Places in texts whose words repeat enough for a loop, or for sentences that come again and again.

    A pair of words is known if it stood in the text before. A loop of period p has a row of 2 p - 1 known pairs and at
    least `MATCHED` - 1, each p words or less after its like; a sentence of 7 words in 4 copies has 3 rows of 4.
    """
    if starts.size <= _loops.MATCHED:
        return starts[:0]
    back = _distances(_owners(starts, offsets), hashes, offsets.size)
    known = np.concatenate(([False], back > 0, [False]))
    edges = np.flatnonzero(known[1:] != known[:-1])
    firsts, sizes = edges[::2], edges[1::2] - edges[::2]
    rows = sizes >= _loops.MATCHED - 1
    firsts, sizes = firsts[rows], sizes[rows]
    if not firsts.size:
        return firsts
    nearest = np.minimum.reduceat(back, np.column_stack((firsts, firsts + sizes)).ravel())[::2]
    texts = _texts_of(starts[firsts], offsets)
    known_in = np.bincount(texts, weights=sizes, minlength=offsets.size)
    return starts[firsts[(sizes >= 2 * nearest - 1) | (known_in[texts] >= _KNOWN_IN_COPIES)]]


def _distances(owner: Places, hashes: Words64, texts: int) -> Places:
    """For each pair of neighbouring words of one text how many words before it last stood there; 0: never."""
    inside = np.flatnonzero(owner[1:] == owner[:-1])
    pairs = (hashes[inside] * _MIX_PAIR) ^ hashes[inside + 1]
    pairs ^= pairs >> np.uint64(29)
    place_bits = int(owner.size).bit_length()
    hash_bits = 64 - place_bits - texts.bit_length()
    keys = owner[inside].astype(np.uint64) << np.uint64(place_bits + hash_bits)
    keys |= (pairs >> np.uint64(64 - hash_bits)) << np.uint64(place_bits)
    keys |= inside.astype(np.uint64)
    keys.sort()
    again = np.flatnonzero(keys[1:] >> np.uint64(place_bits) == keys[:-1] >> np.uint64(place_bits))
    places = (keys & np.uint64((1 << place_bits) - 1)).astype(np.int64)
    back = np.zeros(owner.size, dtype=np.int64)
    back[places[again + 1]] = places[again + 1] - places[again]
    return back


_KNOWN_IN_COPIES = (sentence_loop.COPIES - 1) * (sentence_loop.LEAST_WORDS - 3)
_LOWERED = bytes(ord(chr(byte).lower()) if byte < 0x80 and chr(byte).isalnum() else 0 for byte in range(256))
_TABLE_BITS = 22
ECHO_SHARE = 0.48


def _echoes(texts: Sequence[str], prompts: Sequence[str]) -> npt.NDArray[np.uint16]:
    """Texts that have at least 48 % of the pairs of words of their prompt.

    Runs of 5 words that hold 60 % of a prompt have at least 4 pairs in 5 words: 0.48 pairs a word of the prompt. Words of
    other than ASCII letters are cut differently here, so that prompts with any get the signal as they are.
    """
    seen = np.zeros(1 << _TABLE_BITS, dtype=bool)
    seen[_pair_slots(texts)[0]] = True
    slots, owner = _pair_slots(prompts)
    shared = np.bincount(owner[seen[slots]], minlength=len(texts))
    pairs = np.bincount(owner, minlength=len(texts))
    plain = np.fromiter((p.isascii() and "ß" not in t for p, t in zip(prompts, texts, strict=True)), bool, len(texts))
    likely = (shared >= ECHO_SHARE * (pairs + 1)) & (shared > 0) | ~plain
    return np.where(likely, np.uint16(Signal.ECHO), np.uint16(0))


def _pair_slots(texts: Sequence[str]) -> tuple[Places, Places]:
    joined, offsets = _joined([utf8(text) for text in texts])
    lowered = joined.translate(_LOWERED)
    starts, _, hashes = word_hashes(lowered, np.frombuffer(lowered, np.uint8) > 0)
    owner = _owners(starts, offsets)
    inside = np.flatnonzero(owner[1:] == owner[:-1])
    pairs = (hashes[inside] * _MIX_PAIR) ^ hashes[inside + 1] ^ (owner[inside].astype(np.uint64) * MIX_LENGTH)
    pairs *= MIX_WORD
    return (pairs >> np.uint64(64 - _TABLE_BITS)).astype(np.int64), owner[inside]


def _ends(texts: Sequence[str], finish_reasons: Sequence[str | None] | None) -> npt.NDArray[np.uint16]:
    """Texts that the token limit may have cut."""
    cut = np.zeros(len(texts), dtype=bool)
    for i, text in enumerate(texts):
        reason = None if finish_reasons is None else finish_reasons[i]
        if reason:
            cut[i] = reason.lower() in truncated.LIMITS
        else:
            cut[i] = len(text) >= truncated.LEAST and text[-1:] not in _CLOSING and truncated.looks_cut(text)
    return np.where(cut, np.uint16(Signal.END), np.uint16(0))


_CLOSING = frozenset(".!?:)\"'*`>|}]。！？”’")
