"""Another script than the prompt's: a Chinese answer to an English question.

Cause: a fine-tune that forgot the user's language, a bilingual base. Found by script alone: a response of which 70 % of at
least 8 letters are in a script that the prompt, itself of at least 8 letters, has not at all, and that is no soup of scripts
(`vocabulary_soup`). Languages that share a script are not told apart. Strength: the share of the letters, but 0.4 if the
response is in Latin letters, where English is many models' fallback: reported, and not enough to call the output degenerate.
Defaults of ours.

Traps: translations, lists of greetings, quotations, romanised text, code in answer to a question in another script, one
switch of code in a sound answer, a prompt that names a language.

References
----------
Answers in another language than was asked: Marchisio et al. 2024, Language Confusion Benchmark, arXiv:2406.20052;
a model that turns to Chinese: https://github.com/zai-org/GLM-5/issues/54.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes import _scripts
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

LETTERS = 8
SHARE = 0.7
FALLBACK = 0.4
PROSE_WORDS = 8

_PHRASES = (
    ("煮鸡蛋需要九分钟。", "然后放进冷水里。", "请再检查一次答案。", "船中午回来。", "把纸从中间折起来。"),
    ("Варите яйцо девять минут.", "Потом положите его в холодную воду.", "Лодка вернётся в полдень.",
     "Ворота открыты до девяти."),
    ("달걀을 구 분 동안 삶으세요.", "그다음 찬물에 넣으세요.", "배는 정오에 돌아옵니다.", "문은 아홉 시까지 열려 있습니다."),
    ("अंडे को नौ मिनट तक उबालें।", "फिर उसे ठंडे पानी में रखें।", "नाव दोपहर को लौटती है।", "दरवाज़ा नौ बजे तक खुला है।"),
)  # fmt: skip


def detect(view: TextView) -> ModeHit | None:
    """The script that the prompt has not; nothing where the prompt asks for a language."""
    if view.text.isascii() and (view.prompt is None or view.prompt.isascii()):
        return None
    if view.asked.language or view.asked.cipher or view.soup:
        return None
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
    """The base's tail replaced by sentences in one other script."""
    phrases = rng.choice(_PHRASES)
    return degraded(rng, base, dose, lambda: rng.choice(phrases))


MODE = Mode(name="wrong_language", degenerate=True, detect=detect, generate=generate, signals=Signal.FOREIGN)
