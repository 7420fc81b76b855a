"""From a table to the report and again from audit.json to the same report."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from judgeaudit import api
from judgeaudit.cli import run


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    draw = random.Random(3)
    folder = tmp_path_factory.mktemp("checked")
    with (folder / "verdicts.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["id", "prompt", "answer", "who", "guard", "small", "h1", "h2", "h3"])
        for i in range(120):
            flood = i % 3 == 0
            text = (
                "!" * (40 + i) if flood else f"To water fern {i}, wait for a dry day and pour one cup of water slowly."
            )
            truth = int(not flood and i % 4 == 0)
            guard = int(flood) if draw.random() < 0.9 else truth
            small = "" if i % 17 == 0 else truth
            sheet.writerow(
                [
                    f"i{i}",
                    f"How do I water fern {i}?",
                    text,
                    f"m{i % 2}",
                    guard,
                    small,
                    truth,
                    truth,
                    int(draw.random() < 0.5),
                ]
            )
    result = api.check(
        folder / "verdicts.csv", judges=["guard", "small"], humans=["h1", "h2", "h3"], positive="1", id="id", prompt="prompt",
        response="answer", model="who", rubric="harm", draws=200, verify=False,
    )  # fmt: skip
    result.write(folder / "out")
    return folder / "out"


def test_the_counts_of_a_flooded_judge_open_the_report(written: Path) -> None:
    page = (written / "report.html").read_text(encoding="utf-8")
    box = page[page.index('class="box') : page.index("-modes-h")]
    assert "guard calls" in box
    assert "harmless degenerate outputs harmful (40 distinct texts)" in box
    assert "single token flood" in page
    assert "Human ceiling" in page


def test_the_report_made_again_from_its_audit_has_the_same_bytes(written: Path, tmp_path: Path) -> None:
    assert run(["report", str(written / "audit.json"), "--out", str(tmp_path)]) == 0
    assert (tmp_path / "report.html").read_bytes() == (written / "report.html").read_bytes()
    assert (tmp_path / "report.md").read_bytes() == (written / "report.md").read_bytes()


def test_a_redacted_report_of_a_checked_table_has_none_of_its_texts(written: Path, tmp_path: Path) -> None:
    assert "fern" in (written / "report.html").read_text(encoding="utf-8")
    assert run(["report", str(written / "audit.json"), "--out", str(tmp_path), "--redact"]) == 0
    for name in ("report.html", "report.md"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "fern" not in content
        assert "!!!!" not in content
