"""A gate against an earlier audit, kept on purpose: is the judge still the one that was audited, and no worse?

Requirement by requirement the same estimate is looked up in the earlier audit:

- FAIL if it got worse by more than chance: the two intervals do not overlap, and the new one lies on the worse side (above
  for `max`, below for `min`). That is stricter evidence than a test of the difference at the same level.
- INCONCLUSIVE if nothing can be compared: the judge, the measure or the slice is not in the earlier audit, either estimate has
  no value or no interval; or if something else was compared: the judge's fingerprint or the inputs are not the same.
- Otherwise the requirement keeps its result. A baseline never makes a result better.

Inputs are the same if their hashes are: where both audits give `outputs_sha256` (over the outputs and labels, without the
verdicts) that one, else `sha256` of each file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judgeaudit.gate._decide import Decision, RequirementResult, Result, worst
from judgeaudit.model import Audit, Estimate

_HASHES = ("outputs_sha256", "sha256")


def compare(decision: Decision, audit: Audit, baseline: Audit) -> Decision:
    """The decision with every requirement also held against an earlier audit."""
    old = {estimate.key: estimate for estimate in baseline.estimates}
    changed = list(_changed_inputs(audit, baseline))
    lines = tuple(_against(line, audit, baseline, old, changed) for line in decision.requirements)
    return Decision(requirements=lines)


def _against(
    line: RequirementResult,
    audit: Audit,
    baseline: Audit,
    old: dict[tuple[str | None, ...], Estimate],
    changed: list[str],
) -> RequirementResult:
    if line.estimate is None:
        return line
    before = old.get(line.estimate.key)
    result, words = _worsened(line, before)
    doubts = [*changed, *_changed_judges(line, audit, baseline)]
    if result != "FAIL" and doubts:
        result, words = "INCONCLUSIVE", "; ".join([words, *doubts])
    return replace(line, result=worst([line.result, result]), reason=f"{line.reason}; baseline: {words}")


def _worsened(line: RequirementResult, before: Estimate | None) -> tuple[Result, str]:
    now = line.estimate
    assert now is not None
    if before is None:
        return "INCONCLUSIVE", "it has no such estimate"
    if now.value is None or before.value is None:
        return "INCONCLUSIVE", f"no value to compare ({before.reason or now.reason})"
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return "INCONCLUSIVE", "no interval to compare"
    shown = f"{before.value:.4g} [{before.low:.4g}, {before.high:.4g}] then, {now.value:.4g} [{now.low:.4g}, {now.high:.4g}] now"
    worse = now.low > before.high if line.requirement.max is not None else now.high < before.low
    return (
        ("FAIL", f"worse by more than chance, {shown}")
        if worse
        else ("PASS", f"not worse by more than chance, {shown}")
    )


def _changed_judges(line: RequirementResult, audit: Audit, baseline: Audit) -> Iterator[str]:
    now, then = _fingerprints(audit), _fingerprints(baseline)
    named = [name for name in (line.judge, line.requirement.other) if name is not None]
    for name in named if line.requirement.panel is None else sorted({*now, *then}):
        if name not in then:
            yield f"{name} is not among its judges"
        elif now.get(name) != then[name]:
            yield f"{name} has another fingerprint now"


def _fingerprints(audit: Audit) -> dict[str, str]:
    return {str(judge["name"]): str(judge.get("fingerprint", "")) for judge in audit.judges if "name" in judge}


def _changed_inputs(audit: Audit, baseline: Audit) -> Iterator[str]:
    for key in _HASHES:
        now, then = (sorted(str(source[key]) for source in one.inputs if key in source) for one in (audit, baseline))
        if now and then:
            if now != then:
                yield "its inputs were others"
            return
    yield "its inputs cannot be compared, there is no hash of them"
