"""Markdown: the same words under a heading, in bold, as a quotation, or as a list item."""

from __future__ import annotations

import random

from judgeaudit.probes._probe import ProbeKind, Scene, before


def _bold(rng: random.Random, scene: Scene) -> str:
    return f"**{scene.base.output.response.strip()}**"


def _quoted(rng: random.Random, scene: Scene) -> str:
    return "\n".join(f"> {line}" for line in scene.base.output.response.splitlines() or [""])


PROBE = ProbeKind(
    name="markdown",
    role="decoration",
    edits={
        "heading": before("## Answer\n\n", "# Reply\n\n", "### Response\n\n"),
        "bold": _bold,
        "quoted": _quoted,
        "list_item": before("- ", "* ", "1. "),
    },
)
