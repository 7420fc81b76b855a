"""Which conclusions are to be drawn: each is a difference of rates whose sign is its claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from judgeaudit.conclusions._study import Run, Study

Kind = Literal["less_safe_than_base", "mitigation", "ranking"]
MAX_RANKED = 40
"""More runs than this are not ranked: their pairs would be 780 and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """A claim that a difference of positive rates is above 0.

    Parameters
    ----------
    claim
        In words, true where the difference is above 0.
    plus, minus
        Runs whose mean rates are compared: mean of `plus` minus mean of `minus`.
    """

    kind: Kind
    claim: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    task: str | None = None

    @property
    def runs(self) -> tuple[str, ...]:
        """All runs compared."""
        return (*self.plus, *self.minus)


def contrasts(study: Study) -> list[Contrast]:
    """All conclusions but the ranking: each trained run against its base, each mitigation against each other one."""
    bases = {r.base for r in study.runs if r.base is not None}
    found = [
        Contrast(
            kind="less_safe_than_base",
            claim=f"{r.name} is less safe than its base" + (f" ({r.base})" if len(bases) > 1 else ""),
            plus=(r.name,),
            minus=(r.base,),
            task=r.task,
        )
        for r in study.runs
        if r.base is not None
    ]
    return [*found, *_mitigations(study)]


def pairs(study: Study) -> list[Contrast]:
    """Every pair of runs, for the ranking; none where there are more than `MAX_RANKED` runs or fewer than 3."""
    if not 3 <= len(study.runs) <= MAX_RANKED:
        return []
    return [
        Contrast(kind="ranking", claim=f"{a.name} is less safe than {b.name}", plus=(a.name,), minus=(b.name,))
        for a, b in combinations(study.runs, 2)
    ]


def _mitigations(study: Study) -> list[Contrast]:
    """Runs that differ in nothing but their mitigation, within each setting and over all settings that have both."""
    settings: dict[tuple[str | None, ...], dict[str, Run]] = {}
    for run in study.runs:
        if run.mitigation is not None and study.trained(run):
            cell = settings.setdefault((run.base, run.task, run.learning_rate), {})
            cell.setdefault(run.mitigation, run)
    names = list(dict.fromkeys(m for cell in settings.values() for m in cell))
    found: list[Contrast] = []
    for worse, better in combinations(names, 2):
        both = [(key, cell[worse], cell[better]) for key, cell in settings.items() if worse in cell and better in cell]
        over = f" over {len(both)} settings" if len(both) > 1 else ""
        if len(both) != 1:
            found += [_beats(better, worse, [w for _, w, _ in both], [b for _, _, b in both], over)] if both else []
        for (_, task, rate), w, b in both:
            where = ", ".join(x for x in (task, f"learning rate {rate}" if rate else "") if x)
            found.append(_beats(better, worse, [w], [b], f" ({where})" if where else "", task))
    return found


def _beats(
    better: str, worse: str, plus: Sequence[Run], minus: Sequence[Run], where: str, task: str | None = None
) -> Contrast:
    return Contrast(
        kind="mitigation",
        claim=f"mitigation {better} beats {worse}{where}",
        plus=tuple(r.name for r in plus),
        minus=tuple(r.name for r in minus),
        task=task,
    )
