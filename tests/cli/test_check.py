"""What a user says of selection and rationales reaches the figures, by `check` and by `audit`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.cli import run

ROOT = Path(__file__).parents[2]
# Scans of the liver (Drum and Christacopoulos 1972, as in Begg and Greenes 1983): verdict, label, how many.
DRUM = (("1", "1", 231), ("1", "0", 32), ("1", "", 166), ("0", "1", 27), ("0", "0", 54), ("0", "", 140))
WEIGHTS = {("1", "1"): 429 / 263, ("1", "0"): 429 / 263, ("0", "1"): 221 / 81, ("0", "0"): 221 / 81}
# Each labelled scan stands for all with its verdict: p P(D+|+) + (1 - p) P(D+|-).
PREVALENCE = (429 * 231 / 263 + 221 * 27 / 81) / 650
QUICK = ("--draws", "100", "--json")


def scans() -> list[dict[str, Any]]:
    """The 650 scans, with their weights where they are labelled."""
    rows = [(j, h) for j, h, count in DRUM for _ in range(count)]
    return [{"id": f"s{i}", "j": j, "h": h, "w": WEIGHTS.get((j, h), "")} for i, (j, h) in enumerate(rows)]


def table(path: Path, rows: list[dict[str, Any]]) -> str:
    """A csv of rows without commas in them."""
    path.write_text("\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + "\n")
    return str(path)


def lines(path: Path, rows: list[dict[str, Any]]) -> str:
    """A file of JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The audit that `check` prints."""
    assert run(["check", *arguments, *QUICK]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def one(
    audit: Mapping[str, Any], measure: str, judge: str = "j", slice: str = "all", scale: str = "binary"
) -> dict[str, Any]:
    """The one estimate of a measure."""
    (found,) = [
        e
        for e in audit["estimates"]
        if (e["measure"], e["judge"], e["slice"], e["scale"], e["against"]) == (measure, judge, slice, scale, None)
    ]
    return dict(found)


def test_labels_that_a_verdict_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [table(tmp_path / "t.csv", scans()), "--judge", "j", "--human", "h", "--positive", "1", "--id", "id"]
    audit = checked(capsys, *arguments, "--selected-by", "judge:j")
    assert one(audit, "sensitivity_begg_greenes")["value"] == pytest.approx(0.8365, abs=5e-5)
    assert one(audit, "specificity_begg_greenes")["value"] == pytest.approx(0.7384, abs=5e-5)
    assert one(audit, "prevalence_corrected")["value"] == pytest.approx(PREVALENCE)
    believed = checked(capsys, *arguments, "--selected-by", "random")
    assert not [e for e in believed["estimates"] if e["measure"] == "sensitivity_begg_greenes"]


def test_weights_of_labels_are_the_inverse_of_known_chances(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{**row, "how": "stratified"} for row in scans()]
    arguments = [table(tmp_path / "t.csv", rows), "--judge", "j", "--human", "h", "--positive", "1"]
    audit = checked(capsys, *arguments, "--weight", "w", "--selected-by", "column:how")
    for measure in ("prevalence_corrected", "prevalence_ppi", "prevalence_ppi_tuned"):
        estimate = one(audit, measure)
        assert estimate["value"] == pytest.approx(PREVALENCE, abs=1e-6)
        assert "inverse of their chance" in estimate["method"]
    # 231 of 258 positives are called so, each weighed: 231 * 429/263 / (231 * 429/263 + 27 * 221/81)
    for measure in ("sensitivity", "sensitivity_begg_greenes"):
        assert one(audit, measure)["value"] == pytest.approx(0.8365, abs=5e-5)
    # What all outputs are called needs no label and no weight of one.
    assert one(audit, "positive_rate")["value"] == pytest.approx(429 / 650)
    assert one(audit, "positive_rate")["n"] == 650


@pytest.mark.parametrize("form", ["csv", "label", "meta", "audit.yaml"])
def test_labels_of_judge_positive_outputs_alone_give_no_misses(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four labels, too few to tell by their numbers: that a verdict decided must be said, in whatever form."""
    rows = [{"id": f"i{i}", "j": "01"[i < 20], "h": "1" if i < 3 else "0" if i == 3 else ""} for i in range(40)]
    named = ["--judge", "j", "--human", "h", "--positive", "1"]
    plain = table(tmp_path / "t.csv", rows)
    assert one(checked(capsys, plain, *named), "false_negative_rate")["value"] == 0
    if form == "csv":
        audit = checked(capsys, plain, *named, "--selected-by", "judge:j")
    elif form == "audit.yaml":
        audit = stored(tmp_path, rows)
    else:
        audit = checked(capsys, lines(tmp_path / "t.jsonl", [form_of(row, form) for row in rows]), "--positive", "1")
    for measure in ("false_negative_rate", "sensitivity", "youden_j", "prevalence_corrected"):
        refused = one(audit, measure)
        assert refused["value"] is None
        assert refused["reason"].startswith(
            "labels_of_positives_only: all 4 labels are on outputs that j calls positive"
        )
    assert one(audit, "precision")["value"] == pytest.approx(0.75)


def form_of(row: Mapping[str, Any], form: str) -> dict[str, Any]:
    """A row in the interchange form, which says in the label or in meta how it was selected."""
    how = {"selected_by": "judge:j"}
    labels = [{"annotator": "h", "label": row["h"], **(how if form == "label" else {})}] if row["h"] else []
    meta = how if form == "meta" else {}
    return {
        "item_id": row["id"],
        "response": row["id"],
        "judge_verdicts": {"j": row["j"]},
        "human_labels": labels,
        "meta": meta,
    }


def stored(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The audit of an audit.yaml whose labels say how their outputs were selected."""
    lines(folder / "outputs.jsonl", [{"item_id": r["id"], "prompt": r["id"], "response": r["id"]} for r in rows])
    table(folder / "verdicts.csv", [{"item_id": r["id"], "verdict": r["j"]} for r in rows])
    table(folder / "labels.csv", [{"item_id": r["id"], "label": r["h"]} for r in rows if r["h"]])
    (folder / "audit.yaml").write_text("""
name: a
rubrics: {harm: {question: q, values: ["0", "1"], positive: ["1"]}}
outputs: {files: [outputs.jsonl]}
judges: [{name: j, kind: recorded, file: verdicts.csv}]
labels: [{file: labels.csv, kind: human, annotator: h, selected_by: "judge:j"}]
audit: {draws: 100, verify: false}
""")
    assert run(["run", str(folder / "audit.yaml")]) == 0
    found: dict[str, Any] = json.loads((folder / "reports" / "a" / "audit.json").read_text())
    return found


def test_an_audit_yaml_names_fields_of_outputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [r | {"how": "stratified"} for r in scans()]
    stored(tmp_path, rows)
    path = tmp_path / "outputs.jsonl"
    metas = [{"w": r["w"], "how": r["how"]} if r["h"] else {} for r in rows]
    lines(
        path,
        [json.loads(line) | {"meta": meta} for line, meta in zip(path.read_text().splitlines(), metas, strict=True)],
    )
    text = (tmp_path / "audit.yaml").read_text()
    (tmp_path / "audit.yaml").write_text(
        text.replace("draws: 100", 'draws: 100, weight: meta.w, selected_by: "column:meta.how"')
    )
    capsys.readouterr()
    assert run(["run", str(tmp_path / "audit.yaml"), "--json"]) == 0
    assert one(json.loads(capsys.readouterr().out), "prevalence_ppi")["value"] == pytest.approx(PREVALENCE, abs=1e-6)
    for wrong, told in (("judge:k", "unknown judge"), ("by hand", "random, all, judge:NAME or column:FIELD")):
        (tmp_path / "audit.yaml").write_text(text.replace("draws: 100", f'draws: 100, selected_by: "{wrong}"'))
        assert run(["run", str(tmp_path / "audit.yaml")]) == 2
        assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--selected-by", "judge:k"], "--selected-by names no judge"),
        (["--selected-by", "rnadom"], "did you mean 'random'"),
        (["--selected-by", "column:no"], "missing column"),
        (["--rationale", "j"], "--rationale is not understood"),
        (["--rationale", "j=no"], "missing column"),
    ],
)
def test_wrong_flags_are_told_in_a_line(
    flags: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "t.csv", scans())
    assert run(["check", path, "--judge", "j", "--human", "h", "--positive", "1", *flags]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_small_models_sample_is_weighted_back_to_all_outputs(capsys: pytest.CaptureFixture[str]) -> None:
    """Shares of the recorded sample by its weights, recomputed from the file by hand."""
    path = ROOT / "data" / "collapse" / "outputs.jsonl"
    judge, key = "smollm2-no-first", "smollm2-no-first/breach"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    drawn = [r for r in records if "weight" in r["meta"]]
    said = [
        (r["meta"]["weight"], r["judge_verdicts"][key]["verdict"]) for r in drawn if key in r.get("judge_verdicts", {})
    ]
    by_hand = sum(w for w, v in said if v == "yes") / sum(w for w, v in said if v in ("yes", "no"))
    audit = checked(capsys, str(path), "--rubric", "breach", "--judge", judge, "--weight", "meta.weight")
    assert one(audit, "positive_rate", judge)["value"] == pytest.approx(by_hand, abs=1e-6)
    assert audit["settings"]["items"] == len(drawn)
    assert {"rows": len(drawn), "left_out": {"no_weight": len(records) - len(drawn)}}.items() <= audit["inputs"][
        -1
    ].items()


def test_rationales_reach_the_figures_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 12 verdicts 3 contradict their rationale, 2 rationales say nothing that decides; one is missing."""
    why = ["So the verdict is 1."] * 3 + ["Verdict: 0"] * 6 + ["It greets."] * 2 + [""]
    rows = [{"id": f"i{i}", "j": "0", "k": "01"[i % 2], "why": text} for i, text in enumerate(why)]
    plain = checked(
        capsys,
        table(tmp_path / "t.csv", rows),
        "--judge",
        "j",
        "--judge",
        "k",
        "--rationale",
        "j=why",
        "--positive",
        "1",
    )
    form = [
        {
            "item_id": r["id"],
            "response": r["id"],
            "judge_verdicts": {"j": {"verdict": r["j"], "rationale": r["why"]}, "k": r["k"]},
        }
        for r in rows
    ]
    path = lines(tmp_path / "t.jsonl", form)
    inside = checked(capsys, path, "--positive", "1")
    (tmp_path / "audit.yaml").write_text("""
name: a
rubrics: {verdict: {question: q, values: ["0", "1"], positive: ["1"]}}
outputs: {files: [t.jsonl]}
judges: [{name: j, kind: recorded, file: t.jsonl, judge: j}]
audit: {draws: 100, verify: false}
""")
    assert run(["run", str(tmp_path / "audit.yaml")]) == 0
    kept = json.loads((tmp_path / "reports" / "a" / "audit.json").read_text())
    for audit in (plain, inside, kept):
        estimate = one(audit, "rationale_contradiction_rate", scale="full")
        assert (estimate["k"], estimate["n"]) == (3, 9)
        assert estimate["left_out"] == {"not_decidable": 2, "no_rationale": 1}
    assert one(plain, "rationale_contradiction_rate", "k", scale="full")["reason"].startswith("no_rationales: ")
