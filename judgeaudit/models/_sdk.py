"""One call through an official async SDK, without its retries and without building its answer objects.

The call goes through the client's own ``post`` (the SDKs' documented way to any path): authentication, headers, error
classes and connection pool are the SDK's, while transforming the request and building the typed answer are left out. With
the SDKs' aiohttp transport that takes less than half of the processor time of ``chat.completions.create``, measured by
``tests/bench/bench_client.py``; and the answer must be checked by us anyway, since the SDKs do not validate a 200.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from judgeaudit.models._chat import CallError, Completion, Request
from judgeaudit.models._endpoint import Endpoint
from judgeaudit.models._failure import failure, from_body

CONNECT_SECONDS = 10.0


class Client(Protocol):
    """What both SDKs' async clients share."""

    async def post(self, path: str, *, cast_to: Any, body: Any, options: Any) -> Any:
        """Send one request."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How one provider's requests are written and its answers read."""

    path: str
    write: Callable[[Request], dict[str, Any]]
    read: Callable[[Mapping[str, Any]], Completion]


@dataclass(frozen=True, slots=True, kw_only=True)
class SdkSession:
    """An open client; implements `Session`."""

    client: Client
    wire: Wire
    timeout: float
    headers: Mapping[str, Any] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)

    async def complete(self, request: Request) -> Completion:
        """Ask once, without retrying; raises `CallError`."""
        import httpx2

        body = self.wire.write(request)
        options = {"headers": self.headers}
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                response = await self.client.post(self.wire.path, cast_to=httpx2.Response, body=body, options=options)
        except TimeoutError:
            raise CallError("timeout", f"no answer within {self.timeout:g} s") from None
        except Exception as error:
            found = failure(error, self.secret)
            if found is None:
                raise
            raise found from None
        completion = read_body(response.content, self.wire, self.secret)
        return replace(completion, seconds=time.perf_counter() - started)


def read_body(content: bytes, wire: Wire, secret: str | None = None) -> Completion:
    """The completion in the body of a 200; `CallError` of kind ``foreign_body`` where there is none."""
    raw = content.decode("utf-8", "replace")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        what = "an empty body" if not raw.strip() else f"no JSON: {raw.strip()[:80]!r}"
        raise CallError("foreign_body", f"the server answered 200 with {what}", status=200) from None
    if not isinstance(body, dict):
        raise CallError("foreign_body", "the server answered 200 with JSON that is no object", status=200)
    if body.get("error"):
        # Some gateways report an error of the server behind them with status 200.
        inner = body["error"]
        code = inner.get("code") if isinstance(inner, dict) else None
        raise from_body(body, status=code if isinstance(code, int) and code >= 300 else None, secret=secret)
    try:
        return replace(wire.read(body), raw=raw)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        told = f"the server answered 200 with JSON that is no completion ({type(error).__name__}: {error})"
        raise CallError("foreign_body", told[:300], status=200) from None


@asynccontextmanager
async def opened(
    client: Client, wire: Wire, at: Endpoint, timeout: float, headers: Mapping[str, Any]
) -> AsyncIterator[SdkSession]:
    """A session on a client made in the running loop; closes it. `headers` go with each request."""
    try:
        yield SdkSession(client=client, wire=wire, timeout=timeout, headers=headers, secret=at.key)
    finally:
        await client.close()


def sendable(text: str) -> str:
    """Text that can be encoded as UTF-8: surrogate pairs joined, lone surrogates replaced by U+FFFD.

    Examples
    --------
    >>> sendable("a\\ud835b")
    'a\\ufffdb'
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def count(value: object) -> int | None:
    """A token count as told; None where none is (which is not 0)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def text_or_none(value: object) -> str | None:
    """The value where it is text; raises `TypeError` where it is something else than text or nothing."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"text expected, got {type(value).__name__}")
