"""The words of a sound answer in random order: ``sugar the with eggs whisk then two is mix until``.

Cause: attention that lost its positions (wrong rotary settings, a broken export), heavy quantisation. Found as word salad is
(see `_salad`), where the share of function words is that of prose, 0.3 to 0.75: salads that were sampled at a high
temperature often land here too, since from the words alone the two are not told apart. English only. Strength: as of loops.

Traps: compression and counts of words are exactly those of sound text; keywords in answers, poems, scrambled sentences as an
exercise that was asked for, word-by-word glosses.

References
----------
That a language model sees what counts of words do not: Alon and Kamfonas 2023, arXiv:2308.14132; that most judges are untested on
such text: arXiv:2603.06594. Words in random order as a probe of word order: Sinha et al. 2021, arXiv:2104.06644.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import SENTENCES, cut
from judgeaudit.modes._mode import Mode, Signal, TextView
from judgeaudit.modes.word_salad import salad_hit

LEAST_WORDS = 90


def detect(view: TextView) -> ModeHit | None:
    """The stretches of disorder, if as many of their words are function words as in prose."""
    return salad_hit(view, "shuffled_words")


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail, its words shuffled; a short tail is made longer by words of other sentences first."""
    if dose <= 0:
        return base
    head, _ = cut(rng, base, dose)
    words = base[len(head) :].split()
    while len(words) < LEAST_WORDS * dose:
        words += rng.choice(SENTENCES).split()
    words = [word.strip(".,;:!?").lower() for word in words]
    rng.shuffle(words)
    return f"{head} {' '.join(words)}".strip()


MODE = Mode(name="shuffled_words", degenerate=True, detect=detect, generate=generate, signals=Signal.ORDER)
