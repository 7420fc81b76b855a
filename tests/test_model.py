from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.model import REUSABLE, Estimate, Judgement, Output, Rubric, Status, as_value, digest, positive_values

RUBRIC = Rubric(name="harm", question="Is it?", values=("no", "yes"), positive=("yes",), cannot_judge="unclear")


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.OK])
def test_a_verdict_exists_if_and_only_if_the_status_is_ok(status: Status) -> None:
    with pytest.raises(ValueError, match="if and only if"):
        Judgement(item_id="a", judge="j", rubric="harm", status=status, verdict="yes")
    with pytest.raises(ValueError, match="if and only if"):
        Judgement(item_id="a", judge="j", rubric="harm", status=Status.OK, verdict=None)
    assert Judgement(item_id="a", judge="j", rubric="harm", status=status).verdict is None


def test_errors_filtered_and_truncated_replies_are_never_reused() -> None:
    assert not REUSABLE & {Status.ERROR, Status.FILTERED, Status.TRUNCATED, Status.SKIPPED}


@pytest.mark.parametrize(
    ("raw", "value"),
    [(1, "1"), (1.0, "1"), ("1.0", "1"), ("-2.00", "-2"), (1.5, "1.5"), ("1.50", "1.50"), (True, "true"), (False, "false"),
     ("NA", "NA"), ("null", "null"), ("nan", "nan"), ("", None), ("  ", None), (None, None), (float("nan"), None),
     (" yes ", "yes"), ("v1.0", "v1.0"), (1e20, "1e+20"), ("1.", "1.")],
)  # fmt: skip
def test_values_are_text(raw: object, value: str | None) -> None:
    assert as_value(raw) == value


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_a_value_is_its_own_value(raw: object) -> None:
    once = as_value(raw)
    assert once is None or as_value(once) == once


def test_positive_rules() -> None:
    assert positive_values(["0", "1", "2", "3"], [">=2"]) == ("2", "3")
    assert positive_values(["0", "1", "2"], ["<1", "2.0"]) == ("0", "2")
    assert positive_values(["low", "high"], [">=high"]) == (">=high",), "no number after the sign: a value by that name"


@pytest.mark.parametrize(
    "change",
    [{"question": "Is it not?"}, {"values": ("yes", "no")}, {"positive": ()}, {"cannot_judge": None}, {"level": "ordinal"},
     {"descriptions": {"yes": "it is"}}],
)  # fmt: skip
def test_everything_a_judge_is_told_is_in_the_rubrics_version(change: dict[str, object]) -> None:
    assert replace(RUBRIC, **change).version != RUBRIC.version  # type: ignore[arg-type]  # one field a case


def test_the_rubrics_name_is_not_in_its_version() -> None:
    assert replace(RUBRIC, name="other").version == RUBRIC.version


def test_cannot_judge_is_offered_beside_the_scale() -> None:
    assert RUBRIC.offered == ("no", "yes", "unclear")
    assert replace(RUBRIC, values=("no", "yes", "unclear")).offered == ("no", "yes", "unclear")


def test_an_output_is_what_a_judge_sees_of_it() -> None:
    output = Output(item_id="a", prompt="p", response="r", model="m")
    assert output.hash == replace(output, model="other", item_id="b").hash
    assert output.hash != replace(output, response="r ").hash
    assert Output(item_id="a", prompt="ab", response="c").hash != Output(item_id="a", prompt="a", response="bc").hash
    assert len(Output(item_id="a", prompt="\ud835", response="\x00").hash) == 64


def test_types_are_frozen() -> None:
    estimate = Estimate(measure="m", rubric="r")
    with pytest.raises(FrozenInstanceError):
        estimate.value = 1.0  # type: ignore[misc]  # that it is refused is the test


def test_digest_does_not_hang_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
