"""When to stop asking a server that does not answer."""

from __future__ import annotations

from judgeaudit.models._chat import CallError

_DEAD = frozenset({"connection", "timeout", "server", "overloaded", "foreign_body"})


class Breaker:
    """Opens when a server gives nothing but failures.

    Two cases: a dead server (connection refused, timeouts, 5xx, foreign bodies) for `start_seconds` where it never worked
    and `later_seconds` where it did, with at least `failures` failures in a row; and a server that turns down every one of
    the first `hopeless` calls (a parameter that it does not know). A single answer closes both counts.
    """

    def __init__(
        self, *, failures: int = 4, start_seconds: float = 3.0, later_seconds: float = 30.0, hopeless: int = 20
    ) -> None:
        self._failures, self._start, self._later, self._hopeless = failures, start_seconds, later_seconds, hopeless
        self._in_a_row = 0
        self._since = 0.0
        self._turned_down = 0
        self.answered = 0

    def success(self) -> None:
        """An answer came."""
        self.answered += 1
        self._in_a_row = 0

    def failure(self, error: CallError, now: float) -> bool:
        """A call failed at this time (seconds of any steady clock); True when no further call should be made.

        Examples
        --------
        >>> breaker = Breaker(failures=2, start_seconds=4)
        >>> refused = CallError("connection", "connection refused")
        >>> breaker.failure(refused, 0.0), breaker.failure(refused, 1.0), breaker.failure(refused, 4.5)
        (False, False, True)
        """
        if error.kind in _DEAD:
            self._since = now if self._in_a_row == 0 else self._since
            self._in_a_row += 1
            patience = self._later if self.answered else self._start
            return self._in_a_row >= self._failures and now - self._since >= patience
        # Whoever turns a call down is alive.
        self._in_a_row = 0
        self._turned_down += error.kind in {"bad_request", "context_length"}
        return self.answered == 0 and self._turned_down >= self._hopeless
