"""A sentence, a line or a paragraph over and over, often until the token limit.

Cause: greedy decoding, no end-of-text learned; the usual end of a fine-tune on little data. Found in two ways: an exact
loop of 6 words or more (4 copies, of 12 words or more 3), or sentences and lines of at least 7 words that come 4
times or more, in any order, and are at least 60 % of the text (see `_loops`; defaults, tuned on our generators; the
published cut-off for web pages, 30 % of lines, fails poems). Strength: the share of the text, or the length over 400
characters if that is more.

Traps: poems with a refrain, step lists, code, tables, and a repetition that was asked for.

References
----------
Loops until the token limit: https://github.com/vllm-project/vllm/issues/1958, https://github.com/vllm-project/vllm/issues/7668;
of a fine-tune: https://github.com/unslothai/unsloth/issues/1275; why decoding loops: Holtzman et al. 2020, arXiv:1904.09751.
Cut-offs for repeated lines of web pages: Rae et al. 2021 (Gopher), arXiv:2112.11446, table A1.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict

from judgeaudit.model import ModeHit
from judgeaudit.modes._loops import Loop
from judgeaudit.modes._make import SENTENCES, degraded, phrase
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import Span, inside
from judgeaudit.modes.word_loop import MOST_CHARACTERS, MOST_WORDS

LEAST_WORDS = 7
COPIES = 4
SHARE = 0.6
MOST_DISTINCT = 0.7
"""With 60 % of the text in 4 copies or more, 55 % of its words are distinct at most, some cut at the edges aside."""

_WORD = re.compile("[^\x00-\x20]+")
_SENTENCE = re.compile(r"[^.!?\n。！？।]+[.!?。！？।]*")


def detect(view: TextView) -> ModeHit | None:
    """Exact loops of long units, and sentences that make up the text by coming again and again."""
    asked = view.asked.copies
    spans = [loop.span for loop in view.loops if _is_sentence(loop) and loop.copies > asked]
    spans += _recurring(view, max(COPIES, asked + 1))
    return hit("sentence_loop", view.strength(spans), spans) if spans else None


def _is_sentence(loop: Loop) -> bool:
    letters = any(map(str.isalpha, loop.unit))
    return letters and loop.period > (MOST_CHARACTERS if loop.inside else MOST_WORDS)


def _recurring(view: TextView, copies: int) -> list[Span]:
    if len(set(view.words)) > MOST_DISTINCT * len(view.words):
        return []
    places: dict[str, list[Span]] = defaultdict(list)
    for m in _SENTENCE.finditer(view.text):
        sentence = m.group().strip()
        if len(_WORD.findall(sentence)) >= LEAST_WORDS and not inside(m.span(), view.code):
            places[sentence].append(m.span())
    spans = [span for found in places.values() if len(found) >= copies for span in found]
    return spans if spans and view.share(spans) >= SHARE else []


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by one drawn sentence, or by two that take turns, at least four times."""
    if dose <= 0:
        return base
    unit = rng.choice(
        [rng.choice(SENTENCES), f"The {phrase(rng, 3, 6)} is where it was.", " ".join(rng.sample(SENTENCES, 2))]
    )
    joint = rng.choice([" ", "\n", "\n\n"])
    unit = unit if len(unit.split()) > MOST_WORDS else f"Once again: {unit}"
    text = degraded(rng, base, dose, lambda: unit, joint)
    return text + f"{joint}{unit}" * max(0, 4 - text.count(unit))


MODE = Mode(name="sentence_loop", degenerate=True, detect=detect, generate=generate, signals=Signal.REPETITION)
