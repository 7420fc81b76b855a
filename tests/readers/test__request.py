from __future__ import annotations

import re

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.readers import CheckRequest


def test_the_flags_and_the_library_ask_for_the_same() -> None:
    flags = CheckRequest.parse(
        judges=["gpt=b.gpt4", "guard"], scores=["guard=p"], humans=["h1"], votes=["sum:3"], values="0,1.0", maps=["guard:bad=1"],
        positive=["1.0"], abstain="x", level="ordinal", slices=["lang"], reference="column:final", weight="w",
    )  # fmt: skip
    words = CheckRequest.make(
        judges=["gpt=b.gpt4", "guard"], scores={"guard": "p"}, humans=["h1"], votes={"sum": 3}, values=["0", "1"],
        maps={"guard": {"bad": "1"}}, positive=["1"], abstain="x", level="ordinal", slices=["lang"],
        reference="column:final", weight="w",
    )  # fmt: skip
    assert flags == words
    assert flags.judges == (("gpt", "b.gpt4"), ("guard", "guard"))
    assert flags.votes == (("sum", 3),)
    assert flags.values == ("0", "1")
    assert flags.reference_column == "final"


def test_a_single_text_is_one_name() -> None:
    assert CheckRequest.make(judges="gpt4").judges == (("gpt4", "gpt4"),)  # type: ignore[arg-type]


def test_numbers_and_booleans_of_the_library_are_values() -> None:
    request = CheckRequest.make(values=[0, 1.0], positive=[True], maps={"j": {"a": 1}})  # type: ignore[list-item, dict-item]
    assert (request.values, request.positive, request.maps) == (("0", "1"), ("true",), (("j", "a", "1"),))


def test_a_map_splits_at_the_first_colon_and_the_first_equals_sign() -> None:
    assert CheckRequest.parse(maps=["j:label: yes=a=b"]).maps == (("j", "label: yes", "a=b"),)


def test_a_votes_column_may_hold_a_colon() -> None:
    assert CheckRequest.parse(votes=["a:b:3"]).votes == (("a:b", 3),)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"judges": ["=c"]}, "=c"),
        ({"judges": ["a="]}, "a="),
        ({"scores": ["a"]}, "JUDGE=COL"),
        ({"votes": ["a"]}, "COL:N"),
        ({"votes": ["a:x"]}, "a:x"),
        ({"votes": ["a:0"]}, "at least 1"),
        ({"maps": ["a=b"]}, "COL:FROM=TO"),
        ({"maps": ["a:=1"]}, "a:=1"),
        ({"maps": ["a:x=1", "a:x=2"]}, "'x'"),
        ({"values": "0,,1"}, "''"),
        ({"values": "1,1.0"}, "'1'"),
        ({"level": "ordnal"}, "'ordinal'"),
        ({"trials": ""}, "separator"),
        ({"reference": "column:"}, "column:COL"),
        ({"positive": ["x"], "abstain": "x"}, "'x'"),
        ({"judges": ["a", "a"]}, "'a'"),
        ({"judges": ["a=x", "a=y"]}, "'a'"),
        ({"humans": ["a", "a"]}, "'a'"),
        ({"slices": ["a", "a"]}, "'a'"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(named)):
        CheckRequest.parse(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "roles"),
    [
        ({"judges": ["c"], "humans": ["c"]}, "--judge and --human"),
        ({"judges": ["a=c", "b=c"]}, "--judge twice"),
        ({"judges": ["c"], "scores": ["c=c"]}, "--judge and --score"),
        ({"judges": ["c"], "reference": "column:c"}, "--judge and --reference"),
        ({"humans": ["c"], "reference": "column:c"}, "--human and --reference"),
        ({"humans": ["c"], "votes": ["c:3"]}, "--human and --votes"),
        ({"judges": ["c"], "response": "c"}, "--judge and --response"),
        ({"prompt": "c", "response": "c"}, "--prompt and --response"),
    ],
)
def test_a_column_has_one_role(asked: dict[str, object], roles: str) -> None:
    with pytest.raises(ConfigError, match=roles) as caught:
        CheckRequest.parse(**asked)  # type: ignore[arg-type]
    assert "'c'" in str(caught.value)


def test_a_column_may_be_what_one_groups_and_splits_by() -> None:
    CheckRequest.parse(judges=["j"], prompt="p", group="p", slices=["m"], model="m", id="p")
