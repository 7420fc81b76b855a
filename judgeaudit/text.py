"""Untrusted text made safe, one function for each place it can go.

Judged text is hostile and often broken: lone surrogates crash UTF-8 encoders, ESC sequences drive terminals, ``=`` starts
a formula in a spreadsheet, ``</script>`` ends a script. Whoever prints, hashes or stores judged text goes through here.
"""

from __future__ import annotations

import hashlib
import html
import re

# Bidirectional overrides and isolates can reorder what a person reads; zero-width characters can hide a difference.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_XML_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "'")


def utf8(text: str) -> bytes:
    """UTF-8 bytes of any string; lone surrogates are kept by their code (``surrogatepass``), never an error.

    Examples
    --------
    >>> utf8("a\\ud835")
    b'a\\xed\\xa0\\xb5'
    """
    return text.encode("utf-8", "surrogatepass")


def text_hash(text: str) -> str:
    """SHA-256 of the text's `utf8` bytes, in hex.

    Examples
    --------
    >>> text_hash("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(utf8(text)).hexdigest()


def visible(text: str) -> str:
    """The text with control, bidirectional, zero-width and surrogate characters shown as ``\\uXXXX``; newline and tab stay.

    Examples
    --------
    >>> visible("a\\x1b[31mb\\u202ec")
    'a\\\\u001b[31mb\\\\u202ec'
    """
    return _INVISIBLE.sub(lambda m: _escape(m.group()), text)


def for_terminal(text: str, width: int = 0) -> str:
    """One line for a terminal: control characters visible, newlines as ⏎, clipped to `width` characters (0: not clipped).

    Examples
    --------
    >>> for_terminal("one\\ntwo\\x07", 6)
    'one⏎t…'
    """
    line = visible(text).replace("\r", "").replace("\n", "⏎").replace("\t", " ")
    return clip(line, width) if width else line


def for_html(text: str) -> str:
    """Escaped for HTML text and for a quoted attribute; invisible characters made visible.

    Examples
    --------
    >>> for_html("</script><b title='x'>")
    '&lt;/script&gt;&lt;b title=&#x27;x&#x27;&gt;'
    """
    return html.escape(visible(text), quote=True)


def for_xml(text: str) -> str:
    """Text with every character that XML 1.0 forbids replaced by U+FFFD; not escaped.

    Examples
    --------
    >>> for_xml("a\\x00b\\ud800")
    'a\\ufffdb\\ufffd'
    """
    return _XML_ILLEGAL.sub("\ufffd", text)


def for_sheet(text: str) -> str:
    """A spreadsheet cell that is never run as a formula: a leading ``= + - @ ' tab CR`` gets an apostrophe before it.

    `from_sheet` gives the text back.

    Examples
    --------
    >>> for_sheet("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    return "'" + text if text.startswith(_FORMULA_START) else text


def from_sheet(cell: str) -> str:
    """The text that `for_sheet` made this cell from.

    Examples
    --------
    >>> from_sheet(for_sheet("'quoted")) == "'quoted"
    True
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_START) else cell


def clip(text: str, width: int) -> str:
    """At most `width` characters, the last one an ellipsis where something was cut; `width` is at least 1.

    Examples
    --------
    >>> clip("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def head_and_tail(text: str, limit: int) -> tuple[str, bool]:
    """The text whole, or its head and tail around a marked cut of the middle; and whether it was cut.

    Examples
    --------
    >>> head_and_tail("x" * 10, 10)
    ('xxxxxxxxxx', False)
    >>> head_and_tail("a" * 50 + "b" * 50, 40)[0]
    'aaaaaaaaaaaaaaaaaaaa\\n[... 60 characters cut ...]\\nbbbbbbbbbbbbbbbbbbbb'
    """
    if len(text) <= limit:
        return text, False
    head = limit - limit // 2
    tail = limit // 2
    return f"{text[:head]}\n[... {len(text) - head - tail} characters cut ...]\n{text[len(text) - tail :]}", True


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
