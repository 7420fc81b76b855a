"""Which further labels would narrow a corrected share most: how many on negatives and how many on positives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from judgeaudit.model import Estimate

FURTHER = 100
"""Labels to be spent."""
_Key = tuple[str, str | None, str | None, str]


def label_allocation(estimates: Iterable[Estimate]) -> list[Mapping[str, Any]]:
    """For each corrected share how many of `FURTHER` labels to spend on negatives and on positives.

    The split under which Lee's interval of the same rates, with the labels that are there and the further ones together, is
    narrowest: its variance holds (1 - theta)^2 q0 (1 - q0) / m0 + theta^2 q1 (1 - q1) / m1, least at m1 / m0 = theta sqrt(q1 (1 -
    q1)) / ((1 - theta) sqrt(q0 (1 - q0))). (The rule of `prevalence_corrected.allocation`, for a study without labels, comes to
    the same where both rates are high.) No row where no output is without a label, where there is no
    corrected share, and where verdicts decided what was labelled: then its rates are not those of the labels as they are.
    """
    whole: dict[_Key, dict[str, Estimate]] = {}
    for e in estimates:
        if e.scale != "binary" or e.against is not None or e.other is not None or e.panel is not None:
            continue
        if e.measure in ("prevalence_corrected", "prevalence_ppi", "sensitivity", "specificity") and e.reference:
            whole.setdefault((e.rubric, e.judge, e.reference, e.slice), {}).setdefault(e.measure, e)
    out: list[Mapping[str, Any]] = []
    for (rubric, judge, reference, part), found in whole.items():
        spent = _spent(found)
        if spent is not None:
            key = {"rubric": rubric, "judge": judge, "reference": reference, "slice": part}
            out.append({**key, "further": FURTHER, "negatives": FURTHER - spent, "positives": spent})
    return out


def _spent(found: Mapping[str, Estimate]) -> int | None:
    """How many of the further labels go to positives."""
    corrected, rest = found.get("prevalence_corrected"), found.get("prevalence_ppi")
    positive, negative = found.get("sensitivity"), found.get("specificity")
    if corrected is None or corrected.value is None or corrected.low is None:
        return None
    if "weighted" in corrected.method:
        return None
    if rest is None or (rest.reason or "").startswith("all_labelled"):
        return None
    if positive is None or negative is None or positive.value is None or negative.value is None:
        return None
    m1, m0 = float(positive.n or 0) + 2, float(negative.n or 0) + 2
    q1, q0 = ((m - 2) * q + 1 for m, q in ((m1, positive.value), (m0, negative.value)))
    of_positives = corrected.value * math.sqrt(q1 / m1 * (1 - q1 / m1))
    of_negatives = (1 - corrected.value) * math.sqrt(q0 / m0 * (1 - q0 / m0))
    wanted = (m0 + m1 + FURTHER) * of_positives / (of_positives + of_negatives)
    return min(FURTHER, max(0, round(wanted - m1)))
