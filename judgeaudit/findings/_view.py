"""What a finding looks at. A finding's module exports `CODE` and `find(view)`, which yields `Finding`s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judgeaudit import kinds
from judgeaudit.model import Estimate, Finding, LabelKind
from judgeaudit.references._reference import Reference
from judgeaudit.slices import Slice
from judgeaudit.table import AuditInput, JudgeInfo

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An audit almost done.

    `judges` are those under audit, without baselines. `default` is the kind of label that speaks in the verdict box:
    human, else construction; None where there is neither (a model label is never the default).
    """

    data: AuditInput
    slices: Sequence[Slice]
    references: Mapping[LabelKind, Reference]
    default: LabelKind | None
    judges: Sequence[str]
    info: Mapping[str, JudgeInfo]
    estimates: Sequence[Estimate]
    verification: Sequence[Mapping[str, Any]]

    @property
    def scale(self) -> str:
        """Binary where the rubric has a positive value, else full."""
        return "binary" if self.data.rubric.positive else "full"

    def one(self, measure: str, **fields: str | None) -> Estimate | None:
        """The first estimate of a measure whose fields are as given (slice `all`, no contrast, where not said)."""
        wanted: dict[str, str | None] = {"slice": "all", "against": None, "other": None, **fields}
        return next((e for e in self.all(measure, **wanted)), None)

    def wrong(self, e: Estimate, most: int = 5) -> tuple[str, ...]:
        """Ids of the first outputs of a slice that count as errors of a judge's rate against the default reference."""
        if self.default is None or e.judge is None:
            return ()
        rubric = self.data.rubric
        positive = np.array([v in rubric.positive for v in rubric.offered])
        judged = np.array([v != rubric.cannot_judge for v in rubric.offered])
        items = next(part.items for part in self.slices if part.name == e.slice)
        verdict = self.data.judges[e.judge][0].codes[items]
        truth = self.references[self.default].codes[items]
        both = (verdict >= 0) & (truth >= 0)
        both &= judged[np.maximum(verdict, 0)] & judged[np.maximum(truth, 0)]
        false = e.measure == "false_positive_rate"
        wrong = both & (positive[np.maximum(verdict, 0)] == false) & (positive[np.maximum(truth, 0)] != false)
        return tuple(self.data.item_ids[i] for i in items[wrong][:most])

    def all(self, measure: str, **fields: str | None) -> Iterable[Estimate]:
        """All estimates of a measure whose fields are as given."""
        return (
            e for e in self.estimates if e.measure == measure and all(getattr(e, k) == v for k, v in fields.items())
        )


def find_all(view: View) -> tuple[Finding, ...]:
    """The findings of every module, most severe first, then by code, judge and slice."""
    found = [f for module in kinds.load_all("judgeaudit.findings") for f in module.find(view)]
    return tuple(
        sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.code, f.judge or "", f.slice or "", f.text))
    )


def share(k: float, n: float) -> str:
    """Words for k of n, whole numbers shown whole.

    Examples
    --------
    >>> share(3.0, 10.0)
    '3 of 10'
    """
    return f"{k:g} of {n:g}"


def span(e: Estimate) -> str:
    """Value with interval, as shown in sentences.

    Examples
    --------
    >>> span(Estimate(measure="m", rubric="r", value=0.5, low=0.4, high=0.6))
    '0.50 [0.40-0.60]'
    """
    if e.value is None:
        return "undefined"
    return f"{e.value:.2f} [{e.low:.2f}-{e.high:.2f}]" if e.low is not None and e.high is not None else f"{e.value:.2f}"
