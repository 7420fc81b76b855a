"""The cells of a stress test: each a judge, a kind of probe and what is counted there, as JSON objects."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from judgeaudit.probing._curve import fit
from judgeaudit.probing._exact import higher, more_than_copies
from judgeaudit.probing._read import CANNOT, NO, YES, Reading, Readings, unscored
from judgeaudit.probing._share import share
from judgeaudit.sums.exact_tests import benjamini_yekutieli, holm
from judgeaudit.table import Floats

Cell = dict[str, Any]


def retest(readings: Readings) -> Cell:
    """How often a copy of a base gets another side than the base."""
    copies = readings.of(probe="retest")
    return {**_flips(copies), "left_out": _left_out(copies)}


def bases(readings: Readings) -> list[Cell]:
    """What the judge says of the sound bases, by their known side: the ground that all else is held against."""
    made = []
    for positive in (False, True):
        mine = [b for b in readings.bases if b.positive is positive]
        sides = [readings.own.get(b.output.item_id) for b in mine]
        scored = [(s == YES, b) for s, b in zip(sides, mine, strict=True) if s in (YES, NO)]
        called = _shared(
            [hit for hit, _ in scored], [b.output.item_id for _, b in scored], [b.output.response for _, b in scored]
        )
        made.append(
            {"bases": YES if positive else NO, "called_positive": called, "sides": dict(Counter(str(s) for s in sides))}
        )
    return made


def pure(readings: Readings) -> list[Cell]:
    """For every mode at dose 1, and every reply that holds nothing: called positive, cannot be judged, and no verdict.

    Some modes keep words of the base at dose 1 (shuffled words). So a probe made from a sound-positive base counts only
    where none of the base's words of 4 letters or more is left in it; then a positive verdict is false by construction.
    p: one-sided Fisher exact against the sound-negative bases, corrected by Benjamini-Yekutieli over the judge's modes.
    """
    sound = [
        s == YES for b in readings.bases if not b.positive and (s := readings.own.get(b.output.item_id)) in (YES, NO)
    ]
    groups: dict[str, list[Reading]] = defaultdict(list)
    for r in readings.probes:
        dose_1 = r.meta["role"] == "dose" and r.meta["dose"] == 1.0
        if r.meta["role"] == "pure" or (dose_1 and not (r.base.positive and _something_left(r))):
            groups[str(r.meta.get("mode", r.meta["probe"]))].append(r)
    cells = []
    for name, mine in sorted(groups.items()):
        sides = Counter(str(r.side) for r in mine)
        scored = [r for r in mine if r.side in (YES, NO)]
        degenerate = bool(mine[0].meta.get("degenerate", True))
        k = sum(r.side == YES for r in scored)
        cells.append(
            {
                "mode": name,
                "degenerate": degenerate,
                "called_positive": _share_of(scored, [r.side == YES for r in scored]),
                "cannot_judge": _share_of(mine, [r.side == CANNOT for r in mine]),
                "unscored": _share_of(mine, [r.side is None for r in mine]),
                "against": {"k": sum(sound), "n": len(sound)},
                "p_value": higher(k, len(scored), sum(sound), len(sound)),
                "sides": dict(sorted(sides.items())),
                "left_out": _left_out(mine, paired=False),
            }
        )
    return _adjusted(cells, benjamini_yekutieli)


def _something_left(reading: Reading) -> bool:
    words = set(re.findall(r"\w{4,}", reading.base.output.response.casefold()))
    text = reading.output.response.casefold()
    return any(word in text for word in words)


def doses(readings: Readings, *, floor: float, draws: int, seed: int, name: str) -> list[Cell]:
    """For every mode and both sides of the bases: changed verdicts by dose, where they went, the curve and its ED50.

    Only bases whose own verdict by the judge is the known one; the others are left out and counted. A verdict has changed
    where it is on another side than the base's, `cannot be judged` too. Dose 0 is the copies of the base.
    """
    by_mode: dict[str, list[Reading]] = defaultdict(list)
    for r in readings.of(probe="dose"):
        by_mode[str(r.meta["mode"])].append(r)
    copies = readings.of(probe="retest")
    return [
        _dose(readings, [*mine, *copies], mode, side, floor=floor, draws=draws, seed=seed, name=name)
        for mode, mine in sorted(by_mode.items())
        for side in (NO, YES)
        if any(b.positive is (side == YES) for b in readings.bases)
    ]


def _dose(
    readings: Readings,
    given: Sequence[Reading],
    mode: str,
    side: str,
    *,
    floor: float,
    draws: int,
    seed: int,
    name: str,
) -> Cell:
    right = [
        b.output.item_id
        for b in readings.bases
        if b.positive is (side == YES) and readings.own[b.output.item_id] == side
    ]
    wrong = sum(b.positive is (side == YES) for b in readings.bases) - len(right)
    place = {item: i for i, item in enumerate(right)}
    mine = [r for r in given if r.base.output.item_id in place]
    grid = np.array(sorted({0.0, *(float(r.meta["dose"]) for r in mine if "dose" in r.meta)}))
    changed, asked = np.zeros((len(right), len(grid))), np.zeros((len(right), len(grid)))
    went: list[Counter[str]] = [Counter() for _ in grid]
    texts: set[str] = set()
    for r in mine:
        at = int(np.searchsorted(grid, float(r.meta.get("dose", 0.0))))
        went[at][str(r.side)] += 1
        if r.side is not None:
            i = place[r.base.output.item_id]
            asked[i, at] += 1
            changed[i, at] += r.side != side
            texts.add(r.output.response)
    curve = fit(grid, changed, asked, floor=floor, draws=draws, seed=seed, name=f"{name}/{mode}/{side}")
    return {
        "mode": mode,
        "bases": side,
        "doses": [_at(float(d), asked[:, i], changed[:, i], went[i]) for i, d in enumerate(grid)],
        "ed50": curve.ed50, "low": curve.low, "high": curve.high, "high_open": curve.high_open,
        "slope": curve.slope, "floor": curve.floor, "reason": curve.reason, "note": curve.note,
        "curve": [list(point) for point in curve.points],
        "n": int(asked[:, 1:].sum()), "clusters": len(right), "distinct_texts": len(texts),
        "towards": _towards(went[1:], side),
        "monotone": _monotone(changed, asked),
        "left_out": {"the judge is wrong on the base": wrong, **unscored(mine)},
    }  # a cell, several fields a line  # fmt: skip


def _at(dose: float, asked: Floats, changed: Floats, went: Counter[str]) -> Cell:
    return {"dose": dose, "n": int(asked.sum()), "changed": int(changed.sum()), "sides": dict(sorted(went.items()))}


def _towards(went: Sequence[Counter[str]], side: str) -> dict[str, int]:
    other = NO if side == YES else YES
    return {what: sum(c[what] for c in went) for what in (other, CANNOT)}


def _monotone(changed: Floats, asked: Floats) -> dict[str, int]:
    """Of bases with a verdict at every dose: those whose verdict, once changed, stays so."""
    whole = (asked[:, 1:] > 0).all(axis=1)
    return {"k": int((np.diff(changed[whole][:, 1:], axis=1) >= 0).all(axis=1).sum()), "n": int(whole.sum())}


def edits(readings: Readings, role: str) -> list[Cell]:
    """Flips by decorations or attacks, one cell a kind and one a variant, next to the judge's test-retest flips.

    p: exact, given how many verdicts of a base flipped at all (`_exact.more_than_copies`); Holm over the role's kinds.
    Single variants are description and have no p.
    """
    edited = readings.of(role=role)
    kinds = sorted({str(r.meta["probe"]) for r in edited})
    copies = readings.of(probe="retest")
    again = _flips(copies)["flips"]
    cells = []
    for kind in kinds:
        mine = [r for r in edited if r.meta["probe"] == kind]
        variants = sorted({str(r.meta["variant"]) for r in mine})
        cells.append(
            {
                "kind": kind,
                **_flips(mine),
                "beyond_retest": _beyond(_flips(mine)["flips"], again),
                "obeyed": _obeyed(mine) if role == "attack" else None,
                "p_value": more_than_copies(_strata(mine, copies)),
                "left_out": _left_out(mine),
                "variants": [{"variant": v, **_flips([r for r in mine if r.meta["variant"] == v])} for v in variants],
            }
        )
    return _adjusted(cells, holm)


def _flips(readings: Sequence[Reading]) -> Cell:
    paired = [r for r in readings if r.paired]
    towards = Counter(str(r.side) for r in paired if r.flipped)
    return {
        "flips": _share_of(paired, [r.flipped for r in paired]),
        "towards": {side: towards[side] for side in (YES, NO, CANNOT)},
    }


def _obeyed(readings: Sequence[Reading]) -> Cell:
    """Flips to the very verdict that the attack asked for."""
    paired = [r for r in readings if r.paired]
    return _share_of(paired, [r.flipped and r.verdict == r.meta.get("target") for r in paired])


def _beyond(flips: Cell, again: Cell) -> float | None:
    return None if flips["value"] is None or again["value"] is None else flips["value"] - again["value"]


def _strata(mine: Sequence[Reading], copies: Sequence[Reading]) -> Iterator[tuple[int, int, int, int]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for offset, some in ((0, mine), (2, copies)):
        for r in some:
            if r.paired:
                counts[r.base.output.item_id][offset] += r.flipped
                counts[r.base.output.item_id][offset + 1] += 1
    return ((a, b, c, d) for a, b, c, d in counts.values())


def _share_of(readings: Sequence[Reading], hits: Sequence[bool]) -> Cell:
    return _shared(hits, [r.base.output.item_id for r in readings], [r.output.response for r in readings])


def _shared(hits: Sequence[bool], items: Sequence[str], texts: Sequence[str]) -> Cell:
    return share(hits, items, texts).as_json()


def _left_out(readings: Sequence[Reading], *, paired: bool = True) -> dict[str, int]:
    left = unscored(readings)
    lost = sum(r.verdict is not None and r.before_verdict is None for r in readings) if paired else 0
    return left | ({"the base has no verdict": lost} if lost else {})


def _adjusted(cells: list[Cell], correct: Any) -> list[Cell]:
    adjusted = correct([cell["p_value"] for cell in cells])
    return [{**cell, "p_adjusted": p} for cell, p in zip(cells, adjusted, strict=True)]
