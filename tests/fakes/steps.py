"""What a fake server can do with one request: answer, fail, answer nonsense, cut the connection, or hang."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived. `system` and `user` are the texts of those roles, joined by newlines."""

    index: int
    wire: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    system: str
    user: str
    time: float
    rejected: str | None = None

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON Schema that the request asks the answer to follow."""
        found = (
            self.body.get("response_format", {}).get("json_schema", {}).get("schema")
            if self.wire == "openai"
            else self.body.get("output_config", {}).get("format", {}).get("schema")
        )
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class Reply:
    """A completion.

    `finish_reason` is in OpenAI's words (stop, length, content_filter, tool_calls) and translated for the other wire.
    `text` None: null content. `usage` None: the server does not tell. `logprobs`: (token, {candidate: log-probability}) for
    each token, sent only where the request asks for them. `refusal` and `reasoning` fill the message's own fields.
    """

    text: str | None = ""
    finish_reason: str = "stop"
    refusal: str | None = None
    reasoning: str | None = None
    usage: tuple[int, int] | None = (11, 7)
    logprobs: Sequence[tuple[str, Mapping[str, float]]] | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """An HTTP error in the error body of the wire that was spoken. `kind` is the error's type, `code` its code."""

    status: int
    kind: str = ""
    message: str = "scripted failure"
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Body:
    """Any bytes with any status: HTML, torn JSON, an empty body, an object of another program."""

    content: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is closed after `share` of the reply's body (0: before any byte of the reply)."""

    share: float = 0.5
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Hang:
    """No reply until the client gives up or `seconds` are over (then an ordinary reply)."""

    seconds: float = 3600.0


Step = Reply | Failure | Body | Cut | Hang


def verdict(value: object, **more: object) -> Reply:
    """A judge's structured answer.

    >>> verdict("safe", rationale="fine").text
    '{"rationale": "fine", "verdict": "safe"}'
    """
    return Reply(json.dumps({**more, "verdict": value}))


def rate_limited(retry_after: str | None = "0", retry_after_ms: str | None = None) -> Failure:
    """429 with the headers that say when to come back."""
    headers = {"retry-after": retry_after, "retry-after-ms": retry_after_ms}
    return Failure(429, "rate_limit_error", "slow down", headers={k: v for k, v in headers.items() if v is not None})


def overloaded() -> Failure:
    """529."""
    return Failure(529, "overloaded_error", "overloaded")


def server_error() -> Failure:
    """500."""
    return Failure(500, "server_error", "internal error")


def no_quota() -> Failure:
    """429 that no waiting mends."""
    return Failure(429, "insufficient_quota", "you exceeded your current quota", "insufficient_quota")


def wrong_key() -> Failure:
    """401."""
    return Failure(401, "authentication_error", "invalid key", "invalid_api_key")


def no_such_model() -> Failure:
    """404."""
    return Failure(404, "not_found_error", "model not found", "model_not_found")


def too_long() -> Failure:
    """400 because the prompt does not fit the model's context."""
    return Failure(
        400, "invalid_request_error", "prompt is too long: maximum context length", "context_length_exceeded"
    )


def filtered() -> Failure:
    """400 from a content filter before the model."""
    return Failure(400, "invalid_request_error", "the prompt triggered the content policy", "content_filter")


def html_page() -> Body:
    """A 200 from something that is no model server."""
    return Body(b"<!doctype html><title>Sign in</title><p>Welcome to the network.", content_type="text/html")


def torn_json() -> Body:
    """A 200 whose JSON ends in the middle, with an honest Content-Length."""
    return Body(b'{"id": "x", "choices": [{"index": 0, "message": {"role": "assi')


def foreign_json() -> Body:
    """A 200 with the JSON of another program."""
    return Body(b'{"foo": 1}')


def empty_body() -> Body:
    """A 200 with nothing in it."""
    return Body(b"")
