"""Another script than the prompt's, or a soup of scripts: ``harbour давно 比較 tuple नमक``.

Cause: quantisation, wrong weights or kernels, a fine-tune that forgot the user's language. First version, by script
alone: a soup (in 16 neighbouring words 3 scripts or more that change at least 4 times with nothing but a space between
them), or a response of which 70 % of at least 8 letters are in a script that the prompt, itself of at least 8 letters,
has not at all. Languages that share a script are not told apart. Strength: of a soup as of loops; of a wrong script its
share of the letters, but 0.4 if the response is in Latin letters, where English is many models' fallback: reported, and
not enough to call the output degenerate.

Traps: a judge finds meaning in a soup; translations, lists of greetings, quotations, romanised text, code in answer to a
question in another script, one switch of code in a sound answer, a prompt that names a language.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes import _scripts
from judgeaudit.modes._make import WORDS, degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

LETTERS = 8
SHARE = 0.7
FALLBACK = 0.4
PROSE_WORDS = 8

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
    """Soup first, then the wrong script; nothing where the prompt asks for a language."""
    if view.text.isascii() and (view.prompt is None or view.prompt.isascii()):
        return None
    if view.asked.language or view.asked.cipher:
        return None
    if view.soup:
        return hit("wrong_language", view.strength(view.soup), view.soup)
    asked = _scripts.count(view.prompt or "")
    given = view.scripts
    main = given.main
    if main is None or asked.total < LETTERS or given.total < LETTERS or main in asked.letters:
        return None
    share = given.share(main)
    if share < SHARE or main == "Other":
        return None
    if main == "Latin" and (view.code or len(view.words) < PROSE_WORDS):
        return None
    return hit("wrong_language", FALLBACK if main == "Latin" else share, [view.body])


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by single words of four scripts and more, Latin among them."""
    scripts = [WORDS, *(_FOREIGN[name] for name in rng.sample(sorted(_FOREIGN), rng.randint(3, 5)))]
    return degraded(rng, base, dose, lambda: rng.choice(rng.choice(scripts)))


MODE = Mode(name="wrong_language", degenerate=True, detect=detect, generate=generate, signals=Signal.FOREIGN)
