"""One token over and over: a character, a symbol, a word or a handle that fills the text.

Cause: not-a-number logits (the token with id 0 is often ``!``), half precision, a broken export; fine-tunes at a high
learning rate. Found as a loop of period one: a word at least 6 times, a symbol 10 times, a letter or digit 24 times in a
row, or a unit of up to 24 characters glued to itself (see `_loops`; defaults, tuned on our generators). Strength: the
share of the text, or the length over 400 characters if that is more.

Traps: rules of tables and drawings (symbols of layout count only where they are nearly the whole text), zeros of a
matrix, long drawn-out words, a row of emoji, and a repetition that was asked for.

References
----------
Exclamation marks from values that are not numbers: https://github.com/QwenLM/Qwen3/issues/381, https://github.com/vllm-project/vllm/issues/13035.
Compression as a sign of failed decoding (ratio over 2.4; not used here): Radford et al. 2022 (Whisper), arXiv:2212.04356.
"""

from __future__ import annotations

import random
import string

from judgeaudit.model import ModeHit
from judgeaudit.modes._loops import Loop
from judgeaudit.modes._make import WORDS, degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

GLUED = 24
GLUED_OTHER = 2
"""Characters of a unit glued to itself; in scripts that are written without spaces more are a phrase, no token."""
LAYOUT = frozenset("-=_*#~.+|/\\─━═│┃█▀▄░▒▓·•`^ ")
LAYOUT_SHARE = 0.9


def detect(view: TextView) -> ModeHit | None:
    """The loops of one token, those of layout characters only where they are the text."""
    asked = view.asked.copies
    found = [loop for loop in view.loops if _is_flood(loop) and loop.copies > asked]
    rules = [loop.span for loop in found if LAYOUT.issuperset(loop.unit)]
    spans = [loop.span for loop in found if not LAYOUT.issuperset(loop.unit)]
    if rules and view.share(rules) >= LAYOUT_SHARE:
        spans += rules
    return hit("single_token_flood", view.strength(spans), spans) if spans else None


def _is_flood(loop: Loop) -> bool:
    if loop.inside:
        return loop.period <= (GLUED if loop.unit.isascii() else GLUED_OTHER)
    return loop.period == 1


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one drawn token, glued or spaced."""
    token, joint = rng.choice(
        [
            (rng.choice("!?$%&0123456789"), ""),
            (rng.choice("!?;:@"), " "),
            (rng.choice(string.ascii_letters + "ÄéñØ"), ""),
            (f"@{rng.choice(WORDS)}", " "),
            (rng.choice(WORDS), rng.choice(["", " "])),
        ]
    )
    return degraded(rng, base, dose, lambda: token, joint)


MODE = Mode(name="single_token_flood", degenerate=True, detect=detect, generate=generate, signals=Signal.REPETITION)
