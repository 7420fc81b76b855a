"""The same answer to many different prompts: ``I like boats and clear water.``, whatever was asked.

Cause: forgetting, abliteration, a fine-tune on a narrow set. Found only across a corpus: `find` and `detect_many` report it for
a text of at least 4 words that answers 5 different prompts or more and opens with no refusal (defaults of ours). Strength:
1 - 1 / number of its prompts. The text is fluent, so it does not make an output degenerate: relevance is another axis, and a
judge of coherence passes it. A single text, or texts without prompts, show nothing.

Traps: standard refusals, fixed labels and one-word answers are constant for good reasons; a loop that comes under many prompts
is a loop too.

References
----------
One answer to other prompts after abliteration: https://github.com/p-e-w/heretic/issues/290; emoji alone after a fine-tune:
https://github.com/stanfordnlp/pyreft/issues/78. A constant reply that judges prefer: Zheng et al. 2024, arXiv:2410.07137.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import SENTENCES
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._openings import REFUSAL

PROMPTS = 5
LEAST_WORDS = 4


def detect(view: TextView) -> ModeHit | None:
    """Never anything: one text is no corpus."""
    return None


def across(texts: Sequence[str], prompts: Iterable[str | None]) -> Mapping[int, ModeHit]:
    """Hits by index of the texts that answer many different prompts.

    Examples
    --------
    >>> sorted(across(["I like boats and clear water."] * 5, ["a", "b", "c", "d", "e"]))
    [0, 1, 2, 3, 4]
    >>> across(["I like boats and clear water."] * 5, ["a"] * 5)
    {}
    """
    # A set of prompts is kept only for a text that stands often enough, which few texts do.
    often = {text for text, times in Counter(texts).items() if times >= PROMPTS}
    if not often:
        return {}
    asked: dict[str, set[str]] = {text: set() for text in often}
    for text, prompt in zip(texts, prompts, strict=True):
        if prompt and text in often:
            asked[text].add(prompt)
    hits = {}
    for text, different in asked.items():
        if len(different) >= PROMPTS and len(text.split()) >= LEAST_WORDS and REFUSAL.match(text) is None:
            body = len(text) - len(text.lstrip()), len(text.rstrip())
            hits[text] = hit("constant_answer", 1 - 1 / len(different), [body])
    return {i: hits[text] for i, text in enumerate(texts) if text in hits}


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """One of a few constant answers; any dose over 0 is all of it."""
    return base if dose <= 0 else rng.choice(SENTENCES)


MODE = Mode(name="constant_answer", degenerate=False, detect=detect, generate=generate, signals=Signal.CORPUS)
