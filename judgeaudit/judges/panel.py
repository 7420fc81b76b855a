"""Several judges' verdicts made into one by a written rule: majority, unanimity, any or all positive, with quorum and tie rule.

A member without a verdict has no vote; it is never counted as a vote for any value. Fewer verdicts than the quorum, or a tie that
the rule leaves open, give no verdict (`missing`), and `detail` has the count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings, Value, offered
from judgeaudit.model import BASELINE, Judgement, Rubric, Status

Rule = Literal["majority", "plurality", "unanimous", "any_positive", "all_positive"]
_METHOD = "panel:"


class Params(Settings):
    """Parameters of `panel`.

    Parameters
    ----------
    members
        Names of at least two other judges; neither panels nor baselines.
    rule
        `majority`: the value of more than half of the votes. `plurality`: the value with most votes. `unanimous`: the
        value of all votes. `any_positive`: positive if one vote is, else negative. `all_positive`: positive if all votes
        are, else not. Where the last two leave several values to choose from, it is the one with most votes, the first
        of the scale among equals.
    quorum
        Least number of members with a verdict; default: all.
    tie
        What becomes of an output for which the first three rules find no value. `unresolved`: no verdict. `positive`: the
        first positive value among those with most votes, unresolved if there is none. Any other text: that value of the rubric.
    """

    members: tuple[str, ...] = Field(min_length=2)
    rule: Rule = "majority"
    quorum: int | None = Field(default=None, ge=1)
    tie: Value = "unresolved"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.members)) < len(self.members):
            raise ValueError("a member is named twice")
        baselines = [name for name in self.members if name.startswith(BASELINE)]
        if baselines:
            raise ValueError(f"{baselines[0]!r} is a baseline and cannot be a member")
        if self.quorum is not None and self.quorum > len(self.members):
            raise ValueError(f"a quorum of {self.quorum} among {len(self.members)} members")
        return self


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind.

    Raises
    ------
    ConfigError
        The panel is its own member.
    """
    if name in params.members:
        raise ConfigError("a panel cannot be its own member", where=name)
    quorum = len(params.members) if params.quorum is None else params.quorum

    def decide(material: Material) -> Iterator[Answer]:
        _check(name, params, material)
        votes = [{j.item_id: j for j in material.judgements[member]} for member in params.members]
        for output in material.outputs:
            given = [by_item.get(output.item_id) for by_item in votes]
            yield _one(given, params, quorum, material.rubric)

    # The order of the members changes nothing.
    identity = params.model_dump() | {"members": sorted(params.members), "quorum": quorum}
    return Offline(name=name, kind="panel", identity=identity, decide=decide, needs=params.members)


def combine(votes: Sequence[str], rule: Rule, rubric: Rubric, tie: str = "unresolved") -> str | None:
    """The panel's verdict from the members' verdicts (at least one), or None where the rule finds no value.

    Examples
    --------
    >>> rubric = Rubric(name="harm", values=("0", "1", "2"), positive=("1", "2"))
    >>> combine(["0", "1", "1"], "majority", rubric), combine(["0", "1", "2"], "majority", rubric)
    ('1', None)
    >>> combine(["0", "0", "1", "1"], "majority", rubric, tie="positive")
    '1'
    >>> combine(["0", "0", "2"], "any_positive", rubric), combine(["0", "2", "2"], "all_positive", rubric)
    ('2', '0')
    """
    counts = Counter(votes)
    # Most votes first; among equals the order of the scale.
    ranked = sorted(counts, key=lambda value: (-counts[value], rubric.offered.index(value)))
    positive = [value for value in ranked if value in rubric.positive and value != rubric.cannot_judge]
    if rule in ("any_positive", "all_positive"):
        wins = bool(positive) if rule == "any_positive" else len(positive) == len(ranked)
        return positive[0] if wins else next(value for value in ranked if value not in positive)
    top, most = ranked[0], counts[ranked[0]]
    alone = sum(count == most for count in counts.values()) == 1
    needed = {"majority": len(votes) // 2 + 1, "plurality": 1, "unanimous": len(votes)}[rule]
    if alone and most >= needed:
        return top
    if tie == "positive":
        return next((value for value in positive if counts[value] == most), None)
    return None if tie == "unresolved" else tie


def _check(name: str, params: Params, material: Material) -> None:
    if params.tie not in ("unresolved", "positive"):
        offered(material.rubric, params.tie, "tie")
    if params.rule in ("any_positive", "all_positive") and not material.rubric.positive:
        raise ConfigError(
            f"`rule: {params.rule}` needs a positive value", where=material.rubric.name, next_step="give `positive:`"
        )
    for member in params.members:
        if member not in material.judgements:
            hint = nearest(member, set(material.judgements) - {name})
            raise ConfigError("unknown member of a panel", where=name, got=repr(member), next_step=hint)
        if any(j.parse_method.startswith(_METHOD) for j in material.judgements[member]):
            raise ConfigError("a panel cannot be a member of a panel", where=name, got=repr(member))


def _one(given: Sequence[Judgement | None], params: Params, quorum: int, rubric: Rubric) -> Answer:
    votes = [j.verdict for j in given if j is not None and j.verdict in rubric.offered]
    silent = [
        f"{member}: {'skipped' if j is None else j.status if j.verdict is None else 'out_of_range'}"
        for member, j in zip(params.members, given, strict=True)
        if j is None or j.verdict not in rubric.offered
    ]
    counts = Counter(votes)
    tally = ", ".join(f"{value}: {counts[value]}" for value in rubric.offered if value in counts)
    method = _METHOD + params.rule
    if all(j is None or j.status is Status.SKIPPED for j in given):
        return Answer(status=Status.SKIPPED, parse_method=method, detail="no member was asked")
    if len(votes) < quorum:
        why = f"{len(votes)} of {len(given)} members gave a verdict, {quorum} needed ({'; '.join(silent)})"
        return Answer(status=Status.MISSING, parse_method=method, detail=why)
    verdict = combine([v for v in votes if v is not None], params.rule, rubric, params.tie)
    if verdict is None:
        shares = sorted(counts.values(), reverse=True)
        tied = len(shares) > 1 and shares[0] == shares[1]
        why = "tie" if tied else f"no value by the rule {params.rule!r},"
        detail = f"{why} {':'.join(map(str, shares))} ({tally})"
        return Answer(status=Status.MISSING, parse_method=method, detail=detail)
    return Answer(verdict=verdict, parse_method=method, rationale=tally, detail="; ".join(silent))
