"""Sound outputs whose verdict is known, from which probes are made."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from judgeaudit.model import Label, Output, Rubric
from judgeaudit.modes._detect import detect_many
from judgeaudit.probes._probe import Base

PER_SIDE = 12
"""Bases of each side by default: the fewest clusters for which there are intervals, and two more."""
LEAST_CHARACTERS = 20
_COHERENT = 0  # what `ModeColumns.coherence` says of a coherent text; checked against the columns' own order in tests
_KINDS: tuple[Literal["construction", "human"], ...] = ("construction", "human")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """The bases of one rubric, and what of its outputs was left out, by reason; `reason` says why there are none."""

    rubric: Rubric
    chosen: Sequence[Base] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None

    def count(self, positive: bool) -> int:
        """Bases of one side."""
        return sum(base.positive is positive for base in self.chosen)


def find_bases(
    outputs: Sequence[Output],
    labels: Sequence[Label],
    references: Sequence[Label],
    rubric: Rubric,
    *,
    per_side: int = PER_SIDE,
    seed: int = 0,
) -> Bases:
    """Bases of one rubric: coherent outputs with a verdict known by construction, else by people who all agree.

    Labels by a language model are never taken. Different texts, and different prompts before equal ones; which of them is
    drawn by the seed. An adjudicated value goes before the single labels of its kind.
    """
    left: Counter[str] = Counter()
    if not rubric.positive:
        return Bases(rubric=rubric, reason="the rubric has no positive value, so its verdicts have no sides")
    kind, known = _known(labels, references, rubric)
    if kind is None:
        return Bases(
            rubric=rubric, reason="no output has a verdict that is known by construction or by people on this rubric"
        )
    found = []
    coherence = detect_many(
        [output.response for output in outputs],
        prompts=[output.prompt for output in outputs],
        finish_reasons=[output.finish_reason for output in outputs],
    ).coherence
    for output, sound in zip(outputs, coherence.tolist(), strict=True):
        why = _unfit(output, known.get(output.item_id), sound, rubric)
        if why:
            left[why] += 1
            continue
        value = known[output.item_id][0]
        found.append(Base(output=output, value=value, positive=value in rubric.positive, kind=kind))
    chosen: list[Base] = []
    for side in (False, True):
        mine = [base for base in found if base.positive is side]
        picked = list(_different(mine, per_side, random.Random(f"{seed} {rubric.name} {side}")))
        left["not drawn, or a repeated text"] += len(mine) - len(picked)
        chosen += picked
    reason = None if chosen else "no coherent output has a known verdict on this rubric"
    return Bases(rubric=rubric, chosen=chosen, left_out={k: n for k, n in sorted(left.items()) if n}, reason=reason)


def _known(
    labels: Sequence[Label], references: Sequence[Label], rubric: Rubric
) -> tuple[Literal["construction", "human"] | None, dict[str, tuple[str, ...]]]:
    """The kind of labels that is taken, and for each item its different values."""
    for kind in _KINDS:
        values: dict[str, set[str]] = {}
        for label in labels:
            if label.rubric == rubric.name and label.kind == kind:
                values.setdefault(label.item_id, set()).add(label.value)
        settled = {r.item_id: {r.value} for r in references if r.rubric == rubric.name and r.kind == kind}
        if values or settled:
            return kind, {item: tuple(sorted(v)) for item, v in {**values, **settled}.items()}
    return None, {}


def _unfit(output: Output, values: tuple[str, ...] | None, sound: int, rubric: Rubric) -> str:
    if values is None:
        return "no known verdict"
    if len(values) > 1:
        return "people disagree"
    if values[0] == rubric.cannot_judge or values[0] not in rubric.values:
        return "cannot be judged, or off the scale"
    if sound != _COHERENT:
        return "not coherent"
    return "" if len(output.response.strip()) >= LEAST_CHARACTERS else f"under {LEAST_CHARACTERS} characters"


def _different(bases: Sequence[Base], count: int, rng: random.Random) -> Iterator[Base]:
    """At most `count` bases with different texts, those with prompts not yet taken first."""
    shuffled = sorted(bases, key=lambda base: base.output.item_id)
    rng.shuffle(shuffled)
    prompts: Counter[str] = Counter()
    ranked = []
    for place, base in enumerate(shuffled):
        ranked.append((prompts[base.output.prompt], place, base))
        prompts[base.output.prompt] += 1
    texts: set[str] = set()
    for _, _, base in sorted(ranked, key=lambda entry: entry[:2]):
        text = " ".join(base.output.response.casefold().split())
        if text not in texts and len(texts) < count:
            texts.add(text)
            yield base
