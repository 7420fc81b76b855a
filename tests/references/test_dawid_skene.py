"""The latent class model against the table of its authors and against another implementation's figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import ConfigError
from judgeaudit.model import Rubric
from judgeaudit.references._em import fit
from judgeaudit.references.dawid_skene import resolve
from judgeaudit.table import LabelSet, Ratings

ORACLES = json.loads((Path(__file__).parent / "fixtures" / "dawid_skene_oracles.json").read_text(encoding="utf-8"))
ANAESTHETISTS = (
    "111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3|222 2 2 2 3|232 2 2 2 3|"
    "444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1|111 1 1 1 1|111 1 1 1 1|222 2 2 2 1|222 1 3 2 2|"
    "222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2|111 1 1 1 1|111 1 1 1 1|232 2 2 2 2|111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|"
    "111 1 1 1 1|333 3 2 3 3|111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3|221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1|"
    "111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2"
)
"""Fitness of 45 patients, 1 to 4, by five anaesthetists, the first of them three times (Dawid and Skene 1979, table 1)."""


def counted() -> np.ndarray:
    """(45, 5, 4) how often each anaesthetist gave each value."""
    tensor = np.zeros((45, 5, 4))
    for patient, line in enumerate(ANAESTHETISTS.split("|")):
        for person, values in enumerate(line.split()):
            for value in values:
                tensor[patient, person, int(value) - 1] += 1
    return tensor


def test_the_figures_of_the_authors() -> None:
    """Priors .40 .42 .11 .07, and the first anaesthetist's table of errors."""
    model = fit(counted(), np.ones(45))
    assert model.priors == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert model.errors[0, 0] == pytest.approx([0.89, 0.11, 0, 0], abs=0.005)
    assert model.errors[0, 1] == pytest.approx([0.07, 0.88, 0.05, 0], abs=0.005)


@pytest.mark.parametrize("one", ORACLES["sets"], ids=lambda one: str(one["name"]))
def test_another_implementation_gives_the_same(one: dict[str, Any]) -> None:
    """crowd-kit, run to convergence by the script beside the fixture."""
    rows, priors = one["rows"], one["priors"]
    tensor = np.zeros((len(rows), len(rows[0]), len(priors)))
    for i, k in np.ndindex(tensor.shape[:2]):
        if rows[i][k] != ".":
            tensor[i, k, int(rows[i][k]) - 1] = 1
    model = fit(tensor, np.ones(len(rows)), steps=5000, tolerance=1e-14)
    assert model.priors == pytest.approx(priors, abs=1e-9)
    assert model.errors == pytest.approx(np.array(one["errors"]), abs=1e-9)


def test_the_kept_figures_are_of_the_authors_table() -> None:
    """The fixture holds each anaesthetist's first value alone."""
    rows = ["".join(values[0] for values in line.split()) for line in ANAESTHETISTS.split("|")]
    assert ORACLES["sets"][0]["rows"] == rows


def test_patterns_with_counts_are_the_items_one_by_one() -> None:
    tensor = counted()
    distinct, counts = np.unique(tensor.reshape(45, -1), axis=0, return_counts=True)
    assert len(distinct) < 45
    one, many = fit(tensor, np.ones(45)), fit(distinct.reshape(-1, 5, 4), counts.astype(float))
    assert many.priors == pytest.approx(one.priors, abs=1e-9)
    assert many.errors == pytest.approx(one.errors, abs=1e-9)


def test_many_data_sets_at_once_are_each_alone_and_a_start_is_where_it_ends() -> None:
    tensor = counted()
    counts = np.random.default_rng(0).multinomial(45, np.full(45, 1 / 45), size=3).astype(float)
    together = fit(tensor, counts, tolerance=1e-12)
    for i in range(3):
        assert together.priors[i] == pytest.approx(fit(tensor, counts[i], tolerance=1e-12).priors, abs=1e-6)
    model = fit(tensor, np.ones(45), tolerance=1e-12)
    assert fit(tensor, np.ones(45), model).steps <= 2


def test_it_finds_who_is_reliable() -> None:
    """Simulated: 20,000 items, 30 % positive, judges of sensitivity .9 .8 .6 and specificity .95 .7 .9."""
    rng, n = np.random.default_rng(5), 20_000
    truth = rng.random(n) < 0.3
    rates = np.array([[0.9, 0.95], [0.8, 0.7], [0.6, 0.9]])
    said = np.stack([np.where(truth, rng.random(n) < se, rng.random(n) >= sp) for se, sp in rates], axis=1)
    model = fit(np.eye(2)[said.astype(int)], np.ones(n))
    assert model.priors[1] == pytest.approx(0.3, abs=0.03)
    assert model.errors[:, 1, 1] == pytest.approx(rates[:, 0], abs=0.04)
    assert model.errors[:, 0, 0] == pytest.approx(rates[:, 1], abs=0.04)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_raters_and_the_names_of_classes_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tensor = np.eye(2)[rng.integers(0, 2, size=(12, 4))]
    model = fit(tensor, np.ones(12), steps=20)
    turned = fit(tensor[:, ::-1, ::-1], np.ones(12), steps=20)
    assert turned.priors[::-1] == pytest.approx(model.priors, abs=1e-6)
    assert turned.posterior[:, ::-1] == pytest.approx(model.posterior, abs=1e-6)
    assert model.posterior.sum(axis=1) == pytest.approx(1)


def labels(**said: str) -> LabelSet:
    """One character an item; "." for no label."""
    people = {
        name: Ratings(name=name, codes=np.array([-1 if c == "." else int(c) for c in codes], dtype=np.int32))
        for name, codes in said.items()
    }
    return LabelSet(kind="human", annotators=people)


def test_a_reliable_annotator_outweighs_two_that_guess() -> None:
    truth = "0101010101" * 6
    guess = "0011001100" * 6
    said = labels(a=truth, b=truth, c=guess, d="".join("10"[int(c)] for c in guess), e=truth[:-1] + "0")
    codes = resolve(said, Rubric(name="r", values=("0", "1")), 60, "")
    assert codes[:-1].tolist() == [int(c) for c in truth[:-1]]


def test_items_without_a_label_have_none_and_votes_are_one_more_annotator() -> None:
    rubric = Rubric(name="r", values=("0", "1"))
    assert resolve(labels(a="01.", b="01.", c="01."), rubric, 3, "").tolist() == [0, 1, -1]
    votes = np.array([[3, 0], [0, 3], [0, 0]], dtype=np.int32)
    assert resolve(LabelSet(kind="human", votes=votes), rubric, 3, "").tolist() == [0, 1, -1]


def test_two_annotators_are_too_few() -> None:
    with pytest.raises(ConfigError, match="2 annotators"):
        resolve(labels(a="01", b="01"), Rubric(name="r", values=("0", "1")), 2, "")
