"""Rates, intervals and shares of variance, against hand arithmetic and simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.conclusions import Settings
from judgeaudit.conclusions._multiverse import CHOICES, Grid, percentile_interval
from judgeaudit.conclusions._rates import DROP, HARMFUL, SAFE, Sums
from judgeaudit.conclusions._verdict import complete_part, judged, variance_shares
from tests.conclusions import synthetic
from tests.conclusions.conftest import draw

GRID = Grid(
    levels={"judge": ("a", "b"), "benchmark": ("x", "y"), "gibberish": ("s",), "anchoring": ("l",), "rate": ("r",)}
)


def _sums(positive: float, negative: float, degenerate: float) -> Sums:
    one = [np.full((1, 1), x) for x in (positive, negative, degenerate)]
    n = np.array([int(positive + negative)])
    return Sums(
        positive=one[0], negative=one[1], degenerate=one[2], scored=n, gibberish=np.array([int(degenerate)]), prompts=24
    )


def test_handlings_of_gibberish() -> None:
    sums = _sums(3, 9, 8)
    rates = [float(sums.rate(h)[0, 0]) for h in (DROP, SAFE, HARMFUL)]
    assert rates == pytest.approx([3 / 12, 3 / 20, 11 / 20])
    assert np.isnan(_sums(0, 0, 8).rate(DROP)[0, 0])


def test_a_corrected_rate_is_rogan_and_gladens_and_leaves_gibberish_alone() -> None:
    # p = 0.4, specificity 0.7, sensitivity 0.9: (0.4 + 0.7 - 1) / 0.6 = 1/6 of 20 judged outputs; 5 are gibberish.
    sums = _sums(8, 12, 5)
    true = sums.true_share(np.array([[70.0, 10.0, 30.0, 90.0]]))
    got = [float(sums.corrected(h, true)[0, 0]) for h in (DROP, SAFE, HARMFUL)]
    assert got == pytest.approx([1 / 6, 20 / 6 / 25, (20 / 6 + 5) / 25])


def test_a_judge_no_better_than_chance_corrects_nothing(tmp_path: Path) -> None:
    outputs = synthetic.records()
    for number, record in enumerate(outputs):
        record["judge_verdicts"]["words/breach"] = "yes" if number % 2 else "no"
    found = draw(*synthetic.write(tmp_path, outputs))
    told = {c["judge"]: c["reason"] for c in found.correction}
    assert told == {"strict": None, "lenient": None, "words": "youden_j_touches_zero"}
    # A third of the judges, half of the rates: 36 of 216 universes.
    assert found.conclusions[0].verdict.not_computed["youden_j_touches_zero"] == 36


def test_intervals_of_paired_differences_cover() -> None:
    # 24 and 48 prompts with rates of 0.1 and 0.3, verdicts of both runs correlated by the prompt: 600 data sets a cell.
    rng = np.random.default_rng(5)
    for prompts in (24, 48):
        hits = 0
        for _ in range(600):
            hard = rng.random(prompts) < 0.3
            first = (rng.random(prompts) < np.where(hard, 0.5, 0.1 * 0.7 / 0.7)).astype(float)
            second = (rng.random(prompts) < np.where(hard, 0.2, 0.05)).astype(float)
            counts = rng.multinomial(prompts, np.full(prompts, 1 / prompts), size=300)
            low, high = percentile_interval((counts @ (first - second) / prompts)[:, None], prompts, 0.95)
            truth = 0.3 * (0.5 - 0.2) + 0.7 * (0.1 - 0.05)
            hits += bool(low[0] <= truth <= high[0])
        # 600 samples know a coverage of 0.95 to 0.018; the plain percentile interval of 24 clusters covers 0.93.
        assert hits / 600 > 0.925, (prompts, hits / 600)


def test_no_interval_where_more_than_a_twentieth_of_the_draws_is_undefined() -> None:
    draws = np.tile(np.linspace(0, 1, 100)[:, None], (1, 2))
    draws[:5, 0] = np.nan
    draws[:6, 1] = np.nan
    low, high = percentile_interval(draws, 40, 0.95)
    assert np.isnan([low[0], high[0]]).tolist() == [False, False]
    assert np.isnan([low[1], high[1]]).tolist() == [True, True]


def test_shares_of_variance_of_main_effects_and_an_interaction() -> None:
    # Judges differ by 2, benchmarks by 1, no interaction: variances 1 and 0.25 of 1.25.
    additive = np.array([[0.0, 1.0], [2.0, 3.0]]).reshape(2, 2, 1, 1, 1)
    shares = {s.choice: (s.alone, s.altogether) for s in variance_shares(additive, GRID).shares}
    assert shares == {"judge": pytest.approx((0.8, 0.8)), "benchmark": pytest.approx((0.2, 0.2))}
    # A pure interaction: nothing alone, everything altogether.
    crossed = np.array([[0.0, 1.0], [1.0, 0.0]]).reshape(2, 2, 1, 1, 1)
    shares = {s.choice: (s.alone, s.altogether) for s in variance_shares(crossed, GRID).shares}
    assert shares == {"judge": pytest.approx((0, 1)), "benchmark": pytest.approx((0, 1))}


@given(gaps=st.lists(st.booleans(), min_size=36, max_size=36))
@settings(max_examples=50, deadline=None)
def test_the_complete_part_has_no_gap(gaps: list[bool]) -> None:
    values = np.where(np.array(gaps), np.nan, 1.0).reshape(3, 3, 2, 2, 1)
    assert not np.isnan(values[np.ix_(*complete_part(values))]).any()


def test_the_part_with_gaps_is_told() -> None:
    values = np.array([[0.0, np.nan], [2.0, 3.0]]).reshape(2, 2, 1, 1, 1)
    found = variance_shares(values, GRID)
    assert found.universes == 2
    assert sum(len(found.levels[c]) == 1 for c in CHOICES[:2]) == 1


@given(above=st.integers(0, 20), below=st.integers(0, 20), rest=st.integers(0, 20))
@settings(max_examples=100, deadline=None)
def test_the_rule_knows_no_direction(above: int, below: int, rest: int) -> None:
    computed = above + below + rest
    assert judged(computed, above, below) == judged(computed, below, above)
    if above and below:
        assert judged(computed, above, below) == "fragile"
    elif computed and max(above, below) / computed >= 0.8:
        assert judged(computed, above, below) == "robust"


def test_a_judge_of_a_sample_counts_by_its_weights(tmp_path: Path) -> None:
    # The judge was asked about all unsafe and every second safe prompt of list-none at its last checkpoint, with weights 1 and 2:
    # 16 unsafe and 4 of 8 safe give 16 / (16 + 2 * 4) = 16 of 24, as a judge of all says.
    outputs = []
    for record in synthetic.records():
        number = int(record["meta"]["item"][1:])
        unsafe = record["human_labels"][0]["label"] == "yes"
        if unsafe or number % 2:
            record["judge_verdicts"]["sample/breach"] = "yes" if unsafe else "no"
            record["meta"]["weight"] = 1 if unsafe else 2
        outputs.append(record)
    found = draw(*synthetic.write(tmp_path, outputs), Settings(targets={"": 0.6}, draws=200))
    value = np.array(found.conclusions[0].value, dtype=np.float64).reshape(found.grid.shape)
    judges = found.grid.levels["judge"]
    assert value[judges.index("sample"), 0, 0, 2, 0] == pytest.approx(16 / 24 - 2 / 24)
