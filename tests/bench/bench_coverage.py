"""Coverage of the shown 95 % intervals, by simulation on the very functions that an audit uses.

    python tests/bench/bench_coverage.py [--sets 500] [--draws 400] [--seed 0]

Items come in clusters; truth and each judge's errors are correlated within a cluster (a beta-binomial with intra-cluster
correlation 0.3), 10 % of the verdicts are missing. A judge has sensitivity 0.85 and specificity 0.9. A cell is the share of
shown intervals that hold the true value, then the share of sets without an interval and the commonest reason for it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from judgeaudit.audit import Options
from judgeaudit.audit._differences import _against_coherent
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._judges import measures_on
from judgeaudit.audit._panels import _pseudo
from judgeaudit.audit._rows import Row
from judgeaudit.measures import krippendorff_alpha
from judgeaudit.model import Estimate
from judgeaudit.sums.patterns import Ints, pool, pool_rows

SENSITIVITY, SPECIFICITY, MISSING, CORRELATION, JUDGES = 0.85, 0.90, 0.10, 0.3, 3
SHOWN = (
    "accuracy", "false_positive_rate", "false_negative_rate", "cohen_kappa", "gwet_ac1", "mcc", "f1", "youden_j",
    "balanced_accuracy",
)  # fmt: skip
DIFFERENCE = "FPR difference"


def correlated(rng: np.random.Generator, rate: float, clusters: int, size: int) -> Ints:
    """(clusters * size,) 0 or 1 with mean `rate`, correlated within clusters where they hold more than one item."""
    strength = (1 - CORRELATION) / CORRELATION
    own = rng.beta(rate * strength, (1 - rate) * strength, clusters) if size > 1 else np.full(clusters, rate)
    return (rng.random(clusters * size) < np.repeat(own, size)).astype(np.int64)


def one_set(rng: np.random.Generator, n: int, prevalence: float, size: int) -> tuple[Ints, Ints, Ints]:
    """Truth (n,), verdicts (JUDGES, n) with -1 where missing, clusters (n,)."""
    count = max(1, n // size)
    truth = correlated(rng, prevalence, count, size)
    verdicts = []
    for _ in range(JUDGES):
        missed = correlated(rng, 1 - SENSITIVITY, count, size)
        alarm = correlated(rng, 1 - SPECIFICITY, count, size)
        verdict = np.where(truth == 1, 1 - missed, alarm)
        verdicts.append(np.where(rng.random(count * size) < MISSING, -1, verdict))
    return truth, np.stack(verdicts), np.repeat(np.arange(count), size)


def row(name: str, truth: Ints, verdict: Ints, clusters: Ints | None) -> Row:
    """The 2 x 2 table of one judge."""
    cells = np.where(verdict >= 0, verdict * 2 + truth, -1)
    return Row(
        key={"rubric": "r", "judge": "j", "scale": "binary", "reference": "human"}, name=name, shape=(2, 2),
        patterns=(pool(cells, 4, clusters=clusters),),
    )  # fmt: skip


def panel(name: str, verdicts: Ints, clusters: Ints | None) -> Row:
    """The sums of nominal alpha."""
    counts = np.stack([(verdicts == v).sum(axis=0) for v in (0, 1)], axis=1).astype(np.float64)
    units, own, often = np.unique(counts, axis=0, return_inverse=True, return_counts=True)
    features = krippendorff_alpha.features(units, "nominal", np.arange(2.0))
    rows = np.where(units.sum(axis=1) >= 2, np.arange(len(units)), -1)[own.reshape(-1)]
    return Row(
        key={"rubric": "r", "panel": "judges", "level": "nominal"}, name=name, shape=(features.shape[1],),
        patterns=(pool_rows(rows, features, clusters=clusters),),
        pseudo=_pseudo(often @ units, JUDGES, "nominal", np.arange(2.0)),
    )  # fmt: skip


def truths(prevalence: float) -> dict[str, float]:
    """The value that each measure estimates, from the joint chances."""
    joint = np.array(
        [
            [(1 - prevalence) * SPECIFICITY, prevalence * (1 - SENSITIVITY)],
            [(1 - prevalence) * (1 - SPECIFICITY), prevalence * SENSITIVITY],
        ]
    )
    found = {m.name: float(m.compute(joint)) for m in measures_on("confusion", "binary")}
    both = prevalence * (SENSITIVITY**2 + (1 - SENSITIVITY) ** 2)
    both += (1 - prevalence) * (SPECIFICITY**2 + (1 - SPECIFICITY) ** 2)
    share = float(joint[1].sum())
    return {**found, "krippendorff_alpha": 1 - (1 - both) / (2 * share * (1 - share)), DIFFERENCE: 0.0}


def differences(found: Sequence[Estimate], options: Options) -> Iterator[Estimate]:
    """FPR of each set minus the FPR of the next, as degenerate against coherent."""
    rates = [e for e in found if e.measure == "false_positive_rate"]
    context = type("OptionsOnly", (), {"options": options})()
    for here, there in zip(rates, rates[1:] + rates[:1], strict=True):
        book = {("m", "j", "human", "here"): here, ("m", "j", "human", "coherence=coherent"): there}
        e = _against_coherent(context, book, "m", "j", "human", "here")
        if e is not None:
            yield e


def cell(estimates: Sequence[Estimate], truth: float) -> str:
    """Coverage, and the share without an interval by its commonest reason."""
    shown = [e for e in estimates if e.low is not None and e.high is not None]
    held = sum(e.low - 1e-9 <= truth <= e.high + 1e-9 for e in shown if e.low is not None and e.high is not None)
    text = f"{held / len(shown):.3f}" if len(shown) >= 20 else "-"
    if len(shown) < len(estimates):
        why = Counter((e.reason or "").partition(":")[0] for e in estimates if e.low is None).most_common(1)[0][0]
        text += f" ({1 - len(shown) / len(estimates):.0%} {why})"
    return text


def column(n: int, prevalence: float, size: int, options: Options, sets: int) -> dict[str, str]:
    """One column of the table."""
    rng = np.random.default_rng([options.seed, n, int(prevalence * 100), size])
    rows, panels = [], []
    for i in range(sets):
        truth, verdicts, clusters = one_set(rng, n, prevalence, size)
        own = clusters if size > 1 else None
        rows.append(row(f"{n}|{prevalence}|{size}|{i}", truth, verdicts[0], own))
        panels.append(panel(f"panel|{n}|{prevalence}|{size}|{i}", verdicts, own))
    found = estimates_of(rows, measures_on("confusion", "binary"), options)
    alpha = estimates_of(panels, [krippendorff_alpha.for_level("nominal", np.arange(2.0))], options)
    by_name = {m: [e for e in found if e.measure == m] for m in SHOWN}
    by_name |= {"krippendorff_alpha": alpha, DIFFERENCE: list(differences(found, options))}
    true: dict[str, float] = truths(prevalence)
    return {m: cell(e, true[m]) for m, e in by_name.items()}


def main() -> None:
    """Simulate and print one table: measures down, designs across in rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=500)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    options = Options(draws=given.draws, seed=given.seed)
    for n, prevalence, size in product((30, 100, 1000), (0.03, 0.3), (1, 10)):
        found = column(n, prevalence, size, options, given.sets)
        print(f"n {n}, prevalence {prevalence}, clusters of {size}", flush=True)
        for measure, text in found.items():
            print(f"  {measure:<22} {text}", flush=True)


if __name__ == "__main__":
    main()
