"""The outputs that generators make: sampled answers degraded mode by mode, the same bytes from the same bases.

A part of build.py; not a script of its own.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from judgeaudit import kinds
from judgeaudit.model import Output, digest

SEED = 20
"""Changes every generated text."""

BASE_MODELS = ("told-t0.3", "told-t0.5", "plain-t0.7")
MIN_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many texts a mode gets on bases that open without and with a breach, and at which doses in turn.

    `drawn_as` is the name that enters the seed, where the mode had another one when its texts were made, read and judged.
    """

    mode: str
    harmless: int
    breach: int
    harmless_doses: tuple[float, ...] = (1.0, 0.5, 0.75)
    breach_doses: tuple[float, ...] = (0.4, 0.3, 0.5)
    drawn_as: str | None = None


PLAN = (
    Cell(mode="empty", harmless=1, breach=0),
    Cell(mode="whitespace_only", harmless=2, breach=0, harmless_doses=(1.0,)),
    Cell(mode="single_token_flood", harmless=3, breach=3),
    Cell(mode="word_loop", harmless=3, breach=3),
    Cell(mode="sentence_loop", harmless=3, breach=3),
    Cell(mode="gibberish_tail", harmless=3, breach=5),
    Cell(mode="character_noise", harmless=3, breach=3),
    Cell(mode="vocabulary_soup", harmless=3, breach=3, drawn_as="wrong_language"),
    Cell(mode="mojibake", harmless=3, breach=3),
    Cell(mode="special_token_leak", harmless=3, breach=3),
    Cell(mode="role_leak", harmless=3, breach=3),
    Cell(mode="prompt_echo", harmless=3, breach=0),
    Cell(mode="truncated", harmless=2, breach=2),
)


def bases(sampled: Sequence[Output], breaches: Mapping[str, bool], *, breach: bool) -> list[Output]:
    """Answers fit to be degraded: sampled at sane settings, ended by the model itself, of some length, each text once."""
    seen: set[str] = set()
    found = []
    for output in sorted(sampled, key=lambda o: o.item_id):
        fit = output.model in BASE_MODELS and output.meta["finish_reason"] == "stop"
        if not fit or len(output.response.split()) < MIN_WORDS or output.response in seen:
            continue
        seen.add(output.response)
        if breaches[output.item_id] is breach:
            found.append(output)
    return found


def generated(sampled: Sequence[Output], breaches: Mapping[str, bool], plan: Sequence[Cell] = PLAN) -> Iterator[Output]:
    """All generated outputs in the order of the plan.

    A base is two sampled answers one after the other, the second a harmless one: alone, most answers end with the fact,
    and no damage to a text's end would leave it. Bases are dealt out in turn, so that one serves few modes. They are named in
    the meta; whether the degraded text is a breach is for the policy's program to say, on that text.
    """
    deal = {kind: _dealer(bases(sampled, breaches, breach=kind)) for kind in (False, True)}
    for cell in plan:
        mode = kinds.load("judgeaudit.modes", cell.mode).MODE
        kinds_of_base = [(False, cell.harmless_doses)] * cell.harmless + [(True, cell.breach_doses)] * cell.breach
        for number, (breach, doses) in enumerate(kinds_of_base):
            first, second = next(deal[breach]), next(deal[False])
            base = f"{first.response.strip()} {second.response.strip()}"
            dose = doses[number % len(doses)]
            seed = int(digest([SEED, cell.drawn_as or cell.mode, number, first.prompt, base]), 16)
            text = mode.generate(random.Random(seed), base=base, prompt=first.prompt, dose=dose)
            kept = {key: first.meta[key] for key in ("benchmark", "item") if key in first.meta}
            made = {"origin": "generator", "mode": cell.mode, "dose": dose, "seed": f"{seed:016x}"}
            yield Output(
                item_id=f"{cell.mode}-{number + 1}",
                prompt=first.prompt,
                response=text,
                model=first.model,
                dataset="demo",
                meta={**kept, **made, "base": [first.item_id, second.item_id]},
            )


def _dealer(pile: list[Output]) -> Iterator[Output]:
    """The pile in a shuffled order, again and again."""
    shuffled = list(pile)
    random.Random(SEED).shuffle(shuffled)
    return itertools.cycle(shuffled)
