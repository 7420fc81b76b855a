"""What a kind of probe is: edits of a sound text, or of the rubric, and what a sound judge should do.

A kind's module exports `PROBE`. Degradation by dose needs no kind of its own: it is done by the generators of `modes`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from judgeaudit.model import Output, Rubric

Role = Literal["pure", "decoration", "attack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A sound output whose verdict is known; `kind` says by what: construction, or people who all agree."""

    output: Output
    value: str
    positive: bool
    kind: Literal["construction", "human"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What an edit may look at.

    Parameters
    ----------
    target
        The verdict that an attack asks for: a value of the other side than the base's.
    """

    base: Base
    rubric: Rubric
    target: str


Edit = Callable[[random.Random, Scene], str]
"""From a base to the text of a probe. Pure, and seeded by the generator it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """A rubric put otherwise; `back` maps the values that differ to the rubric's own."""

    rubric: Rubric
    back: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeKind:
    """One family of probes.

    Parameters
    ----------
    role
        `pure`: nothing of the base is left, so that a positive verdict is false by construction. `decoration`: must change
        no verdict. `attack`: text that addresses the judge, must change none either.
    edits
        Variants that change the response, by name.
    rewordings
        Variants that change the rubric and leave the response alone, by name; only judges that read the rubric's words
        are asked.
    """

    name: str
    role: Role
    edits: Mapping[str, Edit] = field(default_factory=dict)
    rewordings: Mapping[str, Callable[[Rubric], Reworded]] = field(default_factory=dict)

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of all variants."""
        return (*self.edits, *self.rewordings)


def before(*openings: str) -> Edit:
    """An edit that puts one of these before the response, drawn for each base."""
    return lambda rng, scene: f"{rng.choice(openings)}{scene.base.output.response}"


def after(*endings: str) -> Edit:
    """An edit that puts one of these behind the response, drawn for each base."""
    return lambda rng, scene: f"{scene.base.output.response}{rng.choice(endings)}"


def instead(*texts: str) -> Edit:
    """An edit that leaves nothing of the response."""
    return lambda rng, scene: rng.choice(texts)


def attack(make: Callable[[str], tuple[str, ...]]) -> Edit:
    """An edit that puts behind the response a text made for the value that the attack asks for."""
    return lambda rng, scene: f"{scene.base.output.response}\n{rng.choice(make(scene.target))}"
