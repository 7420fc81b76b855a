"""How often the intervals of corrected shares hold the true share: ``python tests/bench/bench_prevalence.py [data sets]``.

Simulated: 1,000 judged outputs, labels drawn at random from them; sensitivity .85, specificity .9; seed 0.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np

from judgeaudit.audit._context import Options, make_context
from judgeaudit.audit._prevalence import prevalence
from judgeaudit.model import Rubric
from judgeaudit.table import AuditInput, LabelSet, Ratings

MEASURES = ("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned")


def one(rng: np.random.Generator, share: float, labels: int, n: int = 1000) -> AuditInput:
    """One simulated audit."""
    truth = rng.random(n) < share
    said = np.where(truth, rng.random(n) < 0.85, rng.random(n) < 0.1)
    known = np.where(rng.permutation(n) < labels, truth, -1)
    people = {"h": Ratings(name="h", codes=known.astype(np.int32))}
    return AuditInput(
        rubric=Rubric(name="harm", values=("0", "1"), positive=("1",)),
        item_ids=[str(i) for i in range(n)],
        judges={"j": (Ratings(name="j", codes=said.astype(np.int32)),)},
        labels={"human": LabelSet(kind="human", annotators=people)},
    )


def covered(share: float, labels: int, sets: int) -> dict[str, tuple[float, int]]:
    """For each measure the share of intervals that hold the truth, and how many data sets had none."""
    rng = np.random.default_rng([0, round(share * 100), labels])
    held: dict[str, list[bool]] = {m: [] for m in MEASURES}
    for _ in range(sets):
        for e in prevalence(make_context(one(rng, share, labels), Options(verify=False))):
            if e.measure in held and e.low is not None and e.high is not None:
                held[e.measure].append(e.low <= share <= e.high)
    return {m: (float(np.mean(h)) if h else 0.0, sets - len(h)) for m, h in held.items()}


def main(sets: int) -> None:
    """Print the table."""
    print("share labels  " + "  ".join(f"{m:>28}" for m in MEASURES))
    for share, labels in product((0.1, 0.3), (30, 100, 300)):
        cells = covered(share, labels, sets)
        print(
            f"{share:5} {labels:6}  " + "  ".join(f"{c:.3f} ({none:4} without)".rjust(28) for c, none in cells.values())
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
