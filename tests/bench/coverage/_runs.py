"""Conclusions: a trained run against its base, anchored by capability in every draw, with raw and corrected rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.conclusions import Capability, Judge, Run, Settings, Study, conclude
from judgeaudit.conclusions._capability import Task
from judgeaudit.conclusions._multiverse import CHOICES, RAW
from judgeaudit.model import Estimate
from tests.bench.coverage._design import (
    MISSING,
    RUBRIC,
    SENSITIVITY,
    SPECIFICITY,
    Design,
    Shown,
    correlated,
    judged,
)

STEPS = (100, 200, 300)
HARM = (0.02, 0.10, 0.20)
"""How much more often than its base the trained run does harm at each checkpoint."""
CAPABLE = (0.2, 0.35, 0.5, 0.75)
TARGET = 0.6
"""Capability of the base and at each checkpoint; the last reaches the target."""
BASE, TUNED = "base", "tuned"


def runs(rng: np.random.Generator, design: Design, options: Options, true: Mapping[str, float]) -> Iterator[Shown]:
    """n outputs of each run and checkpoint, on n / size prompts; as many items of the capability task."""
    places = [(0, 0), *((1, step) for step in STEPS)]
    harm = [design.prevalence, *(design.prevalence + more for more in HARM)]
    truth = np.concatenate([correlated(rng, rate, design) for rate in harm])
    many = Design(design.n * len(places), design.prevalence, design.size)
    verdict = judged(rng, truth, many, SENSITIVITY, SPECIFICITY)
    verdict = np.where(rng.random(len(verdict)) < MISSING, -1, verdict)
    prompt = np.arange(design.n) // design.size
    study = Study(
        name="s",
        rubric=RUBRIC,
        runs=(Run(name=BASE), Run(name=TUNED, base=BASE, task="t", checkpoints=STEPS)),
        benchmarks=("b",),
        prompts=[str(i) for i in range(design.n // design.size)],
        run=np.repeat([r for r, _ in places], design.n),
        checkpoint=np.repeat([c for _, c in places], design.n),
        benchmark=np.zeros(len(truth), dtype=np.int64),
        prompt=np.tile(prompt, len(places)),
        judges=(Judge(name="a", verdicts=verdict.astype(np.int8)),),
        truth=truth.astype(np.int8),
        truth_kind="human",
    )
    names = [(BASE, 0), *((TUNED, step) for step in STEPS)]
    scores = {p: (rng.random(design.n) < c).astype(float) for p, c in zip(names, CAPABLE, strict=True)}
    task = Task(name="t", items=[str(i) for i in range(design.n)], scores=scores)
    settings = Settings(targets={"t": TARGET}, draws=options.draws, seed=options.seed)
    found = conclude(study, Capability(tasks={"t": task}, source={}), settings)
    (claim,) = found.conclusions
    for at, levels in enumerate(product(*(found.grid.levels[c] for c in CHOICES))):
        level = dict(zip(CHOICES, levels, strict=True))
        factor = SENSITIVITY + SPECIFICITY - 1 if level["rate"] == RAW else 1.0
        e = Estimate(
            measure="run_minus_base", rubric="r", value=claim.value[at], low=claim.low[at], high=claim.high[at],
            n=float(design.n), reason=claim.reasons[at],
        )  # fmt: skip
        yield Shown(
            f"run minus base, {level['anchoring']}, {level['rate']} rates", e, factor * MORE[level["anchoring"]]
        )
    if design.size == 1:
        last = task.interval((TUNED, STEPS[-1]), 0.95)
        e = Estimate(
            measure="capability", rubric="r", value=task.mean((TUNED, STEPS[-1])), low=last.low, high=last.high
        )
        yield Shown("capability score", e, CAPABLE[-1])


MORE = {
    "first checkpoint at target": HARM[2],
    "interpolated at target": HARM[1] + (HARM[2] - HARM[1]) * (TARGET - CAPABLE[2]) / (CAPABLE[3] - CAPABLE[2]),
    "last checkpoint": HARM[2],
    "fixed steps": HARM[0],
}
"""True difference of the shares of harm by anchoring; half of 300 steps is nearest to 100 and 200, of which 100 is taken."""
