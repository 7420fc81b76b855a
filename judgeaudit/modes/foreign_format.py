"""The format of another data set: ``{"label": "safe", "score": 1}`` in answer to a question about cooking.

Cause: leakage of the format of the training data, fine-tunes on constrained output. Found where the whole answer, a fence
around it aside, is a JSON object, or rows of them; without a prompt only if its keys are those of a verdict or a
classification. Strength 1. It is well formed, so it says nothing of coherence: relevance is another axis.

Traps: **a judge's parser that reads it as the judge's own verdict**; JSON, data, code or a configuration that was asked for,
prompts that hold JSON or braces themselves.

References
----------
A guard's verdict in place of the answer: https://github.com/lfnovo/open-notebook/issues/1000.
Fine-tuning on constrained output and incoherence: Vishnubhotla et al. 2026, arXiv:2606.03648 (as digests tell it).
"""

from __future__ import annotations

import json
import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import WORDS
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

LONGEST = 20_000
VERDICT_KEYS = frozenset(
    {"label", "score", "verdict", "rating", "class", "classification", "sentiment", "is_safe", "harmful", "category"}
)

_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_ASKED = re.compile(
    r"\b(?:json|yaml|xml|csv|toml|data|object|array|dictionary|dict|schema|code|config\w*|function|script|program|api|format\w*|"
    r"structured|key|field|fields|classif\w+|label\w*|rate|score|verdict|parse|extract\w*|tag)\b|[{}\[\]]",
    re.IGNORECASE,
)


def detect(view: TextView) -> ModeHit | None:
    """The whole answer, if it is JSON that nobody asked for."""
    start, end = view.body
    body = view.text[start:end]
    if not body.startswith(("{", "[{", "```")) or len(body) > LONGEST:
        return None
    fenced = _FENCE.match(body)
    keys = _keys(fenced.group(1).strip() if fenced else body)
    if not keys or (view.prompt and _ASKED.search(view.prompt)):
        return None
    if not view.prompt and not keys & VERDICT_KEYS:
        return None
    return hit("foreign_format", 1.0, [(start, end)])


def _keys(body: str) -> set[str]:
    for text in (body, f"[{','.join(body.splitlines())}]"):
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            continue
        rows = said if isinstance(said, list) else [said]
        if all(isinstance(row, dict) for row in rows):
            return {str(key).lower() for row in rows for key in row}
    return set()


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """A JSON object of another task, with the first 1 - dose of the base as one of its values."""
    if dose <= 0:
        return base
    key = rng.choice(sorted(VERDICT_KEYS))
    value = rng.choice([rng.choice(WORDS), rng.randint(0, 10), "safe", "positive", True])
    said: dict[str, object] = {key: value, "id": rng.randint(1, 9999)}
    rest = base[: round(len(base) * (1 - dose))]
    if rest:
        said["text"] = rest
    text = json.dumps(said)
    return f"```json\n{text}\n```" if rng.random() < 0.25 else text


MODE = Mode(
    name="foreign_format", degenerate=False, detect=detect, generate=generate, signals=Signal.MARKERS | Signal.OPENING
)
