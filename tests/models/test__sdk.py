from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.models import anthropic, openai
from judgeaudit.models._chat import CallError, Completion
from judgeaudit.models._sdk import SdkSession, Wire, read_body, sendable

WIRES = [
    Wire(path="", write=lambda request: {}, read=openai.read),
    Wire(path="", write=lambda request: {}, read=anthropic.read),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["choices", "message", "content", "text", "type", "usage", "logprobs", "stop_reason", "error", "x"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("wire", WIRES, ids=["openai", "anthropic"])
@settings(max_examples=150, deadline=None)
@given(body=st.one_of(st.binary(max_size=40), JSON.map(lambda value: json.dumps(value).encode())))
def test_any_body_is_a_completion_or_a_failed_call(wire: Wire, body: bytes) -> None:
    try:
        got: Completion | CallError = read_body(body, wire)
    except CallError as error:
        got = error
    if isinstance(got, CallError):
        assert got.message.strip()
        assert "\n" not in got.message
    else:
        assert isinstance(got.text, str)
        assert got.raw == body.decode("utf-8", "replace")


def test_an_error_under_status_200_is_an_error() -> None:
    with pytest.raises(CallError) as caught:
        read_body(b'{"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}', WIRES[1])
    assert caught.value.kind == "overloaded"


@given(text=st.text(st.characters(categories=["Cs", "Lu", "So"]), max_size=10))
@settings(max_examples=50, deadline=None)
def test_whatever_text_can_be_sent(text: str) -> None:
    assert sendable(text).encode().decode() == sendable(text)
    assert sendable("\ud83d\ude00") == "\U0001f600"


def test_sendable_leaves_right_text_alone() -> None:
    for text in ("plain", "é 日本 👩‍👧 \u200b\x00"):
        assert sendable(text) == text


def test_a_key_is_not_shown() -> None:
    session = SdkSession(client=None, wire=WIRES[0], timeout=1.0, secret="hidden")  # type: ignore[arg-type]
    assert "hidden" not in repr(session)
