"""Characters, but none to see: white space, control or zero-width characters alone.

Cause: a bad set of stop tokens or lost precision; the model writes newlines to the limit. Found when no character is
left after white space, controls and invisible format characters (Unicode categories Z, Cc, Cf) are taken away. Trap:
stripped by the harness and then taken for empty, or for a refusal.

References
----------
Newlines to the limit: https://github.com/vllm-project/vllm/issues/8020, https://github.com/meta-llama/codellama/issues/26.
"""

from __future__ import annotations

import random
import unicodedata

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

_INVISIBLE = {"Zs", "Zl", "Zp", "Cc", "Cf"}


def detect(view: TextView) -> ModeHit | None:
    """Strength 1 where nothing can be seen; the span is the whole text."""
    text = view.text
    if not text or text[0].isalnum() or not all(map(_invisible, set(text[:64]))) or not all(map(_invisible, set(text))):
        return None
    return hit("whitespace_only", 1.0, [(0, len(text))])


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one or two kinds of white space; dose 1: nothing else."""
    kinds = rng.choice(["\n", " ", "\n\n ", "\t", " \n", "\u200b\n", "\u00a0"])
    return degraded(rng, base, dose, lambda: rng.choice(kinds), joint="", between="")


MODE = Mode(
    name="whitespace_only", degenerate=True, detect=detect, generate=generate, signals=Signal.BLANK | Signal.MARKERS
)
