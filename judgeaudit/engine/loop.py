"""Asynchronous work from synchronous code, also inside a notebook, whose event loop is running already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run the work on an event loop of its own and give its result; Ctrl-C cancels it and is raised again.

    Examples
    --------
    >>> async def work() -> int:
    ...     return 7
    >>> run_to_end(work())
    7
    """
    # Not inside an `except`: whatever the work raises would carry that exception as its context.
    return _in_a_thread(work) if _is_running() else asyncio.run(work)


def _is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(work: Coroutine[Any, Any, T]) -> T:
    results: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # raised again by the caller
            errors.append(error)

    thread = threading.Thread(target=target, name="judgeaudit-loop")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
