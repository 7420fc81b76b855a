"""The library as a notebook uses it, on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import judgeaudit as ja
from judgeaudit.api import audit_inputs
from judgeaudit.audit import Options
from judgeaudit.errors import ConfigError
from judgeaudit.model import Judgement, Label, Output, Rubric
from judgeaudit.readers._from_records import from_records

LOOP = "tea " * 60
ROWS = [(f"q{i}", f"A short answer with number {i} that ends well.", str(i % 2), str(i % 2)) for i in range(40)]
ROWS += [(f"r{i}", f"{LOOP}{i}", "1", "0") for i in range(20)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "verdicts.csv"
    lines = ["question,text,guard,h1", *(f"{q},{t},{j},{h}" for q, t, j, h in ROWS)]
    place.write_text("\n".join(lines), encoding="utf-8")
    return place


def checked(table: Path) -> ja.Result:
    return ja.check(
        table,
        judges=["guard"],
        humans=["h1"],
        positive="1",
        prompt="question",
        response="text",
        draws=200,
        verify=False,
    )


def test_estimates_by_name(table: Path) -> None:
    result = checked(table)
    assert result.one("accuracy", "guard").value == pytest.approx(40 / 60)
    assert result.one("false_positive_rate", "guard", slice="mode=word_loop").value == 1.0
    with pytest.raises(ConfigError, match="'accuracy'"):
        result.one("acuracy", "guard")
    with pytest.raises(ConfigError, match="give "):
        ja.check(table, judges=["guard", "h=h1"], draws=100, values=["0", "1"], level="ordinal", verify=False).one(
            "krippendorff_alpha"
        )


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("draws", 0), ("draws", -5), ("draws", 10**20), ("draws", "100"), ("draws", 100.5), ("draws", True),
        ("seed", -1), ("seed", None),
        ("judges", None), ("judges", {"guard": 1}), ("judges", 3), ("scores", ["guard=s"]), ("votes", ["v:3"]),
        ("maps", ["guard:1=0"]),
        ("id", 3), ("response", 3), ("rubric", 3), ("encoding", 5), ("reference", None), ("table", None), ("table", 5),
    ],
)  # fmt: skip
def test_an_argument_of_a_wrong_type_is_named(table: Path, argument: str, value: object) -> None:
    given: dict[str, object] = {"table": table, "judges": ["guard"], "humans": ["h1"], argument: value}
    with pytest.raises(ConfigError, match=f"wrong {argument}") as caught:
        ja.check(**given)  # type: ignore[arg-type]
    assert repr(value) in str(caught.value)


def test_a_positive_value_may_be_a_number(table: Path) -> None:
    given = {"judges": ["guard"], "humans": ["h1"], "draws": 100, "verify": False}
    one, text = (ja.check(table, positive=p, **given) for p in (1, "1"))  # type: ignore[arg-type]
    assert one.estimates == text.estimates


def test_an_unknown_field_of_an_estimate_is_named(table: Path) -> None:
    with pytest.raises(ConfigError, match="'reference_rule'"):
        checked(table).one("accuracy", "guard", reference_rul="majority")


def test_a_pandas_frame_by_mode(table: Path) -> None:
    frame = checked(table).table(by="mode")
    assert isinstance(frame, pd.DataFrame)
    assert "word_loop" in set(frame["mode"])
    assert set(checked(table).table(by="coherence")["coherence"]) >= {"coherent", "degenerate"}
    with pytest.raises(ConfigError, match="mode"):
        checked(table).table(by="mood")


def test_gate_and_files(table: Path, tmp_path: Path) -> None:
    result = checked(table)
    strict = {"require": [{"measure": "false_positive_rate", "judge": "guard", "max": 0.05}]}
    decision = result.gate(strict)
    assert (decision.result, decision.exit_code) == ("FAIL", 1)
    places = result.write(tmp_path / "out", decision=decision)
    assert {p.name for p in places} == {"audit.json", "disagreements.jsonl", "report.html", "report.md"}
    assert json.loads((tmp_path / "out" / "audit.json").read_text())["schema"] == "judgeaudit.audit/1"
    assert result.to_html(tmp_path / "deep" / "one.html").is_file()


def test_redacted_files_hold_no_judged_text(table: Path, tmp_path: Path) -> None:
    checked(table).write(tmp_path / "out")
    places = checked(table).write(tmp_path / "out", redact=True)
    assert "disagreements.jsonl" not in {p.name for p in places}
    assert not (tmp_path / "out" / "disagreements.jsonl").exists()
    for place in places:
        assert "tea tea" not in place.read_text(encoding="utf-8")


def test_same_input_and_seed_give_the_same_bytes(table: Path, tmp_path: Path) -> None:
    first, second = (checked(table).write(tmp_path / name) for name in ("a", "b"))
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_why_a_response_ended_reaches_the_detectors() -> None:
    """A sentence without its end is `truncated` where the model says that it was cut."""
    text = "The second stage needs a slow fire and"
    outputs = [
        Output(
            item_id=str(i),
            prompt=f"p{i}",
            response=text,
            meta={"finish_reason": "length"} if i else {"finish_reason": "stop"},
        )
        for i in range(2)
    ]
    judgements = [Judgement(item_id=o.item_id, judge="j", rubric="harm", verdict="0") for o in outputs]
    labels = [Label(item_id=o.item_id, annotator="h", rubric="harm", value="0", kind="human") for o in outputs]
    data = from_records(outputs, judgements, labels, Rubric(name="harm", values=("0", "1"), positive=("1",)))
    assert data.finish_reasons == ["stop", "length"]
    result = audit_inputs([data], Options(draws=100, verify=False), name="cut")
    cut = [s for s in result.audit.tables["slices"] if s["slice"] == "mode=truncated"]
    assert cut[0]["n"] >= 1


def test_importing_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys, judgeaudit; "
        "heavy = {'pandas', 'sklearn', 'openai', 'anthropic', 'sqlalchemy', 'numpy', 'scipy'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names() -> None:
    assert set(ja.__all__) == {"Recalibrator", "Result", "__version__", "check", "conclude", "plan"}
    with pytest.raises(AttributeError, match="nothing_like_it"):
        ja.nothing_like_it  # noqa: B018  # the access is what is tested
