"""How long to wait before a call is tried again."""

from __future__ import annotations

import random

_FIRST = 0.5


def delay(attempt: int, retry_after: float | None, longest: float, rng: random.Random) -> float:
    """Seconds to wait after the failed attempt of this number (1, 2, ...).

    What the server asks for by Retry-After is honoured. Otherwise the wait doubles from half a second, and between half
    and all of it is drawn at random, so that callers which failed together do not come back together. Never above `longest`.

    Examples
    --------
    >>> delay(1, 7.0, 60.0, random.Random(0))
    7.0
    >>> delay(1, 3600.0, 60.0, random.Random(0))
    60.0
    >>> 2.0 <= delay(4, None, 60.0, random.Random(0)) <= 4.0
    True
    """
    if retry_after is not None:
        return min(max(retry_after, 0.0), longest)
    return min(_FIRST * 2.0 ** (attempt - 1), longest) * rng.uniform(0.5, 1.0)
