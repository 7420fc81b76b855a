"""The two wire formats: what a right request looks like, and how replies and errors are written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.steps import Failure, Reply

PATHS = {"/v1/chat/completions": "openai", "/v1/messages": "anthropic"}
OPENAI_KEYS = {
    "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "seed", "stop", "response_format",
    "logprobs", "top_logprobs", "reasoning_effort", "frequency_penalty", "presence_penalty", "n", "stream", "user",
}  # fmt: skip
ANTHROPIC_KEYS = {
    "model", "messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "output_config",
    "metadata", "stream", "thinking",
}  # fmt: skip
ANTHROPIC_STOP = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "tool_calls": "tool_use"}


class Wrong(Exception):
    """The request is not one that the real server would take."""


def check(wire: str, body: object, extra: frozenset[str]) -> Mapping[str, Any]:
    """The body, if a strict server would take it; else `Wrong` with the reason."""
    if not isinstance(body, dict):
        raise Wrong("the body is no JSON object")
    strange = set(body) - (OPENAI_KEYS if wire == "openai" else ANTHROPIC_KEYS) - extra
    _need(not strange, f"unrecognized parameter {sorted(strange)}")
    _need(isinstance(body.get("model"), str) and body["model"], "model is missing")
    _need(body.get("stream") in (None, False), "streaming is not spoken here")
    _number(body, "temperature", 0, 2 if wire == "openai" else 1)
    _number(body, "top_p", 0, 1)
    if wire == "openai":
        _check_openai(body)
    else:
        _check_anthropic(body)
    return body


def texts(body: Mapping[str, Any]) -> tuple[str, str]:
    """The text of the system and of the user, each joined by newlines."""
    system = [_text(body.get("system", ""))]
    user: list[str] = []
    for message in body.get("messages", []):
        (system if message.get("role") == "system" else user).append(_text(message.get("content")))
    return "\n".join(part for part in system if part), "\n".join(user)


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(block.get("text", "")) for block in content if isinstance(block, dict))
    return ""


def _need(condition: object, reason: str) -> None:
    if not condition:
        raise Wrong(reason)


def _number(body: Mapping[str, Any], key: str, low: float, high: float) -> None:
    if key in body:
        value = body[key]
        right = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
        _need(right, f"{key} must be between {low} and {high}")


def _count(body: Mapping[str, Any], key: str) -> None:
    if key in body:
        _need(isinstance(body[key], int) and body[key] >= 1, f"{key} must be a positive integer")


def _strings(value: object, key: str, most: int) -> None:
    _need(
        isinstance(value, list) and 0 < len(value) <= most and all(isinstance(s, str) for s in value), f"{key} is wrong"
    )


def _messages(body: Mapping[str, Any], roles: set[str]) -> list[str]:
    messages = body.get("messages")
    _need(isinstance(messages, list) and messages, "messages must be a non-empty list")
    assert isinstance(messages, list)
    for message in messages:
        _need(isinstance(message, dict) and message.get("role") in roles, f"a role is none of {sorted(roles)}")
        _need(isinstance(message.get("content"), (str, list)), "a message has no content")
    return [message["role"] for message in messages]


def _schema(schema: object, strict: bool) -> None:
    _need(isinstance(schema, dict) and schema.get("type") == "object", "the schema must be of an object")
    assert isinstance(schema, dict)
    names = set(schema.get("properties", {}))
    _need(schema.get("additionalProperties") is False, "additionalProperties must be false")
    _need(not strict or set(schema.get("required", [])) == names, "all properties must be required")


def _check_openai(body: Mapping[str, Any]) -> None:
    _messages(body, {"system", "developer", "user", "assistant"})
    _count(body, "max_tokens")
    _count(body, "max_completion_tokens")
    _need(not {"max_tokens", "max_completion_tokens"} <= set(body), "two token limits")
    _need(isinstance(body.get("seed", 0), int), "seed must be an integer")
    if "stop" in body:
        _strings(body["stop"], "stop", 4)
    _need(isinstance(body.get("logprobs", False), bool), "logprobs must be true or false")
    if "top_logprobs" in body:
        _need(body.get("logprobs") is True, "top_logprobs without logprobs")
        _need(isinstance(body["top_logprobs"], int) and 0 <= body["top_logprobs"] <= 20, "top_logprobs is 0 to 20")
    form = body.get("response_format")
    if form is not None:
        _need(isinstance(form, dict) and form.get("type") == "json_schema", "response_format must be a json_schema")
        inner = form.get("json_schema")
        _need(isinstance(inner, dict), "json_schema is missing")
        _need(re.fullmatch("[A-Za-z0-9_-]{1,64}", str(inner.get("name", ""))), "the schema has no right name")
        _schema(inner.get("schema"), inner.get("strict") is True)


def _check_anthropic(body: Mapping[str, Any]) -> None:
    roles = _messages(body, {"user", "assistant"})
    _need(roles[0] == "user", "the first message must be the user's")
    _need("max_tokens" in body, "max_tokens is missing")
    _count(body, "max_tokens")
    _need(isinstance(body.get("system", ""), (str, list)), "system must be text")
    if "stop_sequences" in body:
        _strings(body["stop_sequences"], "stop_sequences", 16)
    form = body.get("output_config", {}).get("format")
    if form is not None:
        _need(
            isinstance(form, dict) and form.get("type") == "json_schema", "output_config.format must be a json_schema"
        )
        _schema(form.get("schema"), strict=False)


def completion(wire: str, reply: Reply, body: Mapping[str, Any], index: int) -> bytes:
    """The body of a 200."""
    made = _openai(reply, body, index) if wire == "openai" else _anthropic(reply, body, index)
    return json.dumps(made).encode()


def _openai(reply: Reply, body: Mapping[str, Any], index: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    if reply.reasoning is not None:
        message["reasoning_content"] = reply.reasoning
    logprobs = None
    if body.get("logprobs") and reply.logprobs is not None:
        most = body.get("top_logprobs", 0)
        logprobs = {"content": [_token(token, seen, most) for token, seen in reply.logprobs], "refusal": None}
    made: dict[str, Any] = {
        "id": f"chatcmpl-{index}",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason, "logprobs": logprobs}],
    }
    if reply.usage is not None:
        asked, given = reply.usage
        made["usage"] = {"prompt_tokens": asked, "completion_tokens": given, "total_tokens": asked + given}
    return made


def _token(token: str, seen: Mapping[str, float], most: int) -> dict[str, Any]:
    ranked = sorted(seen.items(), key=lambda pair: -pair[1])[:most]
    top = [{"token": t, "logprob": p, "bytes": list(t.encode())} for t, p in ranked]
    return {"token": token, "logprob": seen.get(token, -9.0), "bytes": list(token.encode()), "top_logprobs": top}


def _anthropic(reply: Reply, body: Mapping[str, Any], index: int) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    if reply.reasoning is not None:
        content.append({"type": "thinking", "thinking": reply.reasoning, "signature": "x"})
    if reply.text is not None:
        content.append({"type": "text", "text": reply.text})
    stop = "refusal" if reply.refusal is not None else ANTHROPIC_STOP[reply.finish_reason]
    made: dict[str, Any] = {
        "id": f"msg_{index}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
    }
    if reply.usage is not None:
        made["usage"] = {"input_tokens": reply.usage[0], "output_tokens": reply.usage[1]}
    return made


def error(wire: str, failure: Failure) -> bytes:
    """The body of an error."""
    if wire == "openai":
        told = {"message": failure.message, "type": failure.kind, "param": None, "code": failure.code}
        return json.dumps({"error": told}).encode()
    told = {"type": failure.kind or "api_error", "message": failure.message}
    return json.dumps({"type": "error", "error": told, "request_id": "req_fake"}).encode()
