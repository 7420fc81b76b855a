"""Exceptions and error bodies of both SDKs as `CallError`; classified by name and status, so no SDK is imported here."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from judgeaudit.models._chat import CallError, FailureKind
from judgeaudit.text import clip, for_terminal

# The first class in an exception's line of descent that is named here decides; a status code decides before that.
_BY_NAME: Mapping[str, FailureKind] = {
    "APITimeoutError": "timeout",
    "APIConnectionError": "connection",
    "APIResponseValidationError": "foreign_body",
    "APIWebhookValidationError": "foreign_body",
    "InvalidWebhookSignatureError": "foreign_body",
    "ContentFilterFinishReasonError": "filtered",
    "LengthFinishReasonError": "context_length",
    "WebSocketConnectionClosedError": "connection",
    "WebSocketQueueFullError": "connection",
    "CredentialsError": "auth",
    "WorkloadIdentityError": "auth",
    "SubjectTokenProviderError": "auth",
    "RetryableError": "server",
    "OpenAIError": "bad_request",
    "AnthropicError": "bad_request",
    "JSONDecodeError": "foreign_body",
    "UnicodeDecodeError": "foreign_body",
    "TimeoutException": "timeout",
    "TimeoutError": "timeout",
    "TransportError": "connection",
    "ClientError": "connection",
    "OSError": "connection",
}
_BY_STATUS: Mapping[int, FailureKind] = {
    401: "auth", 402: "quota", 403: "auth", 404: "unknown_model", 407: "auth", 408: "timeout", 409: "server",
    410: "unknown_model", 413: "context_length", 425: "server", 429: "rate", 431: "context_length", 499: "connection",
    501: "bad_request", 503: "overloaded", 529: "overloaded",
}  # one kind a line  # fmt: skip
# What the body says outranks the status: servers put a spent quota under 429 and 400, and a filter under 400 and 403.
_BY_WORDS: tuple[tuple[FailureKind, re.Pattern[str]], ...] = (
    ("quota", re.compile(
        r"insufficient_quota|billing_(hard_limit|not_active|error)|credit balance is too low|"
        r"exceeded your current quota(?!.*(retry in|per minute))", re.DOTALL
    )),
    ("filtered", re.compile(r"content_filter|content.?policy|responsibleaipolicy|was flagged|input was blocked")),
    ("context_length", re.compile(
        r"context_length_exceeded|exceed_context_size|maximum context length|prompt is too long|context (size|window|length)"
    )),
    ("unknown_model", re.compile(r"model_not_found|unknown model|model\b.{0,80}(does not exist|not found)")),
    ("auth", re.compile(r"invalid_api_key|api key not valid|authentication_error")),
    ("overloaded", re.compile(r"overloaded_error|server_busy|engine_overloaded")),
)  # one kind a line  # fmt: skip
_DROPPED = {"ServerDisconnectedError", "ClientOSError", "ClientConnectorError", "ConnectionResetError"}
_KEY = re.compile(r"\b(?:sk|pk|gsk|xai)-[A-Za-z0-9*_\-]{6,}|\bAIza[A-Za-z0-9*_\-]{6,}")


def failure(error: BaseException, secret: str | None = None) -> CallError | None:
    """The failure of one call that an exception tells of; None where it is no failure of a call but a bug.

    Parameters
    ----------
    error
        What the SDK, or the HTTP library under it, raised.
    secret
        The key in use: it never appears in the message.
    """
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and not isinstance(status, bool) and status >= 300:
        response = getattr(error, "response", None)
        body = getattr(error, "body", None)
        return from_body(body, status=status, headers=getattr(response, "headers", {}), secret=secret)
    kind = next((_BY_NAME[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in _BY_NAME), None)
    if kind is None:
        return None
    chain = _chain(error)
    if kind == "timeout" and any(type(e).__name__ in _DROPPED for e in chain):
        kind = "connection"  # the aiohttp transport reports dropped and refused connections as connect timeouts
    root = chain[-1]
    told = f"{error}" if root is error else f"{error} ({type(root).__name__}: {root})"
    return CallError(kind, _plain(told, secret))


def from_body(
    body: object, *, status: int | None, headers: Mapping[str, str] | None = None, secret: str | None = None
) -> CallError:
    """The failure that a server's error body and status tell of.

    Examples
    --------
    >>> from_body({"error": {"code": "insufficient_quota", "message": "no money"}}, status=429).kind
    'quota'
    >>> from_body("<html>", status=502).kind
    'server'
    """
    words = _words(body)
    kind = _kind(words.lower(), status)
    said = f"HTTP {status}" if status is not None else "the server's answer"
    message = _plain(f"{said}: {words}" if words else said, secret)
    return CallError(kind, message, status=status, retry_after=retry_after(headers or {}))


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds to wait that the headers ask for: ``retry-after-ms``, else ``retry-after`` in seconds or as a date.

    A date counts from the server's own ``date`` header where there is one, so that two clocks need not agree.

    Examples
    --------
    >>> retry_after({"retry-after": "2.5"}), retry_after({"retry-after-ms": "300"}), retry_after({"retry-after": "soon"})
    (2.5, 0.3, None)
    >>> retry_after({"retry-after": "Tue, 24 Nov 2026 10:00:30 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"})
    30.0
    """
    wait = _seconds(headers.get("retry-after-ms"))
    if wait is not None:
        return wait / 1000
    said = headers.get("retry-after")
    wait = _seconds(said)
    if wait is not None or not said:
        return wait
    until, sent = _date(said), _date(headers.get("date"))
    start = sent if sent is not None else (time.time() if now is None else now)
    return None if until is None else max(until - start, 0.0)


def _seconds(said: str | None) -> float | None:
    try:
        wait = float(said or "")
    except ValueError:
        return None
    return wait if math.isfinite(wait) and wait >= 0 else None


def _date(said: str | None) -> float | None:
    try:
        return parsedate_to_datetime(said).timestamp() if said else None
    except (ValueError, OverflowError):
        return None


def _kind(words: str, status: int | None) -> FailureKind:
    if status is None or 400 <= status < 500 or status == 529:
        for kind, pattern in _BY_WORDS:
            if pattern.search(words) and not (kind == "context_length" and status == 429):
                return kind
    if status is None:
        return "foreign_body"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status < 400:
        return "foreign_body"  # a redirect that leads nowhere
    return "bad_request" if status < 500 else "server"


def _words(body: object) -> str:
    """Type, code and message of an error body, in one line; the body itself where it is none."""
    inner: Any = body.get("error", body) if isinstance(body, Mapping) else body
    if isinstance(inner, Mapping):
        parts = [inner.get(key) for key in ("type", "code", "message", "detail")]
        found = dict.fromkeys(str(part) for part in parts if isinstance(part, (str, int)))
        nested = inner.get("innererror", inner.get("metadata"))
        if isinstance(nested, Mapping):
            found[json.dumps(nested, default=str)] = None
        return " ".join(found) or json.dumps(inner, default=str)
    return "" if inner is None else str(inner)


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (after := chain[-1].__cause__ or chain[-1].__context__) is not None and after not in chain:
        chain.append(after)
    return chain


def _plain(text: str, secret: str | None) -> str:
    """One short line without keys, control characters or markup of a whole page."""
    if secret:
        text = text.replace(secret, "[key]")
    return clip(_KEY.sub("[key]", for_terminal(text[:2000])), 400)
