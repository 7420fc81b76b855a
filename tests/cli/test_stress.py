from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.cli import run
from judgeaudit.store import Store
from tests.fakes.server import FakeServer
from tests.fakes.steps import Seen, Step, verdict

AUDIT = """
name: first
rubrics:
  turquoise: {question: 'Does it name turquoise?', values: ["no", "yes"], positive: ["yes"]}
outputs: {files: [outputs.jsonl]}
judges:
JUDGES
labels: [{file: labels.csv, kind: construction, annotator: program}]
audit: {draws: 100}
LIMITS
"""
LLM = "  - {name: llm, kind: openai, model: m, base_url: URL}"
WORDS = "  - {name: words, kind: refusal_words}"
FEW = ["--bases", "3", "--only", "word_loop", "--only", "instruction", "--only", "option_wording", "--retests", "1"]
PROBES = 6 * (4 + 2 + 2 + 1)  # 6 bases: 4 doses of one mode, 2 instructions, 2 wordings, 1 copy


def _audit(folder: Path, judges: str, limits: str = "") -> str:
    things = ["door", "gate", "boat", "bench", "lamp", "fence", "chair", "roof"]
    rows = [
        {
            "item_id": t,
            "prompt": f"Which colour is the {t}?",
            "response": f"The {t} by the mill is {_colour(i)}, I think.",
        }
        for i, t in enumerate(things)
    ]
    (folder / "outputs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    labels = "".join(f"{t},{'yes' if i % 2 else 'no'}\n" for i, t in enumerate(things))
    (folder / "labels.csv").write_text("item_id,label\n" + labels)
    (folder / "audit.yaml").write_text(AUDIT.replace("JUDGES", judges).replace("LIMITS", limits))
    return str(folder / "audit.yaml")


def _colour(number: int) -> str:
    return "turquoise" if number % 2 else "yellow"


def _right(seen: Seen) -> Step:
    """The sound verdict, by the name that the prompt gives it."""
    value = "yes" if "turquoise" in seen.user else "no"
    renamed = re.search(rf"^- (A|B|option \d): {value}$", seen.system, re.MULTILINE)
    return verdict(renamed[1] if renamed else value)


def _result(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "reports" / "first" / "stress.json").read_text())
    return content


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")


def test_probes_are_judged_once_and_a_rerun_gives_the_same_bytes(tmp_path: Path) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, f"{LLM}\n{WORDS}".replace("URL", server.openai_url))
        assert run(["stress", audit, *FEW]) == 0
        assert len(server.requests) == PROBES + 6
        folder = tmp_path / "reports" / "first"
        first = {p.name: p.read_bytes() for p in folder.iterdir()}
        assert first.keys() == {"stress.json", "stress.html", "stress.md", "probes.jsonl"}
        assert run(["stress", audit, *FEW]) == 0
        assert len(server.requests) == PROBES + 6
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == first
    content = _result(tmp_path)
    assert content["schema"] == "judgeaudit.stress/1"
    llm = content["judges"][0]
    assert llm["statuses"] == {"ok": PROBES + 6}
    decorations = {cell["kind"]: cell["flips"] for cell in llm["cells"]["decorations"]}
    assert (decorations["option_wording"]["k"], decorations["option_wording"]["n"]) == (0, 12)
    assert "option_wording" not in {cell["kind"] for cell in content["judges"][1]["cells"]["decorations"]}


def test_probe_texts_lie_beside_and_redaction_leaves_none(tmp_path: Path) -> None:
    audit = _audit(tmp_path, WORDS)
    assert run(["stress", audit, *FEW]) == 0
    folder = tmp_path / "reports" / "first"
    lines = (folder / "probes.jsonl").read_bytes()
    content = _result(tmp_path)
    assert hashlib.sha256(lines).hexdigest() == content["examples_sha256"]
    shown = [json.loads(line) for line in lines.splitlines()]
    assert [(e["name"], e["dose"]) for e in shown] == [
        ("word_loop", 0.0), ("word_loop", 0.5), ("word_loop", 1.0), ("instruction", None),
    ]  # fmt: skip
    texts = [e["response"] for e in shown]
    page = (folder / "stress.html").read_text()
    assert all(html.escape(text, quote=False) in page for text in texts)
    assert run(["stress", audit, *FEW, "--redact"]) == 0
    assert not (folder / "probes.jsonl").exists()
    page = "".join((folder / name).read_text() for name in ("stress.html", "stress.md", "stress.json"))
    assert not any(text in page or html.escape(text, quote=False) in page for text in texts)
    assert "by the mill" not in page
    assert _result(tmp_path) == content


def test_an_audit_beside_is_pointed_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit = _audit(tmp_path, WORDS)
    assert run(["run", audit]) == 0
    capsys.readouterr()
    assert run(["stress", audit, *FEW]) == 0
    place = tmp_path / "reports" / "first" / "audit.json"
    assert f"judgeaudit report {place}" in capsys.readouterr().err
    before = (place.parent / "report.html").read_text()
    assert 'id="r1-dose"' not in before
    assert run(["run", audit]) == 0
    assert 'id="r1-dose"' in (place.parent / "report.html").read_text()
    (place.parent / "report.html").write_text(before)
    assert run(["report", str(place)]) == 0
    page = (place.parent / "report.html").read_text()
    assert 'id="r1-dose"' in page
    assert "fingerprint" not in page[page.index('id="r1-dose"') : page.index("-judges-h")]
    assert 'href="stress.html"' in page


def test_the_audit_and_the_export_see_no_probe(tmp_path: Path) -> None:
    audit = _audit(tmp_path, WORDS)
    assert run(["stress", audit, *FEW]) == 0
    out = tmp_path / "out.jsonl"
    assert run(["export", "--store", str(tmp_path / "first.db"), str(out)]) == 0
    assert len(out.read_text().splitlines()) == 8
    text = Path(audit).read_text().replace("outputs: {files: [outputs.jsonl]}\n", "")
    Path(audit).write_text(text)
    assert run(["judge", audit]) == 0
    with Store.open(str(tmp_path / "first.db")) as store:
        assert len(store.outputs()) > 8
        assert len([j for j in store.judgements() if not j.item_id.startswith("probe/")]) == 8


def test_a_budget_ends_with_exit_3_and_what_was_done_is_kept(tmp_path: Path) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, LLM.replace("URL", server.openai_url), "limits: {max_requests: 20, concurrency: 1}")
        assert run(["stress", audit, *FEW]) == 3
        assert len(server.requests) == 20
        content = _result(tmp_path)
        assert "20" in content["incomplete"]
        assert content["judges"][0]["statuses"] == {"ok": 20}
        Path(audit).write_text(Path(audit).read_text().replace("20", "1000"))
        assert run(["stress", audit, *FEW]) == 0
        assert len(server.requests) == PROBES + 6
    assert _result(tmp_path)["incomplete"] is None


def test_dry_run_sends_nothing_and_stores_no_probe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(_right) as server:
        audit = _audit(tmp_path, LLM.replace("URL", server.openai_url))
        assert run(["stress", audit, *FEW, "--dry-run", "--json"]) == 0
        assert server.requests == []
    told = json.loads(capsys.readouterr().out)
    assert told["plan"]["calls"] == PROBES + 6
    widths = told["expected_widths"]["turquoise"]
    # Wilson at 3 of 6: 0.1876 to 0.8124. Three bases a side give no ED50 interval.
    assert widths["a share near 50 % of 6 texts"] == 0.62
    assert widths["ED50 from 3 texts of one side"] is None
    with Store.open(str(tmp_path / "first.db")) as store:
        assert len(store.outputs()) == 8


def _own(folder: Path, body: str) -> str:
    """An audit with a judge in Python; a module of its own, since Python keeps modules by name."""
    name = f"own_{folder.name}"
    (folder / f"{name}.py").write_text(body)
    return _audit(folder, f"  - {{name: own, kind: python, function: '{name}:judge', folder: .}}")


def test_a_dry_run_counts_what_a_judge_in_this_process_is_run_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A judge that sees all outputs at once is run on the audit's 8 outputs too, not on the 6 bases alone."""
    audit = _own(
        tmp_path,
        "def judge(output, rubric):\n"
        f"    with open({str(tmp_path / 'calls')!r}, 'a') as file:\n        file.write('x')\n"
        "    return 'yes' if 'turquoise' in output.response else 'no'\n",
    )

    def planned() -> int:
        capsys.readouterr()
        assert run(["stress", audit, *FEW, "--dry-run", "--json"]) == 0
        told = capsys.readouterr()
        assert "no text leaves" not in told.err  # what somebody's own code does with a text is not known
        return int(json.loads(told.out)["plan"]["sends"][0]["calls"])

    first = planned()
    assert run(["stress", audit, *FEW]) == 0
    assert len((tmp_path / "calls").read_text()) == first == PROBES - 6 * 2 + 8  # rewordings are for models alone
    assert planned() == 0
    assert run(["stress", audit, *FEW]) == 0
    assert len((tmp_path / "calls").read_text()) == first


@pytest.mark.parametrize(
    ("body", "status"), [("raise ValueError('no')", "error"), ("return 'perhaps'", "out of range"), ("return None", "")]
)
def test_a_judge_without_a_verdict_is_never_cleared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, status: str
) -> None:
    assert run(["stress", _own(tmp_path, f"def judge(output, rubric):\n    {body}\n"), *FEW]) == 3
    told = capsys.readouterr()
    assert "no probe accuses" not in told.out
    assert "own" in told.err.splitlines()[-1]
    [found] = _result(tmp_path)["findings"]
    assert (found["code"], found["severity"]) == ("no_verdicts", "error")
    assert status in found["text"]
    assert str(PROBES - 6 * 2 + 6) in found["text"]


def test_a_judge_that_fails_on_gibberish_is_told_to_have_failed(tmp_path: Path) -> None:
    audit = _own(
        tmp_path,
        "def judge(output, rubric):\n"
        "    words = output.response.split()\n"
        "    if max(map(words.count, words)) > 2:\n        raise ValueError('a loop')\n"
        "    return 'yes' if 'turquoise' in output.response else 'no'\n",
    )
    assert run(["stress", audit, *FEW, "--only", "single_token_flood"]) == 0
    codes = {f["code"]: f["text"] for f in _result(tmp_path)["findings"]}
    statuses = _result(tmp_path)["judges"][0]["statuses"]
    assert f"{statuses['error']} of {sum(statuses.values())}" in codes["many_unscored"]


def test_an_obeying_judge_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.py").write_text(
        "import re\n"
        "def judge(output, rubric):\n"
        "    told = re.findall(r'(?:verdict|answer)\\W+(?:here is )?(yes|no)', output.response)\n"
        "    return told[-1] if told else ('yes' if 'turquoise' in output.response else 'no')\n"
    )
    audit = _audit(tmp_path, "  - {name: own, kind: python, function: 'own:judge', folder: .}")
    assert run(["stress", audit, "--bases", "4", "--only", "instruction", "--only", "casing", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    [attack] = content["judges"][0]["cells"]["attacks"]
    assert attack["obeyed"]["k"] >= 12
    assert attack["flips"]["n"] == 16
    assert ("attack_moves", "probe=instruction") in {(f["code"], f["slice"]) for f in content["findings"]}


def test_hostile_names_and_texts_break_no_page(tmp_path: Path) -> None:
    audit = _audit(tmp_path, "  - {name: '<b>x</b>|y', kind: refusal_words}")
    assert run(["stress", audit, *FEW]) == 0
    page = (tmp_path / "reports" / "first" / "stress.html").read_text()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page
    assert "<b>" not in (tmp_path / "reports" / "first" / "stress.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--only", "word_lop"], "word_loop"),
        (["--judge", "wrds"], "words"),
        (["--doses", "0.5,2"], "0.5,2"),
        (["--doses", "half"], "half"),
    ],
)
def test_wrong_arguments_are_exit_2(
    tmp_path: Path, arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stress", _audit(tmp_path, WORDS), *arguments]) == 2
    assert named in capsys.readouterr().err


def test_without_known_verdicts_or_readers_it_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = _audit(tmp_path, WORDS)
    Path(audit).write_text(Path(audit).read_text().replace("construction", "model"))
    assert run(["stress", audit]) == 2
    assert "by people" in capsys.readouterr().err
    assert run(["stress"]) == 2


def test_self_test_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stress", "--self-test", "--json"]) == 0
    assert {t["passed"] for t in json.loads(capsys.readouterr().out)} == {True}
