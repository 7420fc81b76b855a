from __future__ import annotations

import inspect

import anthropic
import httpx2
import openai
import pytest

from judgeaudit.models._chat import CallError
from judgeaudit.models._failure import failure, from_body, retry_after

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1")


def error_classes() -> list[type[BaseException]]:
    """All exceptions that the two SDKs define: in their modules of errors, and derived from their base classes elsewhere."""
    inside = {
        cls
        for module in (openai._exceptions, anthropic._exceptions)
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, BaseException) and cls.__module__.partition(".")[0] == module.__name__.partition(".")[0]
    }
    found = inside | derived(openai.OpenAIError) | derived(anthropic.AnthropicError)
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


def derived(base: type[BaseException]) -> set[type[BaseException]]:
    return {base}.union(*(derived(cls) for cls in base.__subclasses__()))


def made(cls: type[BaseException]) -> BaseException:
    """An instance with the attributes that the SDK sets, whatever its constructor asks for."""
    error = cls.__new__(cls)
    Exception.__init__(error, "scripted")
    error.request_id = None  # type: ignore[attr-defined]
    status = getattr(cls, "status_code", None)
    if "APIStatusError" in {base.__name__ for base in cls.__mro__}:
        code = status if isinstance(status, int) else 500
        error.status_code = code  # type: ignore[attr-defined]
        error.response = httpx2.Response(code, request=REQUEST)  # type: ignore[attr-defined]
        error.body = None  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("cls", error_classes(), ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_every_error_class_of_both_sdks_is_a_failure_of_a_known_kind(cls: type[BaseException]) -> None:
    found = failure(made(cls))
    assert isinstance(found, CallError)
    named = {
        "RateLimitError": "rate", "AuthenticationError": "auth", "OAuthError": "auth", "PermissionDeniedError": "auth",
        "CredentialsError": "auth", "NotFoundError": "unknown_model", "OverloadedError": "overloaded",
        "APITimeoutError": "timeout", "APIConnectionError": "connection", "PaymentRequiredError": "quota",
        "BadRequestError": "bad_request", "InternalServerError": "server", "ContentTooLargeError": "context_length",
        "ContentFilterFinishReasonError": "filtered", "APIResponseValidationError": "foreign_body",
    }  # fmt: skip
    assert found.kind == named.get(cls.__name__, found.kind)


def test_the_walk_finds_both_sdks_classes() -> None:
    names = {f"{cls.__module__.partition('.')[0]}.{cls.__name__}" for cls in error_classes()}
    assert {"openai.RateLimitError", "anthropic.OverloadedError"} <= names
    assert len(names) > 30


@pytest.mark.parametrize("error", [KeyError("x"), TypeError("x"), AssertionError("x"), ZeroDivisionError("x")])
def test_a_bug_is_no_failed_call(error: Exception) -> None:
    assert failure(error) is None


@pytest.mark.parametrize(
    "error", [httpx2.ReadError("x"), httpx2.ConnectError("x"), ConnectionResetError(), OSError(24, "x")]
)
def test_errors_of_the_network_below_the_sdk(error: Exception) -> None:
    found = failure(error)
    assert found is not None
    assert found.kind == "connection"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"error": {"message": "Rate limit reached for tokens per min"}}, "rate"),
        (429, {"error": {"message": "Rate limit reached. Add a payment method at example.com/billing"}}, "rate"),
        (429, {"error": {"message": "You exceeded your current quota: 10 calls. Please retry in 20s"}}, "rate"),
        (429, {"error": {"message": "You exceeded your current quota, check your plan"}}, "quota"),
        (
            400,
            {"error": {"code": "content_filter", "innererror": {"code": "ResponsibleAIPolicyViolation"}}},
            "filtered",
        ),
        (400, {"error": {"message": "This model's maximum context length is 8192 tokens"}}, "context_length"),
        (404, {"error": {"message": "The model `x` does not exist"}}, "unknown_model"),
        (400, {"error": {"message": "API key not valid. Please pass a valid API key."}}, "auth"),
        (403, {"error": {"message": "input was flagged", "code": 403}}, "filtered"),
        (500, {"error": {"message": "model not found in cache"}}, "server"),
        (302, None, "foreign_body"),
        (404, "<html>not here</html>", "unknown_model"),
        (418, None, "bad_request"),
    ],
)
def test_what_a_body_says_outranks_its_status(status: int, body: object, kind: str) -> None:
    assert from_body(body, status=status).kind == kind


def test_a_whole_page_as_error_body_stays_one_short_line() -> None:
    message = from_body("<p>\x1b[31m\n" * 100_000, status=500).message
    assert len(message) <= 400
    assert message.isprintable()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Tue, 24 Nov 2026 10:00:10 GMT"}, 10.0),
        ({"retry-after": "Tue, 24 Nov 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Tue, 99 Nov 2026"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=1795514400.0) == seconds
