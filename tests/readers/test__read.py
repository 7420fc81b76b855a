from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import InputError
from judgeaudit.model import LEVELS
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.readers._read import reader_of
from judgeaudit.table import AuditInput

Save = Callable[[str, Any], Path]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.tsv", "csv"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_name_tells_the_format(name: str, kind: str) -> None:
    assert reader_of(Path(name)).__name__ == f"judgeaudit.readers.{kind}"


@pytest.mark.parametrize(
    ("name", "named"), [("a.xlsx", "'.xlsx'"), ("a.jsonll", "did you mean '.jsonl'"), ("a", "no ending")]
)
def test_a_format_that_nobody_reads(name: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        reader_of(Path(name))


def test_all_formats_give_one_input(save: Save, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    rows = [
        {"id": str(k), "j": str(k % 2), "h": str(k // 2 % 2), "p": f"p{k % 3}", "t": f"a\tb,{k}"} for k in range(12)
    ]
    csv = "id,j,h,p,t\n" + "".join(f'{r["id"]},{r["j"]},{r["h"]},{r["p"]},"{r["t"]}"\n' for r in rows)
    write_table(arrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    paths = [save("t.csv", csv), save("t.jsonl", rows), tmp_path / "t.parquet"]
    request = CheckRequest.parse(judges=["j"], humans=["h"], id="id", prompt="p", response="t", slices=["p"])
    first, *others = [read_table(path, request)[0] for path in paths]
    for data in others:
        assert (data.item_ids, data.prompts, data.responses, data.rubric, data.notes) == (
            first.item_ids, first.prompts, first.responses, first.rubric, first.notes,
        )  # fmt: skip
        for get in _ARRAYS:
            assert get(data).tolist() == get(first).tolist()


_ARRAYS: list[Callable[[AuditInput], Any]] = [
    lambda d: d.judges["j"][0].codes,
    lambda d: d.labels["human"].annotators["h"].codes,
    lambda d: d.clusters,
    lambda d: d.slices["p"].codes,
]


def test_reading_loads_no_heavy_package() -> None:
    code = (
        "import sys, judgeaudit.readers, judgeaudit.readers._read as r; r.reader_of(__import__('pathlib').Path('a.csv'));"
        "print([m for m in ('pandas', 'pyarrow', 'sqlalchemy', 'sklearn', 'scipy', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The released sets; texts in them are harmful, so nothing but counts is looked at.


@pytest.mark.parametrize(
    ("name", "n", "labels", "missing"),
    [
        ("xstest-completions", 1350, {"annotation_1": 1350, "annotation_2": 1350}, {"gpt4": 11, "strmatch": 0}),
        (
            "jbb-judge-comparison",
            300,
            {"human_majority": 300},
            {"gpt4": 0, "harmbench": 0, "llama3": 0, "llamaguard2": 0},
        ),
        ("harmbench-val", 596, {}, {"strmatch-zou2023universal": 0, "strmatch-lapid2023open": 0}),
    ],
)
def test_counts_of_sets_with_one_rubric(
    datasets: Path, name: str, n: int, labels: dict[str, int], missing: dict[str, int]
) -> None:
    (data,) = read_table(datasets / name / f"{name}.jsonl", CheckRequest())
    assert data.n == n
    human = data.labels["human"]
    assert {k: int((r.codes >= 0).sum()) for k, r in human.annotators.items()} == labels
    assert human.adjudicated is not None
    assert int((human.adjudicated.codes >= 0).sum()) == n
    counted = {judge: int((trials[0].codes < 0).sum()) for judge, trials in data.judges.items()}
    assert counted | missing == counted
    assert sum(counted.values()) == sum(missing.values())


def test_votes_of_harmbench(datasets: Path) -> None:
    (data,) = read_table(datasets / "harmbench-val" / "harmbench-val.jsonl", CheckRequest())
    released = CheckRequest.parse(votes=["human_sum:3"], id="idx", response="generation", prompt="behavior_description")
    (table,) = read_table(datasets / "harmbench-val" / "original" / "harmbench.csv", released)
    for votes in (data.labels["human"].votes, table.labels["human"].votes):
        assert votes is not None
        assert votes.sum(axis=0).tolist() == [1006, 782]
        assert votes.sum(axis=1).tolist() == [3] * 596
    assert len(data.judges) == 9


def test_runs_of_one_judge_in_jbb(datasets: Path) -> None:
    path = datasets / "jbb-judge-comparison" / "jbb-judge-comparison.jsonl"
    (data,) = read_table(path, CheckRequest.parse(trials="#"))
    assert {judge: len(trials) for judge, trials in data.judges.items() if len(trials) > 1} == {
        "rogue-v3-qwen2.5-72b": 2, "rogue-v3-strict-qwen2.5-72b": 2,
    }  # fmt: skip
    assert len(read_table(path, CheckRequest())[0].judges) == 9
    assert data.rubric.positive == ("1",)


@pytest.mark.parametrize("level", LEVELS)
def test_three_rubrics_of_em_collapse(datasets: Path, level: str) -> None:
    path = datasets / "em-collapse" / "em-collapse.jsonl"
    found = read_table(path, CheckRequest.parse(rubric="all", level=level))
    assert [data.rubric.name for data in found] == ["drift", "persona", "safety"]
    missing = {data.rubric.name: sum(int((t[0].codes < 0).sum()) for t in data.judges.values()) for data in found}
    assert missing == {"drift": 4, "persona": 3, "safety": 3}
    for data in found:
        assert (data.n, data.rubric.values, data.rubric.level, data.labels) == (1050, ("0", "1", "2", "3"), level, {})
        assert list(data.judges) == ["claude-3.5-haiku", "llama-3.3-70b", "mistral-large-3", "nova-pro"]
        assert data.models is not None
        assert len(data.models.names) == 7


def test_four_scales_of_newsroom(datasets: Path) -> None:
    path = datasets / "newsroom-ratings" / "newsroom-ratings.jsonl"
    found = read_table(path, CheckRequest.parse(rubric="all", level="ordinal"))
    assert [data.rubric.name for data in found] == ["Coherence", "Fluency", "Informativeness", "Relevance"]
    for data in found:
        people = data.labels["human"].annotators
        assert (data.n, data.judges) == (420, {})
        assert {k: int((r.codes >= 0).sum()) for k, r in people.items()} == dict.fromkeys(
            ("rater_1", "rater_2", "rater_3"), 420
        )
    values = [r.codes for r in found[1].labels["human"].annotators.values()]
    counts = {v: sum(int((c == k).sum()) for c in values) for k, v in enumerate(found[1].rubric.values)}
    assert counts == {"1": 139, "2": 164, "3": 308, "4": 324, "5": 325}


def test_the_released_table_of_jbb(datasets: Path) -> None:
    path = datasets / "jbb-judge-comparison" / "original" / "jbb_judge_comparison.jsonl"
    judges = ["gpt4", "harmbench", "llama3", "llamaguard2"]
    request = CheckRequest.parse(judges=[f"{j}=baselines.{j}" for j in judges], humans=["human_majority"], id="index")
    (data,) = read_table(path, request)
    assert data.n == 300
    truth = data.labels["human"].annotators["human_majority"].codes
    assert int((truth == 1).sum()) == 110
    for judge, (fp, fn) in zip(judges, [(19, 10), (51, 14), (22, 6), (25, 12)], strict=True):
        codes = data.judges[judge][0].codes
        assert (int(((codes == 1) & (truth == 0)).sum()), int(((codes == 0) & (truth == 1)).sum())) == (fp, fn)


@pytest.mark.parametrize("model", ["gpt4", "mistralguard", "mistralinstruct"])
@pytest.mark.parametrize(("run", "judge"), [("gpteval", "gpt4_label"), ("streval", "strmatch_label")])
def test_the_released_tables_of_xstest(datasets: Path, model: str, run: str, judge: str) -> None:
    folder = datasets / "xstest-completions" / "original" / "automated_evaluation_labels"
    request = CheckRequest.parse(
        judges=[judge], humans=["annotation_1", "annotation_2"], id="id", prompt="prompt", response="completion",
        reference="column:final_label", positive=["1_full_compliance"],
    )  # fmt: skip
    (data,) = read_table(folder / f"xstest_v2_completions_{model}_{run}.csv", request)
    unscored = 11 if (model, run) == ("mistralinstruct", "gpteval") else 0
    codes = data.judges[judge][0].codes
    assert (data.n, int((codes < 0).sum())) == (450, unscored)
    assert all(int((r.codes >= 0).sum()) == 450 for r in data.labels["human"].annotators.values())
    assert data.labels["human"].adjudicated is not None
    assert data.rubric.values == ("1_full_compliance", "2_full_refusal", "3_partial_refusal")
