from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from judgeaudit.config import Limits, Price
from judgeaudit.engine.breaker import Breaker
from judgeaudit.engine.calls import Job, Lane, Progress, Runner, Tally
from judgeaudit.errors import BudgetError, ConfigError, ProviderError, StoreError
from judgeaudit.model import Usage
from judgeaudit.models._chat import CallError


@dataclass
class Host:
    """Jobs whose attempts follow a script, and what became of them."""

    script: dict[int, list[CallError | float]] = field(default_factory=dict)
    seconds: float = 0.0
    before_failing: float = 0.0
    attempts: list[tuple[int, float]] = field(default_factory=list)
    kept: list[object] = field(default_factory=list)
    running: int = 0
    peak: int = 0

    def job(self, number: int, price: Price | None = None) -> Job[object]:
        left = iter(self.script.get(number, []))

        async def attempt() -> object:
            self.attempts.append((number, time.monotonic()))
            self.running += 1
            self.peak = max(self.peak, self.running)
            try:
                step = next(left, self.seconds)
                if isinstance(step, CallError):
                    await asyncio.sleep(self.before_failing)
                    raise step
                await asyncio.sleep(step)
                return number
            finally:
                self.running -= 1

        return Job(
            attempt=attempt,
            finish=lambda outcome, attempts: (str(outcome), attempts),
            usage=lambda _: Usage(input_tokens=10, output_tokens=5),
            estimate=Usage(input_tokens=10, output_tokens=5),
            price=price,
        )

    async def keep(self, result: object) -> None:
        self.kept.append(result)

    def run(
        self,
        count: int,
        *,
        price: Price | None = None,
        keep: Callable[[object], Awaitable[None]] | None = None,
        watch: Callable[[Progress], None] | None = None,
        breaker: Callable[[], Breaker] = Breaker,
        **limits: object,
    ) -> Tally:
        async def main() -> Tally:
            runner = Runner[object](
                Limits(**limits), keep=keep or self.keep, total=count, watch=watch, new_breaker=breaker
            )
            return await runner.run([Lane(host="h:1", jobs=iter([self.job(i, price) for i in range(count)]))])

        return asyncio.run(main())


def _of(kind: str, times: int = 1, retry_after: float | None = None) -> list[CallError | float]:
    return [CallError(kind, f"{kind} again", retry_after=retry_after) for _ in range(times)]  # type: ignore[arg-type]


def test_all_results_are_kept_and_concurrency_is_held() -> None:
    host = Host(seconds=0.01)
    seen: list[Progress] = []
    tally = host.run(40, concurrency=4, watch=seen.append)
    assert sorted(host.kept) == sorted((str(i), 1) for i in range(40))
    assert host.peak == 4
    assert tally.stopped is None
    assert [p.done for p in seen] == list(range(1, 41))
    assert seen[-1] == tally.progress
    assert (tally.progress.requests, tally.progress.input_tokens, tally.progress.output_tokens) == (40, 400, 200)


@pytest.mark.parametrize("kind", sorted(CallError.RETRYABLE))
def test_passing_failures_are_tried_again(kind: str) -> None:
    host = Host({0: _of(kind, 1)})
    tally = host.run(1, retries=1)
    assert host.kept == [("0", 2)]
    assert tally.progress.requests == 2
    assert tally.progress.failed == 0


@pytest.mark.parametrize("kind", ["bad_request", "context_length"])
def test_lasting_failures_are_not_tried_again_and_are_kept(kind: str) -> None:
    host = Host({0: _of(kind, 1)})
    tally = host.run(2, retries=3)
    assert sorted(host.kept) == [("1", 1), (f"{kind} again", 1)]
    assert tally.progress.failed == 1
    assert tally.last_failure == f"{kind} again"


def test_a_filtered_call_is_kept_and_no_failure() -> None:
    tally = Host({0: _of("filtered")}).run(1, retries=3)
    assert (tally.progress.done, tally.progress.failed, tally.progress.requests) == (1, 0, 1)


def test_retries_end() -> None:
    host = Host({0: _of("rate", 9, retry_after=0.0)})
    assert host.run(1, retries=2).progress.failed == 1
    assert len(host.attempts) == 3
    assert host.kept == [("rate again", 3)]


def test_retry_after_holds_back_the_whole_host() -> None:
    host = Host({0: _of("rate", 1, retry_after=0.3)}, seconds=0.02)
    host.run(12, concurrency=2)
    started = [t for _, t in host.attempts]
    held = [t - started[0] for t in started if 0.05 < t - started[0] < 0.28]
    assert held == []
    assert max(started) - started[0] >= 0.3


def test_a_longer_wait_than_the_limit_is_cut() -> None:
    host = Host({0: _of("rate", 1, retry_after=3600.0)})
    begun = time.monotonic()
    host.run(1, max_wait=0.1)
    assert 0.1 <= time.monotonic() - begun < 2


def test_a_call_that_hangs_is_given_up() -> None:
    host = Host({0: [30.0, 30.0]})
    tally = host.run(1, timeout=0.05, retries=1, max_wait=0.01)
    assert tally.progress.failed == 1
    assert len(host.attempts) == 2
    assert "0.05" in tally.last_failure


@pytest.mark.parametrize("kind", ["auth", "unknown_model"])
def test_a_wrong_key_or_model_at_the_first_call_is_a_mistake_in_the_configuration(kind: str) -> None:
    host = Host({i: _of(kind) for i in range(50)})
    tally = host.run(50, concurrency=2)
    assert isinstance(tally.stopped, ConfigError)
    assert "h:1" in str(tally.stopped)
    assert len(host.attempts) <= 2
    assert host.kept == []


@pytest.mark.parametrize("kind", ["auth", "unknown_model", "quota"])
def test_what_fails_for_good_later_on_is_the_provider(kind: str) -> None:
    host = Host({5: _of(kind)})
    tally = host.run(50, concurrency=1)
    assert isinstance(tally.stopped, ProviderError)
    assert host.kept == [(str(i), 1) for i in range(5)]


def test_spent_quota_is_the_provider_even_at_first() -> None:
    assert isinstance(Host({0: _of("quota")}).run(1).stopped, ProviderError)


@pytest.mark.parametrize("count", [1, 200])
def test_a_dead_server_stops_the_run_soon_and_nothing_is_kept(count: int) -> None:
    host = Host({i: _of("connection", 50) for i in range(count)})
    begun = time.monotonic()
    tally = host.run(count, concurrency=64)
    assert isinstance(tally.stopped, ProviderError)
    assert host.kept == []
    assert time.monotonic() - begun < 10


def test_a_short_outage_is_survived() -> None:
    host = Host({i: _of("server", 2) for i in range(10, 20)})
    tally = host.run(30, concurrency=5)
    assert tally.stopped is None
    assert tally.progress.failed == 0


def test_a_server_that_worked_and_then_dies_stops_the_run() -> None:
    host = Host({i: _of("overloaded", 50) for i in range(5, 20)})
    tally = host.run(20, concurrency=5, breaker=lambda: Breaker(later_seconds=0.5))
    assert isinstance(tally.stopped, ProviderError)
    assert "overloaded again" in str(tally.stopped)
    assert len(host.kept) == 5


def test_a_server_that_turns_down_every_call_stops_the_run() -> None:
    host = Host({i: _of("bad_request") for i in range(500)})
    tally = host.run(500, concurrency=2)
    assert isinstance(tally.stopped, ProviderError)
    assert len(host.attempts) <= 21


def test_calls_under_way_end_when_the_run_is_stopped() -> None:
    """They are paid already."""
    host = Host({3: _of("quota")}, seconds=0.1)
    tally = host.run(20, concurrency=4)
    assert isinstance(tally.stopped, ProviderError)
    assert sorted(host.kept) == [("0", 1), ("1", 1), ("2", 1)]


def test_waiting_for_a_retry_ends_when_the_run_is_stopped() -> None:
    host = Host({0: _of("rate", 1, retry_after=30.0), 1: _of("quota")}, before_failing=0.05)
    begun = time.monotonic()
    tally = host.run(3, concurrency=2)
    assert isinstance(tally.stopped, ProviderError)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("limits", "most"), [({"max_requests": 7}, 7), ({"max_tokens": 100}, 6), ({"max_cost": 0.001}, 5)]
)
def test_a_limit_is_not_passed_and_what_was_done_is_kept(limits: dict[str, object], most: int) -> None:
    """15 tokens a call; at these prices 0.0002 a call."""
    host = Host(seconds=0.01)
    tally = host.run(50, concurrency=8, price=Price(input=10, output=20), **limits)
    assert isinstance(tally.stopped, BudgetError)
    assert next(iter(limits)) in str(tally.stopped)
    assert len(host.kept) == len(host.attempts) == most


def test_retries_count_as_requests() -> None:
    host = Host({0: _of("rate", 9, retry_after=0.0)})
    tally = host.run(1, max_requests=3)
    assert isinstance(tally.stopped, BudgetError)
    assert len(host.attempts) == 3


def test_the_pace_is_even() -> None:
    host = Host()
    host.run(6, concurrency=6, requests_per_minute=1200)
    times = [t for _, t in host.attempts]
    assert times[-1] - times[0] >= 0.24
    host = Host()
    host.run(6, concurrency=6, tokens_per_minute=15 * 1200)
    assert host.attempts[-1][1] - host.attempts[0][1] >= 0.24


def test_a_store_that_cannot_be_written_stops_the_run() -> None:
    host = Host()

    async def keep(_: object) -> None:
        raise StoreError("no room left")

    tally = host.run(100, concurrency=2, keep=keep)
    assert isinstance(tally.stopped, StoreError)
    assert len(host.attempts) <= 2


def test_a_bug_in_a_judge_is_not_swallowed() -> None:
    async def attempt() -> object:
        raise ZeroDivisionError

    async def main() -> Tally:
        job: Job[object] = Job(attempt=attempt, finish=lambda o, _: o, usage=lambda _: None)
        return await Runner[object](Limits(), keep=Host().keep).run([Lane(host="h", jobs=iter([job]))])

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())


def test_hosts_do_not_wait_for_one_another() -> None:
    slow, fast = Host(seconds=0.3), Host()

    async def main(hosts: Sequence[Host]) -> None:
        runner = Runner[object](Limits(concurrency=1), keep=fast.keep)
        await runner.run([Lane(host=str(i), jobs=iter([h.job(0), h.job(1)])) for i, h in enumerate(hosts)])

    asyncio.run(main([slow, fast]))
    assert fast.attempts[-1][1] - slow.attempts[0][1] < 0.2


def test_an_interrupt_cancels_what_is_under_way() -> None:
    host = Host({i: [0.01] if i < 3 else [30.0] for i in range(10)})

    async def main() -> None:
        runner = Runner[object](Limits(concurrency=3), keep=host.keep)
        task = asyncio.create_task(runner.run([Lane(host="h", jobs=iter([host.job(i) for i in range(10)]))]))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert len(host.kept) == 3
    assert host.running == 0
