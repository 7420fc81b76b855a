"""A real HTTP server on 127.0.0.1 that speaks OpenAI's and Anthropic's wire formats and fails as told.

::

    with FakeServer(reply=verdict("safe"), script=[rate_limited("1"), Cut()], latency=0.2) as server:
        server.openai_url      # base_url of an OpenAI client, ends in /v1
        server.anthropic_url   # base_url of an Anthropic client
        server.requests        # list of Seen: every request that arrived, the rejected ones too
        server.peak            # most requests in flight at once

`script` answers the first requests in the order of their arrival, `reply` all others: a `Step`, a text, or a function
from `Seen` to one of these. A request that the real server would not take is answered with 400 and uses up no step.
Run apart from the tests, for benchmarks: ``python -m tests.fakes.server --latency 0.2`` prints its address and serves
until its standard input is closed; `in_other_process` does that.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.fakes import wires
from tests.fakes.steps import Body, Cut, Failure, Hang, Reply, Seen, Step

Answer = Step | str | Callable[[Seen], Step | str]
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class FakeServer:
    """The server, in a thread of its own; a context manager.

    Parameters
    ----------
    reply
        Answer to every request beyond the script.
    script
        Answers to the first requests.
    latency
        Seconds before each answer.
    key
        The only key taken (None: any, or none).
    models
        The only models known (None: any).
    extra
        Body parameters taken beside the standard ones.
    """

    def __init__(
        self,
        reply: Answer = "ok",
        script: Sequence[Answer] = (),
        *,
        latency: float = 0.0,
        key: str | None = None,
        models: Sequence[str] | None = None,
        extra: Sequence[str] = (),
    ) -> None:
        self.reply, self.script, self.latency = reply, list(script), latency
        self.key, self.models, self.extra = key, models, frozenset(extra)
        self.requests: list[Seen] = []
        self.in_flight = self.peak = self.port = 0
        self._answered = 0
        self._loop = asyncio.new_event_loop()
        self._handlers: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-server", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        """`base_url` of an OpenAI client."""
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        """`base_url` of an Anthropic client."""
        return self.url

    @property
    def rejected(self) -> list[str]:
        """Why requests were answered with 400, 401 or 404 by the server's own checks."""
        return [seen.rejected for seen in self.requests if seen.rejected is not None]

    def __enter__(self) -> FakeServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._handlers):
            task.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        finally:
            self._handlers.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            return await self._answer(writer, method, path.partition("?")[0], headers, content)
        finally:
            self.in_flight -= 1

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], content: bytes
    ) -> bool:
        wire = wires.PATHS.get(path, "")
        if method == "GET" and path == "/stats":
            return await _send(writer, 200, json.dumps({"requests": len(self.requests), "peak": self.peak}).encode())
        if not wire or method != "POST":
            return await _send(
                writer, 404, wires.error("openai", Failure(404, "not_found_error", f"no {method} {path}"))
            )
        seen, refused = self._read(wire, path, headers, content)
        self.requests.append(seen)
        step = refused or self._next(seen)
        wait = step.seconds if isinstance(step, Hang) else self.latency + step.delay
        if wait:
            await asyncio.sleep(wait)
        return await self._perform(writer, seen, Reply("late") if isinstance(step, Hang) else step)

    def _read(self, wire: str, path: str, headers: dict[str, str], content: bytes) -> tuple[Seen, Failure | None]:
        failure = None
        try:
            body = wires.check(wire, json.loads(content), self.extra)
            failure = self._admit(wire, headers, str(body["model"]))
        except (ValueError, wires.Wrong) as error:
            body, failure = {}, Failure(400, "invalid_request_error", str(error))
        system, user = wires.texts(body)
        seen = Seen(
            index=len(self.requests), wire=wire, path=path, headers=headers, body=body, system=system, user=user,
            time=time.monotonic(), rejected=failure.message if failure else None,
        )  # fmt: skip
        return seen, failure

    def _admit(self, wire: str, headers: dict[str, str], model: str) -> Failure | None:
        if wire == "anthropic" and "anthropic-version" not in headers:
            return Failure(400, "invalid_request_error", "no anthropic-version header")
        given = (
            headers.get("authorization", "").removeprefix("Bearer ") if wire == "openai" else headers.get("x-api-key")
        )
        if self.key is not None and given != self.key:
            return Failure(401, "authentication_error", "wrong key", "invalid_api_key")
        if self.models is not None and model not in self.models:
            return Failure(404, "not_found_error", f"unknown model {model}", "model_not_found")
        return None

    def _next(self, seen: Seen) -> Step:
        answer = self.script[self._answered] if self._answered < len(self.script) else self.reply
        self._answered += 1
        given = answer(seen) if callable(answer) else answer
        return Reply(given) if isinstance(given, str) else given

    async def _perform(self, writer: asyncio.StreamWriter, seen: Seen, step: Reply | Failure | Body | Cut) -> bool:
        match step:
            case Reply():
                return await _send(writer, 200, wires.completion(seen.wire, step, seen.body, seen.index))
            case Failure():
                return await _send(writer, step.status, wires.error(seen.wire, step), headers=step.headers)
            case Body():
                return await _send(writer, step.status, step.content, step.content_type, step.headers)
            case Cut():
                whole = wires.completion(seen.wire, Reply("this answer never arrives whole"), seen.body, seen.index)
                return await _send(writer, 200, whole, share=step.share) and False


async def _send(
    writer: asyncio.StreamWriter,
    status: int,
    content: bytes,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
    share: float = 1.0,
) -> bool:
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Scripted')}",
        f"content-type: {content_type}",
        f"content-length: {len(content)}",
        "x-request-id: req_fake",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if share > 0:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content[: int(len(content) * share)])
        await writer.drain()
    return True


def dead_url() -> str:
    """An address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextlib.contextmanager
def in_other_process(*, reply: str = "ok", latency: float = 0.0) -> Iterator[str]:
    """A server in a process of its own; gives its address (``/v1`` for OpenAI clients, ``/stats`` counts requests)."""
    command = [sys.executable, "-m", "tests.fakes.server", "--reply", reply, "--latency", str(latency)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            assert process.stdin is not None
            process.stdin.close()


def main() -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--reply", default="ok", help="text of every answer")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    with FakeServer(options.reply, latency=options.latency) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
