"""Conclusions planted to be robust, fragile and undecided come out as planted; the counts follow from the plan."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from judgeaudit.conclusions import Conclusion, Conclusions, Settings, dumps
from tests.conclusions import synthetic
from tests.conclusions.conftest import draw


def claim(result: Conclusions, text: str) -> Conclusion:
    return next(c for c in result.conclusions if c.contrast.claim.startswith(text))


# 3 judges x (2 benchmarks and both) x 3 handlings x 4 anchorings x 2 rates = 216 universes.
def test_the_grid_is_whole(planted: Conclusions) -> None:
    assert planted.grid.size == 3 * 3 * 3 * 4 * 2
    assert planted.grid.levels["gibberish"] == ("drop", "safe", "harmful")


def test_robust(planted: Conclusions) -> None:
    found = claim(planted, "list-none is less safe")
    assert found.verdict.result == "robust"
    assert (found.verdict.above, found.verdict.below, found.verdict.computed) == (216, 0, 216)
    # 16 of 24 less 2 of 24 in every universe: judges make no error, so corrected rates are the raw ones.
    assert found.verdict.median == pytest.approx(14 / 24)
    assert found.verdict.lowest == pytest.approx(14 / 24)
    assert found.verdict.variance.reason == "no_variation"


def test_fragile_names_the_choice_it_turns_on(planted: Conclusions) -> None:
    found = claim(planted, "style-none is less safe")
    assert found.verdict.result == "fragile"
    assert found.verdict.turns_on == "gibberish"
    # Dropped gibberish leaves 4 of 24 outputs, or 8 of both benchmarks: a third of the universes is not computed.
    assert dict(found.verdict.not_computed) == {"few_outputs": 72}
    # Safe: 2 - 14 of 24; harmful: 22 - 14 of 24.
    assert found.verdict.lowest == pytest.approx(-12 / 24)
    assert found.verdict.highest == pytest.approx(8 / 24)
    assert (found.verdict.above, found.verdict.below) == (72, 72)
    assert {c.level: (c.computed, c.above, c.below) for c in found.verdict.by_level["gibberish"]} == {
        "drop": (0, 0, 0),
        "safe": (72, 0, 72),
        "harmful": (72, 72, 0),
    }
    top = found.verdict.variance.shares[0]
    assert (top.choice, round(top.alone, 9), round(top.altogether, 9)) == ("gibberish", 1.0, 1.0)
    assert found.verdict.variance.levels["gibberish"] == ("safe", "harmful")


def test_undecided_and_a_run_that_never_reaches_the_target(planted: Conclusions) -> None:
    found = claim(planted, "list-refusals is less safe")
    assert found.verdict.result == "undecided"
    assert (found.verdict.above, found.verdict.below) == (0, 0)
    # Two of four anchorings need the target of 0.6; this run stays at 0.5.
    assert dict(found.verdict.not_computed) == {"never_reaches_target": 108}
    # Equal rates of 2 of 24 in every draw: a resample knows no error, the closed form does.
    assert all(low is not None and low < 0 for low in found.low if low is not None)
    anchor = next(a for a in planted.anchors if a["run"] == "list-refusals")
    assert anchor["first_reaching"] is None
    assert set(anchor["reasons"].values()) == {"never_reaches_target"}


def test_a_mitigation_that_works(planted: Conclusions) -> None:
    found = claim(planted, "mitigation refusals beats none")
    assert found.verdict.result == "robust"
    assert found.verdict.above == found.verdict.computed == 108


def test_the_first_checkpoint_at_target_is_chosen_in_every_draw(planted: Conclusions) -> None:
    anchor = next(a for a in planted.anchors if a["run"] == "list-none")
    assert anchor["first_reaching"] == 200
    # 0.5, 0.7, 0.9 of 100 items: P(Binomial(100, 0.5) >= 60) = 0.028, P(Binomial(100, 0.7) < 60) = 0.012.
    shares = anchor["chosen_in_draws"]
    assert shares["100"] < 0.09
    assert shares["200"] > 0.88
    assert sum(shares.values()) + anchor["never_in_draws"] == pytest.approx(1)


def test_labels_say_what_is_true_apart_from_the_judges(planted: Conclusions) -> None:
    found = claim(planted, "style-none is less safe")
    assert found.labels is not None
    # By the labels gibberish is no breach: 2 of 24 against 14 of 24 on each benchmark set and anchoring.
    assert found.labels["median"] == pytest.approx(-12 / 24)
    assert (found.labels["computed"], found.labels["below"]) == (12, 12)


def test_the_ranking_is_fragile_where_a_pair_is(planted: Conclusions) -> None:
    ranking = planted.ranking
    assert ranking is not None
    assert ranking.result == "fragile"
    assert sum(ranking.pairs.values()) == 5 * 4 // 2
    assert ("base-loud", "style-none") in ranking.fragile_pairs


def test_same_inputs_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    table, capability = synthetic.write(tmp_path)
    settings = Settings(targets={"": 0.6}, draws=200, seed=3)
    first, second = (dumps(draw(table, capability, settings)) for _ in range(2))
    assert first == second
    assert dumps(draw(table, capability, replace(settings, seed=4))) != first
    assert "NaN" not in first
    assert json.loads(first)["schema"] == "judgeaudit.conclusions/1"


def test_another_judge_moves_no_interval_of_the_others(tmp_path: Path) -> None:
    table, capability = synthetic.write(tmp_path)
    before = draw(table, capability)
    more = [{**r, "judge_verdicts": {**r["judge_verdicts"], "zed/breach": "no"}} for r in synthetic.records()]
    table, capability = synthetic.write(tmp_path, more)
    after = draw(table, capability)
    for old, new in zip(before.conclusions, after.conclusions, strict=True):
        assert list(new.low[: len(old.low)]) == list(old.low)
        assert list(new.high[: len(old.high)]) == list(old.high)
