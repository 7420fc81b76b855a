"""Which further labels would narrow a corrected share most: how many on negatives and how many on positives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from judgeaudit.measures.prevalence_corrected import allocation
from judgeaudit.model import Estimate

FURTHER = 100
"""Labels to be spent."""
_Key = tuple[str, str | None, str | None, str]


def label_allocation(estimates: Iterable[Estimate]) -> list[Mapping[str, Any]]:
    """For each corrected share how many of `FURTHER` labels to spend on negatives and on positives, by Lee's rule.

    The rule is applied to the labels that are there and the further ones together; where one class has more than its part
    already, all further ones go to the other. No row where no output is without a label, and where there is no corrected share.
    """
    whole: dict[_Key, dict[str, Estimate]] = {}
    shares: dict[tuple[str, str | None, str], float] = {}
    for e in estimates:
        if e.scale != "binary" or e.against is not None or e.other is not None or e.panel is not None:
            continue
        if e.measure in ("prevalence_corrected", "prevalence_ppi", "sensitivity", "specificity") and e.reference:
            whole.setdefault((e.rubric, e.judge, e.reference, e.slice), {}).setdefault(e.measure, e)
        elif e.measure == "positive_rate" and e.value is not None:
            shares[e.rubric, e.judge, e.slice] = e.value
    out: list[Mapping[str, Any]] = []
    for (rubric, judge, reference, part), found in whole.items():
        spent = _spent(found, shares.get((rubric, judge, part)))
        if spent is not None:
            key = {"rubric": rubric, "judge": judge, "reference": reference, "slice": part}
            out.append({**key, "further": FURTHER, "negatives": FURTHER - spent, "positives": spent})
    return out


def _spent(found: Mapping[str, Estimate], share: float | None) -> int | None:
    """How many of the further labels go to positives."""
    corrected, rest = found.get("prevalence_corrected"), found.get("prevalence_ppi")
    positive, negative = found.get("sensitivity"), found.get("specificity")
    if corrected is None or corrected.low is None or rest is None or (rest.reason or "").startswith("all_labelled"):
        return None
    if positive is None or negative is None or positive.value is None or negative.value is None or not share:
        return None
    m1, m0 = float(positive.n or 0), float(negative.n or 0)
    _, wanted = allocation(
        share, negative.value, positive.value, round(m0 + m1) + FURTHER, pilot=max(1, round(min(m0, m1)))
    )
    return min(FURTHER, max(0, round(wanted - m1)))
