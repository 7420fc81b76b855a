"""How many further labels decide a policy, or give an interval of a stated width, and which outputs to label.

Taken for granted is that the true value is the one of the pilot. A share is planned by the exact binomial distribution
(Clopper-Pearson, one-sided at the policy's confidence for a gate, two-sided for a width), any other measure by the width of its
interval, which shrinks by the square root of the items. Clusters and repeated texts raise the numbers by the pilot's design
effect. Where the pilot cannot say, the words say why, and there is no number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judgeaudit.errors import ConfigError
from judgeaudit.gate._bounds import Bounds, bounds_of, is_share
from judgeaudit.gate._decide import SMALLEST_PASS, RequirementResult, Result, decide
from judgeaudit.gate._find import Book
from judgeaudit.gate._more import MOST, POWER, design_effect, more_labels, width_size
from judgeaudit.gate._obstacles import evidence
from judgeaudit.gate._policy import Policy
from judgeaudit.gate._strata import BY_STRATA, Stratum, allot, as_object, cells_of
from judgeaudit.model import Audit, Estimate

_COUNTED = {
    "false_positive_rate": "labelled negative",
    "specificity": "labelled negative",
    "false_negative_rate": "labelled positive",
    "sensitivity": "labelled positive",
    "precision": "called positive by the judge and labelled",
}

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one aim takes.

    Parameters
    ----------
    items
        Further items that count for the figure (such as labelled negative); 0: there are enough; None: cannot be said.
    labels
        Labels on outputs drawn at random to get so many; None: cannot be said, or no labels are needed.
    collect
        Outputs to be collected and judged first, because the audit has fewer without a label; None: cannot be said.
    strata
        Labels drawn by stratum instead, which takes inclusion weights; empty where that saves nothing or the judged outputs
        are too few for it.
    reason
        Why there is no number.
    """

    items: int | None = None
    labels: int | None = None
    collect: int | None = None
    strata: tuple[Stratum, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One requirement on one judge.

    Parameters
    ----------
    result
        What the gate says now.
    counted
        Which items count for the figure, in words.
    effect
        Design effect of clusters and repeated texts.
    gate, width
        What it takes to decide, and to an interval of the width asked for (None: none was asked for).
    """

    decided: RequirementResult
    counted: str
    effect: float
    gate: Need
    width: Need | None = None

    @property
    def result(self) -> Result:
        """What the gate says now."""
        return self.decided.result

    @property
    def text(self) -> str:
        """Who, and what is required."""
        rubric = f" ({self.decided.rubric})" if self.decided.rubric is not None else ""
        return f"{self.decided.who}{rubric}: {self.decided.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Further labels, requirement by requirement.

    Parameters
    ----------
    confidence
        One-sided, of the gate's bounds.
    power
        Chance with which a requirement is decided, if the pilot's value is the true one.
    width
        Full width of the two-sided interval asked for.
    """

    confidence: float
    power: float
    width: float | None
    lines: tuple[PlanLine, ...]

    def to_object(self) -> Mapping[str, Any]:
        """As JSON."""
        return {
            "confidence": self.confidence,
            "power": self.power,
            "width": self.width,
            "requirements": [_object(line) for line in self.lines],
        }


def make_plan(audit: Audit, policy: Policy, *, width: float | None = None, power: float = POWER) -> Plan:
    """Plan further labels from an audit that serves as pilot.

    Raises
    ------
    ConfigError
        As `decide`; `width` is not in (0, 2] or `power` not in [0.5, 1).

    Examples
    --------
    >>> from judgeaudit.gate import make_policy
    >>> rate = Estimate(measure="false_positive_rate", rubric="harm", judge="j", reference="human", scale="binary", value=0.02,
    ...     k=2, n=100, low=0.006, high=0.07)
    >>> scored = Estimate(measure="unscored_rate", rubric="harm", judge="j", scale="full", value=0.0, k=0, n=200)
    >>> audit = Audit(name="x", judges=({"name": "j"},), estimates=(rate, scored))
    >>> policy = make_policy({"require": [{"measure": "false_positive_rate", "max": 0.05}]})
    >>> make_plan(audit, policy).lines[0].gate.items  # as the gate says: 260 in all
    160
    """
    if width is not None and not 0 < width <= 2:
        raise ConfigError("wrong width", got=f"{width:g}", expected="the full width of an interval, above 0, at most 2")
    if not 0.5 <= power < 1:
        raise ConfigError("wrong power", got=f"{power:g}", expected="a chance from 0.5 to below 1")
    book = Book(audit)
    lines = tuple(_line(book, policy, found, width, power) for found in decide(audit, policy).requirements)
    return Plan(confidence=policy.confidence, power=power, width=width, lines=lines)


def _line(book: Book, policy: Policy, found: RequirementResult, width: float | None, power: float) -> PlanLine:
    estimate = found.estimate
    return PlanLine(
        decided=found,
        counted=_counted(estimate, found),
        effect=1.0 if estimate is None else design_effect(estimate),
        gate=_for_gate(book, policy, found, power),
        width=None if width is None else _for_width(book, found, width),
    )


def _counted(estimate: Estimate | None, found: RequirementResult) -> str:
    if estimate is not None and estimate.reference is None:
        return "scored by the judge" if estimate.judge else "rated by the panel"
    return _COUNTED.get(found.requirement.measure, "scored and labelled")


def _for_gate(book: Book, policy: Policy, found: RequirementResult, power: float) -> Need:
    if found.result != "INCONCLUSIVE":
        return Need(items=0, labels=0)
    estimate = found.estimate
    too_few = found.reason.startswith("few:")
    if estimate is None or (found.bound is None and not too_few):
        return Need(reason=f"the pilot cannot say: {found.reason}")
    if found.requirement.side == "estimate":
        return _need(book, found, estimate, _short(found))
    if estimate.n < SMALLEST_PASS:
        return Need(
            reason=f"the pilot cannot say: it has {estimate.n:g} items that count, a value needs {SMALLEST_PASS}"
        )
    bounds = bounds_of(estimate, policy.confidence)
    if not isinstance(bounds, Bounds):
        return Need(reason=f"the pilot cannot say: {bounds}")
    items = _more(estimate, bounds, found.limit, power)
    if items is None:
        return Need(reason=f"the pilot's value is too near the limit: more than {MOST:,} items would be needed")
    return _need(book, found, estimate, max(items, _short(found)))


def _more(estimate: Estimate, bounds: Bounds, limit: float, power: float) -> int | None:
    """As the gate's own forecast; 0 where the bounds are off the limit already and only `min_n` is missing."""
    if bounds.upper <= limit or bounds.lower >= limit:
        return 0
    return more_labels(estimate, bounds, limit, power)


def _short(found: RequirementResult) -> int:
    """Items below `min_n`; on slices of degenerate outputs it counts distinct texts, of which each item may bring one."""
    least = max(found.requirement.min_n, SMALLEST_PASS)
    return max(0, math.ceil(least - (found.n or 0.0)))


def _for_width(book: Book, found: RequirementResult, width: float) -> Need:
    estimate = found.estimate
    if estimate is None or estimate.value is None:
        return Need(reason=f"the pilot cannot say: {found.reason}")
    if is_share(estimate):
        # A rate of which the pilot saw none or only such is planned as if it had seen half an item: none seen is not none there.
        share = min(max(estimate.value, 0.5 / (estimate.n + 1)), 1 - 0.5 / (estimate.n + 1))
        size = width_size(share, width, estimate.confidence_level)
        total = None if size is None else size * design_effect(estimate)
    elif estimate.low is None or estimate.high is None:
        return Need(reason=f"the pilot cannot say: {estimate.reason or 'it has no interval'}")
    else:
        total = estimate.n * ((estimate.high - estimate.low) / width) ** 2
    if total is None or total > MOST:
        return Need(reason=f"more than {MOST:,} items would be needed")
    return _need(book, found, estimate, max(0, math.ceil(total - estimate.n - _ROUNDING)))


def _need(book: Book, found: RequirementResult, estimate: Estimate, items: int) -> Need:
    """Items as labels: those that do not count for the figure are labelled too, as often as in the pilot."""
    if items == 0:
        return Need(items=0, labels=0)
    if estimate.reference is None:
        return Need(items=items)
    cells = cells_of(book, estimate) if estimate.measure in BY_STRATA else []
    labelled = sum(cell.labelled for cell in cells)
    if labelled <= 0:
        return Need(items=items, labels=None if estimate.measure in _COUNTED else items)
    labels = math.ceil(items * labelled / estimate.n)
    unlabelled = math.floor(sum(cell.outputs for cell in cells) - labelled)
    strata = tuple(allot(estimate.measure, cells, math.ceil(labelled + labels)))
    saves = 0 < sum(stratum.labels for stratum in strata) < labels
    return Need(items=items, labels=labels, collect=max(0, labels - unlabelled), strata=strata if saves else ())


def _object(line: PlanLine) -> Mapping[str, Any]:
    found, estimate = line.decided, line.decided.estimate
    return {
        "requirement": found.requirement.model_dump(exclude_none=True),
        "judge": found.judge,
        "rubric": found.rubric,
        "result": line.result,
        "value": None if estimate is None else estimate.value,
        "n": None if estimate is None else estimate.n,
        "unit": None if estimate is None else evidence(estimate)[1],
        "counted": line.counted,
        "design_effect": line.effect,
        "to_decide": _need_object(line.gate),
        "to_width": None if line.width is None else _need_object(line.width),
    }


def _need_object(need: Need) -> Mapping[str, Any]:
    return {
        "items": need.items,
        "labels": need.labels,
        "collect": need.collect,
        "strata": [as_object(stratum) for stratum in need.strata],
        "reason": need.reason,
    }
