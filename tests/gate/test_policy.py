"""policy.yaml: the contract's defaults, and everything else refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.gate import make_policy, read_policy


def test_defaults_are_those_of_the_contract() -> None:
    policy = make_policy({"require": [{"measure": "accuracy", "min": 0.9}]})
    asked = policy.require[0]
    assert (policy.schema_, policy.confidence, policy.max_unscored) == ("judgeaudit.policy/1", 0.95, 0.02)
    assert (asked.judge, asked.slice, asked.reference, asked.scale, asked.min_n) == ("*", "all", "human", "binary", 30)
    assert asked.side == "lower"
    assert make_policy({"require": [{"measure": "accuracy", "max": 0.9}]}).require[0].side == "upper"


def test_a_whole_policy_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(
        "schema: judgeaudit.policy/1\nconfidence: 0.9\nmax_unscored: 0\nrequire:\n"
        "  - {measure: accuracy, judge: guard, slice: mode=word_loop, reference: construction, scale: full, min: 0.5,\n"
        "     on: estimate, min_n: 12}\n"
    )
    policy = read_policy(path)
    asked = policy.require[0]
    assert (policy.confidence, policy.max_unscored) == (0.9, 0)
    assert (asked.reference, asked.scale, asked.on, asked.min_n, asked.limit) == (
        "construction",
        "full",
        "estimate",
        12,
        0.5,
    )


GOOD = {"measure": "accuracy", "min": 0.9}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "require"),
        (None, "KEY"),
        ([], "KEY"),
        ({"require": []}, "require"),
        ({"require": None}, "require"),
        ({"require": [GOOD], "confidance": 0.9}, "'confidence'"),
        ({"require": [GOOD], "schema": "judgeaudit.policy/2"}, "judgeaudit.policy/2"),
        ({"require": [GOOD], "confidence": 1.0}, "confidence"),
        ({"require": [GOOD], "confidence": 0.05}, "confidence"),
        ({"require": [GOOD], "confidence": True}, "confidence"),
        ({"require": [GOOD], "max_unscored": 2}, "max_unscored"),
        ({"require": [GOOD], "max_unscored": float("nan")}, "max_unscored"),
        ({"require": [{"measure": "accuracy"}]}, "max and min"),
        ({"require": [{"measure": "accuracy", "min": 0.1, "max": 0.9}]}, "max and min"),
        ({"require": [{"min": 0.1}]}, "measure"),
        ({"require": [{**GOOD, "minn": 3}]}, "'min'"),
        ({"require": [{**GOOD, "min_n": -1}]}, "min_n"),
        ({"require": [{**GOOD, "min_n": "30"}]}, "min_n"),
        ({"require": [{"measure": "accuracy", "min": True}]}, "min"),
        ({"require": [{"measure": "accuracy", "min": "0.9"}]}, "min"),
        ({"require": [{"measure": "accuracy", "max": float("inf")}]}, "max"),
        ({"require": [{"measure": "false_positive_rate", "max": 10}]}, "0.10"),
        ({"require": [{"measure": "cohen_kappa", "min": -2}]}, "-1 to 1"),
        ({"require": [{"measure": "false_positive_rate", "max": 1}]}, "0.01"),  # 1 % was meant, and 100 % would pass
        ({"require": [{"measure": "mcc", "min": -1}]}, "whatever"),
        ({"require": [{"measure": "accuracy", "min": 0}]}, "whatever"),
        ({"require": [{"measure": "sensitivity", "min": -0.5}]}, "whatever"),
        ({"require": [{**GOOD, "judge": 4}]}, "judge"),
        ({"require": [{**GOOD, "judge": ""}]}, "judge"),
        ({"require": [{**GOOD, "reference": "humans"}]}, "reference"),
        ({"require": [{**GOOD, "scale": "ternary"}]}, "scale"),
        ({"require": [{**GOOD, "on": "value"}]}, "on"),
        ({"require": [{**GOOD, "panel": "judges", "judge": "guard"}]}, "panel"),
        ({"require": ["accuracy"]}, "require"),
    ],
)
def test_what_is_wrong_is_refused_in_one_line(content: Any, named: str) -> None:
    with pytest.raises(ConfigError) as error:
        make_policy(content, where="p.yaml")
    assert error.value.exit_code == 2
    assert str(error.value).startswith("p.yaml")
    assert named in str(error.value)


@pytest.mark.parametrize("measure", ["cox_slope", "bowker_symmetry", "effective_votes"])
def test_measures_without_a_greatest_value_take_limits_above_one(measure: str) -> None:
    assert make_policy({"require": [{"measure": measure, "max": 1.2}]}).require[0].limit == 1.2


@pytest.mark.parametrize("text", ["require: [", "", "a: 1\na: 2\n", "require: !!python/object:os.system x", "\x00"])
def test_broken_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises((InputError, ConfigError)):
        read_policy(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent"):
        read_policy(tmp_path / "absent.yaml")


def test_a_limit_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("require:\n  - measure: accuracy\n    min: 0.9\n    min: 0.1\n")
    with pytest.raises(InputError, match="min"):
        read_policy(path)
