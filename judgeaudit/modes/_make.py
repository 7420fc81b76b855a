"""What the generators share: how a base text is cut by dose, and harmless words to vary."""

from __future__ import annotations

import random
from collections.abc import Callable

WORDS = [
    "amber", "barrel", "candle", "dough", "ember", "feather", "garden", "harbour", "island", "jacket", "kettle",
    "lantern", "meadow", "needle", "orchard", "pebble", "quilt", "ribbon", "saddle", "timber", "umbrella", "valley",
    "willow", "yellow", "zipper", "bridge", "copper", "drawer", "engine", "fabric",
]  # words, as many a line as fit  # fmt: skip
SENTENCES = (
    "Mix the flour well.", "The kettle is on the stove.", "Turn left at the bridge.", "Leave the dough to rest for an hour.",
    "The boat comes back at noon.", "Fold the sheet along the middle.", "Please check the answer once more.",
    "There are many ways to do this.", "It is important to keep the lantern dry.", "The garden gate stays open until nine.",
)  # words, as many a line as fit  # fmt: skip
USUAL_LENGTH = 240
LEAST_LENGTH = 60


def cut(rng: random.Random, base: str, dose: float) -> tuple[str, int]:
    """The part of the base that stays, cut at a word, and the number of characters to fill.

    At dose 1 nothing stays; a base shorter than `LEAST_LENGTH` is filled to a drawn length, so that there is something
    to see.
    """
    if not 0 <= dose <= 1:
        raise ValueError(f"dose is a number from 0 to 1, not {dose}")
    room = max(len(base), LEAST_LENGTH if base else rng.randint(USUAL_LENGTH // 2, USUAL_LENGTH * 2))
    keep = round(len(base) * (1 - dose))
    head = base[:keep]
    if keep < len(base) and not base[keep].isspace():
        head = head[: len(head) - len(head.split(" ")[-1])] if " " in head else ""
    return head.rstrip(), max(LEAST_LENGTH // 2, round(room * dose))


def filled(rng: random.Random, length: int, unit: Callable[[], str], joint: str = " ") -> str:
    """Units joined until there are at least `length` characters."""
    parts: list[str] = []
    size = 0
    while size < length:
        parts.append(unit())
        size += len(parts[-1]) + len(joint)
    return joint.join(parts)


def degraded(
    rng: random.Random, base: str, dose: float, unit: Callable[[], str], joint: str = " ", between: str = " "
) -> str:
    """The base, its last share of `dose` replaced by units; dose 0: the base."""
    if dose <= 0:
        return base
    head, length = cut(rng, base, dose)
    tail = filled(rng, length, unit, joint)
    return f"{head}{between}{tail}" if head else tail


def phrase(rng: random.Random, least: int, most: int) -> str:
    """Some different words."""
    return " ".join(rng.sample(WORDS, rng.randint(least, most)))
