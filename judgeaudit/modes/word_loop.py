"""A word or a short phrase over and over: ``the the the the``, ``over the hill over the hill``.

Cause: supervised or preference tuning that collapsed, a high learning rate, greedy decoding. Found as an exact loop of 1
to 5 words: one word at least 6 times, a phrase at least 4 times, 20 characters or more (see `_loops`; defaults, tuned on
our generators; published cut-offs on shares of repeated n-grams were tuned for web pages and fail sound step lists).
Strength: the share of the text, or the length over 400 characters if that is more.

Traps: song refrains, chants, tables with equal cells, matrices, and a repetition that was asked for.

References
----------
Loops after preference tuning: https://github.com/princeton-nlp/SimPO/issues/12, https://github.com/NJUNLP/MAPO/issues/3; after
supervised tuning: https://github.com/unslothai/unsloth/issues/3593; why decoding loops: Holtzman et al. 2020, arXiv:1904.09751.
Cut-offs for repeated n-grams of web pages: Rae et al. 2021 (Gopher), arXiv:2112.11446, table A1.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._loops import Loop
from judgeaudit.modes._make import degraded, phrase
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

MOST_WORDS = 5
MOST_CHARACTERS = 8


def detect(view: TextView) -> ModeHit | None:
    """The loops whose unit is a word or a phrase."""
    asked = view.asked.copies
    spans = [loop.span for loop in view.loops if is_phrase(loop) and loop.copies > asked]
    return hit("word_loop", view.strength(spans), spans) if spans else None


def is_phrase(loop: Loop) -> bool:
    """Whether a loop's unit is a word or a phrase; in scripts without spaces up to `MOST_CHARACTERS` characters."""
    letters = any(map(str.isalpha, loop.unit))
    if loop.inside:
        return letters and not loop.unit.isascii() and 2 <= loop.period <= MOST_CHARACTERS
    if loop.period == 1:
        return loop.unit.strip(".,;:!?'\"()").isalpha()
    return letters and loop.period <= MOST_WORDS


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one drawn phrase of 1 to 4 words, at least six times."""
    unit = phrase(rng, 1, 4) + rng.choice(["", "", ",", "."])
    if dose <= 0:
        return base
    text = degraded(rng, base, dose, lambda: unit)
    return text + f" {unit}" * max(0, 6 - text.count(unit))


MODE = Mode(name="word_loop", degenerate=True, detect=detect, generate=generate, signals=Signal.REPETITION)
