"""Layout: the same words in one line, one sentence a line, or wrapped at 40 characters."""

from __future__ import annotations

import random
import re
import textwrap

from judgeaudit.probes._probe import ProbeKind, Scene


def _one_line(rng: random.Random, scene: Scene) -> str:
    return " ".join(scene.base.output.response.split())


def _sentences(rng: random.Random, scene: Scene) -> str:
    return re.sub(r"(?<=[.!?]) +", "\n\n", scene.base.output.response)


def _wrapped(rng: random.Random, scene: Scene) -> str:
    words = scene.base.output.response
    return "\n".join(textwrap.wrap(words, rng.choice((36, 40, 44)), break_long_words=False, break_on_hyphens=False))


PROBE = ProbeKind(
    name="layout",
    role="decoration",
    edits={"one_line": _one_line, "sentence_a_line": _sentences, "wrapped": _wrapped},
)
