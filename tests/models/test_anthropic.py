"""Through the real SDK against a real HTTP server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.models import anthropic, openai
from judgeaudit.models._chat import CallError, Completion, Request
from tests.fakes.server import FakeServer, dead_url
from tests.fakes.steps import (
    Body,
    Cut,
    Failure,
    Hang,
    Reply,
    Step,
    empty_body,
    foreign_json,
    html_page,
    no_such_model,
    overloaded,
    rate_limited,
    server_error,
    torn_json,
    wrong_key,
)

ASK = Request(messages=[("system", "be brief"), ("user", "hello")])


def ask(url: str, request: Request = ASK, **params: Any) -> Completion:
    async def once() -> Completion:
        async with anthropic.build("m", anthropic.Params(model="m", base_url=url, **params)).open() as session:
            return await session.complete(request)

    return asyncio.run(once())


def fail(step: Step, **params: Any) -> CallError:
    with FakeServer(step) as server, pytest.raises(CallError) as caught:
        ask(server.anthropic_url, **params)
    assert len(server.requests) == 1, "a failed call is not retried here"
    return caught.value


def test_everything_told_is_read() -> None:
    with FakeServer(Reply("A", reasoning="thinking", usage=(5, 6))) as server:
        got = ask(server.anthropic_url)
    assert (got.text, got.reasoning, got.finish_reason) == ("A", "thinking", "stop")
    assert (got.input_tokens, got.output_tokens, got.model, got.logprobs) == (5, 6, "m", None)
    assert json.loads(got.raw)["stop_reason"] == "end_turn"


def test_what_is_sent() -> None:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    request = Request(
        messages=[("system", "s"), ("user", "lone \ud835 end")], max_tokens=9, temperature=0.5, top_p=0.9, seed=3, stop=["X"],
        schema=schema, extra={"top_k": 5},
    )  # fmt: skip
    with FakeServer() as server:
        ask(server.anthropic_url, request)
    assert server.rejected == []
    assert server.requests[0].body == {
        "model": "m", "system": "s", "messages": [{"role": "user", "content": "lone \ufffd end"}],
        "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 5, "stop_sequences": ["X"],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "finish"),
    [
        (Reply("x", "length"), "length"),
        (Reply("", "content_filter"), "refusal"),
        (Reply(None, refusal="no"), "refusal"),
        (Reply("x", "tool_calls"), "other"),
        (Reply(None), "stop"),
    ],
)
def test_finish_reasons(reply: Reply, finish: str) -> None:
    with FakeServer(reply) as server:
        got = ask(server.anthropic_url)
    assert got.finish_reason == finish
    assert (got.refusal is not None) == (finish == "refusal")


@pytest.mark.parametrize(
    ("step", "kind", "retryable"),
    [
        (rate_limited(None), "rate", True),
        (overloaded(), "overloaded", True),
        (server_error(), "server", True),
        (Failure(400, "invalid_request_error", "Your credit balance is too low to use this"), "quota", False),
        (Failure(402, "billing_error"), "quota", False),
        (wrong_key(), "auth", False),
        (no_such_model(), "unknown_model", False),
        (Failure(400, "invalid_request_error", "prompt is too long: 210000 tokens"), "context_length", False),
        (Failure(413, "request_too_large"), "context_length", False),
        (Failure(400, "invalid_request_error", "temperature: range"), "bad_request", False),
        (html_page(), "foreign_body", True),
        (torn_json(), "foreign_body", True),
        (foreign_json(), "foreign_body", True),
        (empty_body(), "foreign_body", True),
        (Body(b'{"type": "message", "content": "text", "stop_reason": "end_turn"}'), "foreign_body", True),
        (Cut(0.5), "connection", True),
        (Cut(0.0), "connection", True),
    ],
)
def test_failures(step: Step, kind: str, retryable: bool) -> None:
    error = fail(step)
    assert (error.kind, error.retryable) == (kind, retryable)


def test_a_slow_server_is_given_up() -> None:
    assert fail(Hang(), timeout=0.3).kind == "timeout"


def test_a_dead_address() -> None:
    with pytest.raises(CallError) as caught:
        ask(dead_url())
    assert caught.value.kind == "connection"


def test_when_to_come_back() -> None:
    assert fail(rate_limited("7")).retry_after == 7


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "of-the-provider")
    monkeypatch.setenv("LOCAL_KEY", "local")
    with FakeServer() as server:
        ask(server.anthropic_url)
        ask(server.anthropic_url, api_key_env="LOCAL_KEY")
    sent = [{seen.headers.get("authorization"), seen.headers.get("x-api-key")} - {None} for seen in server.requests]
    assert sent == [set(), {"Bearer local"}]


def test_a_missing_key_is_told_before_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match="ANTHROPIC_API_KEY"):
        anthropic.build("mine", anthropic.Params(model="m"))


def test_log_probabilities_are_refused_aloud() -> None:
    with FakeServer() as server, pytest.raises(ConfigError, match="log-prob"):
        ask(server.anthropic_url, Request(messages=[("user", "x")], logprobs=True))


def test_one_model_behind_two_sdks_has_one_identity() -> None:
    one = anthropic.build("a", anthropic.Params(model="m", base_url="http://127.0.0.1:1"))
    other = openai.build("b", openai.Params(model="m", base_url="http://127.0.0.1:2/v1"))
    assert one.identity == other.identity
