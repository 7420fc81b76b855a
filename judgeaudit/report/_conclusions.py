"""The pages of conclusions: html, markdown, terminal; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import judgeaudit
from judgeaudit.conclusions import Conclusion, Conclusions, dumps
from judgeaudit.conclusions._words import (
    PLAIN,
    REASONS,
    choices,
    details,
    lead,
    paragraph,
    points,
    reasons,
    share,
    stands,
)
from judgeaudit.report import html, markdown
from judgeaudit.report._curve import curve
from judgeaudit.report._format import NONE, percent
from judgeaudit.report._words import KINDS
from judgeaudit.report._write import whole
from judgeaudit.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console

JSON, HTML, MARKDOWN = "conclusions.json", "conclusions.html", "conclusions.md"
TONES = {"robust": "pass", "fragile": "fail", "undecided": "inconclusive", "not computed": "note"}
"""The tone of a result, as the report's tags have it; the words say it all."""
_KIND_NAMES = {"less_safe_than_base": "Fine-tunes against their base", "mitigation": "Mitigations against each other"}
_STYLES = {"robust": "green", "fragile": "bold red", "undecided": "yellow", "not computed": "dim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claim in a table."""

    claim: str
    result: str
    tone: str
    counts: str
    side: str
    size: str
    range: str
    moved: str
    missing: str
    labels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorRow:
    """One trained run and where it is compared."""

    run: str
    task: str
    target: str
    scores: tuple[str, ...]
    chosen: str
    note: str


def write(result: Conclusions, out: Path) -> list[Path]:
    """Write conclusions.json, conclusions.html and conclusions.md into the folder `out`, which is made where it is missing.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; earlier files are untouched.
    """
    texts = {JSON: dumps(result), HTML: render(result), MARKDOWN: render_markdown(result)}
    out.mkdir(parents=True, exist_ok=True)
    return [whole(out / name, text) for name, text in texts.items()]


def render(result: Conclusions) -> str:
    """One HTML file as the audit's report is: no network, no script, readable in the dark, on a phone and printed."""
    style = (html.PAGE / "report.css").read_text("utf-8")
    groups = [
        (title, [row(c) for c in own], [curve(result, c) for c in own])
        for kind, title in _KIND_NAMES.items()
        if (own := [c for c in result.conclusions if c.contrast.kind == kind])
    ]
    return (
        html.environment()
        .get_template("conclusions.html.j2")
        .render(
            name=result.study.name,
            result=result,
            lead=lead(result),
            details=details(result),
            groups=groups,
            ranking=result.ranking,
            ranking_tone=TONES[result.ranking.result] if result.ranking else "",
            anchors=[anchor_row(a) for a in result.anchors],
            correction=[_correction(c) for c in result.correction],
            choices=choices(result),
            judges=[_account(result, j.name) for j in result.study.judges],
            settings=_settings(result),
            inputs=_inputs(result),
            style=style,
            policy=html.policy(style, ""),
            version=judgeaudit.__version__,
            labels=KINDS[result.study.truth_kind][1] if result.study.truth_kind else "",
        )
    )


def row(c: Conclusion) -> Row:
    """A claim's figures as a reader sees them."""
    v = c.verdict
    top = v.variance.shares[0] if v.variance.shares else None
    moved = f"{PLAIN[top.choice]}, {share(top.altogether)}" if top else REASONS.get(v.variance.reason or "", NONE)
    if v.turns_on is not None:
        moved = f"sign: {PLAIN[v.turns_on]}; size: {moved}"
    return Row(
        claim=c.contrast.claim,
        result=stands(c),
        tone=TONES[v.result],
        counts=f"{v.above:,} for · {v.below:,} against · {v.computed - v.above - v.below:,} open",
        side=f"of {v.computed:,} computed",
        size=points(v.median),
        range=f"{points(v.lowest)} to {points(v.highest)}" if v.computed else NONE,
        moved=moved if v.computed else NONE,
        missing=reasons(v.not_computed) if v.not_computed else "",
        labels=_labels(c.labels),
    )


def anchor_row(a: Mapping[str, Any]) -> AnchorRow:
    """A run's scores by checkpoint and the checkpoint where it is compared."""
    scores = [
        f"{s['checkpoint']}: {percent(s['value'])} [{percent(s['low'])[:-1]}–{percent(s['high'])}]" for s in a["scores"]
    ]
    chosen = ", ".join(f"{c} in {share(x)}" for c, x in a["chosen_in_draws"].items())
    if a["never_in_draws"]:
        chosen = ", ".join(x for x in (chosen, f"none in {share(a['never_in_draws'])}") if x)
    note = "; ".join(f"{name}: {REASONS.get(why, why)}" for name, why in a["reasons"].items())
    first = NONE if a["first_reaching"] is None else str(a["first_reaching"])
    return AnchorRow(
        run=a["run"],
        task=a["task"] or NONE,
        target=NONE if a["target"] is None else percent(a["target"]),
        scores=tuple(scores),
        chosen=f"{first} ({chosen} of the resamples)" if chosen else first,
        note=note,
    )


def _labels(told: Mapping[str, Any] | None) -> str:
    if told is None or not told["computed"]:
        return NONE
    return f"{points(told['median'])} ({points(told['lowest'])} to {points(told['highest'])})"


def _correction(c: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    j = NONE if c["youden_j"] is None else f"{c['youden_j']:.2f}"
    interval = "" if c["low"] is None else f"[{c['low']:.2f}, {c['high']:.2f}]".replace("-", "−")
    return (
        c["judge"],
        c["benchmark"],
        f"{j} {interval}".strip(),
        f"{c['labelled']:,.0f}",
        REASONS.get(c["reason"] or "", "used"),
    )


def _account(result: Conclusions, name: str) -> tuple[str, str, str]:
    judge = next(j for j in result.study.judges if j.name == name)
    asked = int((judge.verdicts > -2).sum())
    left = ", ".join(f"{reason.replace('_', ' ')}: {n:,}" for reason, n in judge.left_out.items())
    return name, f"{asked:,} of {result.study.n:,}", left or "none"


def _settings(result: Conclusions) -> list[tuple[str, str]]:
    s = result.settings
    reach = "the score itself" if s.reach == "value" else "the lower end of its interval"
    return [
        ("seed", str(s.seed)),
        ("draws", f"{s.draws:,}"),
        ("confidence level", f"{s.confidence_level:g}, two-sided, of each interval"),
        ("a target is reached by", reach),
        ("targets", ", ".join(f"{task} {percent(t)}" for task, t in result.targets.items()) or "none"),
        ("fixed steps", NONE if result.steps is None else str(result.steps)),
        ("rubric", result.study.rubric.name),
        ("less safe", ", ".join(result.study.rubric.positive)),
    ]


def _inputs(result: Conclusions) -> list[list[tuple[str, str]]]:
    sources = [*result.study.sources, *([result.capability_source] if result.capability_source else [])]
    return [[(str(k), str(v)) for k, v in source.items() if v not in ({}, [], None)] for source in sources]


def render_markdown(result: Conclusions) -> str:
    """The same short, for a pull request's comment."""
    escape = markdown.escape
    parts = [f"# {escape(result.study.name)}: which conclusions hold", escape(paragraph(result))]
    for kind, title in _KIND_NAMES.items():
        own = [row(c) for c in result.conclusions if c.contrast.kind == kind]
        if own:
            head = ["claim", "result", "universes", "median, points", "range", "turns on or moved by"]
            cells = [[r.claim, r.result, f"{r.counts} {r.side}", r.size, r.range, r.moved] for r in own]
            parts.append(f"## {title}\n\n" + _table(head, [[escape(x) for x in line] for line in cells]))
    if result.notes:
        parts.append("## Notes\n\n" + "\n".join(f"- {escape(note)}" for note in result.notes))
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def print_conclusions(console: Console, result: Conclusions) -> None:
    """The paragraph, the claims and the notes in a terminal."""
    from rich.panel import Panel
    from rich.text import Text

    title = for_terminal(result.study.name, 40)
    console.print(Panel(Text(for_terminal(paragraph(result))), title=title, title_align="left"))
    for kind, name in _KIND_NAMES.items():
        own = [c for c in result.conclusions if c.contrast.kind == kind]
        if own:
            console.print(Text(f"\n{name}", style="bold"))
            console.print(_terminal_table(own))
    if result.notes:
        console.print(Text("\nNotes", style="bold"))
    for note in result.notes:
        console.print(Text(f"- {for_terminal(note)}"))


def _terminal_table(own: Sequence[Conclusion]) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("claim", overflow="fold", ratio=1)
    table.add_column("result", width=12)
    table.add_column("for/against/open", justify="right", width=16)
    table.add_column("points", justify="right", width=14)
    for c in own:
        v, shown = c.verdict, row(c)
        counts = f"{v.above}/{v.below}/{v.computed - v.above - v.below}"
        size = Text(f"{shown.size}\n", justify="right").append(shown.range, style="dim")
        result = Text(shown.result, style=_STYLES[v.result])
        if v.turns_on is not None:
            result.append(f"\nby {v.turns_on}", style="dim")
        table.add_row(for_terminal(shown.claim), result, f"{counts}\nof {v.universes}", size)
    return table
