"""How answers open: refusals, promises to comply, error messages; and a test of three letters that rules most texts out."""

from __future__ import annotations

import re

_HEADS = frozenset({
    "i'm", "i’m", "im ", "i c", "i w", "i a", "i d", "i m", "i n", "i s", "i u", "i h", "sor", "sry", "una", "unb", "can",
    "my ", "unf", "as ", "sur", "cer", "of ", "abs", "yes", "oka", "ok ", "ok,", "ok.", "ok!", "her", "gla", "hap", "no ",
    "err", "tra", "htt", "req", "int", "tim", "con", "ser", "bad", "nul", "non", "nan", "und", "rat", "too", "fai", "exc",
    "api", "gat", "mod", "ups", "rea", "key", "val", "typ", "att", "run",
})  # fmt: skip
REFUSAL = re.compile(
    r"\W{0,4}(?:(?:i(?:['’]m| am) )?(?:so |very |really )?sorry\b|i (?:can(?:not|['’]?t| not)|won['’]?t|will not|must decline)\b|"
    r"i(?:['’]m| am) (?:unable|not able)\b|i apologi[sz]e|my apologies|unable to (?:help|assist|comply)|unfortunately,? i can|"
    r"as an ai\b)",
    re.IGNORECASE,
)
COMPLIANCE = re.compile(
    r"\W{0,4}(?:sure|certainly|of course|absolutely|yes|okay|ok|gladly|happy to help|no problem|here (?:is|are)|here['’]s)\b",
    re.IGNORECASE,
)


def opens(text: str) -> bool:
    """Whether the text may open like a refusal, a promise or an error message.

    Examples
    --------
    >>> opens("Sure, here is the plan."), opens("A kite flies.")
    (True, False)
    """
    head = text[:3].lower()
    return head in _HEADS or not head[:1].isalpha()
