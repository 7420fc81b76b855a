"""Group commit: one thread makes results durable while the event loop goes on."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

GROUP = 64
"""Most rows in one commit."""
_INTERVAL = 0.001


class Writer(Generic[T]):
    """Commits what is put into it, as many at once as have come while the last commit was under way.

    Parameters
    ----------
    commit
        Makes a few things durable before it returns, such as `Store.add_judgements`. It runs in the writer's thread.

    Notes
    -----
    `put` returns when the thing is durable, and raises what `commit` raised. Whoever awaits it before the next call loses
    nothing but calls in flight when the process is killed.
    """

    def __init__(self, commit: Callable[[Sequence[T]], object]) -> None:
        self._commit = commit
        self._queue: queue.SimpleQueue[tuple[T, asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._interval = 0.0
        self._thread = threading.Thread(target=self._work, name="judgeaudit-writer")

    async def __aenter__(self) -> Writer[T]:
        self._loop = asyncio.get_running_loop()
        # A thread that comes back from a disk write waits this long for its turn while the event loop is busy. At the
        # interpreter's 5 ms a commit takes several times as long as the disk needs, and each worker waits for it.
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(min(self._interval, _INTERVAL))
        self._thread.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Commit what is still waiting and end the thread."""
        self._queue.put(None)
        # Joined here and not in an executor: after Ctrl-C the loop is being taken down, and a commit takes milliseconds.
        self._thread.join()
        sys.setswitchinterval(self._interval)

    async def put(self, thing: T) -> None:
        """Hand one thing over; returns when it is durable."""
        assert self._loop is not None, "a Writer is used inside `async with`"
        done: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((thing, done))
        await done

    def _work(self) -> None:
        ended = False
        while not ended:
            group = [self._queue.get()]
            while len(group) < GROUP and not self._queue.empty():
                group.append(self._queue.get())
            ended = None in group
            waiting = [entry for entry in group if entry is not None]
            if waiting:
                error = self._committed([thing for thing, _ in waiting])
                self._tell([done for _, done in waiting], error)

    def _committed(self, things: Sequence[T]) -> BaseException | None:
        try:
            self._commit(things)
        except BaseException as error:  # whatever it is, the one who waits must hear of it
            return error
        return None

    def _tell(self, waiting: Sequence[asyncio.Future[None]], error: BaseException | None) -> None:
        assert self._loop is not None
        # The loop may be closed already when the run was interrupted; nobody waits then.
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, waiting, error)


def _settle(waiting: Sequence[asyncio.Future[None]], error: BaseException | None) -> None:
    for future in waiting:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
