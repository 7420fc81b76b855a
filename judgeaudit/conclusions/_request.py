"""What is asked for: where the facts of a run stand, and how comparisons are anchored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from judgeaudit.errors import ConfigError, nearest

REACHES = ("lower", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns of the outputs; None: `meta.NAME`, else `NAME`, and where neither stands there the fact is not known.

    Examples
    --------
    >>> Columns(run="model").run
    'model'
    """

    run: str | None = None
    benchmark: str | None = None
    item: str | None = None
    base: str | None = None
    task: str | None = None
    mitigation: str | None = None
    learning_rate: str | None = None
    checkpoint: str | None = None
    weight: str | None = None

    @property
    def asked(self) -> dict[str, str]:
        """The columns named by the user."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}


FACTS = tuple(f.name for f in fields(Columns))


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityColumns:
    """Columns of the table of capability scores: one row an item, run and checkpoint; `correct` in [0, 1]."""

    run: str = "run"
    task: str = "task"
    checkpoint: str = "checkpoint"
    item: str = "item_id"
    correct: str = "correct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What changes a figure beside the data.

    Parameters
    ----------
    targets
        Capability to be reached, by task; the key "" is for every task. Empty: the highest multiple of 0.05 that every
        run of a task reaches.
    reach
        `value`: the score itself reaches the target; `lower`: the lower bound of its one-sided interval does.
    steps
        The fixed number of steps; None: the checkpoint that all runs share and that is nearest to half of the training.
    base
        Name of the base of every run; None: as the runs' facts say.
    draws, seed, confidence_level
        Resamples of prompts and capability items, their seed, and the level of the two-sided intervals.
    """

    targets: Mapping[str, float] = field(default_factory=dict)
    reach: str = "value"
    steps: int | None = None
    base: str | None = None
    draws: int = 1000
    seed: int = 0
    confidence_level: float = 0.95

    def __post_init__(self) -> None:
        if self.reach not in REACHES:
            raise ConfigError(
                "unknown way to reach a target", got=repr(self.reach), next_step=nearest(self.reach, REACHES)
            )
        for task, target in self.targets.items():
            if not 0 < target <= 1:
                raise ConfigError("wrong target", where=task, got=f"{target:g}", expected="a capability in (0, 1]")
        for name, number, least, most in (("draws", self.draws, 100, 100_000), ("seed", self.seed, 0, None)):
            if not isinstance(number, int) or isinstance(number, bool) or number < least or (most and number > most):
                limit = f"from {least} to {most}" if most else f"at least {least}"
                raise ConfigError(f"wrong {name}", got=repr(number), expected=f"a whole number, {limit}")
        if not 0.5 < self.confidence_level < 1:
            raise ConfigError(
                "wrong confidence_level", got=f"{self.confidence_level:g}", expected="a number in (0.5, 1)"
            )
        if self.steps is not None and self.steps < 1:
            raise ConfigError("wrong number of steps", got=str(self.steps), expected="at least 1")


def parse_targets(given: Sequence[str]) -> dict[str, float]:
    """Targets from the flags of the command line: "0.8" for every task, "TASK=0.8" for one.

    Raises
    ------
    ConfigError
        One is no number, or a task has two.

    Examples
    --------
    >>> parse_targets(["0.8", "style=0.6"])
    {'': 0.8, 'style': 0.6}
    """
    found: dict[str, float] = {}
    for text in given:
        task, _, number = text.rpartition("=")
        try:
            target = float(number)
        except ValueError:
            raise ConfigError("wrong target", got=repr(text), expected="a number such as 0.8, or TASK=0.8") from None
        if "=" in text and not task:
            raise ConfigError("a target without a task", got=repr(text), expected="a number such as 0.8, or TASK=0.8")
        if task in found:
            raise ConfigError("two targets for one task", got=repr(text), expected="one a task")
        found[task] = target
    return found


def columns_of(named: Mapping[str, str]) -> Columns:
    """Columns by the names of facts.

    Raises
    ------
    ConfigError
        There is no fact of a name.

    Examples
    --------
    >>> columns_of({"run": "model"}).run
    'model'
    """
    _known(named, FACTS, "fact of a run")
    return Columns(**named)


def capability_columns_of(named: Mapping[str, str]) -> CapabilityColumns:
    """Columns of the scores by the names of their fields.

    Raises
    ------
    ConfigError
        There is no field of a name.
    """
    _known(named, [f.name for f in fields(CapabilityColumns)], "field of capability scores")
    return CapabilityColumns(**named)


def _known(named: Mapping[str, str], known: Sequence[str], what: str) -> None:
    for name in named:
        if name not in known:
            raise ConfigError(f"no {what} of that name", got=repr(name), next_step=nearest(name, known))
