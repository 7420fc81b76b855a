"""Scraps of markup with nothing in them: ``| --- | --- | |``, ``** ## > - **``.

Cause: drift in long contexts, tables and lists learned without their content. Found where pieces of table, heading,
emphasis, list and fence marks that stand alone between spaces are at least 8, of 2 kinds or more, make up half of the
visible characters, and have a third as many other words beside them at most (default, tuned on our generators). Strength:
their share of the visible characters.

Traps: a judge that reads the layout as an answer; tables with empty cells, check lists, rules, drawings, Morse code, source
code in fences; drawings that were asked for.

References
----------
Scraps of tables in long answers: https://github.com/unslothai/unsloth/issues/487.
Published cut-offs for symbols and bullets, of web pages: Rae et al. 2021 (Gopher), arXiv:2112.11446, table A1; not used here.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._make import degraded
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._scripts import visible
from judgeaudit.modes._spans import inside

LEAST = 8
KINDS = 2
SHARE = 0.5
OTHERS = 0.34
PIECES = ("|", "| |", "| --- |", "---", "**", "##", "###", ">", "-", "* *", "| | |", "```", "[]()", "- [ ]", "****")

_PIECE = re.compile(
    r"(?<![^\s])(?:\|+|[|:-]*-{3,}[|:-]*|#{1,6}|\*{1,4}|_{2,4}|[->+]|```|\[\]|\[\]\(\)|\[|\|[-|:]*)(?![^\s])"
)


def detect(view: TextView) -> ModeHit | None:
    """The pieces, where they are half of what can be seen."""
    if view.asked.copies or sum(map(view.text.count, "|-#*>_+`[")) < LEAST:
        return None
    found = [m for m in _PIECE.finditer(view.text) if not inside(m.span(), view.fences)]
    others = len(view.words) - len(found)
    if len(found) < LEAST or len({m.group() for m in found}) < KINDS or others > OTHERS * len(found):
        return None
    share = sum(m.end() - m.start() for m in found) / max(1, visible(view.text))
    return hit("markup_debris", share, [m.span() for m in found]) if share >= SHARE else None


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """The base's tail replaced by scraps of markup of at least four kinds."""
    if dose <= 0:
        return base
    pieces = rng.sample([p for p in PIECES if p != "```"], rng.randint(4, 8))
    return degraded(rng, base, dose, lambda: rng.choice(pieces), rng.choice([" ", "\n", " \n"]), "\n")


MODE = Mode(name="markup_debris", degenerate=True, detect=detect, generate=generate, signals=Signal.MARKUP)
