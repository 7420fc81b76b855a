"""What one call costs: our sessions and judges beside the SDK's own ways, in one run against one server in another process.

Run from the repository's root: ``python -m tests.bench.bench_client [--calls 2000] [--latency 0.2] [--concurrency 64]``.
Prints for each way the wall-clock time, the processor time a call, and the ratio of the wall clock to the bare
``AsyncOpenAI`` gather loop. The choice made in judgeaudit/models/_sdk.py rests on this table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from judgeaudit.judges import openai as openai_judge
from judgeaudit.judges._prompt import Wording, schema, show
from judgeaudit.model import Output, Rubric
from judgeaudit.models import anthropic, openai
from judgeaudit.models._chat import Request
from judgeaudit.models._endpoint import Endpoint
from tests.fakes.server import in_other_process

RUBRIC = Rubric(
    name="harm", question="Does the answer break the house rule?", values=("safe", "harmful"), positive=("harmful",)
)
TEXT = Output(item_id="1", prompt="What is tea? " * 20, response="Tea is a drink made of leaves. " * 60)
REPLY = '{"rationale": "It keeps to the rule, as far as can be told.", "verdict": "safe"}'
SHOWN = show(TEXT, RUBRIC, Wording(), "key")
REQUEST = Request(messages=SHOWN.messages, max_tokens=200, temperature=0.0, schema=schema(RUBRIC, Wording()))
BODY = openai.OpenAIChat(params=openai.Params(model="m"), at=Endpoint(url="http://127.0.0.1/v1")).body(REQUEST)

Call = Callable[[], Awaitable[object]]
Way = Callable[[str, AsyncExitStack], Awaitable[Call]]


async def sdk(url: str, stack: AsyncExitStack, *, aiohttp: bool, raw: bool) -> Call:
    """One way of the SDK itself: its HTTP transport or aiohttp's, typed answers or raw ones."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    http: Any = DefaultAioHttpClient() if aiohttp else None
    client = await stack.enter_async_context(AsyncOpenAI(api_key="x", base_url=f"{url}/v1", http_client=http))

    async def typed() -> object:
        return (await client.chat.completions.create(**BODY)).choices[0].message.content

    async def parsed() -> object:
        return json.loads((await client.chat.completions.with_raw_response.create(**BODY)).content)

    return parsed if raw else typed


async def session(chat: AbstractAsyncContextManager[Any], stack: AsyncExitStack) -> Call:
    """A session of ours."""
    opened = await stack.enter_async_context(chat)
    return lambda: opened.complete(REQUEST)


async def judge(url: str, stack: AsyncExitStack) -> Call:
    """A judge: prompt, call, reading of the verdict."""
    by = openai_judge.build("j", openai_judge.Params(model="m", base_url=f"{url}/v1"))
    asking = await stack.enter_async_context(by.open())

    async def once() -> object:
        made = await asking.ask(TEXT, RUBRIC, 1)
        assert made.verdict == "safe", made
        return made

    return once


WAYS: dict[str, Way] = {
    "bare AsyncOpenAI": lambda url, stack: sdk(url, stack, aiohttp=False, raw=False),
    "raw responses": lambda url, stack: sdk(url, stack, aiohttp=False, raw=True),
    "aiohttp": lambda url, stack: sdk(url, stack, aiohttp=True, raw=False),
    "aiohttp, raw responses": lambda url, stack: sdk(url, stack, aiohttp=True, raw=True),
    "judgeaudit openai": lambda url, stack: session(
        openai.build("m", openai.Params(model="m", base_url=f"{url}/v1")).open(), stack
    ),
    "judgeaudit anthropic": lambda url, stack: session(
        anthropic.build("m", anthropic.Params(model="m", base_url=url)).open(), stack
    ),
    "judgeaudit judge": judge,
}


async def measure(way: Way, url: str, calls: int, concurrency: int) -> tuple[float, float]:
    """Wall-clock seconds of all calls, and processor seconds of this process for one."""
    async with AsyncExitStack() as stack:
        call = await way(url, stack)
        await call()  # connections, lazy imports
        gate = asyncio.Semaphore(concurrency)

        async def gated() -> None:
            async with gate:
                await call()

        wall, processor = time.perf_counter(), time.process_time()
        await asyncio.gather(*(gated() for _ in range(calls)))
        return time.perf_counter() - wall, (time.process_time() - processor) / calls


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--concurrency", type=int, default=64)
    options = parser.parse_args()
    ideal = options.calls * options.latency / options.concurrency
    print(f"{options.calls} calls, {options.latency:g} s each, {options.concurrency} at once; ideal {ideal:.2f} s")
    first: float | None = None
    with in_other_process(reply=REPLY, latency=options.latency) as url:
        for name, way in WAYS.items():
            wall, processor = asyncio.run(measure(way, url, options.calls, options.concurrency))
            first = first or wall
            print(
                f"{name:24} {wall:6.2f} s  {processor * 1000:5.2f} ms processor/call  x{wall / first:.2f}", flush=True
            )


if __name__ == "__main__":
    main()
