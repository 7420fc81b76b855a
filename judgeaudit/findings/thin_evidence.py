"""Intervals that rest on few rare cases or few clusters are too short; which, by simulation (docs/coverage.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from judgeaudit.findings._thin import RULES, Rare
from judgeaudit.findings._view import View
from judgeaudit.model import Estimate, Finding

CODE = "thin_evidence"
PERSON = "annotator:"
"""How the place of a judge begins where a person stands in it; of people nothing is warned."""


def rare_cases(estimates: Iterable[Estimate], values: int = 2) -> Rare:
    """From the estimates of one judge, or of all judges of a panel, on one slice and against one reference: the fewest.

    Parameters
    ----------
    values
        How many values the scale has.
    """
    labels, answers = [], []
    for e in estimates:
        if e.scale != "binary" or e.against is not None or e.other is not None:
            continue
        if e.measure in ("false_positive_rate", "false_negative_rate"):
            labels.append(e.n)
        elif e.measure == "positive_rate" and e.k is not None:
            answers.append(min(e.k, e.n - e.k))
    return Rare(labels=min(labels, default=None), answers=min(answers, default=None), values=values)


def is_thin(e: Estimate, rare: Rare) -> bool:
    """Whether an interval of judges was found too short in samples such as this one; False where none is shown.

    Examples
    --------
    >>> area = Estimate(measure="auroc", rubric="harm", value=0.9, low=0.8, high=1.0, n=100, clusters=100)
    >>> is_thin(area, Rare(labels=3, answers=12)), is_thin(area, Rare(labels=50, answers=48))
    (True, False)
    """
    if e.low is None or e.high is None or e.against is not None or (e.judge or "").startswith(PERSON):
        return False
    return any(rule.holds(e, rare) for rule in RULES)


def find(view: View) -> Iterator[Finding]:
    """A warning for each judge, and a note for pairs and panels, that names the measures on all items with such intervals."""
    values = len(view.data.rubric.offered)
    whole = [e for e in view.estimates if e.slice == "all" and e.reference in (None, view.default)]
    for judge in view.judges:
        alone = [e for e in whole if e.judge == judge and e.other is None]
        yield from _of(alone, rare_cases(alone, values), judge)
    together = [e for e in whole if e.panel == "judges" or (e.judge in view.judges and e.other in view.judges)]
    yield from _of(together, rare_cases([e for e in whole if e.judge in view.judges], values), None)


def _of(estimates: list[Estimate], rare: Rare, judge: str | None) -> Iterator[Finding]:
    thin = list(dict.fromkeys(e.measure for e in estimates if is_thin(e, rare)))
    if not thin:
        return
    clusters = [e.clusters for e in estimates if e.measure in thin and e.clusters is not None and e.clusters < e.n]
    counts = [f"{min(e.n for e in estimates if e.measure in thin):g} items"]
    counts += [f"{rare.labels:g} labels of the rarer class"] if rare.labels is not None else []
    counts += [f"{rare.answers:g} of the rarer answer"] if rare.answers is not None else []
    counts += [f"{min(clusters)} clusters"] if clusters else []
    who = f"Intervals of {judge}" if judge is not None else "Intervals of judges with each other"
    text = (
        f"{who} rest on few cases ({', '.join(counts)}): in simulations of such samples the 95 % intervals "
        f"of {', '.join(thin)} held the true value in fewer than 92 % of them. Take them as too short."
    )
    yield Finding(code=CODE, severity="warning" if judge is not None else "note", judge=judge, text=text)
