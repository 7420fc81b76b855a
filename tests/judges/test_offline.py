import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import ConfigError
from judgeaudit.judges._offline import ANSWER_KEYS, chosen, first_negative, first_positive, read_answer
from judgeaudit.model import Rubric, Status

HARM = Rubric(name="harm", values=("0", "1"), positive=("1", "?"), cannot_judge="?")

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=9)
    | st.sampled_from(["0", "1", "?"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(anything | st.dictionaries(st.sampled_from(ANSWER_KEYS), anything, max_size=6))
@settings(max_examples=300, deadline=None)
def test_whatever_was_answered_a_verdict_is_one_that_was_offered(raw: object) -> None:
    answer = read_answer(raw, HARM, method="m")
    assert (answer.status is Status.OK) == (answer.verdict is not None)
    assert answer.verdict is None or answer.verdict in HARM.offered
    assert answer.score is None or 0 <= answer.score <= 1
    assert answer.confidence is None or 0 <= answer.confidence <= 1
    assert answer.confidence is not None or answer.confidence_source == "none"


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.OK])
def test_a_status_without_verdict_is_kept(status: Status) -> None:
    answer = read_answer({"status": status.value, "detail": "why", "raw": "r"}, HARM, method="m")
    assert (answer.status, answer.detail, answer.raw) == (status, "why", "r")


def test_positive_and_negative_never_are_the_value_for_what_cannot_be_judged() -> None:
    assert (first_positive(HARM), first_negative(HARM)) == ("1", "0")
    only = Rubric(name="r", values=("?", "1"), positive=("?",), cannot_judge="?")
    assert (first_positive(only), first_negative(only)) == (None, "1")
    assert chosen(only, positive="?", negative=None, keys=("a", "b")) == ("?", "1")
    with pytest.raises(ConfigError, match="`a:`"):
        chosen(only, positive=None, negative=None, keys=("a", "b"))
