"""Three people and a judge: the alternative annotator test and the human ceiling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.audit._alt_test import ADVANTAGE, alt_test
from judgeaudit.audit._ceiling import ceiling
from judgeaudit.audit._context import ANNOTATOR, make_context
from judgeaudit.audit._judges import OTHERS, _against, without_reference
from judgeaudit.findings.thin_evidence import rare_cases
from judgeaudit.table import AuditInput, LabelSet
from tests.bench.coverage._design import (
    RUBRIC,
    SENSITIVITY,
    SPECIFICITY,
    Design,
    Shown,
    correlated,
    ids,
    judged,
    ratings,
)

PEOPLE_SENSITIVITY, PEOPLE_SPECIFICITY = 0.9, 0.95
FIRST = "h1"


def people(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """The judge's chance to be no worse than a person, and judge and person against the other people."""
    truth = correlated(rng, design.prevalence, design)
    judge = ratings(rng, "a", judged(rng, truth, design, SENSITIVITY, SPECIFICITY))
    persons = {
        f"h{i}": ratings(rng, f"h{i}", judged(rng, truth, design, PEOPLE_SENSITIVITY, PEOPLE_SPECIFICITY))
        for i in (1, 2, 3)
    }
    data = AuditInput(
        rubric=RUBRIC,
        item_ids=ids(design),
        judges={"a": (judge,)},
        labels={"human": LabelSet(kind="human", annotators=persons)},
        clusters=design.clusters,
    )
    context = make_context(data, options)
    rare = rare_cases([*_against(context, "a", context.references["human"]), *without_reference(context)])
    for e in alt_test(context):
        if e.measure == ADVANTAGE.name:
            name = f"{e.measure}, " + ("all people" if e.other is None else "one person")
            if e.other in (None, f"{ANNOTATOR}{FIRST}"):
                yield Shown(name, e, true[name], rare)
    for e in ceiling(context):
        if e.reference_rule != f"{OTHERS}{FIRST}" or e.scale != "binary":
            continue
        name = f"{e.measure}, " + ("judge" if e.judge == "a" else "person") + " against the other people"
        yield Shown(name, e, true[name], rare)
