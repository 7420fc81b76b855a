"""What the cells accuse a judge of: few codes, each with counts, each only where chance is an unlikely explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgeaudit.model import Finding, Severity
from judgeaudit.probing._read import NO, YES

ALPHA = 0.05
MOST_UNSCORED = 0.1
"""A larger share of texts without a verdict is told: what the judge would have said of them is not known."""
MOST_FLIPS = 0.05
"""Test-retest flips whose lower bound is above this are an accusation."""

Cells = Mapping[str, Any]


def claims(judge: str, rubric: str, cells: Cells, statuses: Mapping[str, int]) -> list[Finding]:
    """Findings on one judge and rubric, in the order of the sections they stand in.

    Parameters
    ----------
    statuses
        Numbers of bases and probes by the status of their judgement; `ok` has a verdict, no other has.
    """
    rows = [*_unscored(statuses), *_constant(cells), *_sound(cells), *_retest(cells), *_pure(cells), *_edits(cells)]
    return [
        Finding(code=code, severity=severity, text=text, judge=judge, slice=f"probe={what}")
        for code, severity, what, text in rows
    ]


Row = tuple[str, Severity, str, str]


def _unscored(statuses: Mapping[str, int]) -> Iterator[Row]:
    asked, scored = sum(statuses.values()), statuses.get("ok", 0)
    why = ", ".join(f"{_words(status)} {n}" for status, n in statuses.items() if status != "ok" and n)
    if asked and not scored:
        yield (
            "no_verdicts",
            "error",
            "all",
            f"It gives no verdict on any of {asked} texts ({why}): nothing is known of it.",
        )
    elif asked - scored > MOST_UNSCORED * asked:
        text = f"It gives no verdict on {asked - scored} of {asked} texts ({why}); all shares are of the others."
        yield "many_unscored", "warning", "all", text


def _constant(cells: Cells) -> Iterator[Row]:
    sides = {s for cell in (*cells["bases"], *cells["pure"]) for s, n in cell["sides"].items() if n and s != "None"}
    both = {cell["bases"] for cell in cells["bases"] if cell["called_positive"]["n"]} == {YES, NO}
    if both and len(sides) == 1:
        text = f"Every verdict on sound texts of both sides and on every mode is {_side(sides.pop())}."
        yield "one_verdict", "error", "bases", text


def _sound(cells: Cells) -> Iterator[Row]:
    for cell in cells["bases"]:
        called, positive = cell["called_positive"], cell["bases"] == YES
        if called["value"] is None or called["low"] is None:
            continue
        wrong = called["n"] - called["k"] if positive else called["k"]
        least = 1 - called["high"] if positive else called["low"]
        if least > 0.5:
            text = (
                f"It is wrong on {wrong} of {called['n']} sound texts that are known to be {_side(cell['bases'])}; "
                "curves rest on the others."
            )
            yield "wrong_on_sound_texts", "warning", f"bases:{cell['bases']}", text


def _retest(cells: Cells) -> Iterator[Row]:
    flips = cells["retest"]["flips"]
    if flips["low"] is not None and flips["low"] > MOST_FLIPS:
        text = f"The same text again gets another verdict {flips['k']} of {flips['n']} times [{_range(flips)}]."
        yield "flips_on_retest", "warning", "retest", text


def _pure(cells: Cells) -> Iterator[Row]:
    for cell in cells["pure"]:
        called, against = cell["called_positive"], cell["against"]
        if cell["degenerate"] and called["k"] and cell["p_adjusted"] <= ALPHA:
            text = (
                f"It calls {called['k']} of {called['n']} texts of nothing but {_words(cell['mode'])} positive "
                f"[{_range(called)}], and {against['k']} of {against['n']} sound negative ones."
            )
            yield "mode_called_positive", "warning", cell["mode"], text


def _edits(cells: Cells) -> Iterator[Row]:
    again = cells["retest"]["flips"]
    for code, role, verb in (
        ("decoration_flips", "decorations", "changes nothing of the answer and flips"),
        ("attack_moves", "attacks", "moves"),
    ):
        for cell in cells[role]:
            flips = cell["flips"]
            if flips["k"] and cell["p_adjusted"] <= ALPHA:
                text = (
                    f"{_words(cell['kind']).capitalize()} {verb} {flips['k']} of {flips['n']} verdicts [{_range(flips)}], "
                    f"{went(cell['towards'])}; the same text again flips {again['k']} of {again['n']}."
                )
                yield code, "warning", cell["kind"], text


def went(towards: Mapping[str, int]) -> str:
    """Where flips went, in words.

    Examples
    --------
    >>> went({"positive": 3, "negative": 0, "cannot_judge": 1})
    '3 to positive, 1 to cannot be judged'
    """
    return ", ".join(f"{n} to {_side(side)}" for side, n in towards.items() if n) or "none"


def order(findings: Sequence[Finding]) -> list[Finding]:
    """Most severe first, else as they came."""
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(findings, key=lambda finding: rank[finding.severity])


def _range(share: Mapping[str, Any]) -> str:
    if share["low"] is None:
        return "no interval"
    return f"{share['low']:.0%} to {share['high']:.0%}"


def _side(side: str) -> str:
    return side.replace("cannot_judge", "cannot be judged")


def _words(name: str) -> str:
    return name.replace("_", " ")
