"""A scale of four ordered values: weighted kappa, AC2 and alpha at each level of measurement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.audit._context import make_context
from judgeaudit.audit._judges import _against, without_reference
from judgeaudit.audit._pairs import pairs
from judgeaudit.audit._panels import panels
from judgeaudit.findings.thin_evidence import rare_cases
from judgeaudit.model import Estimate, Rubric
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import AuditInput, LabelSet
from tests.bench.coverage._design import Design, Shown, correlated, ids, named, ratings

SLIPS = 0.2
"""Share of verdicts that are one step off, as often up as down."""
RUBRIC = Rubric(name="r", values=("0", "1", "2", "3"), positive=("2", "3"), level="ratio")


def graded(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Two judges and labels; the values 2 and 3 are as rare as the cell's positives."""
    upper = correlated(rng, design.prevalence, design)
    truth = 2 * upper + (rng.random(design.n) < np.where(upper == 1, 0.4, 0.3))
    data = AuditInput(
        rubric=RUBRIC,
        item_ids=ids(design),
        judges={name: (ratings(rng, name, _slipped(rng, truth, design)),) for name in "ab"},
        labels={"human": LabelSet(kind="human", annotators={"h": named("h", truth)})},
        clusters=design.clusters,
    )
    context = make_context(data, options)
    against = list(_against(context, "a", context.references["human"]))
    alone = replace(context, data=replace(context.data, labels={}))
    found = [(_name(e, "labels"), e) for e in against if e.scale == "full"]
    found += [(_name(e, "two judges"), e) for e in pairs(alone) if e.scale == "full"]
    found += [(_name(e, "panel"), e) for e in panels(alone) if e.panel == "judges"]
    rare = rare_cases([*against, *without_reference(context)], len(RUBRIC.values))
    for name, e in found:
        if name in true and e.p_value is None:
            yield Shown(name, e, true[name], rare)


def _slipped(rng: np.random.Generator, truth: Ints, design: Design) -> Ints:
    step = np.where(rng.random(design.n) < 0.5, 1, -1)
    step = np.where(truth == 0, 1, np.where(truth == 3, -1, step))
    return np.asarray(truth + step * correlated(rng, SLIPS, design))


def _name(e: Estimate, whom: str) -> str:
    how = " ".join(x for x in (e.weights, e.level) if x is not None)
    return f"{e.measure}{f' ({how})' if how else ''}, 4 values, {whom}"
