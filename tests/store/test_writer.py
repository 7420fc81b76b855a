from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from judgeaudit.errors import StoreError
from judgeaudit.model import Judgement
from judgeaudit.store import Store, Writer
from judgeaudit.store.writer import GROUP


def test_what_put_returned_from_is_durable(store_url: str) -> None:
    """Another connection sees each judgement at once, without the store being closed."""

    async def main() -> None:
        with Store.open(store_url) as store, Store.open(store_url) as other:
            async with Writer[Judgement](store.add_judgements) as writer:
                for i in range(5):
                    await writer.put(Judgement(item_id=str(i), judge="j", rubric="r", verdict="1"))
                    assert len(other.judgements()) == i + 1
                many = [Judgement(item_id=f"m{i}", judge="j", rubric="r", verdict="1") for i in range(200)]
                await asyncio.gather(*(writer.put(judgement) for judgement in many))
            assert len(other.judgements()) == 205

    asyncio.run(main())


def test_what_waits_is_committed_in_groups_by_another_thread() -> None:
    groups: list[int] = []
    threads: set[int] = set()
    release = threading.Event()

    def commit(things: Sequence[int]) -> None:
        release.wait(5)
        threads.add(threading.get_ident())
        groups.append(len(things))

    async def main() -> None:
        async with Writer[int](commit) as writer:
            waiting = [asyncio.create_task(writer.put(i)) for i in range(300)]
            await asyncio.sleep(0.05)  # the event loop runs while a commit is under way
            assert not any(task.done() for task in waiting)
            release.set()
            await asyncio.gather(*waiting)

    asyncio.run(main())
    assert sum(groups) == 300
    assert max(groups) == GROUP
    assert threading.get_ident() not in threads


def test_a_failed_commit_is_told_to_all_who_wait() -> None:
    def commit(things: Sequence[int]) -> None:
        raise StoreError("no room")

    async def main() -> list[BaseException | None]:
        async with Writer[int](commit) as writer:
            return await asyncio.gather(*(writer.put(i) for i in range(3)), return_exceptions=True)

    assert [type(error) for error in asyncio.run(main())] == [StoreError] * 3


def test_an_interrupted_run_still_commits_what_was_handed_over() -> None:
    kept: list[int] = []

    async def main() -> None:
        async with Writer[int](kept.extend) as writer:
            tasks = [asyncio.create_task(writer.put(i)) for i in range(10)]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
    assert kept == list(range(10))
