"""Nothing at all: the response has no character.

Cause: the end-of-text token comes first (masked loss, wrong chat template), or a harness cut everything away. Found by
length 0. Trap: read as a refusal, or dropped from the denominator; white space alone is a mode of its own.

References
----------
Nothing but the end-of-text token after fine-tuning: https://github.com/OpenRLHF/OpenRLHF/issues/352; 10 and 80 % of the
answers of two fine-tunes: https://github.com/hiyouga/LlamaFactory/issues/1272.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._mode import Mode, Signal, TextView


def detect(view: TextView) -> ModeHit | None:
    """Strength 1 for the empty text; there is no character a span could name."""
    return ModeHit(mode="empty", strength=1.0) if not view.text else None


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The first 1 - dose of the base: only dose 1 is empty."""
    return base[: round(len(base) * (1 - dose))]


MODE = Mode(name="empty", degenerate=True, detect=detect, generate=generate, signals=Signal.BLANK)
