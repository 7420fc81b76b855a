"""Letters or symbols that spell nothing: ``qzv lkrp tthx wogn``, ``xK9$qz@!v~7)``.

Cause: a quantiser or a merge gone wrong, another model's tokenizer, circuit breakers, unlearning. Found by windows: of 30
pairs of letters in plain words 15 % are pairs that hardly occur in languages written in Latin letters (sound English has
0.1 %, other languages up to 4 %, random letters 33 %), or 48 visible characters keep changing between letters, capitals,
digits and at least 8 kinds of symbols (see `_noise`; defaults, tuned on our generators and on sound text). Compression
sees noise on its low side only, and only in long texts. Letters shuffled inside real words are mostly missed (6 %).

Traps: names, Polish, Welsh, abbreviations, code, base64 and hashes (words with digits or inner capitals are not looked
at), gene and chemical names, formulas, and a cipher, password or made-up word that was asked for.

References
----------
Circuit breakers, whose outputs lose their meaning: Zou et al. 2024, arXiv:2406.04313. Pairs of letters as a sign: the idea is
that of n-gram language identification, Cavnar and Trenkle 1994, N-gram-based text categorization.
"""

from __future__ import annotations

import random
import string

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

_CONSONANTS = "bcdfghjklmnpqrstvwxz"


def detect(view: TextView) -> ModeHit | None:
    """The stretches of noise, unless the prompt asked for something that looks like it."""
    if not view.noise or view.asked.cipher:
        return None
    return hit("character_noise", view.strength(view.noise), view.noise)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by words of random letters, consonants, or by random printable characters."""
    kind = rng.choice(["letters", "consonants", "printable"])

    def unit() -> str:
        if kind == "printable":
            signs = string.ascii_letters + string.digits + string.punctuation
            return "".join(rng.choice(signs) for _ in range(rng.randint(12, 40)))
        letters = string.ascii_lowercase if kind == "letters" else _CONSONANTS
        return "".join(rng.choice(letters) for _ in range(rng.randint(3, 9)))

    return degraded(rng, base, dose, unit)


MODE = Mode(name="character_noise", degenerate=True, detect=detect, generate=generate, signals=Signal.ODD_PAIRS)
