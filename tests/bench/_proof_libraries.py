"""Point values beside those of other libraries on random tables: computed here, or kept where it cannot be installed here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
from sklearn import metrics
from statsmodels.stats import contingency_tables, inter_rater, multitest, proportion

from judgeaudit.measures import (
    accuracy,
    auroc,
    balanced_accuracy,
    bowker_symmetry,
    brennan_prediger,
    brier,
    cochran_q,
    cohen_kappa,
    f1,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    mcc,
    precision,
    scott_pi,
    sensitivity,
    stuart_maxwell,
)
from judgeaudit.measures._group import group_features
from judgeaudit.model import LEVELS
from judgeaudit.references._em import fit
from judgeaudit.sums.exact_tests import benjamini_yekutieli, holm, mcnemar_exact
from judgeaudit.sums.intervals import clopper_pearson, wilson
from judgeaudit.table import Floats
from tests.bench._proof import Point

TESTS = Path(__file__).parents[1]
AGREEMENT = TESTS / "measures" / "fixtures" / "agreement_oracles.json"
LATENT = TESTS / "references" / "fixtures" / "dawid_skene_oracles.json"
SEED = 20
Z = 1.959963984540054
Pairs = Iterator[tuple[float, float]]


def points() -> Iterator[Point]:
    """All of them; each from its own seed, so that one more moves no other."""
    here = {name: f"{name} {version(name)}" for name in ("krippendorff", "scikit-learn", "statsmodels")}
    yield from (_alpha(level, here["krippendorff"]) for level in LEVELS)
    yield _point(
        "50 binary tables: accuracy, balanced accuracy, precision, recall, F1, MCC", here["scikit-learn"], _rates
    )
    yield _point("50 tables of 2 to 5 values: kappa, linear and quadratic kappa", here["scikit-learn"], _kappas)
    yield _point("50 sets of scores with ties: AUROC, Brier", here["scikit-learn"], _scores)
    yield _point("50 panels of 2 to 6 raters: Fleiss' kappa", here["statsmodels"], _fleiss)
    yield _point("50 tables of 3 to 5 values: Bowker, Stuart-Maxwell", here["statsmodels"], _symmetry)
    yield _point("50 panels of 3 to 6 judges: Cochran's Q", here["statsmodels"], _cochran)
    yield _point("50 pairs of counts: p of McNemar's exact test", here["statsmodels"], _mcnemar)
    yield _point("50 counts: Wilson and Clopper-Pearson intervals", here["statsmodels"], _intervals)
    yield _point("50 families of 2 to 9: p adjusted by Holm and by Benjamini-Yekutieli", here["statsmodels"], _families)
    yield from _irrcac()
    yield from _crowdkit()


def _point(name: str, source: str, made: Callable[[np.random.Generator], Pairs]) -> Point:
    pairs = list(made(np.random.default_rng([SEED, *name.encode()])))
    return Point(name=name, source=source, published=[theirs for theirs, _ in pairs], ours=[ours for _, ours in pairs])


def _alpha(level: Any, source: str) -> Point:
    def made(rng: np.random.Generator) -> Pairs:
        found = 0
        while found < 50:
            values = int(rng.integers(2, 6))
            codes = rng.integers(0, values, size=(int(rng.integers(5, 40)), int(rng.integers(2, 6))))
            there = rng.random(codes.shape) < 0.8
            counts = np.stack([((codes == v) & there).sum(axis=1) for v in range(values)], axis=1)
            pairable = counts[counts.sum(axis=1) >= 2]
            if (pairable.sum(axis=0) > 0).sum() < 2:
                continue  # one value only: alpha is undefined
            x = np.sort(rng.choice(np.arange(1, 50), size=values, replace=False)).astype(float)
            theirs = krippendorff.alpha(value_counts=counts, value_domain=x, level_of_measurement=level)
            sums = krippendorff_alpha.features(counts.astype(float), level, x).sum(axis=0)
            yield float(theirs), float(krippendorff_alpha.for_level(level, x).compute(sums))
            found += 1

    return _point(f"50 panels with missing values: {level} alpha", source, made)


def _square(rng: np.random.Generator, least: int, most: int) -> Floats:
    """Counts that agree more often than not, every value used."""
    v = int(rng.integers(least, most + 1))
    return np.asarray(rng.integers(0, 20, size=(v, v)) + np.diag(rng.integers(5, 60, size=v)) + 1, dtype=np.float64)


def _raters(t: Floats) -> tuple[Any, Any]:
    down, across = (np.repeat(i.reshape(-1), t.reshape(-1).astype(int)) for i in np.indices(t.shape))
    return down, across


def _rates(rng: np.random.Generator) -> Pairs:
    theirs: Sequence[Callable[..., Any]] = (
        metrics.accuracy_score, metrics.balanced_accuracy_score, metrics.precision_score, metrics.recall_score,
        metrics.f1_score, metrics.matthews_corrcoef,
    )  # fmt: skip
    ours = (accuracy, balanced_accuracy, precision, sensitivity, f1, mcc)
    for _ in range(50):
        t = _square(rng, 2, 2)
        said, truth = _raters(t)
        for their, own in zip(theirs, ours, strict=True):
            yield float(their(truth, said)), float(own.MEASURE.compute(t))


def _kappas(rng: np.random.Generator) -> Pairs:
    for _ in range(50):
        t = _square(rng, 2, 5)
        first, second = _raters(t)
        yield float(metrics.cohen_kappa_score(first, second)), float(cohen_kappa.between(t))
        for w in ("linear", "quadratic"):
            theirs = metrics.cohen_kappa_score(first, second, weights=w)
            yield float(theirs), float(cohen_kappa.weighted(t, w))  # type: ignore[arg-type]


def _scores(rng: np.random.Generator) -> Pairs:
    for _ in range(50):
        n = int(rng.integers(20, 300))
        truth = np.concatenate([[0.0, 1.0], (rng.random(n) < 0.3).astype(float)])
        scores = np.round(np.clip(truth * 0.3 + rng.random(n + 2) * 0.7, 0, 1), 2)
        yield float(metrics.roc_auc_score(truth, scores)), auroc.exact(scores, truth)
        sums = np.array([n + 2.0, truth.sum(), float(((scores - truth) ** 2).sum())])
        yield float(metrics.brier_score_loss(truth, scores)), float(brier.compute(sums))


def _fleiss(rng: np.random.Generator) -> Pairs:
    for _ in range(50):
        v, raters = int(rng.integers(2, 5)), int(rng.integers(2, 7))
        units = rng.multinomial(raters, rng.dirichlet(np.ones(v)), size=40).astype(float)
        units[0], units[1] = np.eye(v)[0] * raters, np.eye(v)[1] * raters
        yield (
            float(inter_rater.fleiss_kappa(units)),
            float(fleiss_kappa.MEASURE.compute(group_features(units).sum(axis=0))),
        )


def _symmetry(rng: np.random.Generator) -> Pairs:
    for _ in range(50):
        t = _square(rng, 3, 5)
        square = contingency_tables.SquareTable(t, shift_zeros=False)
        yield float(square.symmetry().statistic), float(bowker_symmetry.compute(t))
        yield float(square.homogeneity().statistic), float(stuart_maxwell.compute(t))


def _cochran(rng: np.random.Generator) -> Pairs:
    for _ in range(50):
        k = int(rng.integers(3, 7))
        x = (rng.random((60, k)) < rng.uniform(0.2, 0.8, size=k)).astype(int)
        r = x.sum(axis=1)
        own = cochran_q.compute(np.array([*x.sum(axis=0), (r * (1 - r / k)).sum(), 60], dtype=float))
        yield float(contingency_tables.cochrans_q(x).statistic), float(own)


def _mcnemar(rng: np.random.Generator) -> Pairs:
    for b, c in rng.integers(0, 40, size=(50, 2)):
        theirs = contingency_tables.mcnemar([[0, int(b)], [int(c), 0]], exact=True).pvalue
        yield float(theirs), mcnemar_exact(int(b), int(c))


def _intervals(rng: np.random.Generator) -> Pairs:
    for n in rng.integers(1, 400, size=50):
        k = int(rng.integers(0, n + 1))
        for method, own in (("wilson", wilson(k, int(n), Z)), ("beta", clopper_pearson(k, int(n), 0.025))):
            theirs = proportion.proportion_confint(k, int(n), method=method)
            yield from zip(map(float, theirs), own, strict=True)


def _families(rng: np.random.Generator) -> Pairs:
    for size in rng.integers(2, 10, size=50):
        p = rng.random(int(size)) ** 3
        for method, own in (("holm", holm), ("fdr_by", benjamini_yekutieli)):
            theirs = multitest.multipletests(p, method=method)[1]
            yield from zip(map(float, theirs), own(p.tolist()), strict=True)


def _irrcac() -> Iterator[Point]:
    kept = json.loads(AGREEMENT.read_text(encoding="utf-8"))
    source = f"irrCAC {kept['versions']['irrCAC']}, kept; it rounds to 5 places"
    computed: dict[str, Callable[[Floats], Floats]] = {
        "cohen_kappa": cohen_kappa.between,
        "scott_pi": scott_pi.compute,
        "gwet_ac1": gwet_ac1.compute,
        "brennan_prediger": brennan_prediger.compute,
        "gwet_ac2_linear": lambda t: gwet_ac2.weighted(t, "linear"),
        "gwet_ac2_quadratic": lambda t: gwet_ac2.weighted(t, "quadratic"),
    }
    tables = [(row, np.array(row["table"], dtype=float)) for row in kept["tables"]]
    pairs = [(f"{row[name]:.5f}", float(own(t))) for row, t in tables for name, own in computed.items()]
    yield Point(
        name=f"{len(tables)} tables of 2 to 5 values: kappa, Scott's pi, AC1, Brennan-Prediger, linear and quadratic AC2",
        source=source,
        published=[theirs for theirs, _ in pairs],
        ours=[ours for _, ours in pairs],
    )
    pairs = list(_panels(kept["panels"]))
    yield Point(
        name=f"{len(kept['panels'])} panels, some with missing values: Fleiss' kappa, AC1, Brennan-Prediger, weighted AC2",
        source=source,
        published=[theirs for theirs, _ in pairs],
        ours=[ours for _, ours in pairs],
    )


def _panels(kept: Sequence[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    plain = {
        "fleiss_kappa_identity": fleiss_kappa.MEASURE,
        "brennan_prediger_identity": brennan_prediger.OF_GROUP,
        "gwet_identity": gwet_ac2.AC1_OF_GROUP,
    }
    for row in kept:
        units = np.array([[float(r.count(v)) for v in range(1, row["values"] + 1)] for r in row["ratings"]])
        for name, measure in plain.items():
            yield f"{row[name]:.5f}", float(measure.compute(group_features(units).sum(axis=0)))
        for weighting, measure in gwet_ac2.OF_GROUP.items():
            sums = group_features(units, weighting).sum(axis=0)
            yield f"{row[f'gwet_{weighting}']:.5f}", float(measure.compute(sums))


def latent_tensor(rows: Sequence[str], values: int) -> Floats:
    """(items, raters, values) from one character a rater and item, "." where there is none."""
    tensor = np.zeros((len(rows), len(rows[0]), values))
    for i, row in enumerate(rows):
        for k, c in enumerate(row):
            if c != ".":
                tensor[i, k, int(c) - 1] = 1
    return tensor


def _crowdkit() -> Iterator[Point]:
    kept = json.loads(LATENT.read_text(encoding="utf-8"))
    for one in kept["sets"]:
        tensor = latent_tensor(one["rows"], len(one["priors"]))
        model = fit(tensor, np.ones(len(tensor)), steps=20_000, tolerance=1e-15)
        yield Point(
            name=f"{one['name']}: Dawid-Skene's priors and tables of errors",
            source=f"crowd-kit {kept['versions']['crowd-kit']}, kept",
            published=[*one["priors"], *np.array(one["errors"]).reshape(-1).tolist()],
            ours=[*model.priors.tolist(), *model.errors.reshape(-1).tolist()],
        )
