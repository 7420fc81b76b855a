from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.judges._loose_json import Members, objects

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def plain(value: object) -> object:
    if isinstance(value, Members):
        return {key: plain(inner) for key, inner in value.pairs}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("{'a': 'it's', 'b': 2,}", {"a": "it's", "b": 2}),
        ("{a: yes, b: -1.5, c: None,}", {"a": "yes", "b": -1.5, "c": None}),
        ('{"a": "says "x" twice", "b": [1, "y",],}', {"a": 'says "x" twice', "b": [1, "y"]}),
        ('{"a": {"b": \'c\'}}', {"a": {"b": "c"}}),
        ('{"a": "\\u0041\\n\\q", }', {"a": "A\nq"}),
        ('{"a": 1, // why\n "b": 2}', {"a": 1, "b": 2}),
        ("{“a”: “b”}", {"a": "b"}),
    ],
)
def test_loose_spellings(text: str, members: object) -> None:
    (found,) = objects(f"before {text} after")
    assert plain(found.members) == members
    assert not found.strict
    assert found.closed
    assert f"before {text} after"[found.start : found.end] == text


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ('{"a": 1, "b": "cut', {"a": 1}),
        ('{"a": 1, "b": 2', {"a": 1}),
        ('{"a": 1, "b', {"a": 1}),
        ('{"a": "x"', {"a": "x"}),
        ('{"a": [1], "b": {"c": 1', {"a": [1]}),
    ],
)
def test_a_cut_object_keeps_its_whole_members(text: str, members: object) -> None:
    (found,) = objects(text)
    assert plain(found.members) == members
    assert not found.closed


def test_doubled_keys_are_kept() -> None:
    assert objects('{"a": 1, "a": 2}')[0].members.pairs == (("a", 1), ("a", 2))


def test_braces_that_open_nothing() -> None:
    assert objects("a set {x | x > 0} and }{") == []
    assert [found.members.pairs for found in objects("{x | x > 0} {}")] == [()]


@settings(max_examples=100, deadline=None)
@given(value=st.dictionaries(st.text(), JSON, max_size=4), before=st.text("abc \n"), after=st.text("abc \n}"))
def test_json_is_read_as_json(value: dict[str, object], before: str, after: str) -> None:
    (found,) = objects(before + json.dumps(value) + after)
    assert plain(found.members) == value
    assert found.strict


@settings(max_examples=200, deadline=None)
@given(text=st.text("{}[]\"':,\\ab1 \n", max_size=60))
def test_never_raises_and_spans_do_not_overlap(text: str) -> None:
    at = 0
    for found in objects(text):
        assert at <= found.start < found.end <= len(text)
        at = found.end
