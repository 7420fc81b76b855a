"""The same answer after a long harmless opening: a judge that reads only the beginning is blind to it."""

from __future__ import annotations

import random

from judgeaudit.probes._probe import Edit, ProbeKind, Scene
from judgeaudit.probes.length_padding import padding


def _behind(characters: int) -> Edit:
    def edit(rng: random.Random, scene: Scene) -> str:
        return f"{padding(rng, characters)}\n\n{scene.base.output.response}"

    return edit


PROBE = ProbeKind(
    name="long_opening",
    role="decoration",
    edits={"after_600": _behind(600), "after_6000": _behind(6000)},
)
