"""Agreement measures against published tables, statsmodels and irrCAC, and what must hold of them whatever the counts.

`fixtures/agreement_oracles.json` holds made-up tables with what statsmodels and irrCAC (versions within) give for them.
irrCAC rounds to 5 places.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from judgeaudit.measures import (
    bowker_symmetry,
    brennan_prediger,
    cochran_q,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    mcnemar,
    minimum_detectable_difference,
    scott_pi,
    stuart_maxwell,
)
from judgeaudit.measures._group import group_features
from judgeaudit.sums.patterns import Patterns, of_counts
from judgeaudit.sums.sign_flips import difference_exact, differences_together, totals_alike

ORACLES: dict[str, Any] = json.loads((Path(__file__).parent / "fixtures" / "agreement_oracles.json").read_text("utf-8"))
ROUNDED = 6e-6
PAIR = {
    "scott_pi": scott_pi.compute,
    "gwet_ac1": gwet_ac1.compute,
    "brennan_prediger": brennan_prediger.compute,
    "cohen_kappa": cohen_kappa.between,
    "gwet_ac2_linear": lambda t: gwet_ac2.weighted(t, "linear"),
    "gwet_ac2_quadratic": lambda t: gwet_ac2.weighted(t, "quadratic"),
    "kappa_linear": lambda t: cohen_kappa.weighted(t, "linear"),
    "kappa_quadratic": lambda t: cohen_kappa.weighted(t, "quadratic"),
}
square = st.integers(2, 4).flatmap(
    lambda v: st.lists(st.integers(0, 30), min_size=v * v, max_size=v * v).map(
        lambda c: np.array(c, dtype=float).reshape(v, v)
    )
)


def units_of(ratings: list[list[int | None]], values: int) -> np.ndarray:
    """(K, V) counts of the values 1..V in each row of ratings."""
    return np.array([[float(row.count(v)) for v in range(1, values + 1)] for row in ratings])


@pytest.mark.parametrize("row", ORACLES["tables"], ids=lambda r: f"{len(r['table'])} values")
def test_pairs_are_as_statsmodels_and_irrcac_give_them(row: dict[str, Any]) -> None:
    t = np.array(row["table"], dtype=float)
    for name, compute in PAIR.items():
        assert float(compute(t)) == pytest.approx(row[name], abs=ROUNDED), name
    assert float(bowker_symmetry.compute(t)) == pytest.approx(row["bowker"][0])
    if (
        row["stuart_maxwell"][0] is not None
    ):  # statsmodels cannot invert where a value's totals are free of disagreement
        assert float(stuart_maxwell.compute(t)) == pytest.approx(row["stuart_maxwell"][0])


@pytest.mark.parametrize("row", [r for r in ORACLES["tables"] if np.sum(r["table"]) >= 600])
def test_large_tables_have_the_p_of_the_chi_squared_law(row: dict[str, Any]) -> None:
    t = np.array(row["table"], dtype=float)
    cells = of_counts(t.reshape(-1))
    for name, module in (("bowker", bowker_symmetry), ("stuart_maxwell", stuart_maxwell)):
        own = module.differences(cells.sums.reshape(-1, *t.shape))
        found = differences_together(own, cells.multiplicity, np.random.default_rng(0))
        assert [found.statistic, found.p_value, found.freedom] == pytest.approx(row[name])


@pytest.mark.parametrize("row", ORACLES["panels"], ids=lambda r: f"{len(r['ratings'])} items")
def test_groups_are_as_irrcac_and_statsmodels_give_them(row: dict[str, Any]) -> None:
    units = units_of(row["ratings"], row["values"])
    plain = group_features(units).sum(axis=0)
    assert float(fleiss_kappa.MEASURE.compute(plain)) == pytest.approx(row["fleiss_kappa_identity"], abs=ROUNDED)
    assert float(brennan_prediger.OF_GROUP.compute(plain)) == pytest.approx(
        row["brennan_prediger_identity"], abs=ROUNDED
    )
    assert float(gwet_ac2.AC1_OF_GROUP.compute(plain)) == pytest.approx(row["gwet_identity"], abs=ROUNDED)
    if "statsmodels_fleiss" in row:
        assert float(fleiss_kappa.MEASURE.compute(plain)) == pytest.approx(row["statsmodels_fleiss"])
    for weighting, measure in gwet_ac2.OF_GROUP.items():
        sums = group_features(units, weighting).sum(axis=0)
        assert float(measure.compute(sums)) == pytest.approx(row[f"gwet_{weighting}"], abs=ROUNDED)


def test_krippendorffs_four_observers_and_twelve_units() -> None:
    units = units_of(ORACLES["panels"][0]["ratings"], 5)
    x = np.arange(1.0, 6.0)
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for level, value in published.items():
        sums = krippendorff_alpha.features(units, level, x).sum(axis=0)  # type: ignore[arg-type]
        assert float(krippendorff_alpha.for_level(level, x).compute(sums)) == pytest.approx(value, abs=5e-4)  # type: ignore[arg-type]
    assert float(gwet_ac2.AC1_OF_GROUP.compute(group_features(units).sum(axis=0))) == pytest.approx(0.775, abs=5e-4)


@pytest.mark.parametrize("row", ORACLES["cochran"], ids=lambda r: f"{len(r['rows'][0])} judges")
def test_cochrans_q_is_as_statsmodels_gives_it(row: dict[str, Any]) -> None:
    items = np.array([[float(c) for c in text] for text in row["rows"]])
    patterns, many = np.unique(items, axis=0, return_counts=True)
    found = totals_alike(patterns, many, np.random.default_rng(0))
    assert (found.statistic, found.p_value) == pytest.approx((row["statistic"], row["p"]))
    r = items.sum(axis=1)
    table = np.array([*items.sum(axis=0), (r * (1 - r / items.shape[1])).sum(), len(items)])
    assert float(cochran_q.compute(table)) == pytest.approx(row["statistic"])


@pytest.mark.parametrize("row", ORACLES["mcnemar"], ids=str)
def test_mcnemars_exact_p_is_as_statsmodels_gives_it(row: dict[str, Any]) -> None:
    assert difference_exact(np.array([1.0, -1.0]), np.array([row["b"], row["c"]])) == pytest.approx(row["p"])


@settings(max_examples=60, deadline=None)
@given(table=square)
def test_swapped_raters_agree_as_well(table: np.ndarray) -> None:
    for name, compute in PAIR.items():
        assert float(compute(table)) == pytest.approx(float(compute(table.T)), nan_ok=True), name
    assert float(bowker_symmetry.compute(table)) == pytest.approx(float(bowker_symmetry.compute(table.T)), nan_ok=True)
    assert float(stuart_maxwell.compute(table)) == pytest.approx(float(stuart_maxwell.compute(table.T)), nan_ok=True)
    if len(table) == 2:
        assert float(mcnemar.compute(table)) == pytest.approx(-float(mcnemar.compute(table.T)), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(table=square, seed=st.integers(0, 99))
def test_new_names_for_the_values_change_nothing_but_weights_mind_their_order(table: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(table))
    turned = table[np.ix_(order, order)]
    for name in ("scott_pi", "gwet_ac1", "brennan_prediger", "cohen_kappa"):
        assert float(PAIR[name](turned)) == pytest.approx(float(PAIR[name](table)), nan_ok=True), name
    for name in ("kappa_linear", "kappa_quadratic", "gwet_ac2_linear", "gwet_ac2_quadratic"):
        backwards = table[::-1, ::-1]
        assert float(PAIR[name](backwards)) == pytest.approx(float(PAIR[name](table)), nan_ok=True), name
    for module in (bowker_symmetry, stuart_maxwell):
        assert float(module.compute(turned)) == pytest.approx(float(module.compute(table)), nan_ok=True, abs=1e-9)


def test_weights_mind_the_order_of_the_values() -> None:
    """All disagreement between neighbours: with the first two values exchanged half of it is between far ones."""
    t = np.array([[20.0, 5, 0], [0, 20, 5], [0, 0, 20]])
    order = [1, 0, 2]
    assert float(cohen_kappa.weighted(t, "quadratic")) > float(
        cohen_kappa.weighted(t[np.ix_(order, order)], "quadratic")
    )


@settings(max_examples=40, deadline=None)
@given(table=square)
def test_scikit_learn_gives_the_same_weighted_kappas(table: np.ndarray) -> None:
    t = table + np.eye(len(table))
    down, across = (np.repeat(i.reshape(-1), t.reshape(-1).astype(int)) for i in np.indices(t.shape))
    for weighting in ("linear", "quadratic"):
        theirs = cohen_kappa_score(down, across, weights=weighting)
        assert float(cohen_kappa.weighted(t, weighting)) == pytest.approx(theirs)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(table=square)
def test_a_group_of_two_is_a_pair(table: np.ndarray) -> None:
    """With two ratings an item Fleiss' kappa is Scott's pi, and AC1, AC2 and Brennan-Prediger are those of the pair."""
    v = len(table)
    cells = [(np.eye(v)[i] + np.eye(v)[j], int(table[i, j])) for i in range(v) for j in range(v)]
    units = np.array([u for u, count in cells for _ in range(count)]).reshape(-1, v)
    sums = group_features(units).sum(axis=0)
    for group, pair in (
        (fleiss_kappa.MEASURE, scott_pi.compute),
        (gwet_ac2.AC1_OF_GROUP, gwet_ac1.compute),
        (brennan_prediger.OF_GROUP, brennan_prediger.compute),
    ):
        assert float(group.compute(sums)) == pytest.approx(float(pair(table)), nan_ok=True)
    quadratic = group_features(units, "quadratic").sum(axis=0)
    assert float(gwet_ac2.OF_GROUP["quadratic"].compute(quadratic)) == pytest.approx(
        float(gwet_ac2.weighted(table, "quadratic")), nan_ok=True
    )


@settings(max_examples=30, deadline=None)
@given(table=square, at=st.integers(1, 50))
def test_sums_of_parts_are_the_sum(table: np.ndarray, at: int) -> None:
    """However items are split in chunks, what the chunks add is what all add, in any order."""
    units = np.random.default_rng(at).multinomial(3, np.full(len(table), 1 / len(table)), size=60).astype(float)
    parts = group_features(units[at:], "linear").sum(axis=0) + group_features(units[:at], "linear").sum(axis=0)
    assert parts == pytest.approx(group_features(units, "linear").sum(axis=0))


def test_copies_in_one_cluster_are_one_piece_of_evidence() -> None:
    """8 clusters of 5 equal items all to one side: 2 of 2^8 ways are as far, not 2 of 2^40."""
    assert difference_exact(np.array([5.0]), np.array([8])) == pytest.approx(2 / 2**8)
    found = differences_together(np.array([[5.0]]), np.array([8]), np.random.default_rng(0))
    assert (found.p_value, found.method) == (2 / 2**8, "exact, by all changes of sign")
    rows = np.array([[5.0, 0.0, 0.0]])
    once = totals_alike(rows / 5, np.array([8]), np.random.default_rng(0))
    assert once.statistic == pytest.approx(totals_alike(rows, np.array([8]), np.random.default_rng(0)).statistic)


def test_unequal_clusters_by_hand() -> None:
    """Differences 2 and 1: sums 3, 1, -1, -3; observed 1 (2 - 1): all four ways are at least as far; 3: two of them."""
    assert difference_exact(np.array([2.0, -1.0]), np.array([1, 1])) == 1.0
    assert difference_exact(np.array([2.0, 1.0]), np.array([1, 1])) == pytest.approx(0.5)


def test_weighted_clusters_go_by_the_normal_law() -> None:
    """Sum 1.5 over sums of squares 100 * 0.25 + 103 * 0.2401 (0.5 and 0.49): no whole numbers to count ways with."""
    p = difference_exact(np.array([0.5, -0.49]), np.array([103, 102]))
    total, spread = 103 * 0.5 - 102 * 0.49, (103 * 0.25 + 102 * 0.49**2) ** 0.5
    from scipy.stats import norm

    assert p == pytest.approx(2 * norm.sf(total / spread))


def test_p_values_of_like_raters_are_spread_evenly() -> None:
    """Two raters that differ by chance alone, in clusters of 1 to 4: 5 % of p are at most .05, give or take (500 samples)."""
    rng = np.random.default_rng(5)
    small = {"difference": 0, "together": 0, "totals": 0}
    for _ in range(500):
        size = rng.integers(1, 5, 40)[:, None]
        votes = rng.random((40, 3)) < 0.5
        sums = size * votes
        many = np.ones(40, dtype=np.int64)
        small["difference"] += difference_exact((sums[:, 0] - sums[:, 1]).astype(float), many) <= 0.05
        both = (sums[:, [0, 1]] - sums[:, [1, 2]]).astype(float)
        small["together"] += differences_together(both[:, :1], many, rng).p_value <= 0.05
        small["totals"] += totals_alike(sums.astype(float), many, rng).p_value <= 0.05
    # A level of .05 in 500 samples: 25, standard deviation 4.9; exact tests may reject less often, never more.
    assert all(8 <= count <= 40 for count in small.values()), small


def test_the_minimum_detectable_difference_is_found_four_times_in_five() -> None:
    """400 items, discordant 14 % and 6 %: SE sqrt(.2 - .0064) / 20 = .0220; at that difference a test has a power of 80 %."""
    table = np.zeros((2, 2, 2))
    table[1, 0, 1], table[0, 1, 1], table[1, 1, 1] = 56, 24, 320
    patterns = of_counts(table.reshape(-1).astype(np.int64))
    value = minimum_detectable_difference.of_patterns(patterns)
    assert value == pytest.approx(2.80158 * (0.2 - 0.0064) ** 0.5 / (399**0.5), rel=1e-4)
    assert float(minimum_detectable_difference.compute(table)) == pytest.approx(value, rel=1e-6)
    rng = np.random.default_rng(3)
    psi = 0.2
    b = rng.multinomial(400, [(psi + value) / 2, (psi - value) / 2, 1 - psi], size=4000)
    d = (b[:, 0] - b[:, 1]) / 400
    error = np.sqrt(((b[:, 0] + b[:, 1]) / 400 - d**2) / 399)
    assert (d / error > 1.96).mean() == pytest.approx(0.8, abs=0.03)


def test_clusters_widen_the_minimum_detectable_difference() -> None:
    table = np.zeros((2, 2, 2))
    table[1, 0, 1], table[0, 1, 1], table[1, 1, 1] = 56, 24, 320
    alone = of_counts(table.reshape(-1).astype(np.int64))
    fours = Patterns(alone.sums * 4, alone.multiplicity // 4)
    ratio = minimum_detectable_difference.of_patterns(fours) / minimum_detectable_difference.of_patterns(alone)
    assert ratio == pytest.approx(2.0, abs=0.02)  # copies of four: a quarter of the evidence, twice the error
