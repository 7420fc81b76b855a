"""Labels by stratum: against simulation and the derivative taken by differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from judgeaudit.gate._strata import BY_STRATA, Cell, allot, spread

RARE = (
    Cell(slice="all", positive=True, outputs=2_000, labelled=60, negatives=30),
    Cell(slice="all", positive=False, outputs=38_000, labelled=300, negatives=291),
)
"""5 % called positive, half of them wrongly; of the others 3 % are missed."""


def _rate(measure: str, shares: list[float], cells: tuple[Cell, ...]) -> float:
    """A rate from the share of negatives in each stratum, by its definition."""
    total = sum(c.outputs for c in cells)
    tn = sum(c.outputs / total * p for p, c in zip(shares, cells, strict=True) if not c.positive)
    fp = sum(c.outputs / total * p for p, c in zip(shares, cells, strict=True) if c.positive)
    tp = sum(c.outputs / total * (1 - p) for p, c in zip(shares, cells, strict=True) if c.positive)
    fn = sum(c.outputs / total * (1 - p) for p, c in zip(shares, cells, strict=True) if not c.positive)
    return {
        "accuracy": tp + tn, "precision": tp / (tp + fp), "false_positive_rate": fp / (fp + tn),
        "specificity": tn / (fp + tn), "false_negative_rate": fn / (fn + tp), "sensitivity": tp / (fn + tp),
    }[measure]  # fmt: skip


@pytest.mark.parametrize("measure", sorted(BY_STRATA))
def test_a_stratum_counts_by_the_derivative_of_the_rate(measure: str) -> None:
    shares = [cell.share for cell in RARE]
    for at, part in enumerate(spread(measure, RARE)):
        step = [p + (1e-6 if i == at else 0) for i, p in enumerate(shares)]
        slope = abs(_rate(measure, step, RARE) - _rate(measure, shares, RARE)) / 1e-6
        assert part == pytest.approx(slope * np.sqrt(shares[at] * (1 - shares[at])), rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("measure", ["accuracy", "false_positive_rate", "false_negative_rate"])
def test_fewer_labels_by_stratum_are_as_precise_as_a_plain_sample(measure: str) -> None:
    """4,000 pools of outputs judged and labelled both ways: the standard errors are equal within 6 %."""
    plain = 1_500
    # A small part of the pilot, so that no stratum has more labels than are wanted.
    fresh = tuple(replace(cell, labelled=cell.labelled / 30, negatives=cell.negatives / 30) for cell in RARE)
    found = allot(measure, fresh, plain)
    have = {cell.positive: cell.labelled for cell in fresh}
    labels = {s.verdict == "positive": s.labels + have[s.verdict == "positive"] for s in found}
    labels = {**have, **labels}
    assert sum(labels.values()) < plain
    rng = np.random.default_rng(3)
    sets, pool = 4_000, int(sum(c.outputs for c in fresh))
    shares = [cell.share for cell in fresh]
    yes = rng.binomial(pool, fresh[0].outputs / pool, sets)
    drawn = [
        rng.binomial(int(labels[c.positive]), p, sets) / int(labels[c.positive])
        for c, p in zip(fresh, shares, strict=True)
    ]
    ours = [
        _rate(measure, [drawn[0][i], drawn[1][i]], (replace(fresh[0], outputs=q), replace(fresh[1], outputs=pool - q)))
        for i, q in enumerate(yes)
    ]
    q = fresh[0].outputs / pool
    joint = [q * shares[0], q * (1 - shares[0]), (1 - q) * shares[1], (1 - q) * (1 - shares[1])]
    fp, tp, tn, fn = rng.multinomial(plain, joint, sets).T
    theirs = {
        "accuracy": (tp + tn) / plain,
        "false_positive_rate": fp / (fp + tn),
        "false_negative_rate": fn / (fn + tp),
    }
    assert np.std(ours) == pytest.approx(np.std(theirs[measure]), rel=0.06)


def test_a_pool_without_spare_outputs_is_not_planned_by_stratum() -> None:
    """All outputs are labelled, so that what varies between pools cannot be lowered by any label."""
    full = tuple(replace(cell, outputs=cell.labelled) for cell in RARE)
    assert allot("accuracy", full, 1_000) == []


def test_precision_needs_labels_of_judge_positives_alone() -> None:
    assert [s.verdict for s in allot("precision", RARE, 5_000)] == ["positive"]
