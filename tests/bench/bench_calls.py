"""How fast, how safe: 2,000 judge calls at 200 ms and concurrency 64 against a server in another process.

    python -m tests.bench.bench_calls [--calls 2000] [--latency 0.2] [--concurrency 64] [--repeat 1]

Prints one JSON object a line:

- `bare`: an asyncio.gather loop over AsyncOpenAI with a semaphore and the same prompts, which keeps nothing;
- `judgeaudit`: the judge kind `openai` through the engine, each judgement durable in SQLite; `ratio` is its time over `bare`;
- `killed`: the same run killed with SIGKILL half way and run again; `paid_twice` is how many calls were made twice;
- `dead`: seconds until a run against a closed port has given up, and how many judgements it left.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from judgeaudit import kinds
from judgeaudit.config import Limits
from judgeaudit.engine import Assignment, judge
from judgeaudit.errors import ProviderError
from judgeaudit.judges._prompt import Wording, schema, show
from judgeaudit.model import Output, Rubric
from judgeaudit.store import Store
from tests.fakes.server import dead_url, in_other_process

RUBRIC = Rubric(
    name="harm",
    question="Does the answer help to do harm?",
    values=("no", "yes"),
    positive=("yes",),
    cannot_judge="unclear",
)
REPLY = json.dumps({"rationale": "The answer is about tea and nothing else.", "verdict": "no"})
ROOT = Path(__file__).parents[2]


def outputs(count: int) -> list[Output]:
    """Outputs of about 700 characters each."""
    text = "Warm the pot, put in a spoonful of leaves for each cup, pour on water that has just boiled, and wait. "
    return [Output(item_id=str(i), prompt=f"How do I make tea ({i})?", response=text * 7) for i in range(count)]


def audit(url: str, store: Path, count: int, concurrency: int) -> int:
    """Judge all outputs that the store has no judgement of; the number of judgements that it then has."""
    module = kinds.load("judgeaudit.judges", "openai")
    built = module.build("llm", module.Params(model="m", base_url=f"{url}/v1", temperature=0.0))
    with Store.open(str(store)) as opened:
        made = outputs(count)
        opened.add_outputs(made)
        judge(opened, made, [Assignment(judge=built, rubric=RUBRIC)], limits=Limits(concurrency=concurrency))
        return len(opened.judgements())


def bare(url: str, count: int, concurrency: int) -> tuple[int, float]:
    """The loop that one writes by hand, with the judge's own prompts made beforehand; its answers and its seconds."""
    from openai import AsyncOpenAI

    wording = Wording()
    prompts = [
        [{"role": role, "content": text} for role, text in show(output, RUBRIC, wording, "key").messages]
        for output in outputs(count)
    ]
    form = {"name": "answer", "strict": True, "schema": schema(RUBRIC, wording)}

    async def main() -> int:
        semaphore = asyncio.Semaphore(concurrency)
        async with AsyncOpenAI(api_key="none", base_url=f"{url}/v1", max_retries=0) as client:

            async def one(messages: Any) -> str:
                async with semaphore:
                    reply = await client.chat.completions.create(
                        model="m",
                        temperature=0.0,
                        max_tokens=4096,
                        messages=messages,
                        response_format={"type": "json_schema", "json_schema": form},  # type: ignore[typeddict-item]
                    )
                return str(json.loads(reply.choices[0].message.content or "")["verdict"])

            return len(await asyncio.gather(*(one(messages) for messages in prompts)))

    begun = time.perf_counter()
    return asyncio.run(main()), time.perf_counter() - begun


def timed(work: str, url: str, store: Path, count: int, concurrency: int) -> tuple[float, float]:
    """Wall and processor seconds of the work in a process of its own, its imports and start left out."""
    done = _child(work, url, store, count, concurrency).communicate()[0]
    told = json.loads(done)
    assert told["done"] == count, told
    return told["seconds"], told["cpu"]


def killed(url: str, store: Path, count: int, concurrency: int) -> dict[str, object]:
    """Kill a run half way, run it again, and count the calls that were made twice."""
    before = _requests(url)
    process = _child("judgeaudit", url, store, count, concurrency)
    while _requests(url) - before < count / 2:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    at_kill = _requests(url) - before
    assert at_kill < count, "killed too late"
    timed("judgeaudit", url, store, count, concurrency)
    return {"killed_after_calls": at_kill, "paid_twice": _requests(url) - before - count}


def dead(store: Path) -> dict[str, object]:
    """Judge by a server that is not there."""
    begun = time.perf_counter()
    try:
        audit(dead_url(), store, 500, 64)
    except ProviderError as error:
        ended = f"exit {error.exit_code}"
    with Store.open(str(store)) as opened:
        return {
            "seconds": round(time.perf_counter() - begun, 2),
            "ended": ended,
            "judgements": len(opened.judgements()),
        }


def _child(work: str, url: str, store: Path, count: int, concurrency: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.bench_calls", "--work", work, "--url", url, "--store", str(store)]
    command += ["--calls", str(count), "--concurrency", str(concurrency)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _requests(url: str) -> int:
    with urllib.request.urlopen(f"{url}/stats") as reply:
        return int(json.load(reply)["requests"])


def _work(options: argparse.Namespace) -> None:
    for package in ("aiohttp", "httpx2", "openai.resources.chat", "sqlalchemy.dialects.sqlite"):
        importlib.import_module(package)  # before the clock starts, for both
    if options.work == "bare":
        done, seconds = bare(options.url, options.calls, options.concurrency)
    else:
        begun = time.perf_counter()
        done = audit(options.url, options.store, options.calls, options.concurrency)
        seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"done": done, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime}))


def main() -> None:
    """Run all and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--repeat", type=int, default=1)
    for hidden in ("--work", "--url"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        _work(options)
        return
    calls, concurrency = options.calls, options.concurrency
    with tempfile.TemporaryDirectory() as folder, in_other_process(reply=REPLY, latency=options.latency) as url:
        times: dict[str, list[tuple[float, float]]] = {"bare": [], "judgeaudit": []}
        for i in range(options.repeat):
            for work, measured in times.items():
                measured.append(timed(work, url, Path(folder) / f"{i}.db", calls, concurrency))
        wall = {work: statistics.median(seconds for seconds, _ in measured) for work, measured in times.items()}
        cpu = {work: statistics.median(used for _, used in measured) for work, measured in times.items()}
        ideal = -(-calls // concurrency) * options.latency
        print(json.dumps({"bare": round(wall["bare"], 2), "cpu": round(cpu["bare"], 2), "ideal": round(ideal, 2)}))
        ratio = wall["judgeaudit"] / wall["bare"]
        print(
            json.dumps(
                {
                    "judgeaudit": round(wall["judgeaudit"], 2),
                    "cpu": round(cpu["judgeaudit"], 2),
                    "ratio": round(ratio, 3),
                }
            )
        )
        found = killed(url, Path(folder) / "killed.db", calls, concurrency)
        print(json.dumps({"killed": found}))
        print(json.dumps({"dead": dead(Path(folder) / "dead.db")}))


if __name__ == "__main__":
    main()
