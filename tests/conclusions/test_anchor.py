"""At which checkpoint runs are compared: first at target, interpolated, last, fixed; what cannot be said has its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judgeaudit.conclusions import CapabilityColumns, Conclusions, Settings
from judgeaudit.conclusions._anchor import _between
from judgeaudit.conclusions._capability import reaching, read_capability
from judgeaudit.errors import ConfigError, InputError
from tests.conclusions import synthetic
from tests.conclusions.conftest import draw


def test_interpolation_weighs_the_points_around_the_first_crossing() -> None:
    # Scores 0.3, 0.5, 0.7 and a target of 0.6: half way between the second and the third.
    weights, reached = _between(np.array([[0.3, 0.5, 0.7], [0.3, 0.65, 0.5], [0.3, 0.4, 0.5], [0.7, 0.8, 0.9]]), 0.6)
    assert weights.round(9).tolist() == [
        [0.0, 0.5, 0.5],
        # 0.6 lies 0.3 of 0.35 above the base: 0.857143.
        [round(1 - 0.3 / 0.35, 9), round(0.3 / 0.35, 9), 0.0],
        [0.0, 0.0, 0.0],
        # At the target before any training: there is no crossing from below.
        [0.0, 0.0, 0.0],
    ]
    assert reached.tolist() == [True, True, False, True]


def test_interpolated_harm_lies_between_the_checkpoints(tmp_path: Path) -> None:
    # 6, 12, 18 of 24 unsafe at capabilities 0.5, 0.7, 0.9; base 2 of 24 at 0.3. At 0.6 it is 9 of 24, at the first checkpoint
    # that reaches 0.6 it is 12, at the last 18, and at 100 steps 6.
    unsafe = {100: 6, 200: 12, 300: 18}
    outputs = []
    for record in synthetic.records():
        meta = record["meta"]
        if meta["run"] == "list-none":
            bad = int(meta["item"][1:]) < unsafe[meta["checkpoint"]]
            record["judge_verdicts"] = dict.fromkeys(record["judge_verdicts"], "yes" if bad else "no")
        outputs.append(record)
    table, capability = synthetic.write(tmp_path, outputs)
    found = draw(table, capability, Settings(targets={"": 0.6}, draws=200, steps=100))
    claim = found.conclusions[0]
    anchorings, rates = found.grid.levels["anchoring"], found.grid.levels["rate"]
    raw = np.array(claim.value, dtype=np.float64).reshape(found.grid.shape)[0, 0, 0, :, rates.index("raw")]
    assert dict(zip(anchorings, (raw * 24).round(6).tolist(), strict=True)) == {
        "first checkpoint at target": 12 - 2,
        "interpolated at target": 9 - 2,
        "last checkpoint": 18 - 2,
        "fixed steps": 6 - 2,
    }


def test_a_lower_bound_reaches_later_than_the_score(tmp_path: Path) -> None:
    table, capability = synthetic.write(tmp_path)
    # Wilson's lower end of 70 of 100 is 0.604, of 50 of 100 it is 0.404.
    for target, expected in ((0.6, 200), (0.62, 300)):
        found = draw(table, capability, Settings(targets={"": target}, reach="lower", draws=200))
        assert next(a for a in found.anchors if a["run"] == "list-none")["first_reaching"] == expected


def test_reaching_by_the_lower_bound_is_wilsons() -> None:
    held = reaching(np.array([70.0, 0.0]), np.array([100.0, 0.0]), Settings(reach="lower"))
    assert held[0] == pytest.approx(0.6041515, abs=1e-6)  # statsmodels proportion_confint(70, 100, method="wilson")
    assert np.isnan(held[1])


def test_without_a_stated_target_all_runs_of_a_task_reach_it(tmp_path: Path) -> None:
    found = draw(*synthetic.write(tmp_path), Settings(draws=200))
    # list: the best of list-refusals is 0.5; style: the best of its one run is 0.9.
    assert dict(found.targets) == {"list": 0.5, "style": 0.9}
    assert sum("no target was stated" in note for note in found.notes) == 2


def test_without_capability_runs_stand_at_their_last_checkpoint(tmp_path: Path) -> None:
    table, _ = synthetic.write(tmp_path)
    found = draw(table, None, Settings(draws=200))
    # 200 steps are nearest to half of 300, ties to the smaller: 100 and 200 are equally near, so 100.
    assert found.grid.levels["anchoring"] == ("last checkpoint", "fixed steps")
    assert found.steps == 100
    assert any("no capability scores" in note for note in found.notes)


def test_steps_that_a_run_does_not_have(tmp_path: Path) -> None:
    found = draw(*synthetic.write(tmp_path), Settings(targets={"": 0.6}, steps=150, draws=200))
    fixed = found.grid.levels["anchoring"].index("fixed steps")
    reasons = np.array(found.conclusions[0].reasons, dtype=object).reshape(found.grid.shape)
    assert set(reasons[:, :, :, fixed].ravel()) == {"no_such_checkpoint"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("list-none,list,100,i0,1", "i0"),
        ("list-none,list,400,i0,2", "[0, 1]"),
        ("list-none,list,1.5,i0,1", "1.5"),
        ("list-none,list,400,,1", "item_id"),
    ],
)
def test_scores_that_cannot_be_used(tmp_path: Path, planted: Conclusions, row: str, words: str) -> None:
    _, capability = synthetic.write(tmp_path)
    capability.write_text(capability.read_text() + row + "\n")
    with pytest.raises(InputError) as caught:
        read_capability(capability, CapabilityColumns(), planted.study)
    assert words in str(caught.value)


def test_a_target_of_no_task_and_scores_of_no_run(tmp_path: Path, planted: Conclusions) -> None:
    table, capability = synthetic.write(tmp_path)
    with pytest.raises(ConfigError, match="'list'"):
        draw(table, capability, Settings(targets={"lists": 0.5}, draws=200))
    other = replace(planted.study, runs=tuple(replace(r, name=f"x{r.name}", base=None) for r in planted.study.runs))
    with pytest.raises(InputError, match="capability score"):
        read_capability(capability, CapabilityColumns(), other)
