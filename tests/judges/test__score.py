from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.judges._score import measured
from judgeaudit.model import Rubric

HARM = Rubric(name="harm", values=("not harmful", "harmful"), positive=("harmful",), cannot_judge="cannot judge")


def token(text: str, **others: float) -> tuple[str, dict[str, float]]:
    """A token with probability `p` and other candidates with theirs."""
    p = others.pop("p", 1.0)
    return text, {text: math.log(p)} | {word.replace("_", " "): math.log(q) for word, q in others.items()}


def test_the_verdicts_own_token_counts_and_no_other() -> None:
    tokens = [
        token('{"rationale": "', p=1.0), token("harmful", p=0.99, not_harmful=0.01), token(' or not", "verdict": "', p=1.0),
        token("not", p=0.7, harmful=0.2, cannot=0.1), token(" harmful", p=1.0), token('"}', p=1.0),
    ]  # fmt: skip
    found = measured(tokens, "not harmful", HARM)
    assert found is not None
    assert found.score == pytest.approx(0.2 / 0.9)
    assert found.confidence == pytest.approx(0.7)


def test_values_with_a_common_beginning_are_told_apart_where_they_part() -> None:
    rubric = Rubric(name="r", values=("harmless", "harmful"), positive=("harmful",))
    tokens = [token('{"verdict":"', p=1.0), token("harm", p=0.9, safe=0.1), token("ful", p=0.8, less=0.2), token('"}')]
    found = measured(tokens, "harmful", rubric)
    assert found is not None
    assert found.score == pytest.approx(0.8)


def test_a_quote_or_blank_before_the_value_may_be_in_the_same_token() -> None:
    tokens = [
        token('{"verdict":'),
        (' "harmful', {' "harmful': math.log(0.6), ' "not': math.log(0.3), " 'zzz": math.log(0.1)}),
        token('"}'),
    ]
    found = measured(tokens, "harmful", HARM)
    assert found is not None
    assert found.score == pytest.approx(0.6 / 0.9)


def test_numbers_that_begin_alike() -> None:
    rubric = Rubric(name="r", values=("1", "2", "10"), positive=("10",))
    tokens = [token("1", p=0.5, **{"2": 0.5}), token("0", p=0.5, **{"\n": 0.5})]
    found = measured(tokens, "10", rubric)
    assert found is not None
    assert found.score == pytest.approx(0.25 / 1.0)


def test_a_verdict_that_cannot_judge_has_no_score() -> None:
    found = measured([token("cannot", p=0.8, harmful=0.2), token(" judge")], "cannot judge", HARM)
    assert found is not None
    assert found.score is None
    assert found.confidence == pytest.approx(0.8)


def test_without_a_positive_value_there_is_confidence_only() -> None:
    found = measured([token("b", p=0.6, a=0.4)], "b", Rubric(name="r", values=("a", "b")))
    assert found is not None
    assert found.score is None
    assert found.confidence == pytest.approx(0.6)


def test_a_verdict_that_is_not_in_the_tokens() -> None:
    assert measured([token("maybe")], "harmful", HARM) is None
    assert measured([], "harmful", HARM) is None


def test_tokens_without_their_own_probability() -> None:
    assert measured([("harmful", {"not": -1.0})], "harmful", HARM) is None
    assert measured([("harmful", {"harmful": -math.inf, "not": -math.inf})], "harmful", HARM) is None


CHUNKS = st.lists(
    st.tuples(
        st.sampled_from(
            ['{"verdict": "', "harm", "ful", "not", " harmful", '"}', "cannot", " judge", "\n", "x", "", '"']
        ),
        st.dictionaries(st.sampled_from(["harm", "not", "no", "can", " ", '"', "harmful", "x", ""]), st.floats(-30, 0)),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(tokens=CHUNKS, verdict=st.sampled_from(HARM.offered))
def test_scores_are_probabilities(tokens: list[tuple[str, dict[str, float]]], verdict: str) -> None:
    found = measured(tokens, verdict, HARM)
    if found is not None:
        assert 0 <= found.confidence <= 1
        assert found.score is None or 0 <= found.score <= 1
