"""What keeps runs from being compared is said, and what is not comparable is not compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judgeaudit.cli import run
from judgeaudit.conclusions import CapabilityColumns, Columns, Conclusions, Settings, from_file, parse_targets
from judgeaudit.conclusions._multiverse import BOTH
from judgeaudit.conclusions._words import paragraph, sentence
from judgeaudit.errors import ConfigError, InputError
from judgeaudit.readers import CheckRequest
from tests.conclusions import synthetic
from tests.conclusions.conftest import draw

Rows = list[dict[str, Any]]


def told(
    folder: Path, outputs: Rows | None = None, scores: list[tuple[str, str, int, str, int]] | None = None
) -> Conclusions:
    table, capability = synthetic.write(folder, outputs)
    if scores is not None:
        lines = [",".join(map(str, row)) for row in scores]
        capability.write_text("\n".join(["run,task,checkpoint,item_id,correct", *lines]) + "\n", encoding="utf-8")
    return draw(table, capability)


def changed(**meta: Any) -> Rows:
    return [{**r, "meta": {**r["meta"], **meta}} for r in synthetic.records()]


def note(result: Conclusions, *words: str) -> bool:
    return any(all(word in text for word in words) for text in result.notes)


def test_a_run_without_one_benchmark_is_not_compared_on_all_together(tmp_path: Path) -> None:
    # Its 24 outputs of the other benchmark against the base's 48 would be a difference of benchmarks.
    one = [
        r
        for r in synthetic.records()
        if r["meta"]["run"] != "list-none" or r["meta"]["benchmark"] == synthetic.BENCHMARKS[0]
    ]
    result = told(tmp_path, one)
    counts = {c.level: c.computed for c in result.conclusions[0].verdict.by_level["benchmark"]}
    assert counts == {"direct": 72, "pretext": 0, BOTH: 0}
    assert note(result, "benchmarks", "list-none")


def test_unlike_mixes_of_benchmarks_are_told(planted: Conclusions, tmp_path: Path) -> None:
    # 12 of 36 outputs of list-none are of pretext, half of all others.
    fewer = [
        r
        for r in synthetic.records()
        if r["meta"]["run"] != "list-none" or r["meta"]["benchmark"] == "direct" or int(r["meta"]["item"][1:]) < 12
    ]
    assert note(told(tmp_path, fewer), "mix")
    assert not note(planted, "mix")


def test_runs_without_scores_are_named(planted: Conclusions, tmp_path: Path) -> None:
    rows = synthetic.capability_rows()
    assert note(told(tmp_path, scores=[r for r in rows if r[0] != "list-none"]), "no capability score", "list-none")
    other = [(run, "essay" if run == "list-none" else task, *rest) for run, task, *rest in rows]
    assert note(told(tmp_path, scores=other), "list-none", "essay")  # type: ignore[arg-type]
    later = [(run, task, step + 7 * (run == "list-none"), i, x) for run, task, step, i, x in rows]
    assert note(told(tmp_path, scores=later), "list-none", "107", "100")
    assert not note(planted, "list-none")


def test_a_base_stands_where_it_is_whatever_its_steps(planted: Conclusions, tmp_path: Path) -> None:
    # Steps of the base's own training are no training away from the base: nothing is asked of its capability.
    late = [
        {**r, "meta": {**r["meta"], "checkpoint": 5000}} if r["meta"]["run"] == "base" else r
        for r in synthetic.records()
    ]
    rows = [(run, task, 5000 if run == "base" else step, i, x) for run, task, step, i, x in synthetic.capability_rows()]
    result = told(tmp_path, late, rows)
    assert result.conclusions[0].verdict == planted.conclusions[0].verdict


def test_a_base_with_several_checkpoints_says_where_it_stands(tmp_path: Path) -> None:
    early = [
        {**r, "item_id": f"{r['item_id']}-early", "meta": {**r["meta"], "checkpoint": 40}}
        for r in synthetic.records()
        if r["meta"]["run"] == "base"
    ]
    assert note(told(tmp_path, [*synthetic.records(), *early]), "base", "0, 40")


def test_no_base_is_told(tmp_path: Path) -> None:
    assert note(told(tmp_path, changed(base=None)), "--base")


def test_runs_that_are_each_others_base_are_refused(tmp_path: Path) -> None:
    circle = {"base": "list-none", "list-none": "base"}
    outputs = [
        {**r, "meta": {**r["meta"], "base": circle.get(r["meta"]["run"], r["meta"]["base"])}}
        for r in synthetic.records()
    ]
    with pytest.raises(InputError, match="list-none"):
        told(tmp_path, outputs)


@pytest.mark.parametrize("steps", [10**30, "1e400", -1, 1.5, "last"])
def test_a_checkpoint_that_is_no_number_of_steps_is_refused(tmp_path: Path, steps: object) -> None:
    with pytest.raises(InputError, match="checkpoint"):
        told(tmp_path, changed(checkpoint=steps))


def sampled() -> Rows:
    """One judge was asked about 3 of 24 prompts: under 10 outputs a place, so that it has no universe."""
    outputs = synthetic.records()
    for r in outputs:
        if int(r["meta"]["item"][1:]) >= 3:
            del r["judge_verdicts"]["words/breach"]
    return outputs


def test_judges_that_are_in_no_count_are_named(planted: Conclusions, tmp_path: Path) -> None:
    result = told(tmp_path, sampled())
    summary = paragraph(result)
    assert "say nothing about the judge: words" in summary
    assert "words 0" in summary
    lost = sum(c.verdict.universes - c.verdict.computed for c in result.conclusions)
    assert lost >= 72 * len(result.conclusions)  # a third of the 216 universes of each claim are this judge's
    assert f"{lost:,} cannot be computed" in summary
    assert "say nothing about the judge" not in paragraph(planted)


def test_a_complete_grid_without_a_judge_says_so(tmp_path: Path) -> None:
    outputs = sampled()
    for r in outputs:
        # 12 of 24 unsafe in place of 16: the two other judges differ in size, not in sign.
        if r["meta"]["run"] == "list-none" and 12 <= int(r["meta"]["item"][1:]) < 16:
            r["judge_verdicts"]["strict/breach"] = "no"
    claim = told(tmp_path, outputs).conclusions[0]
    assert claim.verdict.variance.levels["judge"] == ("strict", "lenient")
    assert "has no words" in sentence(claim)


def test_a_target_without_its_task_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"=0\.5"):
        parse_targets(["=0.5"])


def test_percentages_are_refused_with_the_way_out(tmp_path: Path) -> None:
    rows = [(run, task, step, i, 100 * x) for run, task, step, i, x in synthetic.capability_rows()]
    with pytest.raises(InputError, match=r"0\.5"):
        told(tmp_path, scores=rows)


def test_a_store_that_lacks_judgements_is_said_to_be_incomplete(tmp_path: Path) -> None:
    table, capability = synthetic.write(tmp_path)
    (tmp_path / "audit.yaml").write_text(
        "name: part\nrubrics: {breach: {question: 'Is it a breach?', values: ['no', 'yes'], positive: ['yes']}}\n"
        f"outputs: {{files: [{table.name}]}}\n"
        "judges:\n  - {name: four words, kind: length, at_least: 4, unit: words, positive: 'yes', negative: 'no'}\n"
    )
    folder = str(tmp_path / "audit.yaml")
    assert run(["judge", folder]) == 0
    flags = ["conclusions", folder, "--capability", str(capability), "--target", "0.6", "--draws", "100", "--json"]
    assert run(flags) == 0
    with (tmp_path / "audit.yaml").open("a") as file:
        file.write("  - {name: five words, kind: length, at_least: 5, unit: words, positive: 'yes', negative: 'no'}\n")
    assert run(flags) == 3
    result = from_file(
        tmp_path / "audit.yaml",
        CheckRequest.make(rubric="breach"),
        capability=capability,
        columns=Columns(),
        capability_columns=CapabilityColumns(),
        settings=Settings(targets={"": 0.6}, draws=100),
    )
    assert not result.complete
