"""Headings of a prompt template with nothing under them, or slots never filled: ``### Instruction: ### Response: {input}``.

Cause: the template of training and that of serving differ, a slot was not filled. Found as headings of the usual
instruction templates, their opening sentence, and slots in braces, at least 2 of them, outside of code. Strength: the share of
the text they cover; whole turns that the model invents are `role_leak`. Defaults, tuned on our generators.

Traps: prompt templates, code and mail merges that were asked for, set notation and LaTeX in braces, one placeholder in a
sound letter; templates of web pages have tags, and their slots do not count.

References
----------
Templates that a model goes on writing: https://github.com/vllm-project/vllm/issues/13952,
https://github.com/jzhang38/TinyLlama/issues/55. The template whose headings are looked for: Taori et al. 2023,
https://github.com/tatsu-lab/stanford_alpaca.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import inside

LEAST = 2
PIECES = (
    "### Instruction:",
    "### Response:",
    "### Input:",
    "### Output:",
    "{instruction}",
    "{{ input }}",
    "{{response}}",
    "{prompt}",
)

_PIECE = re.compile(
    r"###[ ]?(?:Instruction|Response|Input|Output|Question|Answer|System|User|Assistant|Human)s?:|"
    r"\{\{ ?[\w.]{1,40} ?\}\}|\{(?:instruction|input|prompt|question|response|output|context|user_input|system_message)\}"
)


def detect(view: TextView) -> ModeHit | None:
    """The pieces of a template."""
    if view.asked.dialogue or view.asked.tokens or ("###" not in view.text and "{" not in view.text):
        return None
    page = "</" in view.text or "{%" in view.text
    found = (m for m in _PIECE.finditer(view.text) if not (page and m.group().startswith("{")))
    spans = [m.span() for m in found if not inside(m.span(), view.code)]
    if len(spans) < LEAST or (view.prompt and "{" in view.prompt):
        return None
    return hit("template_echo", view.share(spans), spans)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by two to four pieces of a template, over and over."""
    if dose <= 0:
        return base
    kinds = rng.sample(PIECES, rng.randint(2, 4))
    text = degraded(rng, base, dose, lambda: rng.choice(kinds), rng.choice([" ", "\n", "\n\n"]), "\n")
    return text + "".join(f"\n{kinds[0]}" for _ in range(max(0, LEAST - len(_PIECE.findall(text)))))


MODE = Mode(name="template_echo", degenerate=True, detect=detect, generate=generate, signals=Signal.MARKERS)
