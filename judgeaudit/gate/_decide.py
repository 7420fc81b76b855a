"""PASS, FAIL or INCONCLUSIVE, requirement by requirement. Whatever is not shown to hold is not a PASS.

For `max: X`: PASS if the upper bound is at most X, FAIL if the lower bound is above X, else INCONCLUSIVE; for `min` the mirror
image. `on: estimate` compares the value. `on` with the other bound (`lower` for `max`) is lenient and says so: it FAILs only
what is shown to break the limit.

Not decided, whatever the figure: no such estimate, an estimate without value or without interval, n below `min_n` (on slices of
degenerate outputs the distinct texts count), more than `max_unscored` of the judge's items without a verdict (on all items or on
the slice), an error among the findings that is about this judge or about the audit as a whole, and a judge on slices that its own
detectors made. Below 10 items nothing is a PASS, nor is any figure of a judge that says the same of every item or that is held
against a reference of one class, nor the agreement of judges that agree in their errors. That a rate could be worse if
the unscored were counted against the judge does not change the result, since `max_unscored` limits just that; the line says what
it would be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from judgeaudit.gate._bounds import Bounds, bounds_of
from judgeaudit.gate._find import Book, Subject, find, subjects
from judgeaudit.gate._more import more_labels
from judgeaudit.gate._obstacles import doubts, evidence, obstacles
from judgeaudit.gate._policy import Policy, Requirement
from judgeaudit.model import Audit, Estimate

Result = Literal["PASS", "FAIL", "INCONCLUSIVE"]
SMALLEST_PASS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementResult:
    """One requirement on one judge (or panel) and rubric.

    Parameters
    ----------
    bound
        The figure that was held against the limit; None: there is none.
    n
        Items, or on slices of degenerate outputs distinct texts; None: there is no estimate.
    reason
        Why, in words.
    more_labels
        Further items that would likely decide; None where it is decided or cannot be said.
    """

    result: Result
    requirement: Requirement
    judge: str | None
    rubric: str | None
    reason: str
    estimate: Estimate | None = None
    bound: float | None = None
    n: float | None = None
    more_labels: int | None = None

    @property
    def limit(self) -> float:
        """The limit of the requirement."""
        return self.requirement.limit

    @property
    def who(self) -> str:
        """The judge, the pair or the panel."""
        asked = self.requirement
        if asked.panel is not None:
            return f"panel {asked.panel}"
        return " and ".join(name for name in (self.judge, asked.other) if name) or asked.judge

    @property
    def what(self) -> str:
        """The requirement in short: measure, slice, condition."""
        asked = self.requirement
        against = f" minus {asked.against}" if asked.against else ""
        return f"{asked.measure} on {asked.slice}{against} {asked.condition}"

    @property
    def text(self) -> str:
        """One line: who on which rubric, what was required, why it came out so."""
        rubric = f" ({self.rubric})" if self.rubric is not None else ""
        return f"{self.who}{rubric}: {self.what}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The gate's result with its parts; FAIL if any is FAIL, else INCONCLUSIVE if any is, else PASS."""

    requirements: tuple[RequirementResult, ...]

    @property
    def result(self) -> Result:
        """The result of all; never PASS where nothing was required of anything."""
        return worst([line.result for line in self.requirements])

    @property
    def lines(self) -> Sequence[RequirementResult]:
        """The same as `requirements`: one line each."""
        return self.requirements

    @property
    def exit_code(self) -> int:
        """0 PASS, 1 FAIL, 3 INCONCLUSIVE."""
        return {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}[self.result]


def worst(results: Sequence[Result]) -> Result:
    """FAIL before INCONCLUSIVE before PASS; nothing at all is INCONCLUSIVE.

    Examples
    --------
    >>> worst(["PASS", "INCONCLUSIVE"]), worst(["PASS"]), worst([])
    ('INCONCLUSIVE', 'PASS', 'INCONCLUSIVE')
    """
    order: tuple[Result, ...] = ("FAIL", "INCONCLUSIVE", "PASS")
    return next((result for result in order if result in results), "INCONCLUSIVE")


def decide(audit: Audit, policy: Policy) -> Decision:
    """Hold an audit against a policy.

    Raises
    ------
    ConfigError
        The policy names a measure, judge or rubric that is unknown, fits several estimates, or asks for a confidence that
        the audit keeps no bounds for.

    Examples
    --------
    >>> from judgeaudit.gate import make_policy
    >>> rate = Estimate(measure="accuracy", rubric="harm", judge="j", reference="human", scale="binary", value=0.99, k=99, n=100,
    ...     low=0.95, high=1.0)
    >>> scored = Estimate(measure="unscored_rate", rubric="harm", judge="j", scale="full", value=0.0, k=0, n=100)
    >>> audit = Audit(name="x", judges=({"name": "j"},), estimates=(rate, scored))
    >>> decide(audit, make_policy({"require": [{"measure": "accuracy", "min": 0.9}]})).result
    'PASS'
    """
    book = Book(audit)
    lines: list[RequirementResult] = []
    for place, requirement in enumerate(policy.require):
        where = f"policy: require.{place}"
        found = subjects(book, requirement, where)
        lines.extend(_one(book, policy, requirement, subject, where) for subject in found)
        if not found:
            lines.append(_nobody(book, requirement))
    return Decision(requirements=tuple(lines))


def _nobody(book: Book, requirement: Requirement) -> RequirementResult:
    what = "no estimate" if not book.rubrics else "no judge but baselines"
    return RequirementResult(
        result="INCONCLUSIVE",
        requirement=requirement,
        judge=None,
        rubric=None,
        reason=f"not_in_audit: {what} that it could apply to",
    )


def _one(book: Book, policy: Policy, asked: Requirement, subject: Subject, where: str) -> RequirementResult:
    def inconclusive(reason: str, more: int | None = None) -> RequirementResult:
        return RequirementResult(
            result="INCONCLUSIVE",
            requirement=asked,
            judge=subject.judge,
            rubric=subject.rubric,
            reason=reason,
            estimate=estimate,
            n=n,
            more_labels=more,
        )

    estimate: Estimate | None = None
    n: float | None = None
    found = find(book, asked, subject, where)
    if isinstance(found, str):
        return inconclusive(found)
    estimate = found
    n, unit = evidence(estimate)
    obstacle = next(obstacles(book, policy, asked, subject, estimate), None)
    if obstacle is not None:
        return inconclusive(obstacle)
    if n is None or n < asked.min_n:
        return inconclusive(f"few: {_count(n)} {unit}, the policy asks for {asked.min_n}", _missing(n, asked.min_n))
    bounds = bounds_of(estimate, policy.confidence) if asked.side != "estimate" else None
    if isinstance(bounds, str):
        return inconclusive(bounds)
    result, bound = _verdict(estimate, bounds, asked)
    if result == "PASS" and n < SMALLEST_PASS:
        return inconclusive(
            f"few: {_count(n)} {unit}, below {SMALLEST_PASS} nothing passes", _missing(n, SMALLEST_PASS)
        )
    # Also where it is undecided: no number of such items would make it a PASS.
    in_doubt = result == "PASS" or (result == "INCONCLUSIVE" and _within(found.value or 0.0, asked))
    doubt = next(doubts(book, asked, subject, estimate), None) if in_doubt else None
    if doubt is not None:
        return inconclusive(doubt)
    more = more_labels(estimate, bounds, asked.limit) if result == "INCONCLUSIVE" and bounds is not None else None
    return RequirementResult(
        result=result,
        requirement=asked,
        judge=subject.judge,
        rubric=subject.rubric,
        estimate=estimate,
        bound=bound,
        n=n,
        more_labels=more,
        reason=_reason(estimate, bounds, asked, policy, result, more),
    )


def _verdict(estimate: Estimate, bounds: Bounds | None, asked: Requirement) -> tuple[Result, float]:
    """The result and the figure that was held against the limit."""
    value = estimate.value
    assert value is not None
    if bounds is None:
        return ("PASS" if _within(value, asked) else "FAIL"), value
    bound = bounds.upper if asked.side == "upper" else bounds.lower
    if _within(bound, asked):
        return "PASS", bound
    cautious = asked.side == ("upper" if asked.max is not None else "lower")
    other = bounds.lower if asked.side == "upper" else bounds.upper
    if cautious and _within(other, asked):
        return "INCONCLUSIVE", bound
    return "FAIL", bound


def _within(figure: float, asked: Requirement) -> bool:
    return figure <= asked.limit if asked.max is not None else figure >= asked.limit


def _missing(n: float | None, wanted: int) -> int | None:
    return None if n is None else max(1, int(wanted - n))


def _count(n: float | None) -> str:
    return "an unknown number of" if n is None else f"{n:g}"


def _rounded_up(number: int) -> int:
    """The number rounded up to two digits, which is all that such a forecast can bear.

    Examples
    --------
    >>> _rounded_up(7), _rounded_up(160), _rounded_up(105_172)
    (7, 160, 110000)
    """
    step = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // step) * step


def _reason(
    estimate: Estimate, bounds: Bounds | None, asked: Requirement, policy: Policy, result: Result, more: int | None
) -> str:
    counts = f" ({estimate.k:g} of {estimate.n:g})" if estimate.k is not None else f" (n {estimate.n:g})"
    parts = [f"value {estimate.value:.4g}{counts}"]
    if bounds is not None:
        raised = "" if abs(bounds.confidence - policy.confidence) < 1e-9 else ", the next higher that the audit keeps"
        parts.append(
            f"bounds {bounds.lower:.4g} and {bounds.upper:.4g}, each at {bounds.confidence:g} one-sided{raised}"
        )
        if asked.side != ("upper" if asked.max is not None else "lower"):
            parts.append(f"held against the {asked.side} bound, which is lenient")
    if estimate.unscored_bounds is not None and estimate.value is not None:
        against = estimate.unscored_bounds[1 if asked.max is not None else 0]
        if abs(against - estimate.value) > 1e-9:
            parts.append(f"{against:.4g} if all unscored counted against it")
    if abstained := estimate.left_out.get("abstained"):
        parts.append(f"{abstained:g} more items got no judgement of a side (abstained) and count for nothing here")
    if result == "INCONCLUSIVE":
        parts.append(
            f"about {_rounded_up(more)} more items that count for this figure would likely decide"
            if more is not None
            else "too near the limit for any likely number of labels to decide"
        )
    return "; ".join(parts)
