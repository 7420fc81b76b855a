"""What the universes say, in plain words: for someone who decides on it. Every figure in a sentence is a count or a share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from judgeaudit.conclusions._conclude import Conclusion, Conclusions
from judgeaudit.conclusions._multiverse import CHOICES
from judgeaudit.conclusions._verdict import LevelCount

PLAIN: Mapping[str, str] = {
    "judge": "the judge",
    "benchmark": "the benchmark",
    "gibberish": "the handling of gibberish",
    "anchoring": "the checkpoint that is compared",
    "rate": "raw or corrected rates",
}
REASONS: Mapping[str, str] = {
    "no_outputs": "no scored outputs at that checkpoint, or none of one benchmark",
    "few_outputs": "fewer than 10 scored outputs on one side",
    "few_prompts": "fewer than 10 prompts",
    "unstable": "over 5% of the resamples have no value",
    "never_reaches_target": "a run never reaches the target",
    "starts_at_target": "the base is at the target before any training",
    "no_earlier_score": "no score below the target to interpolate from",
    "no_capability": "no capability score or no target",
    "no_such_checkpoint": "no checkpoint at that number of steps",
    "no_label": "no labelled verdicts to correct by",
    "one_class": "labels of one class only",
    "youden_j_touches_zero": "the judge is too uninformative to correct by",
    "no_complete_grid": "no complete grid of universes",
    "no_variation": "every universe gives the same value",
}
_MOST = 4


def paragraph(result: Conclusions) -> str:
    """One paragraph on everything, for someone who will decide: what holds first, then what it rests on."""
    return f"{lead(result)} {details(result)}".strip()


def details(result: Conclusions) -> str:
    """The paragraph after its lead."""
    grid = result.grid
    judges, benchmarks = len(grid.levels["judge"]), len(result.study.benchmarks)
    parts: list[str] = []
    for kind, noun in (("less_safe_than_base", "fine-tunes against their base"), ("mitigation", "mitigations")):
        own = [c for c in result.conclusions if c.contrast.kind == kind]
        if own:
            parts += _of_kind(own, noun)
    parts += _ranking(result)
    parts += _never(result)
    parts.append(
        f"Each claim was tried in {grid.size:,} universes: every combination of {_many(judges, 'judge')}, "
        f"{_many(benchmarks, 'benchmark')}{' alone and together' if benchmarks > 1 else ''}, "
        f"{_many(len(grid.levels['gibberish']), 'handling')} of gibberish, "
        f"{_many(len(grid.levels['anchoring']), 'way')} to choose the checkpoint and "
        f"{' and '.join(grid.levels['rate'])} rates."
    )
    parts += _gaps(result)
    parts.append(
        "Universes share their data and are not independent samples: a share says how far a claim depends on choices, not how "
        "likely it is to be true."
    )
    return " ".join(parts)


def lead(result: Conclusions) -> str:
    """What a reader who stops after one or two sentences should know; "" where there is no claim."""
    claims = result.conclusions
    if not claims:
        return ""
    found = Counter(c.verdict.result for c in claims)
    robust, fragile, lost = found["robust"], found["fragile"], found["not computed"]
    if robust == len(claims):
        return f"{'The claim comes' if robust == 1 else f'All {robust} claims come'} out one way whatever one picks."
    if lost == len(claims):
        return "Nothing can be concluded: no claim can be computed in any universe."
    one_way = f"{robust or 'none'} come{'s' if robust == 1 else ''} out one way whatever one picks"
    told = f"Of {_many(len(claims), 'claim')}, {one_way}; {_others(fragile, found['undecided'], lost)}."
    turning = Counter(c.verdict.turns_on for c in claims if c.verdict.turns_on)
    if turning:
        choice, times = turning.most_common(1)[0]
        told += (
            f" What turns them is most often {PLAIN[choice]} ({times} of {fragile}): whoever decides on one of them by one "
            "judge, one benchmark or one handling of gibberish decides by that choice."
        )
    return told


def _others(fragile: int, undecided: int, lost: int) -> str:
    """What becomes of the claims that do not hold whatever one picks.

    Examples
    --------
    >>> _others(1, 2, 0), _others(2, 1, 1)
    ('1 changes its sign with a choice, 2 stay open', '2 change their sign with a choice, 1 stays open, 1 cannot be computed')
    """
    parts = [f"{fragile} change{'s its' if fragile == 1 else ' their'} sign with a choice"] if fragile else []
    parts += [f"{undecided} stay{'s' if undecided == 1 else ''} open"] if undecided else []
    parts += [f"{lost} cannot be computed"] if lost else []
    return ", ".join(parts)


def sentence(conclusion: Conclusion) -> str:
    """One claim in one or two sentences."""
    v = conclusion.verdict
    if v.result == "not computed":
        return f"It cannot be said in any of {v.universes:,} universes: {reasons(v.not_computed)}."
    size = f"median difference {points(v.median)}, from {points(v.lowest)} to {points(v.highest)} points"
    counted = (
        f"{v.above:,} of {v.computed:,} universes wholly for it, {v.below:,} wholly against, {v.computed - v.above - v.below:,} "
        f"open; {size}."
    )
    if v.result == "fragile" and v.turns_on is not None:
        counted += f" It turns on {PLAIN[v.turns_on]}: {levels(v.by_level[v.turns_on])}."
    elif v.variance.shares:
        top = v.variance.shares[0]
        part = f"{share(top.altogether)} of the variance{_without(conclusion)}"
        counted += f" Its size depends most on {PLAIN[top.choice]} ({part})."
    if v.not_computed:
        counted += f" Not computed: {reasons(v.not_computed)}."
    return counted


def stands(conclusion: Conclusion) -> str:
    """The claim in the direction that its universes took, where they took one.

    A claim that holds robustly the other way round is said so.
    """
    v = conclusion.verdict
    if v.result == "robust" and v.below:
        return "robust, the other way round"
    return v.result


def levels(counts: Sequence[LevelCount]) -> str:
    """The levels of the choice that a claim turns on."""
    return "; ".join(f"{c.level}: {c.above} for, {c.below} against, of {c.computed}" for c in counts)


def reasons(counts: Mapping[str, int]) -> str:
    """Why universes are missing, most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{REASONS.get(reason, reason)} ({n:,})" for reason, n in ordered)


def points(x: float | None) -> str:
    """A difference of rates in percentage points, signed.

    Examples
    --------
    >>> points(0.125), points(-0.5), points(0.0)
    ('+12', '−50', '0')
    """
    if x is None:
        return "—"
    size = f"{abs(x) * 100:.0f}"
    return size if size == "0" else ("−" if x < 0 else "+") + size


def share(x: float) -> str:
    """A share in whole percents.

    Examples
    --------
    >>> share(0.456)
    '46%'
    """
    return f"{x * 100:.0f}%"


def _without(conclusion: Conclusion) -> str:
    """The judges that the complete grid of universes had to leave out."""
    v = conclusion.verdict
    lost = [c.level for c in v.by_level.get("judge", ()) if c.level not in v.variance.levels["judge"]]
    return (
        f" over the {v.variance.universes} universes of a complete grid, which has no {_listed(lost)}" if lost else ""
    )


def _gaps(result: Conclusions) -> list[str]:
    """How many universes have no value, why, and which judges and other choices are not in the counts at all."""
    verdicts = [c.verdict for c in result.conclusions]
    asked, computed = sum(v.universes for v in verdicts), sum(v.computed for v in verdicts)
    if computed == asked:
        return []
    why: Counter[str] = Counter()
    for v in verdicts:
        why.update(v.not_computed)
    most = dict(why.most_common(_MOST))
    out = [
        f"Of the {asked:,} universes of all claims together {asked - computed:,} cannot be computed and are in no count: "
        f"{reasons(most)}{', and other reasons' if len(why) > _MOST else ''}."
    ]
    by_judge = _computed_by(result, "judge")
    if len(set(by_judge.values())) > 1:
        out.append(f"By judge, computed: {', '.join(f'{judge} {n:,}' for judge, n in by_judge.items())}.")
    for choice in CHOICES:
        none = [level for level, n in _computed_by(result, choice).items() if not n]
        if none and computed:
            out.append(f"So the counts say nothing about {PLAIN[choice]}: {', '.join(none)}.")
    return out


def _computed_by(result: Conclusions, choice: str) -> Counter[str]:
    """Computed universes over all claims by the levels of a choice; empty where it has one level."""
    found: Counter[str] = Counter()
    for c in result.conclusions:
        found.update({count.level: count.computed for count in c.verdict.by_level.get(choice, ())})
    return found


def _of_kind(own: Sequence[Conclusion], noun: str) -> list[str]:
    robust = [c for c in own if c.verdict.result == "robust" and c.verdict.above]
    reverse = [c for c in own if c.verdict.result == "robust" and not c.verdict.above]
    fragile = [c for c in own if c.verdict.result == "fragile"]
    undecided = [c for c in own if c.verdict.result == "undecided"]
    lost = [c for c in own if c.verdict.result == "not computed"]
    out = [
        f"{_many(len(own), 'claim')} on {noun}: {len(robust) + len(reverse)} robust, {len(fragile)} fragile, "
        f"{len(undecided)} undecided" + (f", {len(lost)} not computed." if lost else ".")
    ]
    if robust:
        out.append(f"Robust, with no universe wholly against: {_listed([c.contrast.claim for c in robust])}.")
    if reverse:
        out.append(
            f"Robust the other way round, so that the opposite holds: {_listed([c.contrast.claim for c in reverse])}."
        )
    for c in fragile[:_MOST]:
        turning = c.verdict.turns_on
        what = f" turns on {PLAIN[turning]}" if turning else " has both signs"
        out.append(
            f"That {c.contrast.claim}{what}: {c.verdict.above:,} universes say so, {c.verdict.below:,} say the opposite, of "
            f"{c.verdict.computed:,}."
        )
    if len(fragile) > _MOST:
        out.append(f"{len(fragile) - _MOST} more are fragile, as the table shows.")
    return out


def _ranking(result: Conclusions) -> list[str]:
    ranking = result.ranking
    if ranking is None or not ranking.universes or ranking.share is None:
        return []
    robust, every = ranking.pairs.get("robust", 0), sum(ranking.pairs.values())
    return [
        f"The {len(ranking.ranks)} runs come in {_many(ranking.orders, 'order')} over {ranking.universes:,} universes; the most "
        f"frequent one holds in {share(ranking.share)}, and {robust} of {every} pairs of runs are robust."
    ]


def _never(result: Conclusions) -> list[str]:
    never = [str(a["run"]) for a in result.anchors if "never_reaches_target" in a["reasons"].values()]
    if not never:
        return []
    return [f"Never at the target, so not comparable at equal capability: {_listed(never)}."]


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST + 1:
        return "; ".join(names[:_MOST]) + f"; and {len(names) - _MOST} more"
    return "; ".join(names)


def _many(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def choices(result: Conclusions) -> list[tuple[str, str]]:
    """Each choice with its levels."""
    return [(choice, ", ".join(result.grid.levels[choice])) for choice in CHOICES]
