"""Differences between slices, raw and within models, and what moves verdicts beside the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.audit._bias import bias
from judgeaudit.audit._context import make_context
from judgeaudit.audit._differences import differences
from judgeaudit.audit._judges import _against
from judgeaudit.findings.thin_evidence import rare_cases
from judgeaudit.measures.order_flip_rate import SWAPPED
from judgeaudit.sums.patterns import Ints
from judgeaudit.table import AuditInput, Grouping, JudgeInfo, LabelSet, ModeColumns
from tests.bench.coverage._design import (
    FLIPS,
    RUBRIC,
    SENSITIVITY,
    SPECIFICITY,
    Design,
    Shown,
    correlated,
    ids,
    judged,
    named,
    ratings,
)

ON_DEGENERATE = 0.2
"""How much more often the judge errs on degenerate outputs, and calls its own family's outputs positive."""
MODELS = ("gpt-one", "llama-two")


def sliced(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Both error rates on degenerate less on coherent outputs, half of the outputs each, of two models."""
    truth = correlated(rng, design.prevalence, design)
    degenerate, model = (rng.random(design.n) < 0.5 for _ in range(2))
    worse = judged(rng, truth, design, SENSITIVITY - ON_DEGENERATE, SPECIFICITY - ON_DEGENERATE)
    verdict = np.where(degenerate, worse, judged(rng, truth, design, SENSITIVITY, SPECIFICITY))
    data = AuditInput(
        rubric=RUBRIC,
        item_ids=ids(design),
        models=_models(model),
        judges={"a": (ratings(rng, "a", verdict),)},
        labels={"human": LabelSet(kind="human", annotators={"h": named("h", truth)})},
        modes=ModeColumns(modes={}, coherence=degenerate.astype(np.int8)),
        clusters=design.clusters,
    )
    context = make_context(data, options)
    against = list(_against(context, "a", context.references["human"]))
    rare = rare_cases(e for e in against if e.slice == "all")
    for e in differences(context, against):
        if e.against is not None and e.slice == "coherence=degenerate":
            how = "within models" if "stratified" in e.against else "slice minus slice"
            yield Shown(f"{e.measure}, {how}", e, ON_DEGENERATE, rare)


def biased(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """Length that moves nothing, a family that does, and verdicts in the other order that flip on a tenth."""
    truth = correlated(rng, design.prevalence, design)
    own = rng.random(design.n) < 0.5
    foreign = judged(rng, truth, design, SENSITIVITY - ON_DEGENERATE, SPECIFICITY)
    kin = judged(rng, truth, design, SENSITIVITY, SPECIFICITY - ON_DEGENERATE)
    verdict = np.where(own, kin, foreign)
    swapped = np.where(correlated(rng, FLIPS, design) == 1, 1 - verdict, verdict)
    data = AuditInput(
        rubric=RUBRIC,
        item_ids=ids(design),
        responses=[f"{i} " + "x" * int(k) for i, k in enumerate(rng.integers(1, 60, design.n))],
        models=_models(~own),
        judges={"gpt": (ratings(rng, "gpt", verdict),), f"gpt{SWAPPED}": (ratings(rng, "gpt", swapped),)},
        judge_info={"gpt": JudgeInfo(model=MODELS[0])},
        labels={"human": LabelSet(kind="human", annotators={"h": named("h", truth)})},
        clusters=design.clusters,
    )
    context = make_context(data, options)
    rare = rare_cases(_against(context, "gpt", context.references["human"]))
    values = {"length_bias": 0.0, "self_family_preference": ON_DEGENERATE, "order_flip_rate": FLIPS}
    for e in bias(context):
        if e.judge == "gpt" and e.measure in values:
            yield Shown(e.measure, e, values[e.measure], rare)


def _models(second: Ints) -> Grouping:
    return Grouping(codes=second.astype(np.int32), names=MODELS)
