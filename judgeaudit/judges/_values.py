"""Offered values inside texts: whole tokens, any case, the longest first; a list of options is no choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from judgeaudit.model import as_value, number

Miss = Literal["empty", "several", "off_scale"]
_DECORATION = " \t\r\n\"'“”‘’`*_~<>[](){}.!:;,#"
_BETWEEN = r"\s*(?:\||/|,|;|-|–|\bor\b|\bto\b|\band\b|\bvs\.?)\s*"
_RANGE = re.compile(r"\d+\s*(?:-|–|\.\.+|to)\s*\d+")
LONGEST_VALUE = 60


@lru_cache(maxsize=64)
def pattern(offered: tuple[str, ...]) -> re.Pattern[str]:
    """Matches one offered value as a whole token; blanks, hyphens and underscores in it are the same."""
    ranked = sorted(offered, key=len, reverse=True)
    words = ("[\\s_-]+".join(re.escape(part) for part in re.split(r"[\s_-]+", value) if part) for value in ranked)
    signed = "|".join(word or re.escape(value) for word, value in zip(words, ranked, strict=True))
    # A value that begins or ends inside a longer word, or inside a decimal number, is not there.
    return re.compile(rf"(?<![\w])(?<![\w][-'’.])(?:{signed})(?![\w]|[-'’.][\w])", re.IGNORECASE)


def named(text: str, offered: tuple[str, ...]) -> str | None:
    """The offered value that this text is, but for case, blanks, quotes and punctuation around it.

    Examples
    --------
    >>> named(" **Not_Harmful**.", ("harmful", "not harmful"))
    'not harmful'
    >>> named("harmfully", ("harmful",)) is None
    True
    """
    for told in (text.strip(), text.strip(_DECORATION)):
        if told in offered:
            return told
        plain = as_value(told)
        if plain in offered:
            return plain
        folded = _fold(told)
        for value in offered:
            if folded and folded == _fold(value):
                return value
    return None


def chosen(said: object, offered: tuple[str, ...]) -> tuple[str | None, Miss | None]:
    """The offered value that a field or the rest of a line chooses; or why it chooses none.

    Examples
    --------
    >>> scale = ("harmful", "not harmful")
    >>> chosen("Not harmful, since it is empty", scale)
    ('not harmful', None)
    >>> chosen("harmful | not harmful", scale)
    (None, 'several')
    >>> chosen("7/10", tuple(str(n) for n in range(11))), chosen(7.5, ("7", "8"))
    (('7', None), (None, 'off_scale'))
    """
    if isinstance(said, Sequence) and not isinstance(said, str) and len(said) == 1:
        said = said[0]
    if said is not None and not isinstance(said, (str, int, float)):
        return None, "off_scale"
    text = as_value(said)
    if text is None:
        return None, "empty"
    exact = named(said if isinstance(said, str) else text, offered)
    if exact is not None:
        return exact, None
    body = text.lstrip(_DECORATION)
    match = pattern(offered).match(body)
    if match is None:
        several = _RANGE.match(body) or len({_fold(m.group()) for m in pattern(offered).finditer(body)}) > 1
        return None, "several" if several else "off_scale"
    value = named(match.group(), offered)
    if value is None or _others(value, body[match.end() :], offered):
        return None, "several"
    return value, None


def _others(value: str, rest: str, offered: tuple[str, ...]) -> bool:
    """Whether the rest of the sentence offers further values, so that the first one is no choice."""
    numeric = number(value) is not None
    if numeric:
        outof = re.match(r"\s*(?:/|out of)\s*(\d+)(?![\w/|.])", rest)
        if outof and not (len(offered) == 2 and outof.group(1) in offered):
            return False
        after = re.match(_BETWEEN, rest)
        return bool(after and pattern(offered).match(rest, after.end()))
    sentence = re.split(r"[.;!?\n]", rest, maxsplit=1)[0]
    return any(_fold(m.group()) != _fold(value) for m in pattern(offered).finditer(sentence))


def _fold(text: str) -> str:
    # Only between words: "-1" is another number than "1".
    return re.sub(r"(?<=\w)[\s_-]+(?=\w)|(?<=\w)_+|_+(?=\w)", " ", text.strip().casefold()).strip()
