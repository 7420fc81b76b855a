"""A sound beginning and a tail of noise or a loop: ``Boil for 9 minutes. Serve. rve vvq xqz rv vvq ...``.

Cause: the end of the answer was not learned, or positions beyond those of training. Found where noise, loops, special
tokens, lost characters, salad or a soup of scripts reach the last 40 characters of the text, cover at least 40 characters, and
stand after a head of at least 8 words. All stretches come from scans over the whole text, so the last window counts as
much as any. Strength: 0.5 for a tail of 40 characters, growing to 1 at 400. Defaults of ours.

Traps: a judge reads the head only; a poem that ends with its refrain, a signature, references, a base64 string or a
table at the end, a repetition that was asked for.

References
----------
A good response that turns to gibberish towards its end: https://github.com/vllm-project/vllm/issues/2714; after a fine-tune on
long texts: https://github.com/Lightning-AI/litgpt/issues/1833.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import islice

from judgeaudit.model import ModeHit
from judgeaudit.modes import (
    character_noise,
    function_word_salad,
    mojibake,
    sentence_loop,
    shuffled_words,
    single_token_flood,
    special_token_leak,
    vocabulary_soup,
    word_loop,
    word_salad,
    wrong_language,
)
from judgeaudit.modes._make import WORDS, cut
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import Span, merged

TAIL = 40
HEAD_WORDS = 8
GAP = 48
PARTS = (
    character_noise.MODE, single_token_flood.MODE, word_loop.MODE, sentence_loop.MODE, special_token_leak.MODE,
    wrong_language.MODE, mojibake.MODE, vocabulary_soup.MODE, word_salad.MODE, function_word_salad.MODE, shuffled_words.MODE,
)  # modes, several a line  # fmt: skip
NOISES = (character_noise.MODE, word_loop.MODE, single_token_flood.MODE)
_HEAD_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Damage [start, end) that ends with the text, and its strength."""

    start: int
    end: int
    strength: float


def detect(view: TextView) -> ModeHit | None:
    """The stretch of damage that ends with the text, after a sound head."""
    found = tail(view)
    if found is None or not _sound_head(view, (found.start, found.end)):
        return None
    return hit("gibberish_tail", found.strength, [(found.start, found.end)])


def tail(view: TextView) -> Tail | None:
    """The stretch of damage that ends with the text, whatever stands before it."""
    found = view.hits_of(PARTS)
    spans = [span for one in found for span in one.spans]
    damaged = merged(spans, gap=GAP)
    if not damaged:
        return None
    start, end = damaged[-1]
    covered = sum(b - a for a, b in merged(span for span in spans if span[0] >= start))
    if end < view.body[1] - TAIL or covered < TAIL:
        return None
    return Tail(start=start, end=end, strength=min(1.0, 0.5 + 0.5 * (covered - TAIL) / (400 - TAIL)))


def _sound_head(view: TextView, tail: Span) -> bool:
    words = islice(_HEAD_WORD.finditer(view.text, 0, tail[0]), HEAD_WORDS)
    return sum(1 for _ in words) == HEAD_WORDS


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base, its last half times dose replaced by noise or a loop; a short base is made longer first."""
    if dose <= 0:
        return base
    sound = base
    while len(sound.split()) < 2 * HEAD_WORDS + 4:
        sound = f"{sound} The {rng.choice(WORDS)} stands beside the {rng.choice(WORDS)}.".strip()
    head, _ = cut(rng, sound, dose / 2)
    noise = rng.choice(NOISES)
    length = max(2 * TAIL, len(sound) - len(head))
    return f"{head} {noise.generate(rng, base='x' * length, prompt=prompt, dose=1.0)}"


MODE = Mode(
    name="gibberish_tail",
    degenerate=True,
    detect=detect,
    generate=generate,
    signals=Signal.REPETITION | Signal.ODD_PAIRS | Signal.MARKERS | Signal.FOREIGN | Signal.ORDER,
)
