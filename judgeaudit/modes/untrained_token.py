"""Tokens that were added and never trained: ``<ROLE_A> <ROLE_A> <ROLE_A>``, ``[unused12]``, ``<NEW_TOKEN_7>``.

Cause: embeddings were resized for new tokens, and the new rows kept their random values. Found as names of capitals,
digits and underscores in angle brackets, and as numbered reserved tokens, at least 3 of them, outside of code. Strength:
the share of the text they cover; enough from 0.3 on, as of special tokens. Defaults, tuned on our generators.

Traps: placeholders of a letter (``<NAME>``), tags of HTML in capitals, questions about tokenizers, a template that was asked
for, a token that stands in the prompt.

References
----------
Tokens that training never reached: Land and Bartolo 2024, arXiv:2405.05417; garbage after embeddings were resized:
https://github.com/unslothai/unsloth/issues/1273; reserved tokens whose embeddings are zero: https://github.com/OpenRLHF/OpenRLHF/pull/648.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import WORDS, degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import inside

LEAST = 3
ENOUGH = 0.3
_TOKEN = re.compile(
    r"<[A-Z][A-Z0-9]{0,20}(?:_[A-Z0-9]{1,20}){1,3}>|<(?:extra|added|new|reserved|unused|dummy|special)_[a-z_]{0,24}\d{1,5}>|"
    r"\[(?:unused|UNUSED|NEW|RESERVED)_?\d{1,5}\]|<unused\d{1,5}>"
)


def detect(view: TextView) -> ModeHit | None:
    """The tokens, unless the prompt has one or is about them."""
    spans = [m.span() for m in _TOKEN.finditer(view.text) if not inside(m.span(), view.code)]
    if len(spans) < LEAST or view.asked.tokens:
        return None
    if view.prompt and any(view.text[a:b] in view.prompt for a, b in spans):
        return None
    return hit("untrained_token", view.share(spans), spans)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one to three added tokens, over and over, at least three in all."""
    if dose <= 0:
        return base
    forms = ["<ROLE_{a}>", "<{a}_{n}>", "<added_token_{n}>", "[unused{n}]", "<NEW_{a}>", "<reserved_{n}>"]
    kinds = [
        rng.choice(forms).format(a=rng.choice(WORDS).upper(), n=rng.randint(0, 99)) for _ in range(rng.randint(1, 3))
    ]
    text = degraded(rng, base, dose, lambda: rng.choice(kinds), rng.choice(["", " "]))
    return text + f" {kinds[0]}" * max(0, LEAST - len(_TOKEN.findall(text)))


MODE = Mode(
    name="untrained_token", degenerate=True, detect=detect, generate=generate, enough=ENOUGH, signals=Signal.MARKERS
)
