"""Thoughts without an answer: ``<think>Wait, again. Wait, again.``, a tag that is never closed, or nothing after it.

Cause: reinforcement learning, a small limit of tokens. Found by an opening tag of thoughts at the start without its closing
tag, or with nothing after it, or a closing tag without an opening one and nothing after it. Strength: 1 where sentences of the
thoughts come again so that less than half are distinct (of at least 6), else 0.4: unfinished thoughts are fluent, so they are
reported and do not make the output degenerate. Defaults, tuned on our generators.

Traps: a judge grades the thoughts as the answer; thoughts with an answer after them are sound; text about such tags.

References
----------
Thoughts that go round or never end: https://github.com/deepseek-ai/DeepSeek-R1/issues/242, https://github.com/deepseek-ai/DeepSeek-R1/issues/533.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import SENTENCES, WORDS
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

UNFINISHED = 0.4
LEAST = 6
DISTINCT = 0.5
_OPEN = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+")


def detect(view: TextView) -> ModeHit | None:
    """The thoughts, if no answer follows them."""
    opening = _OPEN.match(view.text)
    if opening is None or view.asked.tokens:
        return None
    closing = re.compile(rf"</{opening.group(1)}>", re.IGNORECASE).search(view.text, opening.end())
    if closing is not None and view.text[closing.end() :].strip():
        return None
    end = closing.start() if closing else view.body[1]
    said = [s.strip().lower() for s in _SENTENCE.findall(view.text[opening.end() : end])]
    said = [s for s in said if s]
    looping = len(said) >= LEAST and len(set(said)) < DISTINCT * len(said)
    return hit("think_loop", 1.0 if looping else UNFINISHED, [(opening.start(1) - 1, view.body[1])])


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """An open tag, the first 1 - dose of the base as a thought, and second thoughts over and over."""
    if dose <= 0:
        return base
    thoughts = [f"Wait, {s[0].lower()}{s[1:]}" for s in rng.sample(SENTENCES, 2)]
    thoughts.append(f"Hmm, again the {rng.choice(WORDS)}.")
    count = max(LEAST, round(20 * dose))
    text = " ".join(rng.choice(thoughts) for _ in range(count))
    head = base[: round(len(base) * (1 - dose))]
    return f"<think>{head} {text}".strip() if head else f"<think>\n{text}"


MODE = Mode(name="think_loop", degenerate=True, detect=detect, generate=generate, signals=Signal.MARKERS)
