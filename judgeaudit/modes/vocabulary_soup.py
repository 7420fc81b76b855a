"""Tokens of many languages and of code in one heap: ``harbour давно 比較 tuple नमक _init merge``.

Cause: quantisation, wrong weights or kernels, a bad merge: any token of the vocabulary may come. Found where in 16
neighbouring words 3 scripts or more change at least 4 times with nothing but a space between them (default, tuned on our
generators). Strength: as of loops.

Traps: a judge finds meaning in a soup; translations and lists of greetings (commas, colons or brackets stand between the
scripts), a prompt that names a language, one switch of code in a sound answer. Soups of languages in one script are not seen.

References
----------
Heaps of many languages and of code from quantised weights: https://github.com/vllm-project/vllm/issues/6060,
https://github.com/vllm-project/vllm/issues/19876, https://github.com/vllm-project/vllm/issues/42715.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import WORDS, degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

_FOREIGN = {
    "Cyrillic": ["давно", "корабль", "сестра", "вечером", "тишина", "дорога"],
    "Han": ["比較", "机器", "花园", "时间", "明るい", "カメラ"],
    "Devanagari": ["नमक", "पानी", "किताब", "समय", "रास्ता"],
    "Arabic": ["ماء", "كتاب", "طريق", "سلام", "بيت"],
    "Hangul": ["바다", "나무", "시간", "학교", "구름"],
    "Thai": ["น้ำ", "บ้าน", "หนังสือ", "เวลา"],
    "Greek": ["νερό", "δρόμος", "βιβλίο", "ώρα"],
}


def detect(view: TextView) -> ModeHit | None:
    """The soup, unless the prompt asks for a language or a cipher."""
    if view.text.isascii() or view.asked.language or view.asked.cipher or not view.soup:
        return None
    return hit("vocabulary_soup", view.strength(view.soup), view.soup)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by single words of four scripts and more, Latin among them."""
    scripts = [WORDS, *(_FOREIGN[name] for name in rng.sample(sorted(_FOREIGN), rng.randint(3, 5)))]
    return degraded(rng, base, dose, lambda: rng.choice(rng.choice(scripts)))


MODE = Mode(name="vocabulary_soup", degenerate=True, detect=detect, generate=generate, signals=Signal.FOREIGN)
