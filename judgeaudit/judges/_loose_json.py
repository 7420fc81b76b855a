"""JSON objects inside a text, as language models write them: fenced, single quotes, trailing commas, cut off at the end."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MOST_TRIES = 400
MOST_STEPS = 200_000
MOST_DEPTH = 16
_SPACE = re.compile(r"(?:\s|//[^\n]*\n)*")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?=\s*[,}\]\n])")
_WORD = re.compile(r"[^\W\d][\w-]*")
_BARE = re.compile(r"[^\s,{}\[\]\"'“”:][^,{}\[\]\"“”\n]*(?=\s*[,}\]\n])")
_LITERALS = {"true": True, "false": False, "null": None, "none": None, "nan": None}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_SPECIAL = {close: re.compile(rf"[{close}\\]") for close in _QUOTES.values()}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """An object's members in order, doubled keys kept. Kept apart from lists by its type."""

    pairs: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An object and where it stands: text[start:end]. `strict`: it is JSON as it stands; `closed`: it ends."""

    members: Members
    start: int
    end: int
    strict: bool
    closed: bool


class _Torn(Exception):
    """Here is no value."""


def objects(text: str) -> list[Found]:
    """All outermost objects of a text, in order; an object that the text's end cuts off is there with its whole members.

    Never raises. Gives up after some hundreds of braces that open nothing.

    Examples
    --------
    >>> [found.members.pairs for found in objects('so: {"a": 1} and {\\'b\\': [True, "x",],}')]
    [(('a', 1),), (('b', [True, 'x']),)]
    >>> objects('{"a": "whole", "b": "cut o')[0].members.pairs
    (('a', 'whole'),)
    """
    found: list[Found] = []
    reader = _Reader(text)
    at = text.find("{")
    tries = 0
    while at >= 0 and tries < MOST_TRIES and reader.steps < MOST_STEPS:
        one = _strict(text, at) or _loose(reader, at)
        tries += one is None
        if one is not None:
            found.append(one)
        at = text.find("{", one.end if one is not None else at + 1)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> Members:
    return Members(pairs=tuple(pairs))


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs)


def _strict(text: str, at: int) -> Found | None:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return Found(members=value, start=at, end=end, strict=True, closed=True)


def _loose(reader: _Reader, at: int) -> Found | None:
    try:
        pairs, end, closed = reader.members(at + 1, 0)
    except _Torn:
        return None
    if not pairs:
        return None
    return Found(members=_pairs(pairs), start=at, end=end, strict=False, closed=closed)


class _Reader:
    """Reads loosely written JSON from a position on; each method gives what it read and where that ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0  # shared by all tries on one text, which bounds the time that hostile text can take

    def members(self, at: int, depth: int) -> tuple[list[tuple[str, Any]], int, bool]:
        """What stands between braces, and whether the closing one is there."""
        pairs: list[tuple[str, Any]] = []
        while True:
            self.step()
            at = self.skip(at)
            if at >= len(self.text):
                return pairs, at, False
            if self.text[at] == "}":
                return pairs, at + 1, True
            try:
                key, at = self.key(at)
                at = self.expect(at, ":")
                value, at = self.value(at, depth)
                at = self.skip(at)
            except IndexError:
                return pairs, len(self.text), False
            pairs.append((key, value))
            if at < len(self.text) and self.text[at] not in ",}":
                raise _Torn
            at += at < len(self.text) and self.text[at] == ","

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def expect(self, at: int, mark: str) -> int:
        at = self.skip(at)
        if self.text[at] != mark:
            raise _Torn
        return at + 1

    def key(self, at: int) -> tuple[str, int]:
        if self.text[at] in _QUOTES:
            return self.string(at, ":")
        match = _WORD.match(self.text, at)
        if not match:
            raise _Torn
        return match.group(), match.end()

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        at = self.skip(at)
        first = self.text[at]
        if depth >= MOST_DEPTH:
            raise _Torn
        if first == "{":
            pairs, end, closed = self.members(at + 1, depth + 1)
            if not closed:
                raise IndexError
            return _pairs(pairs), end
        if first == "[":
            return self.items(at + 1, depth + 1)
        if first in _QUOTES:
            return self.string(at, ",}]")
        return self.bare(at)

    def items(self, at: int, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            self.step()
            at = self.skip(at)
            if self.text[at] == "]":
                return items, at + 1
            value, at = self.value(at, depth)
            items.append(value)
            at = self.skip(at)
            if self.text[at] not in ",]":
                raise _Torn
            at += self.text[at] == ","

    def bare(self, at: int) -> tuple[Any, int]:
        """A number, true, null, or words without quotes; only where something follows that ends them."""
        match = _NUMBER.match(self.text, at)
        if match:
            digits = match.group()
            whole = digits.lstrip("+-").isdecimal() and len(digits) < 400
            return (int(digits) if whole else float(digits)), match.end()
        match = _BARE.match(self.text, at)
        if not match:
            if self.text.find("\n", at) < 0 and not re.search(r"[,}\]]", self.text[at : at + 200]):
                raise IndexError  # cut off in the middle
            raise _Torn
        words = match.group().strip()
        return _LITERALS.get(words.casefold(), words), match.end()

    def string(self, at: int, after: str) -> tuple[str, int]:
        """A string; a quote ends it only where `after` allows what follows, since models forget to escape quotes."""
        close = _QUOTES[self.text[at]]
        special = _SPECIAL[close]
        parts: list[str] = []
        at += 1
        while True:
            self.step()
            match = special.search(self.text, at)
            if match is None:
                self.steps += (len(self.text) - at) // 64
                raise IndexError  # the text ends inside the string
            parts.append(self.text[at : match.start()])
            at = match.end()
            if match.group() == "\\":
                read, at = self.escape(at)
                parts.append(read)
            elif self.ends(at, after):
                return "".join(parts), at
            else:
                parts.append(close)

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _Torn

    def ends(self, at: int, after: str) -> bool:
        at = self.skip(at)
        return at >= len(self.text) or self.text[at] in after

    def escape(self, at: int) -> tuple[str, int]:
        char = self.text[at]
        if char == "u" and re.fullmatch("[0-9a-fA-F]{4}", self.text[at + 1 : at + 5]):
            return chr(int(self.text[at + 1 : at + 5], 16)), at + 5
        return _ESCAPES.get(char, char), at + 1
