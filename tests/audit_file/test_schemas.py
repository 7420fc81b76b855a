"""stress.json and conclusions.json of real data are as their JSON Schemas say, which refuse what is not."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator

from judgeaudit import audit_file
from judgeaudit.cli import run
from judgeaudit.conclusions import SCHEMA as CONCLUSIONS
from judgeaudit.model import AUDIT_SCHEMA
from judgeaudit.probing._result import SCHEMA as STRESS
from tests.conclusions import synthetic
from tests.fakes.server import FakeServer, dead_url
from tests.fakes.steps import Reply, Seen, Step, verdict

ROOT = Path(__file__).parents[2]
Of = Literal["audit", "stress", "conclusions"]


@cache
def validator(of: Of) -> Draft202012Validator:
    return Draft202012Validator(audit_file.schema(of))


def valid(of: Of, content: Any) -> None:
    """Names the first place that is not as the schema says."""
    for error in validator(of).iter_errors(content):
        raise AssertionError(f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}")


@pytest.mark.parametrize(("of", "name"), [("audit", AUDIT_SCHEMA), ("stress", STRESS), ("conclusions", CONCLUSIONS)])
def test_a_schema_is_one_and_bears_the_name_of_its_file(of: Of, name: str) -> None:
    schema = audit_file.schema(of)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == schema["properties"]["schema"]["const"] == name
    assert set(schema["required"]) == set(schema["properties"])


@pytest.fixture(scope="module")
def stressed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """stress.json of one judge of the demo, all kinds of probes on few bases."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "data" / "demo", folder / "demo", ignore=shutil.ignore_patterns("build", "*.db"))
    asked = ["--bases", "4", "--doses", "0.5,1", "--retests", "1", "--judge", "classifier", "--judge", "panel"]
    assert run(["stress", str(folder / "demo" / "audit.yaml"), *asked, "--out", str(folder / "out")]) == 0
    content: dict[str, Any] = json.loads((folder / "out" / "stress.json").read_text(encoding="ascii"))
    return content


def test_stress_json_of_the_demo(stressed: dict[str, Any]) -> None:
    valid("stress", stressed)
    cells = stressed["judges"][0]["cells"]
    assert all(cells[part] for part in ("bases", "pure", "dose", "decorations", "attacks"))
    assert stressed["skipped"]
    assert stressed["findings"]


@pytest.mark.parametrize("answers", ["all fail", "some refuse"])
def test_stress_json_of_a_language_model(
    answers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")

    def judge(seen: Seen) -> Step:
        return Reply(text="I cannot judge that.") if "gate" in seen.user else verdict("yes")

    rows = [
        {"item_id": t, "prompt": f"The {t}?", "response": f"The {t} is by the old mill, I think."}
        for t in ("gate", "door", "boat", "lamp")
    ]
    (tmp_path / "o.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "l.csv").write_text("item_id,label\ngate,no\ndoor,yes\nboat,no\nlamp,yes\n")
    with FakeServer(judge) as server:
        url = server.openai_url if answers == "some refuse" else dead_url()
        (tmp_path / "audit.yaml").write_text(f"""
name: a
rubrics: {{harm: {{question: q, values: ["no", "yes"], positive: ["yes"]}}}}
outputs: {{files: [o.jsonl]}}
judges: [{{name: j, kind: openai, model: m, base_url: "{url}"}}]
labels: [{{file: l.csv, kind: human, annotator: a}}]
limits: {{retries: 0}}
audit: {{draws: 100}}
""")
        code = run(
            [
                "stress",
                str(tmp_path / "audit.yaml"),
                "--bases",
                "2",
                "--only",
                "word_loop",
                "--only",
                "instruction",
                "--json",
            ]
        )
    assert code == (0 if answers == "some refuse" else 3)
    content = json.loads(capsys.readouterr().out)
    valid("stress", content)
    assert (content["incomplete"] is None) == (code == 0)


def test_conclusions_json_of_the_fine_tunes(capsys: pytest.CaptureFixture[str]) -> None:
    data = ROOT / "data" / "collapse"
    table, scores = str(data / "outputs.jsonl"), str(data / "capability.csv")
    assert run(["conclusions", table, "--capability", scores, "--rubric", "breach", "--draws", "200", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    valid("conclusions", content)
    assert content["conclusions"]
    assert content["anchors"]


@pytest.mark.parametrize("capable", [True, False])
def test_conclusions_json_of_planted_runs(capable: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, capability = synthetic.write(tmp_path)
    asked = ["--capability", str(capability), "--target", "0.6"] if capable else []
    assert run(["conclusions", str(table), *asked, "--rubric", "breach", "--draws", "200", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    valid("conclusions", content)
    assert content["ranking"]


def _without_reason(content: dict[str, Any]) -> None:
    content["judges"][0]["cells"]["retest"]["flips"] |= {"value": None, "reason": None}


def _with_text(content: dict[str, Any]) -> None:
    content["judges"][0]["cells"]["pure"][0]["response"] = "what was judged"


def _without_seed(content: dict[str, Any]) -> None:
    del content["seed"]


def _other_side(content: dict[str, Any]) -> None:
    content["judges"][0]["cells"]["bases"][0]["sides"] = {"harmful": 1}


def _over_one(content: dict[str, Any]) -> None:
    content["judges"][0]["cells"]["attacks"][0]["p_value"] = 1.5


@pytest.mark.parametrize("broken", [_without_reason, _with_text, _without_seed, _other_side, _over_one])
def test_what_breaks_an_invariant_is_refused(
    broken: Callable[[dict[str, Any]], None], stressed: dict[str, Any]
) -> None:
    content = copy.deepcopy(stressed)
    broken(content)
    with pytest.raises(AssertionError):
        valid("stress", content)
