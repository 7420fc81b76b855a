"""Who is asked before whom: panels need the judgements of their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judgeaudit.config import Price
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._judge import BatchJudge, CallJudge
from judgeaudit.model import Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One judge, one rubric, and how often the judge is asked about each output; `model` is the provider's name of its model."""

    judge: CallJudge | BatchJudge
    rubric: Rubric
    trials: int = 1
    price: Price | None = None
    model: str | None = None

    @property
    def fingerprint(self) -> str:
        """Of the judge on this rubric."""
        return self.judge.fingerprint(self.rubric)

    @property
    def cell(self) -> tuple[str, str]:
        """The judge's and the rubric's name."""
        return self.judge.name, self.rubric.name

    @property
    def needs(self) -> set[tuple[str, str]]:
        """Judges whose judgements on this rubric must be there first."""
        names = self.judge.needs if isinstance(self.judge, BatchJudge) else ()
        return {(name, self.rubric.name) for name in names}


def rounds(assignments: Sequence[Assignment]) -> list[list[Assignment]]:
    """Assignments in rounds: those of a round need only judges of earlier rounds.

    Raises
    ------
    ConfigError
        A judge needs one that is not asked on the same rubric, judges need one another, two have one name, or a judge that
        always answers alike is to be asked several times.
    """
    _check(assignments)
    made: list[list[Assignment]] = []
    left, done = list(assignments), set[tuple[str, str]]()
    while left:
        ready = [a for a in left if a.needs <= done]
        if not ready:
            circle = ", ".join(repr(name) for name in dict.fromkeys(a.judge.name for a in left))
            raise ConfigError("judges need one another in a circle", got=circle)
        made.append(ready)
        done.update(a.cell for a in ready)
        left = [a for a in left if a.cell not in done]
    return made


def _check(assignments: Sequence[Assignment]) -> None:
    cells = [a.cell for a in assignments]
    for a in assignments:
        where = f"judge {a.judge.name!r}"
        if cells.count(a.cell) > 1:
            raise ConfigError("two judges of one name", where=where, next_step="give each judge its own name")
        for need, _ in sorted(a.needs - set(cells)):
            known = [judge for judge, rubric in cells if rubric == a.rubric.name and judge != a.judge.name]
            what = f"unknown judge on rubric {a.rubric.name!r}"
            raise ConfigError(what, where=where, got=repr(need), next_step=nearest(need, known))
        if a.trials > 1 and isinstance(a.judge, BatchJudge):
            what = f"a judge of kind {a.judge.kind!r} answers alike each time"
            raise ConfigError(what, where=where, got=f"trials: {a.trials}", expected="trials: 1")
