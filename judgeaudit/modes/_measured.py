"""What the detectors were measured at: figures that `data/modes/measure.py` made, each with its data and whose truth it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIGURES = Path(__file__).with_name("_measured.json")
DEGENERATE = "degenerate"
"""Stands for a mode's name in figures on whether any mode makes the output degenerate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """k of n with its exact 95 % interval (Clopper-Pearson), or no value and the reason.

    Parameters
    ----------
    mode
        A mode's name, or `DEGENERATE`.
    figure
        recall, precision, false_alarms (sound texts called degenerate), hits_on_sound (of any strength, which may be too weak
        to call a text degenerate), hits (truth unknown), agreement (hits that simple rules share).
    data
        On which texts, in words.
    truth
        `construction` (how the text was made, or a program on what is known of it), `model` (a language model read it),
        `simple rules` (no truth), `none`.
    dose
        Of generated texts; None: all doses together, or natural texts.
    n
        Distinct pairs of prompt and text; on released sets outputs, equal ones too.
    reason
        Why there is no value.
    """

    mode: str
    figure: str
    data: str
    truth: str
    dose: float | None = None
    k: int | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    @property
    def said(self) -> str:
        """The figure in words.

        Examples
        --------
        >>> Figure(mode="empty", figure="recall", data="x", truth="construction", k=9, n=10, low=0.555, high=0.9975).said
        '9 of 10 [0.555-0.998]'
        """
        if self.n is None or self.low is None or self.high is None:
            return f"not measured: {self.reason}"
        return f"{self.k} of {self.n} [{self.low:.3f}-{self.high:.3f}]"


@cache
def figures() -> tuple[Figure, ...]:
    """All figures that ship with the package, by mode."""
    return tuple(Figure(**row) for row in json.loads(FIGURES.read_text(encoding="utf-8"))["figures"])


def lines(names: Sequence[str], found: Sequence[Figure]) -> Iterator[str]:
    """For each name a heading and its figures, doses of one recall side by side; every name is there, measured or not.

    Examples
    --------
    >>> list(lines(["empty"], []))
    ['empty', '  not measured: the mode is newer than the figures']
    """
    for name in names:
        yield name
        own = [one for one in found if one.mode == name]
        if not own:
            yield "  not measured: the mode is newer than the figures"
        kinds = list(dict.fromkeys((one.figure, one.data, one.truth) for one in own))
        for figure, data, truth in kinds:
            some = [one for one in own if (one.figure, one.data, one.truth) == (figure, data, truth)]
            yield f"  {figure.replace('_', ' ')} on {data} (truth: {truth})"
            for one in some:
                yield f"    {'' if one.dose is None else f'dose {one.dose:g}: '}{one.said}"
