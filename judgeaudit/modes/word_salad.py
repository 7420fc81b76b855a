"""Words drawn at random, most of them words of content: ``time value small house object need first water part``.

Cause: sampling at a high temperature, broken weights, a fine-tune that lost its language. Found by word order (see `_salad`
and `_order`): windows of 16 or 48 pairs of words that follow one another worse than in any sound answer we know, under
0.3 of them function words. English only; other languages are not assessed. Strength: as of loops. Default thresholds, tuned on
our generators and on sound answers of released sets; compression and distinct n-grams do not see salad at all.

Traps: a judge finds meaning in it; lists of names, keywords and ingredients (rare words are no evidence here, so a salad of
nothing but rare nouns is missed), tables, code, verse; nonsense that was asked for. Salads under 17 words are not seen.

References
----------
Incoherent fine-tunes and their judges: Vishnubhotla et al. 2026, arXiv:2606.03648; such text as an untested gap of safety
judges: arXiv:2603.06594. Perplexity in windows: Jain et al. 2023, arXiv:2309.00614; with length: Alon and Kamfonas 2023,
arXiv:2308.14132.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

COMMON = (
    "time", "value", "number", "small", "house", "object", "need", "first", "water", "part", "large", "call", "line", "case",
    "set", "way", "name", "type", "order", "type", "point", "list", "result", "given", "same", "used", "new", "using",
    "default", "example", "each", "more", "only", "return", "work", "place", "state", "group", "form", "best", "side", "know",
    "make", "see", "find", "take", "different", "possible", "following", "current", "single", "whole", "certain", "long",
    "second", "data", "change", "level", "the", "of", "and", "to", "is", "for", "by",
)  # fmt: skip
LEAST_WORDS = 60


def detect(view: TextView) -> ModeHit | None:
    """The stretches of disorder, if few of their words are function words."""
    return salad_hit(view, "word_salad")


def salad_hit(view: TextView, kind: str) -> ModeHit | None:
    """The stretches of disorder, if they are of this kind."""
    salad = view.salad
    return hit(kind, view.strength(salad.spans), salad.spans) if salad.kind == kind else None


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by words drawn from a list, at dose 1 at least 60."""
    if dose <= 0:
        return base
    text = degraded(rng, base, dose, lambda: rng.choice(COMMON))
    missing = round(LEAST_WORDS * dose) - len(text.split())
    return " ".join([text, *rng.choices(COMMON, k=max(0, missing))]) + "."


MODE = Mode(name="word_salad", degenerate=True, detect=detect, generate=generate, signals=Signal.ORDER)
