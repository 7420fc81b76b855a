"""An even pace: no more than so many units a minute, without bursts."""

from __future__ import annotations

import asyncio


class Pace:
    """Lets callers through one after another, `per_minute` units a minute; None lets everybody through at once.

    A bucket that fills up would let a minute's worth through in one burst, which is what rate limits of servers punish.
    """

    def __init__(self, per_minute: float | None) -> None:
        self._seconds = 60 / per_minute if per_minute else 0.0
        self._free_at = 0.0

    def wait(self, units: float, now: float) -> float:
        """Take `units` and say how many seconds to wait before they may be used.

        Examples
        --------
        >>> pace = Pace(60)
        >>> pace.wait(2, now=100.0), pace.wait(1, now=100.0), pace.wait(1, now=110.0)
        (0.0, 2.0, 0.0)
        """
        if not self._seconds:
            return 0.0
        start = max(self._free_at, now)
        self._free_at = start + units * self._seconds
        return start - now

    async def turn(self, units: float = 1.0) -> None:
        """Wait for one's turn."""
        if self._seconds:
            await asyncio.sleep(self.wait(units, asyncio.get_running_loop().time()))
