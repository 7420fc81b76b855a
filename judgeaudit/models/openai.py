"""Models behind OpenAI's chat completions, or any server that speaks them (vLLM, Ollama, llama.cpp, ...)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from judgeaudit.models._chat import Chat, Completion, FinishReason, Request, Session
from judgeaudit.models._endpoint import Endpoint, endpoint, need
from judgeaudit.models._sdk import CONNECT_SECONDS, Wire, count, opened, sendable, text_or_none

DEFAULT_URL = "https://api.openai.com/v1"
_FINISH: Mapping[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "filter",
}


class Params(BaseModel):
    """Which model, where.

    `model` may be a fine-tuned id; `revision` tells apart weights that one name stands for at different times.
    `base_url` None: OPENAI_BASE_URL, else OpenAI. On this machine no key is needed unless `api_key_env` is written out;
    null: no key. `token_limit`: name of the parameter that limits the answer (`auto`: by the server). `extra_body`: more
    body parameters, such as reasoning_effort. `timeout` in seconds, for one whole call.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    revision: str | None = None
    base_url: str | None = None
    api_key_env: str | None = "OPENAI_API_KEY"
    timeout: float = Field(default=120.0, gt=0)
    token_limit: Literal["auto", "max_tokens", "max_completion_tokens"] = "auto"
    top_logprobs: int = Field(default=20, ge=1, le=20)
    extra_body: Mapping[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIChat:
    """A `Chat` over chat completions."""

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
        from openai import AsyncOpenAI, DefaultAioHttpClient, Omit

        limit = self.params.timeout
        # A proxy of the environment must not come between this machine and itself.
        http = DefaultAioHttpClient(
            timeout=httpx2.Timeout(limit, connect=min(CONNECT_SECONDS, limit)), trust_env=not self.at.is_loopback
        )
        # Where no key is wanted none is sent, not even a made-up one.
        headers: dict[str, Any] = {} if self.at.key else {"Authorization": Omit()}
        client = AsyncOpenAI(
            api_key=self.at.key or "none",
            base_url=self.at.url,
            max_retries=0,
            http_client=http,
            default_headers=headers,
        )
        wire = Wire(path="/chat/completions", write=self.body, read=read)
        return opened(client, wire, self.at, limit, headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The JSON body of one request."""
        body: dict[str, Any] = {
            "model": self.params.model,
            "messages": [{"role": role, "content": sendable(content)} for role, content in request.messages],
        }
        if request.max_tokens is not None:
            body[self._limit_name()] = request.max_tokens
        for key in ("temperature", "top_p", "seed"):
            if getattr(request, key) is not None:
                body[key] = getattr(request, key)
        if request.stop:
            body["stop"] = list(request.stop)
        if request.schema is not None:
            form = {"name": "answer", "strict": True, "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if request.logprobs:
            body.update(logprobs=True, top_logprobs=self.params.top_logprobs)
        return {**body, **self.params.extra_body, **request.extra}

    def _limit_name(self) -> str:
        if self.params.token_limit != "auto":
            return self.params.token_limit
        # OpenAI's reasoning models refuse the old name; other servers may not know the new one.
        return "max_completion_tokens" if self.at.url.startswith(DEFAULT_URL) else "max_tokens"


def build(name: str, params: Params) -> Chat:
    """A source of completions; raises `ConfigError` where a key or package is missing."""
    need(name, "openai")
    at = endpoint(
        name,
        base_url=params.base_url,
        url_env="OPENAI_BASE_URL",
        default_url=DEFAULT_URL,
        key_env=params.api_key_env,
        chosen=params.model_fields_set,
    )
    return OpenAIChat(params=params, at=at)


def identity(model: str, revision: str | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two sources the same, written alike by every kind.

    Examples
    --------
    >>> identity("m", None, {})
    {'model': 'm'}
    """
    told = {"model": model, "revision": revision, "extra": dict(extra)}
    return {key: value for key, value in told.items() if value}


def read(body: Mapping[str, Any]) -> Completion:
    """The completion in an answer's JSON; an exception where there is none.

    Null content is an answer only where something says why: a refusal, reasoning that took all tokens, a filter.
    """
    choice = body["choices"][0]
    message = choice["message"]
    text = _text(message.get("content"))
    refusal = text_or_none(message.get("refusal")) or None
    told = message.get("reasoning_content") or message.get("reasoning")
    reasoning = told if isinstance(told, str) else ""
    finish: FinishReason = _FINISH.get(str(choice.get("finish_reason")), "other")
    if text is None and not (refusal or reasoning or finish in ("filter", "length")):
        raise ValueError("the message has no content")
    usage = body.get("usage") or {}
    return Completion(
        text=text or "",
        finish_reason="refusal" if refusal and finish != "filter" else finish,
        reasoning=reasoning,
        refusal=refusal,
        input_tokens=count(usage.get("prompt_tokens")),
        output_tokens=count(usage.get("completion_tokens")),
        model=text_or_none(body.get("model")),
        logprobs=_logprobs(choice.get("logprobs")),
    )


def _text(content: object) -> str | None:
    """Content as text; some servers answer in parts."""
    if isinstance(content, list):
        return "".join(text_or_none(part.get("text")) or "" for part in content)
    return text_or_none(content)


def _logprobs(told: Mapping[str, Any] | None) -> Sequence[tuple[str, Mapping[str, float]]] | None:
    if not told or not told.get("content"):
        return None
    read = []
    for token in told["content"]:
        seen = {c["token"]: float(c["logprob"]) for c in [*(token.get("top_logprobs") or []), token]}
        read.append((token["token"], {t: p for t, p in seen.items() if not math.isnan(p)}))
    return read
