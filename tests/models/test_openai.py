"""Through the real SDK against a real HTTP server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.models import openai
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
    filtered,
    foreign_json,
    html_page,
    no_quota,
    no_such_model,
    overloaded,
    rate_limited,
    server_error,
    too_long,
    torn_json,
    wrong_key,
)

ASK = Request(messages=[("system", "be brief"), ("user", "hello")])


def ask(url: str, request: Request = ASK, **params: Any) -> Completion:
    async def once() -> Completion:
        async with openai.build("m", openai.Params(model="m", base_url=url, **params)).open() as session:
            return await session.complete(request)

    return asyncio.run(once())


def fail(step: Step, **params: Any) -> CallError:
    with FakeServer(step) as server, pytest.raises(CallError) as caught:
        ask(server.openai_url, **params)
    assert len(server.requests) == 1, "a failed call is not retried here"
    return caught.value


def test_everything_told_is_read() -> None:
    logprobs = [("A", {"A": -0.1, "B": -2.5})]
    with FakeServer(Reply("A", reasoning="thinking", usage=(5, 6), logprobs=logprobs)) as server:
        got = ask(server.openai_url, Request(messages=[("user", "x")], logprobs=True))
    assert (got.text, got.reasoning, got.finish_reason) == ("A", "thinking", "stop")
    assert (got.input_tokens, got.output_tokens, got.model) == (5, 6, "m")
    assert got.logprobs == [("A", {"A": -0.1, "B": -2.5})]
    assert json.loads(got.raw)["choices"][0]["message"]["content"] == "A"
    assert got.seconds > 0


def test_what_is_sent() -> None:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    request = Request(
        messages=[("system", "s"), ("user", "lone \ud835 end")], max_tokens=9, temperature=0.5, top_p=0.9, seed=3, stop=["X"],
        schema=schema, logprobs=True, extra={"reasoning_effort": "low"},
    )  # fmt: skip
    with FakeServer() as server:
        ask(server.openai_url, request)
    assert server.rejected == []
    assert server.requests[0].body == {
        "model": "m",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "lone \ufffd end"}],
        "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "seed": 3, "stop": ["X"], "logprobs": True, "top_logprobs": 20,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
        "reasoning_effort": "low",
    }  # fmt: skip


def test_what_is_left_open_is_not_sent() -> None:
    with FakeServer() as server:
        ask(server.openai_url)
    assert set(server.requests[0].body) == {"model", "messages"}


@pytest.mark.parametrize(
    ("reply", "finish"),
    [
        (Reply("x", "length"), "length"),
        (Reply("", "content_filter"), "filter"),
        (Reply(None, "content_filter"), "filter"),
        (Reply(None, refusal="no"), "refusal"),
        (Reply(None, "length", reasoning="hmm"), "length"),
        (Reply("x", "tool_calls"), "other"),
        (Reply("", usage=None), "stop"),
    ],
)
def test_finish_reasons(reply: Reply, finish: str) -> None:
    with FakeServer(reply) as server:
        got = ask(server.openai_url)
    assert got.finish_reason == finish
    assert got.refusal == reply.refusal
    assert (got.input_tokens is None) == (reply.usage is None)


@pytest.mark.parametrize(
    ("step", "kind", "retryable"),
    [
        (rate_limited(None), "rate", True),
        (overloaded(), "overloaded", True),
        (server_error(), "server", True),
        (Failure(503), "overloaded", True),
        (Failure(502), "server", True),
        (Failure(408), "timeout", True),
        (Failure(409), "server", True),
        (no_quota(), "quota", False),
        (Failure(402), "quota", False),
        (wrong_key(), "auth", False),
        (Failure(403), "auth", False),
        (no_such_model(), "unknown_model", False),
        (too_long(), "context_length", False),
        (filtered(), "filtered", False),
        (Failure(400), "bad_request", False),
        (Failure(422), "bad_request", False),
        (Body(b"<h1>Bad gateway</h1>", 502, "text/html"), "server", True),
        (Body(b'{"error": {"code": 429, "message": "busy upstream"}}'), "rate", True),
        (html_page(), "foreign_body", True),
        (torn_json(), "foreign_body", True),
        (foreign_json(), "foreign_body", True),
        (empty_body(), "foreign_body", True),
        (Body(b"[1, 2]"), "foreign_body", True),
        (Body(b'{"choices": []}'), "foreign_body", True),
        (Body(b'{"choices": [{"message": {"content": 7}}]}'), "foreign_body", True),
        (Body(b"[" * 100_000), "foreign_body", True),
        (Reply(None), "foreign_body", True),
        (Cut(0.5), "connection", True),
        (Cut(0.0), "connection", True),
    ],
)
def test_failures(step: Step, kind: str, retryable: bool) -> None:
    error = fail(step)
    assert (error.kind, error.retryable) == (kind, retryable)
    assert "\n" not in error.message


def test_a_slow_server_is_given_up() -> None:
    assert fail(Hang(), timeout=0.3).kind == "timeout"


def test_a_body_that_trickles_is_given_up_as_a_whole() -> None:
    assert fail(Reply("late", delay=5), timeout=0.3).kind == "timeout"


def test_a_dead_address() -> None:
    with pytest.raises(CallError) as caught:
        ask(dead_url())
    assert caught.value.kind == "connection"


def test_when_to_come_back() -> None:
    assert fail(rate_limited("7")).retry_after == 7
    assert fail(rate_limited("7", retry_after_ms="250")).retry_after == 0.25


def test_one_session_serves_many_calls_at_once() -> None:
    async def many(url: str) -> list[str]:
        async with openai.build("m", openai.Params(model="m", base_url=url)).open() as session:
            asked = [session.complete(Request(messages=[("user", str(i))])) for i in range(40)]
            return [got.text for got in await asyncio.gather(*asked)]

    with FakeServer(lambda seen: seen.user, latency=0.05) as server:
        assert asyncio.run(many(server.openai_url)) == [str(i) for i in range(40)]
    assert server.peak == 40


def test_a_built_chat_can_be_opened_in_a_second_loop() -> None:
    with FakeServer("x") as server:
        chat = openai.build("m", openai.Params(model="m", base_url=server.openai_url))

        async def once() -> str:
            async with chat.open() as session:
                return (await session.complete(ASK)).text

        assert [asyncio.run(once()), asyncio.run(once())] == ["x", "x"]


def test_no_key_is_sent_to_this_machine_unless_its_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-provider")
    monkeypatch.setenv("LOCAL_KEY", "sk-local-secret")
    with FakeServer() as server:
        ask(server.openai_url)
        ask(server.openai_url, api_key_env="LOCAL_KEY")
    sent = [seen.headers.get("authorization") for seen in server.requests]
    assert sent == [None, "Bearer sk-local-secret"]


def test_the_key_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_KEY", "very secret key")
    error = fail(Failure(401, "x", "wrong key: very secret key, or sk-abc123456789"), api_key_env="LOCAL_KEY")
    assert "secret" not in error.message
    assert "abc123" not in error.message
    chat = openai.build("m", openai.Params(model="m", api_key_env="LOCAL_KEY"))
    assert "secret" not in repr(chat) + json.dumps(dict(chat.identity))


def test_a_missing_key_is_told_before_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        openai.build("mine", openai.Params(model="ft:gpt-x:team::id"))
    with pytest.raises(ConfigError, match="NO_SUCH_KEY"):
        openai.build("mine", openai.Params(model="m", base_url="http://127.0.0.1:1/v1", api_key_env="NO_SUCH_KEY"))
    chat = openai.build("mine", openai.Params(model="m", base_url="http://example.org/v1", api_key_env=None))
    assert chat.host == "example.org"


def test_the_host_is_where_the_environment_sends_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.openai_url)
        chat = openai.build("m", openai.Params(model="m"))
        assert chat.host == f"127.0.0.1:{server.port}"


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, dead_url())
    with FakeServer("direct") as server:
        assert ask(server.openai_url).text == "direct"


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://example.org", "http://", "http://x:99999999/v1"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError, match="base_url"):
        openai.build("m", openai.Params(model="m", base_url=url, api_key_env=None))


def test_unknown_parameters_are_refused() -> None:
    with pytest.raises(ValidationError, match="modle"):
        openai.Params.model_validate({"modle": "m"})


def test_identity_holds_neither_key_nor_address() -> None:
    params = openai.Params(
        model="ft:m", revision="2", base_url="http://127.0.0.1:9/v1", extra_body={"reasoning_effort": "low"}
    )
    chat = openai.build("m", params)
    assert chat.identity == {"model": "ft:m", "revision": "2", "extra": {"reasoning_effort": "low"}}


def test_the_token_limit_has_the_name_that_the_server_knows() -> None:
    request = Request(messages=[("user", "x")], max_tokens=4)
    with FakeServer() as server:
        ask(server.openai_url, request)
        ask(server.openai_url, request, token_limit="max_completion_tokens")
    assert [sorted(seen.body)[0] for seen in server.requests] == ["max_tokens", "max_completion_tokens"]
