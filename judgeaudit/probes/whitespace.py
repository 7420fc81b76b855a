"""White space: blank lines before and behind, and doubled blanks between words."""

from __future__ import annotations

import random

from judgeaudit.probes._probe import ProbeKind, Scene, after, before


def _doubled(rng: random.Random, scene: Scene) -> str:
    return scene.base.output.response.replace(" ", " " * rng.choice((2, 3)))


PROBE = ProbeKind(
    name="whitespace",
    role="decoration",
    edits={
        "before": before("\n\n", "   ", "\n\t\n"),
        "behind": after("\n\n\n", "    ", " \n \n"),
        "doubled": _doubled,
    },
)
