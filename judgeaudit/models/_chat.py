"""What a source of completions is: one request, one completion, one way to fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

FinishReason = Literal["stop", "length", "filter", "refusal", "other"]
FailureKind = Literal[
    "auth", "quota", "rate", "overloaded", "server", "timeout", "connection", "bad_request", "unknown_model",
    "context_length", "filtered", "foreign_body",
]  # kinds, several a line  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One completion to ask for.

    `messages` are (role, content) pairs, role one of system, user, assistant. None leaves a setting to the server.
    `schema` asks for structured output (a JSON Schema of an object) where the server offers it.
    `extra` goes into the request body as it is.
    """

    messages: Sequence[tuple[str, str]]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None
    logprobs: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What came back. `raw` is the reply as the server gave it (text of the JSON body where there is one).

    `text` is the answer with any separate reasoning left out, `reasoning` that reasoning, `refusal` the server's own
    refusal field. `logprobs`: for each token of the answer (token, {candidate token: log-probability}); None: not told.
    """

    text: str
    finish_reason: FinishReason
    reasoning: str = ""
    refusal: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str | None = None
    logprobs: Sequence[tuple[str, Mapping[str, float]]] | None = None
    raw: str = ""
    seconds: float = 0.0


class CallError(Exception):
    """One call failed. `retryable` says whether the same call may go through later; `retry_after` is in seconds.

    `fatal` failures (auth, quota, unknown_model) fail every further call alike, so the run stops.
    """

    FATAL = frozenset({"auth", "quota", "unknown_model"})
    RETRYABLE = frozenset({"rate", "overloaded", "server", "timeout", "connection", "foreign_body"})

    def __init__(
        self, kind: FailureKind, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.status, self.retry_after = kind, message, status, retry_after

    @property
    def retryable(self) -> bool:
        """Whether the same call may go through later."""
        return self.kind in self.RETRYABLE

    @property
    def fatal(self) -> bool:
        """Whether every further call would fail alike."""
        return self.kind in self.FATAL


class Session(Protocol):
    """An open connection, bound to the event loop it was opened in."""

    async def complete(self, request: Request) -> Completion:
        """Ask once, without retrying; raises `CallError`."""
        ...


class Chat(Protocol):
    """A source of completions. `host` is where texts are sent ("localhost:1234", "this machine")."""

    @property
    def host(self) -> str:
        """Where texts are sent."""
        ...

    @property
    def identity(self) -> Mapping[str, Any]:
        """What makes two of them the same: model, revision, parameters; no SDK, no key, no address."""
        ...

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session for the running event loop; the SDK is imported here."""
        ...
