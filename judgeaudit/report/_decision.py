"""A gate's decision as the reports see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from judgeaudit.report._box import Requirement


class Line(Protocol):
    """One requirement as it came out."""

    @property
    def result(self) -> str:
        """PASS, FAIL or INCONCLUSIVE."""

    @property
    def rubric(self) -> str | None:
        """The rubric it is about; None: no estimate of any rubric fits."""

    @property
    def text(self) -> str:
        """What was required, what was found."""


class Decided(Protocol):
    """A gate's decision: its result and one line a requirement."""

    @property
    def result(self) -> str:
        """PASS, FAIL or INCONCLUSIVE."""

    @property
    def lines(self) -> Sequence[Line]:
        """One line a requirement."""


def told(decision: Decided | None) -> tuple[str | None, list[Requirement]]:
    """Result and requirements in words; (None, []) where there was no policy."""
    if decision is None:
        return None, []
    return str(decision.result), [
        Requirement(result=str(x.result), text=x.text, rubric=x.rubric) for x in decision.lines
    ]
