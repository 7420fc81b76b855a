import codecs
import csv
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges.recorded import Params, build
from judgeaudit.model import Judgement, Output, Rubric, Status

HARM = Rubric(name="harm", values=("0", "1"), positive=("1",), cannot_judge="?")
IDS = ["a", "b", "c", "d", "e", "\ud800", "NA", "10"]


def make(path: Path, text: str | bytes, **params: object) -> BatchJudge:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return build("old", Params.model_validate({"file": str(path)} | params))


def ask(judge: BatchJudge) -> dict[str, Judgement]:
    outputs = [Output(item_id=i, prompt="", response="\x00") for i in IDS]
    judged = judge.judge(Material(outputs=outputs, rubric=HARM))
    assert [j.item_id for j in judged] == IDS
    return {j.item_id: j for j in judged}


ROWS = [
    {"item_id": "b", "verdict": 1, "score": 0.25, "rationale": "\ud800"},
    {"item_id": "a", "verdict": "0.0"},
    {"item_id": "c", "verdict": None},
    {"item_id": "d", "verdict": "7"},
    {"item_id": "\ud800", "status": "refused", "detail": "said no"},
    {"item_id": "NA", "verdict": ["1"]},
    {"item_id": 10},
    {"item_id": "unasked", "verdict": "1"},
]


def test_json_lines(tmp_path: Path) -> None:
    found = ask(make(tmp_path / "v.jsonl", "\n\n".join(json.dumps(r) for r in ROWS)))
    assert {i: j.status for i, j in found.items()} == {
        "a": Status.OK,
        "b": Status.OK,
        "c": Status.MISSING,
        "d": Status.OUT_OF_RANGE,
        "e": Status.SKIPPED,
        "\ud800": Status.REFUSED,
        "NA": Status.UNPARSABLE,
        "10": Status.SKIPPED,
    }
    assert (found["a"].verdict, found["b"].verdict, found["b"].score, found["b"].rationale) == (
        "0",
        "1",
        0.25,
        "\ud800",
    )
    assert all(j.detail for j in found.values() if j.status is not Status.OK)


@pytest.mark.parametrize(
    "encode", [lambda t: t.encode(), lambda t: codecs.BOM_UTF8 + t.encode(), lambda t: t.encode("utf-16")]
)
@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ","), (".tsv", "\t")])
def test_tables(tmp_path: Path, encode: object, suffix: str, mark: str) -> None:
    rows = [
        ["id", "gpt", "p", "note"],
        ["a", "1.0", "0.5", "x" * 1_000_000],
        ["b", "", "", "line\nbreak\u2028"],
        ["NA", "NA", "", ""],
        ["c", "?", "high", "\x00"],
    ]
    path = tmp_path / f"v{suffix}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    content = encode(path.read_bytes().decode())  # type: ignore[operator]
    limit = csv.field_size_limit()
    found = ask(make(path, content, columns={"item_id": "id", "verdict": "gpt", "score": "p", "rationale": "note"}))
    assert csv.field_size_limit() == limit
    assert (found["a"].verdict, found["a"].score, len(found["a"].rationale)) == ("1", 0.5, 1_000_000)
    assert found["b"].status is Status.MISSING
    assert found["NA"].status is Status.OUT_OF_RANGE
    assert (found["c"].verdict, found["c"].score) == ("?", None)
    assert "score" in found["c"].detail
    assert found["d"].status is Status.SKIPPED


def test_values_may_be_mapped(tmp_path: Path) -> None:
    judge = make(
        tmp_path / "v.csv", "item_id,verdict\na,unsafe\nb,safe\nc,2\nd,0\n", map={"unsafe": 1, "safe": "0", 2: "?"}
    )
    assert {i: j.verdict for i, j in ask(judge).items() if j.verdict} == {"a": "1", "b": "0", "c": "?", "d": "0"}
    assert ask(judge)["a"].raw == "unsafe"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("v.csv", "", "no rows"),
        ("v.csv", "item_id,verdict\n", "no rows"),
        ("v.jsonl", "\n", "no rows"),
        ("v.xml", "<a/>", "unknown form"),
        ("v.csv", "item_id,verdict\na,1,2\n", "ragged"),
        ("v.csv", 'item_id,verdict\na,"1\n', "table"),
        ("v.csv", "item_id,verdict,verdict\na,1,2\n", "twice"),
        ("v.csv", "item_id,verdict\na,1\nb,0\na,1\n", "line 2"),
        ("v.csv", "item,verdict\na,1\n", "'item'"),
        ("v.csv", "item_id,verdicts\na,1\n", "'verdicts'"),
        ("v.csv", "item_id,verdict\n,1\n", "no item id"),
        ("v.csv", b"item_id,verdict\na,\xff\n", "UTF-8"),
        ("v.jsonl", '{"item_id": "a", "verdict": "1"}\n{"item_id": "b"', ":2"),
        ("v.jsonl", '["a", "1"]', "list"),
        ("v.jsonl", '{"item_id": null, "verdict": "1"}', "no item id"),
        ("v.jsonl", "[" * 100_000, "torn"),
    ],
)
def test_files_that_cannot_be_used_are_refused_in_one_line(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        make(tmp_path / name, text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


LINES = [
    {"item_id": "a", "judge_verdicts": {"gpt/harm": 1, "guard": "0"}},
    {
        "item_id": "b",
        "judge_verdicts": {"gpt/harm": None, "gpt/tone": "1", "guard": {"verdict": "1", "score": 0.5, "trial": 1}},
    },
    {"item_id": "c", "judge_verdicts": {"guard": ["0", "1"]}},
    {"item_id": "d", "judge_verdicts": {"guard": [{"verdict": "1", "trial": 2}, {"status": "filtered", "trial": 1}]}},
    {
        "item_id": "e",
        "judge_verdicts": {"guard": [{"verdict": "1", "trial": 1}, {"verdict": "0", "trial": 1}], "gpt": "0"},
    },
    {"item_id": "10", "prompt": "p", "judge_verdicts": None},
]


def test_the_interchange_form(tmp_path: Path) -> None:
    text = "\n".join(map(json.dumps, LINES))
    gpt = ask(make(tmp_path / "v.jsonl", text, judge="gpt"))
    assert {i: j.verdict or j.status for i, j in gpt.items()} == {
        "a": "1", "b": "missing", "c": "skipped", "d": "skipped", "e": "0", "\ud800": "skipped", "NA": "skipped", "10": "skipped",
    }  # fmt: skip
    guard = ask(make(tmp_path / "v.jsonl", text, judge="guard"))
    assert [guard[i].verdict or guard[i].status for i in "abcde"] == ["0", "1", "0", "filtered", "unparsable"]
    assert guard["b"].score == 0.5
    assert "2 answers" in guard["e"].detail
    again = ask(make(tmp_path / "v.jsonl", text, judge="guard", trial=2))
    assert [again[i].verdict or again[i].status for i in "abcde"] == ["skipped", "skipped", "1", "1", "skipped"]
    mapped = ask(make(tmp_path / "v.jsonl", text, judge="guard", map={"1": "?"}))
    assert [mapped[i].verdict for i in "abc"] == ["0", "?", "0"]
    prints = [
        make(tmp_path / "v.jsonl", text, judge=j, trial=t).fingerprint(HARM)
        for j, t in (("gpt", 1), ("guard", 1), ("guard", 2))
    ]
    assert len(set(prints)) == 3


def test_one_judge_in_the_file_need_not_be_named_and_several_must_be(tmp_path: Path) -> None:
    alone = make(
        tmp_path / "v.jsonl", json.dumps({"item_id": "a", "judge_verdicts": {"org/gpt": "1"}}), judge="org/gpt"
    )
    assert ask(alone)["a"].verdict == "1"
    only = make(tmp_path / "v.jsonl", json.dumps({"item_id": "a", "judge_verdicts": {"gpt": "1"}}))
    assert ask(only)["a"].verdict == "1"
    text = "\n".join(map(json.dumps, LINES))
    with pytest.raises(InputError, match="which judge"):
        make(tmp_path / "v.jsonl", json.dumps({"item_id": "a", "judge_verdicts": {"gpt/harm": "1"}}))
    with pytest.raises(InputError, match="'gpt', 'guard'"):
        make(tmp_path / "v.jsonl", text)
    with pytest.raises(InputError, match="did you mean 'guard'"):
        make(tmp_path / "v.jsonl", text, judge="gaurd")
    with pytest.raises(InputError, match="no object"):
        make(tmp_path / "v.jsonl", json.dumps({"item_id": "a", "judge_verdicts": ["1"]}))
    with pytest.raises(ConfigError, match="columns"):
        make(tmp_path / "v.jsonl", text, judge="gpt", columns={"verdict": "v"})
    with pytest.raises(ConfigError, match="interchange"):
        make(tmp_path / "v.csv", "item_id,verdict\na,1\n", judge="gpt")


def test_a_missing_file_and_unknown_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone"):
        build("old", Params(file=str(tmp_path / "gone.csv")))
    with pytest.raises(ValidationError, match="did you mean 'score'"):
        Params.model_validate({"file": "v.csv", "columns": {"scores": "p"}})
    with pytest.raises(InputError, match="missing column"):
        make(tmp_path / "v.csv", "item_id,verdict\na,1\n", columns={"score": "p"})


def test_the_fingerprint_is_that_of_the_answers(tmp_path: Path) -> None:
    def print_of(text: str, name: str = "v.csv", **params: object) -> str:
        return make(tmp_path / name, text, **params).fingerprint(HARM)

    same = print_of("item_id,verdict\na,1\nb,0\n")
    assert print_of("other,item_id,verdict\nx,b,0\ny,a,1\n") == same
    assert print_of("i,v\na,1\nb,0\n", "w.csv", columns={"item_id": "i", "verdict": "v"}) == same
    changed = [
        print_of("item_id,verdict\na,1\nb,1\n"),
        print_of("item_id,verdict\na,1\n"),
        print_of("item_id,verdict\na,1\nb,0\nc,0\n"),
    ]
    assert len({same, *changed, print_of("item_id,verdict\na,1\nb,0\n", map={"0": "?"})}) == 5


def test_what_an_export_tells_beside_an_answer_is_no_part_of_it(tmp_path: Path) -> None:
    told = {"parse_method": "json", "seconds": 0.5, "usage": {"requests": 1}, "fingerprint": "f", "rubric_version": "v"}
    line = {
        "item_id": "a",
        "judge_verdicts": {"guard": {"verdict": "1", "score": 0.75, "raw": '{"verdict": 1}'} | told},
    }
    found = ask(make(tmp_path / "v.jsonl", json.dumps(line), judge="guard"))["a"]
    assert (found.verdict, found.score, found.raw) == ("1", 0.75, '{"verdict": 1}')
    assert found.fingerprint != "f"
