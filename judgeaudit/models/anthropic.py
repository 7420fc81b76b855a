"""Models behind Anthropic's messages, or any server that speaks them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from judgeaudit.errors import ConfigError
from judgeaudit.models._chat import Chat, Completion, FinishReason, Request, Session
from judgeaudit.models._endpoint import Endpoint, endpoint, need
from judgeaudit.models._sdk import CONNECT_SECONDS, Wire, count, opened, sendable, text_or_none
from judgeaudit.models.openai import identity

DEFAULT_URL = "https://api.anthropic.com"
DEFAULT_MAX_TOKENS = 4096  # the wire format demands a limit
_FINISH: Mapping[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}


class Params(BaseModel):
    """Which model, where; each means what it means in the kind `openai` (`base_url` None: ANTHROPIC_BASE_URL, else Anthropic).

    This wire format has neither seeds nor log-probabilities: a request's seed is not sent, log-probabilities are refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    revision: str | None = None
    base_url: str | None = None
    api_key_env: str | None = "ANTHROPIC_API_KEY"
    timeout: float = Field(default=120.0, gt=0)
    extra_body: Mapping[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnthropicChat:
    """A `Chat` over messages."""

    params: Params
    at: Endpoint

    @property
    def host(self) -> str:
        """Where texts are sent."""
        return self.at.host

    @property
    def identity(self) -> Mapping[str, Any]:
        """Model, revision and extra parameters; no SDK, no key, no address."""
        return identity(self.params.model, self.params.revision, self.params.extra_body)

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session for the running event loop; the SDK is imported here."""
        import httpx2
        from anthropic import AsyncAnthropic, DefaultAioHttpClient, Omit

        limit = self.params.timeout
        http = DefaultAioHttpClient(
            timeout=httpx2.Timeout(limit, connect=min(CONNECT_SECONDS, limit)), trust_env=not self.at.is_loopback
        )
        # Without an explicit key the SDK would look for credentials of its own in the environment and on disk.
        client = AsyncAnthropic(
            api_key=self.at.key or "none", base_url=self.at.url, max_retries=0, http_client=http, open_telemetry=False
        )
        wire = Wire(path="/v1/messages", write=self.body, read=read)
        headers: dict[str, Any] = {} if self.at.key else {"Authorization": Omit(), "X-Api-Key": Omit()}
        return opened(client, wire, self.at, limit, headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The JSON body of one request; raises `ConfigError` for what this wire format does not have."""
        if request.logprobs:
            raise ConfigError("this provider gives no log-probabilities", where=self.params.model)
        system = "\n\n".join(content for role, content in request.messages if role == "system")
        body: dict[str, Any] = {
            "model": self.params.model,
            "max_tokens": request.max_tokens or DEFAULT_MAX_TOKENS,
            "messages": [
                {"role": role, "content": sendable(content)} for role, content in request.messages if role != "system"
            ],
        }
        if system:
            body["system"] = sendable(system)
        for key in ("temperature", "top_p"):
            if getattr(request, key) is not None:
                body[key] = getattr(request, key)
        if request.stop:
            body["stop_sequences"] = list(request.stop)
        if request.schema is not None:
            body["output_config"] = {"format": {"type": "json_schema", "schema": request.schema}}
        return {**body, **self.params.extra_body, **request.extra}


def build(name: str, params: Params) -> Chat:
    """A source of completions; raises `ConfigError` where a key or package is missing."""
    need(name, "anthropic")
    at = endpoint(
        name,
        base_url=params.base_url,
        url_env="ANTHROPIC_BASE_URL",
        default_url=DEFAULT_URL,
        key_env=params.api_key_env,
        chosen=params.model_fields_set,
    )
    return AnthropicChat(params=params, at=at)


def read(body: Mapping[str, Any]) -> Completion:
    """The completion in an answer's JSON; an exception where there is none.

    A stop without any text block is an answer (an empty one): the API writes empty text that way.
    """
    blocks = body["content"]
    if body.get("type", "message") != "message" or not isinstance(blocks, list) or "stop_reason" not in body:
        raise ValueError("no message")
    finish: FinishReason = _FINISH.get(str(body["stop_reason"]), "other")
    usage = body.get("usage") or {}
    text = "".join(_part(block, "text") for block in blocks)
    return Completion(
        text=text,
        finish_reason=finish,
        reasoning="".join(_part(block, "thinking") for block in blocks),
        refusal=_refusal(body, text) if finish == "refusal" else None,
        input_tokens=_input_tokens(usage),
        output_tokens=count(usage.get("output_tokens")),
        model=text_or_none(body.get("model")),
    )


def _part(block: Mapping[str, Any], kind: str) -> str:
    return (text_or_none(block.get(kind)) or "") if block["type"] == kind else ""


def _refusal(body: Mapping[str, Any], text: str) -> str:
    details = body.get("stop_details")
    told = details.get("explanation") if isinstance(details, Mapping) else None
    return told if isinstance(told, str) and told else text


def _input_tokens(usage: Mapping[str, Any]) -> int | None:
    """All tokens read, those from the provider's prompt cache too, which it counts apart."""
    told = [count(usage.get(key)) for key in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")]
    return None if told[0] is None else sum(n for n in told if n is not None)
