"""The dose-response of a stress test beside the audit, in the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgeaudit import audit_file
from judgeaudit.cli import run as cli
from judgeaudit.model import Audit
from judgeaudit.probing._planted import RUBRIC, planted
from judgeaudit.probing._result import SCHEMA, dumps, stamped
from judgeaudit.probing._self_test import run
from judgeaudit.report import html
from judgeaudit.report._beside import Beside, look
from judgeaudit.report._book import books
from judgeaudit.report._ed50 import DoseResponse, dose_response

NAMES = ("sound", "calls loops harmful")


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return run([one for one in planted(0) if one.judge.name in NAMES], 0, draws=100)


@pytest.fixture
def judged(audit: Audit, content: Mapping[str, Any]) -> Audit:
    """The audit, as if of the planted judges on their rubric."""
    old = dict(zip(("gpt-judge", "guard"), NAMES, strict=True))
    prints = {j["judge"]: j["fingerprint"] for j in content["judges"]}
    judges = [
        {**j, "name": old[j["name"]], "fingerprint": prints[old[j["name"]]], "rubric": RUBRIC.name} if j["name"] in old else j
        for j in audit.judges
    ]  # fmt: skip
    rubric = {**audit.rubrics[0], "name": RUBRIC.name, "version": RUBRIC.version}
    estimates = [replace(e, judge=old.get(str(e.judge), e.judge), rubric=RUBRIC.name) for e in audit.estimates]
    return replace(audit, judges=tuple(judges), rubrics=(rubric,), estimates=tuple(estimates))


def shown(audit: Audit, content: Mapping[str, Any]) -> DoseResponse | None:
    return dose_response(books(audit)[0], Beside(stress=content))


def test_the_table_holds_the_figures_of_stress_json(judged: Audit, content: Mapping[str, Any]) -> None:
    found = shown(judged, content)
    assert found is not None
    assert set(found.judges) == set(NAMES)
    loops = dict(found.rows)["word loop"]
    cells = {
        (j["judge"], c["bases"]): c for j in content["judges"] for c in j["cells"]["dose"] if c["mode"] == "word_loop"
    }
    for judge, lines in zip(found.judges, loops, strict=True):
        for side, line in zip(("negative", "positive"), lines, strict=True):
            cell = cells[judge, side]
            expected = "not reached" if cell["ed50"] is None else f"{cell['ed50']:.2f} [{cell['low']:.2f}, "
            assert expected in line
    assert any("not reached" not in line for line in loops[found.judges.index("calls loops harmful")])


def test_the_page_draws_the_curves_after_the_mode_table_and_says_that_ed50_is_no_error_rate(
    judged: Audit, content: Mapping[str, Any]
) -> None:
    page = html.render(judged, beside=Beside(stress=content))
    start = page.index('id="r1-dose"')
    assert page.index('class="grid"') < start < page.index("-judges-h")
    section = page[start : page.index("-judges-h")]
    assert "no error rate" in section
    assert "calls loops harmful: word loop" in section
    found = shown(judged, content)
    assert found is not None
    assert section.count("<svg") == len(found.charts) > 0
    assert 'id="r1-dose"' not in html.render(judged)


def test_more_curves_than_a_report_holds_are_counted(
    judged: Audit, content: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shown(judged, content)
    monkeypatch.setattr("judgeaudit.report._ed50.MOST_CHARTS", 2)
    cut = shown(judged, content)
    assert whole is not None
    assert cut is not None
    assert cut.more == len(whole.charts) + whole.more - 2
    # Each judge has its part: loops turn all verdicts of the judge that calls them harmful.
    mine = [c.title.partition(": ")[2] for c in cut.charts if c.title.startswith("calls loops harmful")]
    dose_1 = {
        c["mode"].replace("_", " "): c["doses"][-1]["changed"] for c in content["judges"][1]["cells"]["dose"]
        if c["bases"] == "negative"
    }  # fmt: skip
    assert len(mine) == len(cut.charts) - 1 == 1
    assert content["judges"][1]["judge"] == "calls loops harmful"
    assert dose_1[mine[0]] == max(dose_1.values())


@pytest.mark.parametrize("change", ["fingerprint", "name"])
def test_another_judge_is_not_shown_and_the_other_one_is(judged: Audit, content: dict[str, Any], change: str) -> None:
    new = {"fingerprint": "0" * 16} if change == "fingerprint" else {"name": "someone else"}
    other = replace(judged, judges=tuple({**j, **new} if j["name"] == "sound" else j for j in judged.judges))
    found = shown(other, content)
    assert found is not None
    assert found.judges == ("calls loops harmful",)
    (line,) = found.notes
    assert "sound" in line
    assert "fingerprints differ" in line or change == "name"


def test_another_version_of_the_rubric_is_not_shown(judged: Audit, content: dict[str, Any]) -> None:
    found = shown(replace(judged, rubrics=({**judged.rubrics[0], "version": "f" * 16},)), content)
    assert found is not None
    assert (found.judges, found.charts) == ((), ())
    assert "another version" in found.notes[0]


def test_a_stress_test_of_another_rubric_shows_nothing(audit: Audit, content: dict[str, Any]) -> None:
    assert shown(audit, content) is None


def test_what_was_not_probed_is_told_in_one_line_a_reason(judged: Audit, content: dict[str, Any]) -> None:
    skipped = [{"judge": j, "rubric": RUBRIC.name, "reason": "recorded"} for j in NAMES]
    found = shown(judged, {**content, "skipped": skipped, "incomplete": "the limit of 20"})
    assert found is not None
    assert [line for line in found.notes if "recorded" in line] == [f"Not probed: {NAMES[0]}, {NAMES[1]} (recorded)."]
    assert "the limit of 20" in found.notes[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": "other/1"}',
        "{",
        "\x00",
        "[" * 100_000,
        f'{{"schema": "{SCHEMA}", "sha256": "", "x": NaN}}',
    ],
    ids=["empty", "list", "other", "open", "zero", "nested", "NaN"],
)
def test_a_file_that_is_no_stress_test_is_said_to_be_none(audit: Audit, tmp_path: Path, text: str) -> None:
    (tmp_path / "stress.json").write_text(text)
    found = look(tmp_path, tmp_path)
    assert found.stress is None
    assert "stress.json" in html.render(audit, beside=found)


def test_a_stress_test_that_was_changed_by_hand_is_not_shown(content: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "stress.json").write_text(dumps(content))
    assert look(tmp_path, tmp_path).stress == content
    (tmp_path / "stress.json").write_text(dumps({**content, "seed": 1}))
    found = look(tmp_path, tmp_path)
    assert found.stress is None
    assert "SHA-256" in found.note
    (tmp_path / "stress.json").write_text(
        dumps(stamped({k: v for k, v in content.items() if k != "sha256"} | {"seed": 1}))
    )
    assert look(tmp_path, tmp_path).stress is not None


def test_pages_beside_the_report_are_linked_and_no_others(
    judged: Audit, content: dict[str, Any], tmp_path: Path
) -> None:
    audit_file.write(tmp_path / "audit.json", judged)
    (tmp_path / "stress.json").write_text(dumps(content))
    (tmp_path / "conclusions.html").write_text("x")
    assert cli(["report", str(tmp_path / "audit.json")]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'href="conclusions.html"' in page
    assert 'href="stress.html"' not in page
    assert 'id="r1-dose"' in page
    # Elsewhere the stress test of the audit is shown all the same, and no link leads to a page that is not there.
    assert cli(["report", str(tmp_path / "audit.json"), "--out", str(tmp_path / "new")]) == 0
    page = (tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert 'href="conclusions.html"' not in page
    assert 'id="r1-dose"' in page
