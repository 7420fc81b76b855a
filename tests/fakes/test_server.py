from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.fakes.server import FakeServer, dead_url, in_other_process
from tests.fakes.steps import Reply, foreign_json, rate_limited, verdict

CHAT = {"model": "m", "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hello"}]}
MESSAGE = {"model": "m", "max_tokens": 5, "system": "be brief", "messages": [{"role": "user", "content": "hello"}]}


def post(url: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    sent = {"content-type": "application/json", "anthropic-version": "2023-06-01", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), sent)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_both_wires_answer_and_are_logged() -> None:
    with FakeServer(verdict("safe"), script=[Reply("first", "length")]) as server:
        _, chat = post(f"{server.openai_url}/chat/completions", CHAT)
        _, message = post(f"{server.anthropic_url}/v1/messages", MESSAGE)
    assert chat["choices"][0]["message"]["content"] == "first"
    assert chat["choices"][0]["finish_reason"] == "length"
    assert json.loads(message["content"][0]["text"]) == {"verdict": "safe"}
    assert [seen.wire for seen in server.requests] == ["openai", "anthropic"]
    assert {(seen.system, seen.user) for seen in server.requests} == {("be brief", "hello")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"model": ""}, "model"),
        ({"messages": []}, "messages"),
        ({"temperature": 3}, "temperature"),
        ({"tempreature": 1}, "tempreature"),
        ({"stream": True}, "streaming"),
    ],
)
def test_a_wrong_request_is_refused_and_uses_up_no_step(change: dict[str, Any], reason: str) -> None:
    with FakeServer("later", script=["first"]) as server:
        for path, right in (("/v1/chat/completions", CHAT), ("/v1/messages", MESSAGE)):
            status, told = post(server.url + path, {**right, **change})
            assert status == 400
            assert reason in told["error"]["message"]
        _, chat = post(f"{server.openai_url}/chat/completions", CHAT)
    assert chat["choices"][0]["message"]["content"] == "first"
    assert len(server.rejected) == 2


def test_a_strict_schema_must_be_closed_and_require_everything() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": [], "additionalProperties": False}
    form = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}
    with FakeServer() as server:
        status, _ = post(f"{server.openai_url}/chat/completions", {**CHAT, "response_format": form})
        schema["required"] = ["a"]
        mended, _ = post(f"{server.openai_url}/chat/completions", {**CHAT, "response_format": form})
    assert (status, mended) == (400, 200)


def test_keys_and_models_are_checked_where_they_are_set() -> None:
    with FakeServer(key="right", models=["m"]) as server:
        url = f"{server.openai_url}/chat/completions"
        assert post(url, CHAT)[0] == 401
        assert post(url, CHAT, authorization="Bearer right")[0] == 200
        assert post(url, {**CHAT, "model": "n"}, authorization="Bearer right")[0] == 404


def test_scripted_failures_in_order() -> None:
    with FakeServer(lambda seen: f"number {seen.index}", script=[rate_limited("2"), foreign_json()]) as server:
        url = f"{server.openai_url}/chat/completions"
        assert [post(url, CHAT)[0] for _ in range(2)] == [429, 200]
        assert post(url, CHAT)[1]["choices"][0]["message"]["content"] == "number 2"


def test_in_another_process() -> None:
    with in_other_process(reply="far") as url:
        assert post(f"{url}/v1/chat/completions", CHAT)[1]["choices"][0]["message"]["content"] == "far"
        with urllib.request.urlopen(f"{url}/stats", timeout=5) as answer:
            assert json.load(answer)["requests"] == 1


def test_nothing_listens_at_a_dead_address() -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(dead_url(), timeout=2)
