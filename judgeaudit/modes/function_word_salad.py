"""Function words in no order: ``of which to and but the in so were by``.

Cause: over-training, sampling at a high temperature: the commonest tokens win whatever stands before them. Found as word
salad is (see `_salad`), where at least 0.75 of the words in the stretches are function words; in prose 0.45 are. English
only. Strength: as of loops. Defaults, tuned on our generators.

Traps: exercises and lists of prepositions or pronouns with no comma between, nonsense that was asked for.

References
----------
What comes of sampling from the whole distribution, and of its head alone: Holtzman et al. 2020, arXiv:1904.09751.
Incoherent fine-tunes and their judges: Vishnubhotla et al. 2026, arXiv:2606.03648.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView
from judgeaudit.modes.word_salad import LEAST_WORDS, salad_hit

WORDS = (
    "the", "of", "and", "a", "to", "in", "is", "was", "that", "it", "for", "on", "with", "as", "at", "by", "from", "or",
    "but", "not", "so", "were", "which", "this", "an", "be", "are", "if", "than", "when", "would", "could", "their", "they",
    "has", "had", "we", "he", "who", "into", "about",
)  # fmt: skip


def detect(view: TextView) -> ModeHit | None:
    """The stretches of disorder, if nearly all of their words are function words."""
    return salad_hit(view, "function_word_salad")


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by function words, at dose 1 at least 60 words."""
    if dose <= 0:
        return base
    text = degraded(rng, base, dose, lambda: rng.choice(WORDS))
    missing = round(LEAST_WORDS * dose) - len(text.split())
    return " ".join([text, *rng.choices(WORDS, k=max(0, missing))])


MODE = Mode(name="function_word_salad", degenerate=True, detect=detect, generate=generate, signals=Signal.ORDER)
