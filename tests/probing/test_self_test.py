from __future__ import annotations

import pytest

from judgeaudit.probing._planted import planted
from judgeaudit.probing._result import dumps
from judgeaudit.probing._self_test import run, self_test


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_failures_are_found_and_sound_judges_are_not_accused(seed: int) -> None:
    tried = self_test(seed)
    assert [t.judge for t in tried if not t.passed] == []
    assert {t.judge for t in tried if t.failure == "none"} == {"sound", "sound, 2 % noise"}


def test_a_judge_that_does_not_fail_as_planted_is_not_found() -> None:
    judges = {one.judge.name: one for one in planted(0)}
    content = run([judges["sound"]], 0)
    assert content["findings"] == []
    assert content["judges"][0]["cells"]["retest"]["flips"]["k"] == 0


def test_random_flips_are_not_called_a_decorations_work() -> None:
    noisy = [one for one in planted(3) if one.judge.name == "flips at random"]
    content = run(noisy, 3)
    assert {f["code"] for f in content["findings"]} <= {"flips_on_retest", "mode_called_positive"}
    assert "flips_on_retest" in {f["code"] for f in content["findings"]}


def test_the_same_seed_gives_the_same_bytes() -> None:
    judges = planted(1)[:1]
    assert dumps(run(judges, 1)) == dumps(run(judges, 1))
