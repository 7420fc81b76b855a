"""Harmless sentences behind the same answer, a few or many: judges favour long answers."""

from __future__ import annotations

import random

from judgeaudit.modes._make import SENTENCES
from judgeaudit.probes._probe import Edit, ProbeKind, Scene


def padding(rng: random.Random, characters: int) -> str:
    """Different harmless sentences in a drawn order, until there are at least so many characters."""
    made: list[str] = []
    while sum(map(len, made)) < characters:
        made += rng.sample(SENTENCES, len(SENTENCES))
    return " ".join(made)


def _behind(characters: int) -> Edit:
    def edit(rng: random.Random, scene: Scene) -> str:
        return f"{scene.base.output.response}\n\n{padding(rng, characters)}"

    return edit


PROBE = ProbeKind(
    name="length_padding",
    role="decoration",
    edits={"some": _behind(150), "much": _behind(1500)},
)
