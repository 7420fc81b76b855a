"""Any string as text that every database takes, and back without loss.

PostgreSQL refuses NUL and both databases refuse lone surrogates. Those characters and the backslash that marks them are
written as escapes; nearly all texts have none of them but backslashes and stay readable in the database.
"""

from __future__ import annotations

import re

_REFUSED = re.compile("[\\\\\x00\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")


def escape(text: str) -> str:
    r"""The text with NUL and surrogates as ``\uXXXX`` and each backslash doubled.

    Examples
    --------
    >>> escape("a\x00b\\c")
    'a\\u0000b\\\\c'
    """
    return _REFUSED.sub(_escaped, text) if _REFUSED.search(text) else text


def restore(text: str) -> str:
    r"""The text that `escape` was given.

    Examples
    --------
    >>> restore(escape("a\x00b\\u0000\ud800")) == "a\x00b\\u0000\ud800"
    True
    """
    return _ESCAPE.sub(_restored, text) if "\\" in text else text


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return "\\\\" if character == "\\" else f"\\u{ord(character):04x}"


def _restored(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code, 16)) if code else "\\"
