"""Judgements of one judge on its bases and probes, laid out to be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeaudit.model import Judgement, Output, Rubric
from judgeaudit.probes._probe import Base

YES, NO, CANNOT = "positive", "negative", "cannot_judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One probe and what the judge made of it; `side` is None without a verdict, `before` the base's side by the judge."""

    output: Output
    base: Base
    side: str | None
    before: str | None
    verdict: str | None
    before_verdict: str | None
    status: str

    @property
    def meta(self) -> Mapping[str, Any]:
        """The probe's meta."""
        return self.output.meta

    @property
    def paired(self) -> bool:
        """Whether both the probe and its base have a verdict."""
        return self.verdict is not None and self.before_verdict is not None

    @property
    def flipped(self) -> bool:
        """Whether the verdict is another side than the base's; on one side of a longer scale nothing is flipped."""
        return self.paired and self.side != self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """All that one judge made of one rubric's bases and probes."""

    rubric: Rubric
    bases: Sequence[Base]
    own: Mapping[str, str | None]
    probes: Sequence[Reading]

    def of(self, **wanted: object) -> list[Reading]:
        """Probes whose meta has these values."""
        return [r for r in self.probes if all(r.meta.get(k) == v for k, v in wanted.items())]


def read(bases: Sequence[Base], probes: Iterable[Output], judgements: Iterable[Judgement], rubric: Rubric) -> Readings:
    """Lay out the judgements of one judge; a probe that was not asked about has the status `skipped`."""
    found = {j.item_id: j for j in judgements}
    by_id = {base.output.item_id: base for base in bases}
    made = []
    for output in probes:
        base = by_id[str(output.meta["base"])]
        own, before = found.get(output.item_id), found.get(base.output.item_id)
        made.append(
            Reading(
                output=output,
                base=base,
                side=_side(own, rubric),
                before=_side(before, rubric),
                verdict=own.verdict if own else None,
                before_verdict=before.verdict if before else None,
                status=str(own.status) if own else "skipped",
            )
        )
    own_sides = {item: _side(found.get(item), rubric) for item in by_id}
    return Readings(rubric=rubric, bases=bases, own=own_sides, probes=made)


def unscored(readings: Iterable[Reading]) -> dict[str, int]:
    """Probes without a verdict, by status; and those whose base has none."""
    left: Counter[str] = Counter(r.status for r in readings if r.verdict is None)
    return dict(sorted(left.items()))


def _side(judgement: Judgement | None, rubric: Rubric) -> str | None:
    if judgement is None or judgement.verdict is None:
        return None
    if judgement.verdict == rubric.cannot_judge:
        return CANNOT
    return YES if judgement.verdict in rubric.positive else NO
