"""The runner of calls: jobs in, durable results out. It knows neither judges nor models."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from judgeaudit.config import Limits, Price
from judgeaudit.engine.breaker import Breaker
from judgeaudit.engine.meter import Meter
from judgeaudit.engine.pace import Pace
from judgeaudit.engine.retry import delay
from judgeaudit.errors import ConfigError, JudgeAuditError, ProviderError
from judgeaudit.model import Usage
from judgeaudit.models._chat import CallError
from judgeaudit.text import visible

T = TypeVar("T")

GRACE = 5.0
"""Seconds that calls under way get to end after the run was stopped; they are paid already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[T]):
    """One thing to ask for.

    Parameters
    ----------
    attempt
        Asks once; raises `CallError` where the call failed.
    finish
        From the answer, or from the error that is left after the last attempt, and the number of attempts: the result to keep.
        None: nothing is kept of it.
    usage
        What a result has used.
    estimate
        What one attempt will use, roughly.
    """

    attempt: Callable[[], Awaitable[T]]
    finish: Callable[[T | CallError, int], T | None]
    usage: Callable[[T], Usage | None]
    estimate: Usage = field(default_factory=Usage)
    price: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Generic[T]):
    """The jobs for one host."""

    host: str
    jobs: Iterator[Job[T]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: calls ended (`done`), of these failed for good (filtered ones are not), of all that are to be made.

    `requests` counts every attempt.
    """

    done: int
    failed: int
    total: int
    requests: int
    input_tokens: int
    output_tokens: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How a run ended. `stopped` is what stopped it before all jobs were done; `last_failure` words the last failed call."""

    progress: Progress
    stopped: JudgeAuditError | None = None
    last_failure: str = ""


class Runner(Generic[T]):
    """Makes the calls of all lanes at once, each lane with its own concurrency, pace and circuit breaker.

    Parameters
    ----------
    keep
        Makes one result durable. A worker asks for nothing new before it returns, so that a killed process loses no more
        than the calls under way.
    watch
        Hears of the progress after each call.
    seed
        Of the waits before retries.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        keep: Callable[[T], Awaitable[None]],
        total: int = 0,
        watch: Callable[[Progress], None] | None = None,
        seed: int = 0,
        new_breaker: Callable[[], Breaker] = Breaker,
    ) -> None:
        self.limits, self.keep, self.new_breaker = limits, keep, new_breaker
        self.rng = random.Random(seed)
        self.meter = Meter(limits)
        self._total, self._watch = total, watch
        self._done = self._failed = 0
        self._stopped: JudgeAuditError | None = None
        self._stopping = asyncio.Event()
        self._last_failure = ""

    async def run(self, lanes: Sequence[Lane[T]]) -> Tally:
        """Run until all jobs are done or something stops the run; the caller decides what to raise."""
        lines = [_Line(self, lane) for lane in lanes]
        workers = [asyncio.create_task(line.work()) for line in lines for _ in range(self.limits.concurrency)]
        try:
            await self._wait(workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return Tally(progress=self.progress, stopped=self._stopped, last_failure=self._last_failure)

    @property
    def progress(self) -> Progress:
        """Where the run stands."""
        meter = self.meter
        return Progress(
            done=self._done,
            failed=self._failed,
            total=self._total,
            requests=meter.requests,
            input_tokens=meter.input_tokens,
            output_tokens=meter.output_tokens,
            cost=meter.cost,
        )

    def stop(self, error: JudgeAuditError) -> None:
        """Start nothing new; the first reason counts."""
        self._stopped = self._stopped or error
        self._stopping.set()

    def stopping(self) -> bool:
        """Whether nothing new may be started."""
        return self._stopping.is_set()

    async def pause(self, seconds: float) -> None:
        """Sleep, but not beyond the moment at which the run is stopped."""
        if seconds > 0:
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                pass

    def count(self, outcome: T | CallError) -> None:
        """One call has come to its end."""
        self._done += 1
        # A filter's refusal is an answer of its own: it will be the same next time, and it is shown as what it is.
        if isinstance(outcome, CallError) and outcome.kind != "filtered":
            self._failed += 1
            self._last_failure = outcome.message
        if self._watch is not None:
            self._watch(self.progress)

    async def _wait(self, workers: Sequence[asyncio.Task[None]]) -> None:
        stopping = asyncio.create_task(self._stopping.wait())
        pending: set[asyncio.Task[Any]] = set(workers)
        try:
            while pending and not self.stopping():
                done, _ = await asyncio.wait({*pending, stopping}, return_when=asyncio.FIRST_COMPLETED)
                pending -= done
                _raise_bugs(done)
            if pending:
                done, _ = await asyncio.wait(pending, timeout=GRACE)
                _raise_bugs(done)
        finally:
            stopping.cancel()


class _Line(Generic[T]):
    """One lane at work: its workers share an iterator of jobs, a pace, a pause and a breaker."""

    def __init__(self, runner: Runner[T], lane: Lane[T]) -> None:
        limits = runner.limits
        self._runner, self._lane, self._limits = runner, lane, limits
        self._breaker = runner.new_breaker()
        self._requests, self._tokens = Pace(limits.requests_per_minute), Pace(limits.tokens_per_minute)
        self._paused_until = 0.0

    async def work(self) -> None:
        """Do jobs until there is none left or the run is stopped."""
        runner = self._runner
        while not runner.stopping():
            job = next(self._lane.jobs, None)
            if job is None:
                return
            try:
                runner.meter.reserve(job.estimate, job.price)
                try:
                    await self._do(job)
                finally:
                    runner.meter.release(job.estimate, job.price)
            except JudgeAuditError as error:  # the budget is spent, or the store cannot be written
                runner.stop(error)

    async def _do(self, job: Job[T]) -> None:
        runner = self._runner
        attempts = 0
        while True:
            await self._turn(job.estimate)
            if runner.stopping():
                return
            runner.meter.request()
            attempts += 1
            outcome = await self._attempt(job)
            if not isinstance(outcome, CallError):
                self._breaker.success()
                runner.meter.used(job.usage(outcome), job.price)
                break
            self._judge_failure(outcome)
            if runner.stopping():
                return
            if not outcome.retryable or attempts > self._limits.retries:
                break
            await runner.pause(delay(attempts, outcome.retry_after, self._limits.max_wait, runner.rng))
        kept = job.finish(outcome, attempts)
        if kept is not None:
            await runner.keep(kept)
        runner.count(outcome)

    async def _turn(self, estimate: Usage) -> None:
        """Wait for the pace, and as long as the server asked everybody to wait."""
        await self._requests.turn()
        await self._tokens.turn((estimate.input_tokens or 0) + (estimate.output_tokens or 0))
        await self._runner.pause(self._paused_until - asyncio.get_running_loop().time())

    async def _attempt(self, job: Job[T]) -> T | CallError:
        try:
            async with asyncio.timeout(self._limits.timeout):
                return await job.attempt()
        except TimeoutError:
            return CallError("timeout", f"no answer within {self._limits.timeout:g} s")
        except CallError as error:
            return error

    def _judge_failure(self, error: CallError) -> None:
        """Stop the run where the failure means that no further call can go through."""
        now = asyncio.get_running_loop().time()
        where = visible(self._lane.host)
        words = f"{where}: {visible(error.message)}"
        if error.retry_after is not None:
            self._paused_until = max(self._paused_until, now + min(error.retry_after, self._limits.max_wait))
        if error.fatal:
            first = self._breaker.answered == 0 and error.kind in {"auth", "unknown_model"}
            # Wrong from the first call on is a mistake in the configuration; later it is the server's change of mind.
            next_step = "check the model's name and the key" if first else "what was done is kept; run again later"
            self._runner.stop(
                ConfigError(words, next_step=next_step) if first else ProviderError(f"{words}; {next_step}")
            )
        elif self._breaker.failure(error, now):
            self._runner.stop(ProviderError(f"{words}; no call goes through; what was done is kept; run again later"))


def _raise_bugs(done: Iterable[asyncio.Task[Any]]) -> None:
    """Workers report what they expect; whatever else they raise is a bug and must not be lost."""
    for task in done:
        task.result()
