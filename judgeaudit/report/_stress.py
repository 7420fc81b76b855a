"""stress.html, stress.md and the terminal's summary from the content of stress.json; computes no statistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judgeaudit.report import _charts
from judgeaudit.report import _stress_words as w
from judgeaudit.report._stress_charts import curves
from judgeaudit.report._stress_texts import texts
from judgeaudit.report._write import whole
from judgeaudit.report.html import PAGE, environment, policy
from judgeaudit.report.markdown import _table, escape

Content = Mapping[str, Any]
JSON, HTML, MARKDOWN = "stress.json", "stress.html", "stress.md"
EXAMPLES = "probes.jsonl"
_STYLE = """
.charts { margin-bottom: 1rem; }
@media screen { .plain td { white-space: nowrap; } }
.finding p { max-width: none; }
"""
_FINDINGS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The table of decorations or of attacks."""

    title: str
    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One judge on one rubric."""

    anchor: str
    title: str
    base: Sequence[tuple[str, ...]]
    pure: Sequence[tuple[str, ...]]
    charts: Sequence[_charts.Chart]
    still: Sequence[str]
    modes: int
    dose: Sequence[tuple[str, ...]]
    edits: Sequence[Edits]


def render_html(content: Content, examples: Sequence[Content] = ()) -> str:
    """The whole page; the same content and examples give the same text."""
    sections = [_section(content, judge, number) for number, judge in enumerate(content["judges"], 1)]
    drawn = iter(_charts.draw([chart.spec for s in sections for chart in s.charts]))
    sections = [replace(s, charts=[replace(c, svg=next(drawn)) for c in s.charts]) for s in sections]
    style = (PAGE / "report.css").read_text("utf-8") + _STYLE
    return environment().get_template("stress.html.j2").render(
        content=content,
        judges=sections,
        summary=w.summary(content),
        skipped=[(s["judge"] or "all", s["rubric"], s["reason"]) for s in content["skipped"]],
        pure_head=w.PURE_HEAD,
        dose_head=w.DOSE_HEAD,
        methods=_methods(content),
        roles=texts(examples, several=len(content["rubrics"]) > 1),
        style=style,
        policy=policy(style, ""),
    )  # fmt: skip


def render_markdown(content: Content) -> str:
    """The same short: findings, and for each judge the tables without variants and curves."""
    parts = [f"# {escape(content['name'])}: stress test", *(escape(line) for line in w.summary(content))]
    if content["incomplete"]:
        parts.append(f"**Incomplete.** {escape(content['incomplete'])}")
    told = [
        f"- **{x['severity']}** {escape(x['code'])} ({escape(x['judge'])}): {escape(x['text'])}"
        for x in content["findings"]
    ]
    parts += ["## Findings", "\n".join(told) or "None of the probes accuses a judge."]
    for skip in content["skipped"]:
        parts.append(
            f"Not probed: {escape(skip['judge'] or 'all judges')} on {escape(skip['rubric'])}: {escape(skip['reason'])}."
        )
    for number, judge in enumerate(content["judges"], 1):
        s = _section(content, judge, number)
        parts += [
            f"## {escape(s.title)}",
            _escaped(("", "share"), s.base),
            "### Nothing but gibberish",
            _escaped(w.PURE_HEAD, s.pure),
        ]
        parts += ["### Dose-response", _escaped(w.DOSE_HEAD, s.dose)]
        for role, (title, _) in w.SECTIONS.items():
            parts += [f"### {title}", _escaped(w.edit_head(role), list(w.edit_rows(judge, role, variants=False)))]
    return "\n\n".join(part for part in parts if part) + "\n"


def lines(content: Content) -> list[str]:
    """The summary for a terminal: what was probed, what was found, and for each judge its counts; no line is judged text."""
    made = [*w.summary(content)]
    made += [f"not probed: {s['judge'] or 'all judges'} on {s['rubric']}: {s['reason']}" for s in content["skipped"]]
    for judge in content["judges"]:
        made += ["", _title(content, judge)]
        made += [f"  {name}: {value}" for name, value in w.base_rows(judge)]
        scored = [c["called_positive"] for c in judge["cells"]["pure"] if c["degenerate"]]
        k, n = sum(s["k"] for s in scored), sum(s["n"] for s in scored)
        made.append(f"  nothing but gibberish, called positive: {k} of {n} in {len(scored)} modes")
        for role, (title, verb) in w.SECTIONS.items():
            cells = [c["flips"] for c in judge["cells"][role]]
            made.append(
                f"  {title.lower()}: {verb} {sum(c['k'] for c in cells)} of {sum(c['n'] for c in cells)} verdicts"
            )
        found = w.findings_of(content, judge)
        made += [f"  {x['severity']}: {x['text']}" for x in found[:_FINDINGS]] or ["  no probe accuses it"]
        if len(found) > _FINDINGS:
            made.append(f"  and {len(found) - _FINDINGS} more in the report")
    if content["incomplete"]:
        made += ["", f"incomplete: {content['incomplete']}"]
    return made


def write(
    content: Content, text: str, out: Path, examples: Sequence[Content] = (), *, redact: bool = False
) -> list[Path]:
    """Write stress.json (whose text is given), stress.html, stress.md and probes.jsonl, each whole or not at all.

    With `redact` no text of a probe is written at all, so there is no probes.jsonl, not even one from before.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; earlier files are untouched.
    """
    from judgeaudit.probing._examples import dumps

    shown = () if redact else examples
    files = {JSON: text, HTML: render_html(content, shown), MARKDOWN: render_markdown(content)}
    if shown:
        files[EXAMPLES] = dumps(shown).decode()
    out.mkdir(parents=True, exist_ok=True)
    if not shown:
        (out / EXAMPLES).unlink(missing_ok=True)
    return [whole(out / name, body) for name, body in files.items()]


def _section(content: Content, judge: Content, number: int) -> Section:
    charts, still = curves(judge["cells"]["dose"])
    return Section(
        anchor=f"j{number}",
        title=_title(content, judge),
        base=list(w.base_rows(judge)),
        pure=list(w.pure_rows(judge)),
        charts=charts,
        modes=len({cell["mode"] for cell in judge["cells"]["dose"]}),
        still=[w.plain(mode) for mode in still],
        dose=list(w.dose_rows(judge)),
        edits=[
            Edits(
                title=title,
                caption=f"{title}: verdicts {verb}",
                head=w.edit_head(role),
                rows=list(w.edit_rows(judge, role)),
            )
            for role, (title, verb) in w.SECTIONS.items()
        ],
    )


def _title(content: Content, judge: Content) -> str:
    return f"{judge['judge']}, {judge['rubric']}" if len(content["rubrics"]) > 1 else str(judge["judge"])


def _methods(content: Content) -> list[tuple[str, str]]:
    settings = content["settings"]
    rows = [
        ("doses", ", ".join(f"{d:g}" for d in settings["doses"])),
        ("copies of each sound text", str(settings["retests"])),
        ("seed", str(content["seed"])),
        ("SHA-256 of stress.json's content", content["sha256"]),
    ]
    for r in content["rubrics"]:
        rows.append((f"left out as bases, {r['name']}", w.left_out(r["left_out"])))
        rows.append((f"probes, {r['name']}", f"hash {r['probes_sha']}"))
    for j in content["judges"]:
        statuses = ", ".join(f"{n} {status}" for status, n in j["statuses"].items())
        rows.append((f"{j['judge']}, {j['rubric']}", f"{j['kind']}, fingerprint {j['fingerprint']}: {statuses}"))
    return rows


def _escaped(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return _table(head, [[escape(cell) for cell in row] for row in rows]) if rows else ""
