from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.store.escape import escape, restore

ANY_TEXT = st.text(st.characters(categories=None) | st.sampled_from("\\u0000\x00\ud800\udfff"))


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_nothing_refused_is_left(text: str) -> None:
    kept = escape(text)
    assert restore(kept) == text
    kept.encode("utf-8")
    assert "\x00" not in kept


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert (escape(one) == escape(other)) == (one == other)
