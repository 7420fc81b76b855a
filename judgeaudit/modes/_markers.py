"""Tokens that belong to a chat template or a tokenizer, not to an answer; and code, where they may be the subject."""

from __future__ import annotations

import re

from judgeaudit.modes._spans import Span, inside, merged

# Templates of the common chat formats; each alternative has a bounded length, so that a search is linear.
SPECIAL = re.compile(
    r"<[|｜][^\s<>|｜]{1,40}[|｜]>"
    r"|</?s>|<(?:pad|unk|eos|bos|mask|eod|eot|sep|cls|extra_id_\d{1,3}|(?:start|end)_of_(?:turn|text|image))>"
    r"|\[/?INST\]|<</?SYS>>|\[(?:PAD|CLS|SEP|MASK|UNK|BOS|EOS|/?SYSTEM_PROMPT|/?AVAILABLE_TOOLS|TOOL_CALLS)\]"
)
ROLE_LINE = re.compile(
    r"^[ \t>*#]{0,8}(?:\[|\*\*|<\|)?"
    r"(?P<role>user|human|assistant|ai|system|bot|instruction|input|response|output|question|answer|q|a)"
    r"(?:\]|\*\*|\|>)?[ \t]?:",
    re.IGNORECASE | re.MULTILINE,
)

_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)", re.MULTILINE)
_INLINE = re.compile(r"`[^`\n]{1,200}`")
_STRIKE = re.compile(r"<s>[^<\n]{1,200}</s>")


def fences(text: str) -> tuple[Span, ...]:
    """Fenced blocks, in order; an open one runs to the end.

    Examples
    --------
    >>> fences("```\\nx = 1\\n```\\nDone.")
    ((0, 13),)
    """
    if "```" not in text and "~~~" not in text:
        return ()
    starts = [m.start() for m in _FENCE.finditer(text)]
    ends = [start + 3 for start in starts[1::2]] + [len(text)]
    return tuple(zip(starts[::2], ends, strict=False))


def code(text: str, blocks: tuple[Span, ...]) -> tuple[Span, ...]:
    """Fenced blocks and inline code, in order.

    Examples
    --------
    >>> code("Call `f(x)` twice.", ())
    ((5, 11),)
    """
    if "`" not in text:
        return blocks
    inline = [m.span() for m in _INLINE.finditer(text)]
    return tuple(merged([*blocks, *(span for span in inline if not inside(span, blocks))], gap=0))


def special_tokens(text: str, skip: tuple[Span, ...]) -> tuple[Span, ...]:
    """Special tokens outside of the spans to skip; struck-out words of HTML are none.

    Examples
    --------
    >>> special_tokens("Sure.<|im_end|>", ())
    ((5, 15),)
    >>> special_tokens("It costs <s>10</s> 8.", ())
    ()
    """
    found = [m.span() for m in SPECIAL.finditer(text)]
    if not found:
        return ()
    struck = [m.span() for m in _STRIKE.finditer(text)]
    return tuple(s for s in found if not inside(s, skip) and not inside(s, struck))
