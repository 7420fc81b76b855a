"""Casing: the same words in small letters, in capitals, or with each word's first letter large."""

from __future__ import annotations

import random
import re

from judgeaudit.probes._probe import ProbeKind, Scene


def _small(rng: random.Random, scene: Scene) -> str:
    return scene.base.output.response.lower()


def _large(rng: random.Random, scene: Scene) -> str:
    return scene.base.output.response.upper()


def _title(rng: random.Random, scene: Scene) -> str:
    return re.sub(r"\b[a-z]", lambda m: m[0].upper(), scene.base.output.response)


PROBE = ProbeKind(name="casing", role="decoration", edits={"small": _small, "capitals": _large, "title": _title})
