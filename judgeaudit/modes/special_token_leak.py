"""Tokens of the chat template or the tokenizer in the answer: ``<|im_end|>``, ``</s>``, ``[INST]``.

Cause: a wrong end-of-text id, a decoder that does not skip special tokens, an end token never learned. Found by a list
of the common formats (see `_markers`), outside of code. Strength: the share of the text they cover, and four tenths of
it where there are fewer than 3: one end token after a sound answer makes no gibberish. Defaults of ours.

Traps: such a token can close the judge's own template; HTML that strikes words out; questions about tokenizers or HTML,
or that contain the token themselves.

References
----------
End tokens to the limit: https://github.com/NVIDIA/TensorRT-LLM/issues/425; leftovers of a chat template:
https://github.com/unslothai/unsloth/issues/1135.
"""

from __future__ import annotations

import random

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import cut, filled
from judgeaudit.modes._mode import Mode, Signal, TextView, hit

FEW = 3
LONE = 0.4
ENOUGH = 0.3
TOKENS = (
    "<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|eot_id|>", "</s>", "<s>", "[INST]", "[/INST]", "<pad>", "<end_of_turn>",
    "<|user|>", "<|assistant|>", "<unk>", "<extra_id_0>", "[PAD]",
)  # tokens, several a line  # fmt: skip


def detect(view: TextView) -> ModeHit | None:
    """The special tokens, unless the prompt is about them."""
    spans = view.markers
    if not spans or view.asked.tokens:
        return None
    if view.prompt and any(view.text[a:b] in view.prompt for a, b in spans):
        return None
    covered = view.share(spans)
    return hit("special_token_leak", covered if len(spans) >= FEW else LONE * covered, spans)


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by a flood of one or two special tokens, with scraps of text between them."""
    if dose <= 0:
        return base
    head, length = cut(rng, base, dose)
    kinds = rng.sample(TOKENS, rng.randint(1, 2))
    joint = rng.choice(["", " ", "\n"])
    return head + filled(rng, length, lambda: rng.choice(kinds), joint)


MODE = Mode(
    name="special_token_leak", degenerate=True, detect=detect, generate=generate, enough=ENOUGH, signals=Signal.MARKERS
)
