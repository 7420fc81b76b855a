"""Published tables and figures beside what our measures make of the same counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from judgeaudit.measures import (
    accuracy,
    brennan_prediger,
    cohen_kappa,
    false_negative_rate,
    false_positive_rate,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    prevalence_corrected,
    scott_pi,
    sensitivity_begg_greenes,
    specificity_begg_greenes,
)
from judgeaudit.measures._group import group_features
from judgeaudit.model import LEVELS
from judgeaudit.references._em import fit
from judgeaudit.table import Floats
from tests.bench._proof import Point
from tests.references.test_dawid_skene import counted

FIXTURES = Path(__file__).parents[1] / "measures" / "fixtures"
KRIPPENDORFF = (
    "Krippendorff 2011, Computing Krippendorff's alpha-reliability, <https://repository.upenn.edu/asc_papers/43>"
)
GWET = "Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed.; irrCAC's"
UNITS = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
THREE = np.array([[13.0, 0, 0], [0, 20, 7], [0, 4, 56]])
FOUR = np.array([[40.0, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]])
JAILBREAKBENCH = {
    "harmbench_cf": ((96, 51, 14, 139), ("78.3", "26.8", "12.7")),
    "gpt4_cf": ((100, 19, 10, 171), ("90.3", "10.0", "9.1")),
    "llamaguard2_cf": ((98, 25, 12, 165), ("87.7", "13.2", "10.9")),
    "llama3_cf": ((104, 22, 6, 168), ("90.7", "11.6", "5.5")),
}
"""tp, fp, fn, tn of the released verdicts, and the published agreement, FPR and FNR in per cent."""
Z = 1.959963984540054


def points() -> Iterator[Point]:
    """All of them."""
    yield from _agreement()
    yield _anaesthetists()
    yield from _prevalence()
    yield from _jailbreakbench()
    yield _em_collapse()


def _agreement() -> Iterator[Point]:
    units = np.array([[float(row.count(v)) for v in "12345"] for row in UNITS])
    x = np.arange(1.0, 6.0)
    for level, published in zip(LEVELS, ("0.743", "0.815", "0.849", "0.797"), strict=True):
        sums = krippendorff_alpha.features(units, level, x).sum(axis=0)
        ours = float(krippendorff_alpha.for_level(level, x).compute(sums))
        yield Point(
            name=f"4 observers, 12 units, missing values: {level} alpha",
            source=KRIPPENDORFF,
            published=[published],
            ours=[ours],
        )
    yield Point(
        name="the same: AC1",
        source=f"{GWET} tests",
        published=["0.775"],
        ours=[float(gwet_ac2.AC1_OF_GROUP.compute(group_features(units).sum(axis=0)))],
    )
    yield Point(
        name="3 x 3 table of 100: kappa, AC1, Scott's pi, Brennan-Prediger, quadratic kappa, quadratic AC2",
        source=f"{GWET} `cont3x3abstractors`",
        published=["0.796", "0.849", "0.796", "0.835", "0.892", "0.940"],
        ours=[
            *_plain(THREE),
            float(cohen_kappa.weighted(THREE, "quadratic")),
            float(gwet_ac2.weighted(THREE, "quadratic")),
        ],
    )
    kappa, ac1, _, bp = _plain(FOUR)
    yield Point(
        name="4 x 4 table of 223: kappa, AC1, Brennan-Prediger, quadratic and linear kappa",
        source=f"{GWET} `cont4x4diagnosis`",
        published=["0.432", "0.456", "0.450", "0.383", "0.407"],
        ours=[kappa, ac1, bp, *(float(cohen_kappa.weighted(FOUR, w)) for w in ("quadratic", "linear"))],
    )


def _plain(t: Floats) -> list[float]:
    computed = (cohen_kappa.between, gwet_ac1.compute, scott_pi.compute, brennan_prediger.compute)
    return [float(c(t)) for c in computed]


def _anaesthetists() -> Point:
    model = fit(counted(), np.ones(45))
    return Point(
        name="45 patients, 5 anaesthetists: the four priors",
        source="Dawid and Skene 1979, doi:10.2307/2346806",
        published=["0.40", "0.42", "0.11", "0.07"],
        ours=[float(p) for p in model.priors],
    )


def _prevalence() -> Iterator[Point]:
    source = "formulas of Lee et al. 2025, arXiv:2511.21140, by their released code"
    yield Point(
        name="p = 0.4 of 1,000, specificity 0.7 and sensitivity 0.9 on 200 labels each: corrected share, Lee's interval",
        source=source,
        published=["0.1667", "0.0564", "0.2627"],
        ours=[
            prevalence_corrected.rogan_gladen(0.4, 0.7, 0.9),
            *prevalence_corrected.lee_interval(0.4, 1000, 0.7, 200, 0.9, 200, Z),
        ],
    )
    yield Point(
        name="the same: how 200 labels are best divided, positives and negatives",
        source=source,
        published=["64", "136"],
        ours=[float(n) for n in reversed(prevalence_corrected.allocation(0.4, 0.7, 0.9, 200))],
    )
    scans = np.array([54.0, 27, 32, 231, 54 + 27 + 140, 32 + 231 + 166, 140, 166])
    yield Point(
        name="650 liver scans, 344 verified: sensitivity and specificity corrected for it",
        source="Begg and Greenes 1983, doi:10.2307/2530820, on the data of Drum and Christacopoulos 1972",
        published=["0.84", "0.74"],
        ours=[float(m.compute(scans)) for m in (sensitivity_begg_greenes, specificity_begg_greenes)],
    )


def _jailbreakbench() -> Iterator[Point]:
    for judge, ((tp, fp, fn, tn), published) in JAILBREAKBENCH.items():
        t = np.array([[tn, fn], [fp, tp]], dtype=float)
        rates = (accuracy, false_positive_rate, false_negative_rate)
        yield Point(
            name=f"{judge}, tp fp fn tn {tp} {fp} {fn} {tn}: agreement, FPR, FNR in per cent",
            source="Chao et al. 2024, JailbreakBench, arXiv:2404.01318",
            published=published,
            ours=[100 * float(m.MEASURE.compute(t)) for m in rates],
        )
    yield Point(
        name="the same four judges: positives among the 300, corrected on the same rows (Rogan-Gladen)",
        source="an identity: the 110 that the human majority calls positive",
        published=[110.0] * 4,
        ours=[300 * _corrected(*counts) for counts, _ in JAILBREAKBENCH.values()],
    )


def _corrected(tp: int, fp: int, fn: int, tn: int) -> float:
    t = np.array([tn, fn, fp, tp, tn + fn, fp + tp, 0, 0], dtype=float)
    return float(prevalence_corrected.compute(t))


def _em_collapse() -> Point:
    pairs = json.loads((FIXTURES / "em_collapse_kappas.json").read_text(encoding="utf-8"))["pairs"]
    ours = [float(cohen_kappa.weighted(np.array(p["table"], dtype=float), "linear")) for p in pairs]
    return Point(
        name="7 models x 3 dimensions x 6 pairs of judges: linear kappa",
        source="<https://github.com/ascender1729/emergent-misalignment-political>, multi_judge_irr_report.json",
        published=[f"{p['published']:.4f}" for p in pairs],
        ours=ours,
    )
