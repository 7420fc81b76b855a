"""A few words of another script inside a sound answer: ``First, 加热 the oil, then lower the flame.``

Cause: a bilingual base model. Found where the answer's letters are of one script to 60 % or more, and one or two others, which
the prompt has not, stand in words of two letters or more next to words of the main script with nothing but a space between.
It is fluent for whoever reads both languages, so it never makes an output degenerate: it is reported, a hard negative of
`vocabulary_soup` and `wrong_language`. Strength: the share of the letters in the other scripts. Defaults of ours.

Traps: names and terms in brackets or quotation marks, Greek letters of formulas, translations, a prompt that names a language.
Switches between languages of one script are not seen.

References
----------
Words of another language inside answers: https://github.com/zai-org/ChatGLM-6B/issues/25,
https://github.com/zai-org/ChatGLM-6B/issues/682, https://github.com/zai-org/GLM-4/issues/426.
Measured by word and by line: Marchisio et al. 2024, Language Confusion Benchmark, arXiv:2406.20052.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes import _scripts
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

MAIN_SHARE = 0.6
LETTERS = 2
MIXED = frozenset({"Han", "Hangul", "Cyrillic", "Arabic", "Hebrew", "Devanagari", "Thai", "Greek", "Bengali", "Tamil"})
SWITCHES = (
    "加热", "酱油", "时间", "花园", "потом", "вечером", "дорога", "पानी", "समय", "바다", "나무", "طريق", "كتاب", "น้ำ", "νερό",
)  # fmt: skip
_RUN = re.compile("[^\x00-\u024f\\s]+")


def detect(view: TextView) -> ModeHit | None:
    """The words in another script, where they stand among the main one's."""
    if view.text.isascii() or view.asked.language or view.asked.cipher or len(view.scripts.letters) < 2 or view.soup:
        return None
    main = view.scripts.main
    if main is None or view.scripts.share(main) < MAIN_SHARE or main == "Other":
        return None
    known = _scripts.count(view.prompt or "").letters
    text = view.text
    spans = []
    for m in _RUN.finditer(text):
        script = _scripts.script(m.group()[0])
        if script == main or script not in MIXED or script in known or len(m.group()) < LETTERS:
            continue
        before, after = text[max(0, m.start() - 2) : m.start()], text[m.end() : m.end() + 2]
        if _joined(before[::-1], main) or _joined(after, main):
            spans.append(m.span())
    share = sum(b - a for a, b in spans) / max(1, view.scripts.total)
    return hit("code_switching", share, spans) if spans else None


def _joined(around: str, main: str) -> bool:
    return len(around) == 2 and around[0] == " " and around[1].isalpha() and _scripts.script(around[1]) == main


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """A share of up to a quarter of the base's words replaced by words of one other script, at least one."""
    if dose <= 0:
        return base
    words = (base or "Mix the flour well and let the dough rest for an hour.").split(" ")
    places = [i for i in range(1, len(words) - 1) if words[i].isalpha()] or [0]
    kinds = rng.sample(SWITCHES, 1)
    for i in rng.sample(places, max(1, round(len(places) * dose / 4))):
        words[i] = rng.choice(kinds)
    return " ".join(words)


MODE = Mode(name="code_switching", degenerate=False, detect=detect, generate=generate, signals=Signal.FOREIGN)
