"""The small languages of the flags of `check`: ``NAME=COL``, ``COL:N``, ``COL:FROM=TO``, ``V1,V2``."""

from __future__ import annotations

from judgeaudit.errors import ConfigError
from judgeaudit.model import as_value


def parse_named(text: str) -> tuple[str, str]:
    """(name, column) of ``[NAME=]COL``.

    Examples
    --------
    >>> parse_named("gpt4"), parse_named("gpt=baselines.gpt4")
    (('gpt4', 'gpt4'), ('gpt', 'baselines.gpt4'))
    """
    name, equals, column = text.partition("=")
    if not name or (equals and not column):
        raise ConfigError("a column is named badly", got=repr(text), expected="COL or NAME=COL")
    return (name, column) if equals else (text, text)


def parse_score(text: str, flag: str = "--score") -> tuple[str, str]:
    """(judge, column) of ``JUDGE=COL``."""
    name, _, column = text.partition("=")
    if not name or not column:
        raise ConfigError(f"{flag} is not understood", got=repr(text), expected="JUDGE=COL")
    return name, column


def parse_votes(text: str) -> tuple[str, int]:
    """(column, N) of ``COL:N``.

    Examples
    --------
    >>> parse_votes("human_sum:3")
    ('human_sum', 3)
    """
    column, _, count = text.rpartition(":")
    if not column or not (count.isascii() and count.isdecimal()):
        raise ConfigError("--votes is not understood", got=repr(text), expected="COL:N, N the number of annotators")
    return column, int(count)


def parse_map(text: str) -> tuple[str, str, str]:
    """(column, from, to) of ``COL:FROM=TO``; the column ends at the first colon, FROM at the first equals sign after it."""
    column, colon, rest = text.partition(":")
    before, equals, after = rest.partition("=")
    if not (column and colon and equals):
        raise ConfigError("--map is not understood", got=repr(text), expected="COL:FROM=TO")
    return column, value_of(before), value_of(after)


def parse_values(text: str) -> tuple[str, ...]:
    """The scale of ``V1,V2,..``.

    Examples
    --------
    >>> parse_values("0, 1.0,2")
    ('0', '1', '2')
    """
    return tuple(value_of(part) for part in text.split(","))


def value_of(raw: object) -> str:
    """A value of the scale as text; "" where nothing stands there."""
    return as_value(raw) or ""
