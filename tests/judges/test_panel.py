from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges.panel import Params, build, combine
from judgeaudit.model import Judgement, Output, Rubric, Status

HARM = Rubric(name="harm", values=("0", "1", "2"), positive=("1", "2"), cannot_judge="?")
OUTPUT = Output(item_id="a", prompt="", response="\ud800\x00 NA")


def judgement(judge: str, given: str | Status | None) -> list[Judgement]:
    if given is None:
        return []
    if isinstance(given, Status):
        return [Judgement(item_id="a", judge=judge, rubric="harm", status=given)]
    return [Judgement(item_id="a", judge=judge, rubric="harm", verdict=given)]


def panel(n: int, **params: object) -> BatchJudge:
    return build("p", Params.model_validate({"members": [f"m{i}" for i in range(n)]} | params))


def ask(votes: Sequence[str | Status | None], **params: object) -> Judgement:
    judgements = {f"m{i}": judgement(f"m{i}", vote) for i, vote in enumerate(votes)}
    (only,) = panel(len(votes), **params).judge(Material(outputs=[OUTPUT], rubric=HARM, judgements=judgements))
    return only


@pytest.mark.parametrize(
    ("votes", "rule", "verdict"),
    [
        ("001", "majority", "0"),
        ("002211", "majority", None),
        ("00121", "majority", None),
        ("0012", "plurality", "0"),
        ("0011", "plurality", None),
        ("11", "unanimous", "1"),
        ("112", "unanimous", None),
        ("0002", "any_positive", "2"),
        ("0?", "any_positive", "0"),
        ("0012", "any_positive", "1"),
        ("112", "all_positive", "1"),
        ("11?", "all_positive", "?"),
        ("110", "all_positive", "0"),
        ("??1", "majority", "?"),
    ],
)
def test_the_rules(votes: str, rule: str, verdict: str | None) -> None:
    assert ask(list(votes), rule=rule).verdict == verdict


def test_a_tie_is_unresolved_and_counted_unless_told_otherwise() -> None:
    open_tie = ask(["0", "0", "1", "1"])
    assert open_tie.status is Status.MISSING
    assert "tie 2:2" in open_tie.detail
    assert ask(["0", "0", "1", "1"], tie="positive").verdict == "1"
    assert ask(["0", "0", "1", "1"], tie="?").verdict == "?"
    assert ask(["0", "?"], tie="positive").verdict is None
    assert ask(["1", "1", "0", "2"], tie=2).verdict == "2"


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.OK])
def test_a_member_without_a_verdict_has_no_vote(status: Status) -> None:
    short = ask(["1", "1", status])
    assert short.status is Status.MISSING
    assert "2 of 3" in short.detail
    assert f"m2: {status}" in short.detail
    enough = ask(["1", "1", status], quorum=2)
    assert enough.verdict == "1"
    assert f"m2: {status}" in enough.detail
    assert ask(["0", "1", status], quorum=2, rule="any_positive").verdict == "1"
    assert ask([status, status, status], quorum=1).status is (
        Status.SKIPPED if status is Status.SKIPPED else Status.MISSING
    )


def test_no_member_was_asked() -> None:
    assert ask([None, Status.SKIPPED]).status is Status.SKIPPED
    assert ask([None, "1"]).status is Status.MISSING
    assert ask([None, "1"], quorum=1).verdict == "1"


def test_a_verdict_off_the_scale_is_no_vote() -> None:
    assert ask(["1", "9"], quorum=1).verdict == "1"
    assert "m1: out_of_range" in ask(["1", "9"]).detail


@given(st.lists(st.sampled_from(HARM.offered), min_size=1, max_size=7), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_votes_changes_nothing(votes: list[str], random: object) -> None:
    mixed = list(votes)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    for rule in ("majority", "plurality", "unanimous", "any_positive", "all_positive"):
        for tie in ("unresolved", "positive", "?"):
            found = combine(votes, rule, HARM, tie)
            assert found == combine(mixed, rule, HARM, tie)
            assert found is None or found == "?" or found in votes


def test_who_may_not_be_a_member() -> None:
    for members in (["a"], ["a", "a"], ["a", "baseline:length"]):
        with pytest.raises(ValidationError):
            Params.model_validate({"members": members})
    with pytest.raises(ValidationError):
        Params.model_validate({"members": ["a", "b"], "quorum": 3})
    with pytest.raises(ConfigError, match="own member"):
        build("a", Params(members=("a", "b")))
    inner = panel(2).judge(
        Material(outputs=[OUTPUT], rubric=HARM, judgements={"m0": judgement("m0", "1"), "m1": judgement("m1", "1")})
    )
    outer = build("q", Params(members=("p", "m0")))
    with pytest.raises(ConfigError, match="member of a panel"):
        outer.judge(Material(outputs=[OUTPUT], rubric=HARM, judgements={"p": inner, "m0": judgement("m0", "1")}))


def test_unknown_members_and_values_are_refused() -> None:
    judgements = {"guard": judgement("guard", "1"), "m0": judgement("m0", "1")}
    with pytest.raises(ConfigError, match="did you mean 'guard'"):
        build("p", Params(members=("m0", "gaurd"))).judge(
            Material(outputs=[OUTPUT], rubric=HARM, judgements=judgements)
        )
    with pytest.raises(ConfigError, match="`tie`"):
        ask(["1", "0"], tie="7")
    plain = Rubric(name="harm", values=("0", "1"))
    with pytest.raises(ConfigError, match="positive"):
        build("p", Params(members=("m0", "guard"), rule="any_positive")).judge(
            Material(outputs=[OUTPUT], rubric=plain, judgements=judgements)
        )


def test_the_fingerprint_covers_members_rule_quorum_and_tie() -> None:
    def print_of(name: str, **params: object) -> str:
        return build(name, Params.model_validate({"members": ["a", "b", "c"]} | params)).fingerprint(HARM)

    same = print_of("p")
    assert same == print_of("q", members=["c", "a", "b"]) == print_of("p", quorum=3)
    changed = [
        print_of("p", members=["a", "b", "d"]),
        print_of("p", rule="unanimous"),
        print_of("p", quorum=2),
        print_of("p", tie="positive"),
    ]
    assert len({same, *changed}) == 5
