from __future__ import annotations

import numpy as np
import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.model import Rubric
from judgeaudit.references._reference import NO_LABEL, UNRESOLVED, auto_rule, resolve
from judgeaudit.table import LabelSet, Ratings

NOMINAL = Rubric(name="r", values=("a", "b", "c"))
ORDINAL = Rubric(name="r", values=("1", "2", "3"), level="ordinal")


def people(**columns: list[int]) -> LabelSet:
    return LabelSet(
        kind="human", annotators={k: Ratings(name=k, codes=np.array(v, dtype=np.int32)) for k, v in columns.items()}
    )


def codes(labels: LabelSet, rule: str, rubric: Rubric = NOMINAL) -> list[int]:
    n = len(next(iter(labels.annotators.values())).codes)
    return resolve({"human": labels}, "human", rule, rubric, n).codes.tolist()


def test_majority_leaves_ties_unresolved() -> None:
    labels = people(x=[0, 0, 0, -1], y=[0, 1, 1, -1], z=[1, 1, 2, -1])
    assert codes(labels, "majority") == [0, 1, UNRESOLVED, NO_LABEL]


def test_majority_counts_anonymous_votes_with_named_ones() -> None:
    labels = LabelSet(
        kind="human",
        annotators={"x": Ratings(name="x", codes=np.array([1], dtype=np.int32))},
        votes=np.array([[1, 1, 0]], dtype=np.int32),
    )
    assert codes(labels, "majority") == [1]


def test_median_between_two_values_is_unresolved() -> None:
    # 1 2 2: 2; 1 3: between; 1 1 2 3: middle ones 1 and 2: between; 2 2 and 3: 2
    labels = people(w=[-1, -1, 0, -1], x=[0, 0, 0, 1], y=[1, 2, 1, 1], z=[1, -1, 2, 2])
    assert codes(labels, "median", ORDINAL) == [1, UNRESOLVED, UNRESOLVED, 1]


def test_median_of_unordered_values_is_refused() -> None:
    with pytest.raises(ConfigError, match="ordered"):
        codes(people(x=[0], y=[1]), "median")


def test_the_adjudicated_layer_goes_before_the_labels() -> None:
    labels = LabelSet(
        kind="human",
        annotators=people(x=[0, 0]).annotators,
        adjudicated=Ratings(name="final", codes=np.array([1, -2], dtype=np.int32)),
        adjudicated_name="final",
    )
    assert auto_rule(labels, NOMINAL) == "adjudicated"
    assert codes(labels, "auto") == [1, NO_LABEL]
    assert codes(labels, "column:final") == [1, NO_LABEL]
    with pytest.raises(ConfigError, match="column:final"):
        codes(labels, "column:other")


def test_one_annotator_by_name() -> None:
    labels = people(anna=[0, -1], bert=[1, 1])
    assert codes(labels, "annotator:bert") == [1, 1]
    with pytest.raises(ConfigError, match="'anna'"):
        codes(labels, "annotator:ana")


def test_auto() -> None:
    assert auto_rule(people(x=[0]), NOMINAL) == "annotator:x"
    assert auto_rule(people(x=[0], y=[0]), NOMINAL) == "majority"
    assert auto_rule(people(x=[0], y=[0]), ORDINAL) == "median"


def test_unknown_rules_name_the_nearest() -> None:
    with pytest.raises(ConfigError, match="'majority'"):
        codes(people(x=[0]), "mayority")
