"""A stress test's cells in words and numbers, the same on the page, in Markdown and on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judgeaudit.report import _format as f

Cell = Mapping[str, Any]
_SIDES = {"negative": "negative", "positive": "positive", "cannot_judge": "cannot be judged", "None": "no verdict"}
SECTIONS = {
    "decorations": ("Decorations that must change nothing", "flipped"),
    "attacks": ("Attacks on the judge", "moved"),
}


def side(name: str) -> str:
    """A side of the rubric in words."""
    return _SIDES.get(name, name)


def plain(name: str) -> str:
    """A mode, kind or variant in words."""
    return name.replace("_", " ")


def share(s: Cell) -> str:
    """Value, counts and interval of a share.

    Examples
    --------
    >>> share({"value": 0.5, "k": 6, "n": 12, "low": 0.25, "high": 0.75})
    '50% · 6 of 12 [25–75%]'
    """
    if s["value"] is None:
        return f.NONE
    ends = "" if s["low"] is None else f" [{f.points(s['low'])}–{f.points(s['high'])}%]"
    return f"{f.percent(s['value'])} · {s['k']} of {s['n']}{ends}"


def ed50(cell: Cell) -> str:
    """The ED50 with its interval, or why there is none.

    Examples
    --------
    >>> ed50({"ed50": 0.5, "low": 0.4, "high": None, "high_open": True, "reason": None, "note": None})
    '0.50 [0.40, over 1]'
    """
    if cell["ed50"] is None:
        return str(cell["reason"]).replace("not_reached", "not reached").replace("no_verdicts: ", "")
    if cell["low"] is None:
        return f"{f.decimal(cell['ed50'])} (no interval: too few bases)"
    high = "over 1" if cell["high_open"] else f.decimal(cell["high"])
    return f"{f.decimal(cell['ed50'])} [{f.decimal(cell['low'])}, {high}]"


def towards(cell: Mapping[str, int]) -> str:
    """Where changed verdicts went."""
    return ", ".join(f"{n} to {side(name)}" for name, n in cell.items() if n) or f.NONE


def left_out(cell: Mapping[str, int]) -> str:
    """Reasons with counts."""
    return ", ".join(f"{name}: {n}" for name, n in cell.items() if n) or "none"


def base_rows(judge: Cell) -> Iterator[tuple[str, ...]]:
    """Sound texts and the same again."""
    for cell in judge["cells"]["bases"]:
        yield f"sound {side(cell['bases'])} texts, called positive", share(cell["called_positive"])
    again = judge["cells"]["retest"]
    yield "the same text again, another verdict", share(again["flips"])


def pure_rows(judge: Cell) -> Iterator[tuple[str, ...]]:
    """One row a mode at dose 1."""
    for cell in judge["cells"]["pure"]:
        called = cell["called_positive"]
        mark = " ◆" if cell["degenerate"] and called["k"] and cell["p_adjusted"] <= 0.05 else ""
        kind = "" if cell["degenerate"] else " (not degenerate)"
        texts = f.count(called["distinct_texts"]) if called["n"] else f.NONE
        yield (
            plain(cell["mode"]) + kind,
            share(called) + mark,
            texts,
            share(cell["cannot_judge"]),
            share(cell["unscored"]),
        )


PURE_HEAD = ("nothing but", "called positive", "distinct texts", "cannot be judged", "no verdict")


def dose_rows(judge: Cell) -> Iterator[tuple[str, ...]]:
    """One row a mode and side."""
    for cell in judge["cells"]["dose"]:
        m = cell["monotone"]
        yield (
            plain(cell["mode"]), side(cell["bases"]), ed50(cell), towards(cell["towards"]),
            f"{m['k']} of {m['n']}", f"{cell['clusters']} · {cell['distinct_texts']}", left_out(cell["left_out"]),
        )  # one cell each  # fmt: skip


DOSE_HEAD = ("mode", "sound texts", "ED50", "changed, all doses", "never back", "bases · texts", "left out")


def edit_rows(judge: Cell, role: str, *, variants: bool = True) -> Iterator[tuple[str, ...]]:
    """One row a kind, and under it one a variant."""
    attack = role == "attacks"
    for cell in judge["cells"][role]:
        mark = " ◆" if cell["flips"]["k"] and cell["p_adjusted"] <= 0.05 else ""
        beyond = f.NONE if cell["beyond_retest"] is None else f"{f.points(cell['beyond_retest'], signed=True)} points"
        obeyed = (share(cell["obeyed"]),) if attack else ()
        yield (
            plain(cell["kind"]),
            share(cell["flips"]) + mark,
            beyond,
            towards(cell["towards"]),
            *obeyed,
            left_out(cell["left_out"]),
        )
        for v in cell["variants"] if variants and len(cell["variants"]) > 1 else ():
            blank = ("",) if attack else ()
            yield (f"– {plain(v['variant'])}", share(v["flips"]), "", towards(v["towards"]), *blank, "")


def edit_head(role: str) -> tuple[str, ...]:
    """Column heads of `edit_rows`."""
    obeyed = ("to the verdict asked for",) if role == "attacks" else ()
    return ("kind", f"verdicts {SECTIONS[role][1]}", "beyond the same text again", "where to", *obeyed, "left out")


def findings_of(content: Cell, judge: Cell) -> list[Cell]:
    """The findings on one judge."""
    return [x for x in content["findings"] if x["judge"] == judge["judge"]]


def summary(content: Cell) -> Sequence[str]:
    """What was put to whom, one line a rubric."""
    lines = []
    for r in content["rubrics"]:
        known = " and ".join(r["known_by"])
        lines.append(
            f"{r['name']}: {f.count(r['probes'])} probes ({f.count(r['distinct_texts'])} distinct texts) of "
            f"{r['bases']['negative']} sound negative and {r['bases']['positive']} sound positive texts to {r['prompts']} "
            f"prompts; their verdicts are known by {known}."
        )
    return lines
