from __future__ import annotations

import asyncio

import pytest

from judgeaudit.engine.loop import run_to_end


async def _fail() -> None:
    raise ValueError("odd")


def test_errors_come_out_as_they_were_raised_in_a_script_and_in_a_notebook() -> None:
    with pytest.raises(ValueError, match="odd") as plain:
        run_to_end(_fail())
    assert plain.value.__context__ is None

    async def notebook() -> None:
        run_to_end(_fail())

    with pytest.raises(ValueError, match="odd"):
        asyncio.run(notebook())
