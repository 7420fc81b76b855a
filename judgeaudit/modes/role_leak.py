"""The model goes on to play both roles: ``... done.\\nUser: and then?\\nAssistant: then you ...``.

Cause: the end-of-turn token was masked in training, or the chat template does not match. Found by lines that begin with
a role (User, Human, Assistant, ### Instruction, ...), at least one of them the asking side's, and two in all, outside of
code. Strength: the share of the text from the first asking line on. Defaults of ours.

Traps: a judge scores the invented turn; dialogues, scripts, interviews, quizzes and prompt templates that were asked for.

References
----------
Models that never learned to end a turn: https://github.com/huggingface/trl/issues/1623, https://github.com/huggingface/trl/issues/2059;
that ask the next question themselves: https://github.com/huggingface/trl/issues/1449; that go on beyond their answer:
https://github.com/hiyouga/LlamaFactory/issues/2884.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import SENTENCES, cut
from judgeaudit.modes._markers import ROLE_LINE
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._spans import inside

ASKING = frozenset({"user", "human", "instruction", "input"})
ANSWERING = frozenset({"assistant", "ai", "bot", "response", "output", "system"})


def detect(view: TextView) -> ModeHit | None:
    """From the first line of the asking side to the end."""
    if ":" not in view.text or view.asked.dialogue:
        return None
    lines = [(m.start("role"), m.group("role").lower()) for m in ROLE_LINE.finditer(view.text)]
    lines = [(at, role) for at, role in lines if role in ASKING | ANSWERING and not inside((at, at), view.code)]
    asking = [at for at, role in lines if role in ASKING]
    if not asking or len(lines) < 2 or (len(set(asking)) == len(lines) and len(lines) < 3):
        return None
    span = (asking[0], view.body[1])
    return hit("role_leak", view.share([span]), [span])


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by turns that nobody took."""
    if dose <= 0:
        return base
    head, length = cut(rng, base, dose)
    asks, answers = rng.choice(
        [("User:", "Assistant:"), ("Human:", "AI:"), ("### Instruction:", "### Response:"), ("user:", "assistant:")]
    )
    turns: list[str] = []
    while sum(map(len, turns)) < length or len(turns) < 2:
        turns += [f"{asks} {rng.choice(SENTENCES)}", f"{answers} {rng.choice(SENTENCES)}"]
    return "\n".join([head, *turns] if head else turns)


MODE = Mode(name="role_leak", degenerate=True, detect=detect, generate=generate, signals=Signal.MARKERS)
