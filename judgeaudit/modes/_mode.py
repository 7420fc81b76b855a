"""What a mode is, and the view of a text that all detectors share."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag
from typing import Protocol

from judgeaudit.model import ModeHit
from judgeaudit.modes import _loops, _markers, _noise, _prompt, _salad, _scripts
from judgeaudit.modes._feature import feature
from judgeaudit.modes._spans import Span, merged

ENOUGH = 0.5
"""Default strength from which a hit of a degenerate mode makes the output degenerate."""

MAX_SPANS = 50
"""A hit lists at most this many spans; where there are more, the last listed one runs to the end of the last."""

LOCAL = 400
"""Characters: damage of half this length counts as enough however long the rest of the text is."""


class Signal(IntFlag):
    """What the screen (`_screen`) can see of a text at the speed of an array operation.

    A mode names the signals without which its detector cannot hit; a text without any of them is not looked at. A mode
    that names none is asked about every text.
    """

    ALWAYS = 0
    BLANK = 1
    REPETITION = 2
    ODD_PAIRS = 4
    MARKERS = 8
    FOREIGN = 16
    ECHO = 32
    END = 64
    ORDER = 128
    OPENING = 256
    MARKUP = 512
    CORPUS = 1024


class Generator(Protocol):
    """Makes an example of a mode: `base` degraded by `dose` in [0, 1]; 0 gives `base` unchanged, 1 nothing but the mode."""

    def __call__(self, rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
        """The degraded text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One mode of degenerate output.

    Parameters
    ----------
    name
        The mode's name; its module's name too.
    degenerate
        Whether a strong hit makes an output degenerate. False: the mode is reported, and says nothing of coherence.
    detect
        From a view to a hit or None. Pure, linear in the length of the text.
    generate
        Seeded generator of examples.
    enough
        Strength from which a hit makes the output degenerate.
    signals
        Signals of the screen of which at least one stands in every text that `detect` can hit.
    """

    name: str
    degenerate: bool
    detect: Callable[[TextView], ModeHit | None]
    generate: Generator
    enough: float = ENOUGH
    signals: Signal = Signal.ALWAYS

    def condemns(self, hit: ModeHit) -> bool:
        """Whether this hit makes its output degenerate."""
        return self.degenerate and hit.strength >= self.enough


@dataclass(frozen=True, kw_only=True)
class TextView:
    """One response with its prompt, and features computed when first asked for, once for all detectors.

    Not slotted: the features are kept in the instance.

    Parameters
    ----------
    only
        Names of the modes that the screen has not excluded; None: all.

    Examples
    --------
    >>> view = TextView(text="Stir well. " * 9)
    >>> [(loop.period, loop.copies) for loop in view.loops]
    [(2, 9.0)]
    """

    text: str
    prompt: str | None = None
    finish_reason: str | None = None
    only: frozenset[str] | None = None

    @feature
    def body(self) -> Span:
        """Where the text stands without white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return start, max(start, len(self.text.rstrip()))

    @feature
    def asked(self) -> _prompt.Asked:
        """What the prompt asks for that would otherwise look like a mode."""
        return _prompt.asked(self.prompt)

    @feature
    def words(self) -> list[str]:
        """Runs of characters above U+0020."""
        return _loops.words(self.text)

    @feature
    def loops(self) -> tuple[_loops.Loop, ...]:
        """Exact periodic stretches, of words and of the characters inside long words, in order."""
        return _loops.loops(self.text, self.words)

    @feature
    def code(self) -> tuple[Span, ...]:
        """Fenced and inline code."""
        return _markers.code(self.text, self.fences)

    @feature
    def fences(self) -> tuple[Span, ...]:
        """Fenced blocks of code."""
        return _markers.fences(self.text)

    @feature
    def noise(self) -> tuple[Span, ...]:
        """Stretches of letters or symbols that spell nothing in any language written in Latin letters."""
        return _noise.letter_noise(self.text, self.code) + _noise.symbol_noise(self.text, self.fences)

    @feature
    def scripts(self) -> _scripts.Scripts:
        """Letters counted by script."""
        return _scripts.count(self.text)

    @feature
    def soup(self) -> tuple[Span, ...]:
        """Stretches in which neighbouring words keep changing between three scripts or more."""
        return _scripts.soup(self.text) if len(self.scripts.letters) > 2 else ()

    @feature
    def markers(self) -> tuple[Span, ...]:
        """Special tokens outside of code."""
        return _markers.special_tokens(self.text, self.code)

    @feature
    def salad(self) -> _salad.Salad:
        """Stretches of English words in no order; none where the prompt asks for nonsense or a cipher."""
        if len(self.text) < 2 * _salad.LEAST_WORDS - 1 or self.asked.cipher:
            return _salad.Salad()
        return _salad.find(self.text, self.code)

    @property
    def assessable(self) -> bool:
        """Whether there are words enough, in a script whose noise we can tell from words, to call the text coherent."""
        return _scripts.assessable(self.text)

    @feature
    def _hits(self) -> dict[str, ModeHit | None]:
        return {}

    def hit_of(self, mode: Mode) -> ModeHit | None:
        """What the mode's detector finds here, computed once; nothing if the screen has excluded the mode."""
        hits = self._hits
        if mode.name not in hits:
            excluded = self.only is not None and mode.name not in self.only
            hits[mode.name] = None if excluded else mode.detect(self)
        return hits[mode.name]

    def hits_of(self, modes: Iterable[Mode]) -> list[ModeHit]:
        """The hits of those of the modes that have one."""
        hits = self._hits
        found = (hits[mode.name] if mode.name in hits else self.hit_of(mode) for mode in modes)
        return [one for one in found if one is not None]

    def share(self, spans: Iterable[Span]) -> float:
        """Share of the text, white space around it aside, that the spans cover; 0 for a blank text."""
        start, end = self.body
        covered = sum(b - a for a, b in merged(spans))
        return min(1.0, covered / (end - start)) if end > start else 0.0

    def strength(self, spans: Iterable[Span]) -> float:
        """Share of the text that the spans cover, or their length over `LOCAL` characters if that is more; at most 1."""
        found = merged(spans)
        return min(1.0, max(self.share(found), sum(b - a for a, b in found) / LOCAL))


def hit(mode: str, strength: float, spans: Iterable[Span]) -> ModeHit:
    """A `ModeHit` with its strength rounded to 4 places and its spans merged, at most `MAX_SPANS` of them.

    Examples
    --------
    >>> hit("word_loop", 0.123456, [(0, 4), (5, 9)])
    ModeHit(mode='word_loop', strength=0.1235, spans=((0, 9),))
    """
    found = merged(spans)
    if len(found) > MAX_SPANS:
        found = [*found[: MAX_SPANS - 1], (found[MAX_SPANS - 1][0], found[-1][1])]
    return ModeHit(mode=mode, strength=max(0.0001, min(1.0, round(strength, 4))), spans=tuple(found))
