"""What is asked of a table: one field for each flag of `check` that concerns reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import LEVELS, Level
from judgeaudit.readers._flags import parse_map, parse_named, parse_score, parse_values, parse_votes, value_of

AT_RANDOM = ("random", "all")
DEFAULT_RUBRIC = "verdict"
"""Name of the rubric where neither the table nor the request names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """Which columns of a table are what, and how its values are to be understood.

    Parameters
    ----------
    judges, humans
        (name, column) pairs.
    scores
        (judge's name, column with its probability of positive) pairs.
    rationales
        (judge's name, column with the reasons it gave) pairs.
    votes
        (column, N) pairs: the column counts the positive votes of N anonymous annotators.
    id, prompt, response, model
        Columns; None: the table has none (ids are then row numbers).
    values
        The scale, in order; empty: the values seen in the human columns, else in all.
    maps
        (column, value there, value on the scale); an empty value on the scale makes that cell missing.
    positive
        Values, or rules such as ``>=2``.
    abstain
        The value that says "cannot be judged": a verdict, but outside binary measures.
    level
        Level of measurement; None: nominal, or what the file says.
    group
        Column whose equal values are resampled together; "none": nothing is; None: the prompt where prompts repeat.
    selected_by
        How outputs were selected for a label: ``random``, ``all``, ``judge:NAME`` where that judge's verdict decided it, or
        ``column:COL`` that says so for each; None: what the labels say themselves. `weight` is then one of labels.
    trials
        Judges whose names are equal before this text are trials of one judge; None: each name is a judge.
    reference
        ``column:COL`` makes COL the adjudicated reference; the other rules are applied by the audit.
    rubric
        Name of the rubric, or "all"; None: the only one there is.
    encoding
        Text encoding of the file; None: UTF-8, or what a byte order mark says.
    """

    judges: tuple[tuple[str, str], ...] = ()
    scores: tuple[tuple[str, str], ...] = ()
    rationales: tuple[tuple[str, str], ...] = ()
    humans: tuple[tuple[str, str], ...] = ()
    votes: tuple[tuple[str, int], ...] = ()
    id: str | None = None
    prompt: str | None = None
    response: str | None = None
    model: str | None = None
    values: tuple[str, ...] = ()
    maps: tuple[tuple[str, str, str], ...] = ()
    positive: tuple[str, ...] = ()
    abstain: str | None = None
    level: Level | None = None
    group: str | None = None
    weight: str | None = None
    selected_by: str | None = None
    slices: tuple[str, ...] = ()
    trials: str | None = None
    reference: str = "auto"
    rubric: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def reference_column(self) -> str | None:
        """The column of ``--reference column:COL``."""
        kind, _, column = self.reference.partition(":")
        return column if kind == "column" else None

    @property
    def selection_column(self) -> str | None:
        """The column of ``--selected-by column:COL``."""
        kind, _, column = (self.selected_by or "").partition(":")
        return column if kind == "column" else None

    @property
    def names_columns(self) -> bool:
        """Whether verdicts or labels are asked for by column."""
        return bool(self.judges or self.humans or self.votes or self.scores or self.rationales)

    @classmethod
    def make(
        cls,
        *,
        judges: Sequence[str] = (),
        scores: Mapping[str, str] | None = None,
        rationales: Mapping[str, str] | None = None,
        humans: Sequence[str] = (),
        votes: Mapping[str, int] | None = None,
        id: str | None = None,
        prompt: str | None = None,
        response: str | None = None,
        model: str | None = None,
        values: Sequence[str] = (),
        maps: Mapping[str, Mapping[str, str]] | None = None,
        positive: Sequence[str] = (),
        abstain: str | None = None,
        level: str | None = None,
        group: str | None = None,
        weight: str | None = None,
        selected_by: str | None = None,
        slices: Sequence[str] = (),
        trials: str | None = None,
        reference: str = "auto",
        rubric: str | None = None,
        encoding: str | None = None,
    ) -> CheckRequest:
        """A request from the words of the library; values may be numbers or booleans.

        Raises
        ------
        ConfigError
            A part of the request contradicts another, or cannot be understood.

        Examples
        --------
        >>> request = CheckRequest.make(judges=["gpt4", "guard=guard_v2"], maps={"gpt4": {"unsafe": 1}}, positive=[1])
        >>> request.judges, request.maps, request.positive
        ((('gpt4', 'gpt4'), ('guard', 'guard_v2')), (('gpt4', 'unsafe', '1'),), ('1',))
        """
        pairs = [(c, k, v) for c, named in (maps or {}).items() for k, v in named.items()]
        return cls(
            judges=tuple(parse_named(j) for j in _many(judges)),
            scores=tuple((scores or {}).items()),
            rationales=tuple((rationales or {}).items()),
            humans=tuple(parse_named(h) for h in _many(humans)),
            votes=tuple((votes or {}).items()),
            id=id,
            prompt=prompt,
            response=response,
            model=model,
            values=tuple(value_of(v) for v in _many(values)),
            maps=tuple((c, value_of(k), value_of(v)) for c, k, v in pairs),
            positive=tuple(value_of(p) for p in _many(positive)),
            abstain=None if abstain is None else value_of(abstain),
            level=_level(level),
            group=group,
            weight=weight,
            selected_by=selected_by,
            slices=_many(slices),
            trials=trials,
            reference=reference,
            rubric=rubric,
            encoding=encoding,
        )

    @classmethod
    def parse(
        cls,
        *,
        judges: Sequence[str] = (),
        scores: Sequence[str] = (),
        rationales: Sequence[str] = (),
        humans: Sequence[str] = (),
        votes: Sequence[str] = (),
        id: str | None = None,
        prompt: str | None = None,
        response: str | None = None,
        model: str | None = None,
        values: str | None = None,
        maps: Sequence[str] = (),
        positive: Sequence[str] = (),
        abstain: str | None = None,
        level: str | None = None,
        group: str | None = None,
        weight: str | None = None,
        selected_by: str | None = None,
        slices: Sequence[str] = (),
        trials: str | None = None,
        reference: str = "auto",
        rubric: str | None = None,
        encoding: str | None = None,
    ) -> CheckRequest:
        """A request from the flags of the command line.

        Examples
        --------
        >>> CheckRequest.parse(votes=["human_sum:3"], values="0,1", maps=["j:no=0"]).maps
        (('j', 'no', '0'),)
        """
        return cls(
            judges=tuple(parse_named(j) for j in judges),
            scores=tuple(parse_score(s) for s in scores),
            rationales=tuple(parse_score(r, "--rationale") for r in rationales),
            humans=tuple(parse_named(h) for h in humans),
            votes=tuple(parse_votes(v) for v in votes),
            id=id,
            prompt=prompt,
            response=response,
            model=model,
            values=() if values is None else parse_values(values),
            maps=tuple(parse_map(m) for m in maps),
            positive=tuple(value_of(p) for p in positive),
            abstain=None if abstain is None else value_of(abstain),
            level=_level(level),
            group=group,
            weight=weight,
            selected_by=selected_by,
            slices=tuple(slices),
            trials=trials,
            reference=reference,
            rubric=rubric,
            encoding=encoding,
        )


def _many(given: Sequence[str]) -> tuple[str, ...]:
    """A text alone is taken as one name, not as a sequence of letters."""
    return (given,) if isinstance(given, str) else tuple(given)


def _level(text: str | None) -> Level | None:
    found = next((level for level in LEVELS if level == text), None)
    if text is not None and found is None:
        raise ConfigError("unknown level of measurement", got=repr(text), next_step=nearest(text, LEVELS))
    return found


def _check(request: CheckRequest) -> None:
    _once("judge", [name for name, _ in request.judges])
    _once("human", [name for name, _ in request.humans])
    _once("score", [name for name, _ in request.scores])
    _once("rationale", [name for name, _ in request.rationales])
    _once("slice", list(request.slices))
    _once("values", list(request.values))
    for column, count in request.votes:
        if count < 1:
            raise ConfigError("--votes needs annotators", where=column, got=str(count), expected="at least 1")
    seen: dict[tuple[str, str], str] = {}
    for column, before, after in request.maps:
        if not before:
            raise ConfigError(
                "--map cannot give an empty cell a value: no verdict is never a verdict", got=f"{column}:={after}"
            )
        if seen.setdefault((column, before), after) != after:
            raise ConfigError("--map gives one value two meanings", where=column, got=repr(before))
    if "" in request.values or "" in request.positive:
        raise ConfigError("an empty value cannot be on the scale", got="''", expected="--values V1,V2,..")
    if request.abstain is not None and request.abstain in request.positive:
        raise ConfigError("--abstain and --positive name the same value", got=repr(request.abstain))
    if request.trials == "":
        raise ConfigError("--trials needs a separator", got="''", expected="a text such as '#'")
    if request.reference == "column:":
        raise ConfigError("the reference names no column", got="'column:'", expected="column:COL")
    if request.selected_by is not None:
        _check_selection(request.selected_by)
    _roles(request)


def _check_selection(told: str) -> None:
    kind, colon, name = told.partition(":")
    if told in AT_RANDOM or (kind in {"judge", "column"} and name):
        return
    known = [*AT_RANDOM, "judge:", "column:"]
    raise ConfigError(
        "--selected-by is not understood",
        got=repr(told),
        expected="random, all, judge:NAME or column:COL",
        next_step=nearest(kind + colon, known),
    )


def _once(flag: str, names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ConfigError(f"--{flag} is given twice", got=", ".join(repr(n) for n in twice))


def _roles(request: CheckRequest) -> None:
    """A column has one role among those that would contradict each other: what judges say, what people say, what is judged."""
    used: list[tuple[str, str]] = []
    used += [(column, "judge") for _, column in request.judges]
    used += [(column, "score") for _, column in request.scores]
    used += [(column, "rationale") for _, column in request.rationales]
    used += [(column, "human") for _, column in request.humans]
    used += [(column, "votes") for column, _ in request.votes]
    if request.reference_column:
        used.append((request.reference_column, "reference"))
    if request.selection_column:
        used.append((request.selection_column, "selected-by"))
    used += [(c, f) for f in ("prompt", "response", "weight") if (c := getattr(request, f)) is not None]
    roles: dict[str, str] = {}
    for column, role in used:
        if column in roles:
            first = roles[column]
            raise ConfigError(
                "a column is used in two roles",
                where=f"column {column!r}",
                got=f"--{first} twice" if first == role else f"--{first} and --{role}",
                expected="one role a column",
            )
        roles[column] = role
