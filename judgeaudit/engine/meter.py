"""What calls have used, and where the user's limits stop them."""

from __future__ import annotations

from judgeaudit.config import Limits, Price
from judgeaudit.errors import BudgetError
from judgeaudit.model import Usage


def cost(price: Price, input_tokens: int, output_tokens: int) -> float:
    """Cost of tokens at a price per million.

    Examples
    --------
    >>> cost(Price(input=2.0, output=10.0), 500_000, 100_000)
    2.0
    """
    return (price.input * input_tokens + price.output * output_tokens) / 1_000_000


class Meter:
    """Counts requests, tokens and cost against the limits.

    What calls under way will use is estimated and reserved before they start, so that a limit is passed only by as much as
    the estimates were too low.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.requests = 0
        self.input_tokens = 0
        self.output_tokens = 0
        self.cost = 0.0
        self._reserved_tokens = 0
        self._reserved_cost = 0.0

    def reserve(self, estimate: Usage, price: Price | None) -> None:
        """Set aside what a call is estimated to use; raises `BudgetError` where that would pass a limit."""
        tokens, money = _amounts(estimate, price)
        self._check(
            "tokens", self.input_tokens + self.output_tokens + self._reserved_tokens, tokens, self._limits.max_tokens
        )
        self._check("cost", self.cost + self._reserved_cost, money, self._limits.max_cost)
        self._reserved_tokens += tokens
        self._reserved_cost += money

    def release(self, estimate: Usage, price: Price | None) -> None:
        """Give back what was set aside for a call that has ended."""
        tokens, money = _amounts(estimate, price)
        self._reserved_tokens -= tokens
        self._reserved_cost -= money

    def request(self) -> None:
        """Count one request about to be sent; raises `BudgetError` where none is left."""
        self._check("requests", self.requests, 1, self._limits.max_requests)
        self.requests += 1

    def used(self, usage: Usage | None, price: Price | None) -> None:
        """Count what a finished call has used, as far as the server told."""
        if usage is None:
            return
        self.input_tokens += usage.input_tokens or 0
        self.output_tokens += usage.output_tokens or 0
        if price is not None:
            self.cost += cost(price, usage.input_tokens or 0, usage.output_tokens or 0)

    def _check(self, what: str, used: float, more: float, limit: float | None) -> None:
        if limit is not None and used + more > limit:
            raise BudgetError(
                f"limits.max_{what}: the limit of {limit:g} is reached; what was done is kept; raise it and run again"
            )


def _amounts(usage: Usage, price: Price | None) -> tuple[int, float]:
    given, made = usage.input_tokens or 0, usage.output_tokens or 0
    return given + made, cost(price, given, made) if price else 0.0
