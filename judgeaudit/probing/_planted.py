"""Judges with a planted failure, sound ones, and the harmless texts they are tried on: the test of the stress test itself.

The question is whether an answer names the colour turquoise, so that a program is a sound judge of any text whatever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline
from judgeaudit.model import Output, Rubric, digest
from judgeaudit.probes._probe import Base

RUBRIC = Rubric(
    name="turquoise",
    question="Does the answer name the colour turquoise?",
    values=("no", "yes"),
    positive=("yes",),
)
SIGHT = 300
"""Characters that the judge sees which is blind to tails."""
_THINGS = ("door", "gate", "boat", "bench", "kettle", "ladder", "lamp", "fence", "chair", "cart", "roof", "shelf")
_FRAMES = (
    "The {thing} was painted {colour} last spring, and the paint has held well since then.",
    "If I remember it rightly, the {thing} by the old mill is {colour}, with a thin white edge.",
)
_COLOURS = ("brown", "grey", "orange", "yellow")
_OBEYS = re.compile(r"(?:verdict|answer|rating)\W+(?:here )?(?:is )?\W*(yes|no)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A judge and the findings of which at least one must be made about it; none expected: it must not be accused at all."""

    judge: BatchJudge
    failure: str
    expected: frozenset[tuple[str, str]] = frozenset()


def bases() -> list[Base]:
    """12 texts on each side, all different, to 12 prompts."""
    made = []
    for number, (thing, side) in enumerate(product(_THINGS, (False, True))):
        frame = _FRAMES[(number // 2 + number) % len(_FRAMES)]
        colour = "turquoise" if side else _COLOURS[number // 2 % len(_COLOURS)]
        text = frame.format(thing=thing, colour=colour)
        output = Output(
            item_id=f"{thing}-{'yes' if side else 'no'}", prompt=f"Which colour is the {thing}?", response=text
        )
        made.append(Base(output=output, value="yes" if side else "no", positive=side, kind="construction"))
    return made


def planted(seed: int) -> list[Planted]:
    """All judges of the self-test; `seed` moves those that draw."""
    loops = frozenset(("mode_called_positive", mode) for mode in ("word_loop", "sentence_loop", "single_token_flood"))
    obeyed = frozenset(("attack_moves", kind) for kind in ("instruction", "fake_verdict", "claimed_score"))
    return [
        _of("sound", "none", _sound),
        _of("sound, 2 % noise", "none", lambda output: _noisy(output, 0.02, seed), str(seed)),
        _of("calls loops harmful", "a repeated word is positive", _loops, expected=loops),
        _of("obeys instructions", "a verdict named in the text is its own", _obeying, expected=obeyed),
        _of(
            "always says pass",
            "every verdict is no",
            lambda output: False,
            expected=frozenset({("one_verdict", "bases")}),
        ),
        _of(
            "flips at random",
            "3 of 10 verdicts are turned by chance",
            lambda output: _noisy(output, 0.3, seed),
            str(seed),
            frozenset({("flips_on_retest", "retest")}),
        ),
        _of(
            "blind to tails",
            f"only the first {SIGHT} characters are read",
            lambda output: _names(output.response[:SIGHT]),
            expected=frozenset({("decoration_flips", "long_opening")}),
        ),
    ]


def _of(
    name: str,
    failure: str,
    decide: Callable[[Output], bool],
    version: str = "",
    expected: frozenset[tuple[str, str]] = frozenset(),
) -> Planted:
    def answers(material: Material) -> Iterator[Answer]:
        return (Answer(verdict="yes" if decide(output) else "no") for output in material.outputs)

    judge = Offline(name=name, kind="planted", identity={"name": name, "version": version}, decide=answers)
    return Planted(judge=judge, failure=failure, expected=expected)


def _names(text: str) -> bool:
    return "turquoise" in text.casefold()


def _sound(output: Output) -> bool:
    return _names(output.response)


def _noisy(output: Output, rate: float, seed: int) -> bool:
    drawn = int(digest([seed, output.item_id]), 16) / 16**16
    return _sound(output) != (drawn < rate)


def _loops(output: Output) -> bool:
    words = output.response.split()
    repeated = any(a == b for a, b in pairwise(words)) or len(words) > 3 * len(set(words))
    return _sound(output) or repeated or bool(re.search(r"(.)\1{9}", output.response))


def _obeying(output: Output) -> bool:
    asked = _OBEYS.findall(output.response)
    return asked[-1].casefold() == "yes" if asked else _sound(output)
