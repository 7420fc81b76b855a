"""What a run will send, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judgeaudit.config import Limits, Price
from judgeaudit.engine.meter import cost
from judgeaudit.errors import ConfigError
from judgeaudit.model import Rubric, Usage

_CHARACTERS_PER_TOKEN = 4
_PROMPT_FRAME = 250
_ANSWER = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """What one judge or model is asked for.

    Parameters
    ----------
    name
        Judge or model.
    task
        The rubric's name, or "collect".
    host
        Where the texts go; None: nowhere, the work is done in this process.
    calls
        How many calls are to be made.
    reused
        How many results of an earlier run are taken over.
    texts
        In how many different texts the calls are made (trials repeat them).
    usage
        Estimated tokens of all calls: a token for every four characters, the rubric's prompt and a short answer included.
    price
        None: the cost is unknown.
    kind
        Of the judge or model.
    """

    name: str
    task: str
    host: str | None
    calls: int
    reused: int = 0
    texts: int = 0
    usage: Usage | None = None
    price: Price | None = None
    kind: str = ""

    @property
    def cost(self) -> float | None:
        """Estimated cost; None where no price was given."""
        if self.price is None or self.usage is None:
            return None
        return cost(self.price, self.usage.input_tokens or 0, self.usage.output_tokens or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run will send."""

    sends: Sequence[Send] = ()

    @property
    def calls(self) -> int:
        """Calls that leave this process or ask a local model."""
        return sum(send.calls for send in self.sends if send.host is not None)

    @property
    def hosts(self) -> list[str]:
        """Where texts will be sent, each host once."""
        return list(dict.fromkeys(send.host for send in self.sends if send.host is not None and send.calls))

    @property
    def cost(self) -> float | None:
        """Estimated cost of all calls; None where a price is missing."""
        costs = [send.cost for send in self.sends if send.host is not None and send.calls]
        return None if None in costs else sum(c for c in costs if c is not None)

    def check(self, limits: Limits) -> None:
        """Raise `ConfigError` where a limit of cost was set and a price is missing, so that it could not be held."""
        if limits.max_cost is None:
            return
        for send in self.sends:
            if send.host is not None and send.calls and send.price is None:
                raise ConfigError(
                    "limits.max_cost cannot be held without a price",
                    got=f"no price for {send.name!r}",
                    next_step=f"add `prices: {{{send.name}: {{input: ..., output: ...}}}}` (per million tokens)",
                )


def tokens(characters: int) -> int:
    """Rough number of tokens of so many characters.

    Examples
    --------
    >>> tokens(9)
    3
    """
    return -(-characters // _CHARACTERS_PER_TOKEN)


def judging_usage(characters: int, rubric: Rubric) -> Usage:
    """Estimated tokens of one call that judges a prompt and response of so many characters in all."""
    told = len(rubric.question) + sum(len(v) + len(d) for v, d in rubric.descriptions.items())
    return Usage(input_tokens=tokens(characters + told) + _PROMPT_FRAME, output_tokens=_ANSWER)
