"""Cut off in the middle of a word or a sentence: ``The second stage need``.

Cause: the token limit; not gibberish, and it says nothing of coherence, but a judge that wants a whole answer stumbles
over it. Found by the finish reason where there is one (`length` and the like: strength 1; any other: never); else by an
open code fence, or by a text of at least 120 characters in sentences whose last line has 5 words or more and ends in a
letter, a comma or an opening bracket (strength 0.5: a guess). Default thresholds of ours.

Traps: lists, tables, code and poems end without a full stop; so do titles and signatures.

References
----------
Answers cut at a token limit, and what that does to scores: Mazeika et al. 2024, HarmBench, arXiv:2402.04249;
Souly et al. 2024, StrongREJECT, arXiv:2402.10260.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

LIMITS = frozenset({"length", "max_tokens", "max_length", "max_output_tokens", "model_length", "token_limit"})
LEAST = 120
WORDS = 5
GUESS = 0.5

_SENTENCE_END = re.compile(r"[.!?][\"')\]]?\s+[A-Z]")
_LIST = re.compile(r"\s*(?:[-*+•|>#]|\d{1,3}[.)]|[A-Za-z][.)]\s)")


def detect(view: TextView) -> ModeHit | None:
    """By the finish reason, or by the look of the end."""
    end = view.body[1]
    if not end:
        return None
    last = [(end - 1, end)]
    if view.finish_reason:
        return hit("truncated", 1.0, last) if view.finish_reason.lower() in LIMITS else None
    if looks_cut(view.text):
        return hit("truncated", GUESS, last)
    return None


def looks_cut(text: str) -> bool:
    """Whether a text without a finish reason looks cut off.

    Examples
    --------
    >>> looks_cut("First heat the oven. " * 6 + "Then put the tray into the mid")
    True
    >>> looks_cut("Paris is the capital of France")
    False
    """
    text = text.rstrip()
    if len(text) < LEAST:
        return False
    if not (text[-1].isalnum() or text[-1] in ",;([{-"):
        return False
    line = text[text.rfind("\n") + 1 :]
    if line.count(" ") < WORDS - 1 or _LIST.match(line):
        return False
    return _SENTENCE_END.search(text) is not None


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The first 1 - dose of the base, cut inside a word."""
    if dose <= 0 or not base:
        return base
    keep = max(1, round(len(base) * (1 - dose)))
    while keep > 1 and not (base[keep - 1].isalpha() and keep < len(base) and base[keep].isalpha()):
        keep -= 1
    return base[:keep]


MODE = Mode(name="truncated", degenerate=False, detect=detect, generate=generate, signals=Signal.END)
