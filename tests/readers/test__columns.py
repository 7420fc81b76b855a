from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import Status
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.table import STATUS_CODES, AuditInput

Save = Callable[[str, Any], Path]
MISSING, OUT = STATUS_CODES[Status.MISSING], STATUS_CODES[Status.OUT_OF_RANGE]


def table(columns: dict[str, Sequence[object]]) -> str:
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"


def read(path: Path, **asked: Any) -> AuditInput:
    (found,) = read_table(path, CheckRequest.parse(**asked))
    return found


def codes(data: AuditInput, judge: str) -> list[int]:
    return data.judges[judge][0].codes.tolist()


def test_a_table_becomes_an_input(save: Save) -> None:
    path = save(
        "t.csv",
        table(
            {"n": "abcd", "j": ["1", "1.0", "", "2"], "h1": ["1", "0", "0", ""], "h2": "1001", "q": "ppqr", "m": "xyxy"}
        ),
    )
    data = read(path, judges=["guard=j"], humans=["h1", "h2"], id="n", prompt="q", model="m", positive=["1"])
    assert data.item_ids == ["a", "b", "c", "d"]
    assert data.rubric.values == ("0", "1")
    assert data.rubric.positive == ("1",)
    assert codes(data, "guard") == [1, 1, MISSING, OUT]
    assert data.labels["human"].annotators["h1"].codes.tolist() == [1, 0, 0, -1]
    assert data.models is not None
    assert [data.models.names[i] for i in data.models.codes] == ["x", "y", "x", "y"]
    assert data.clusters is not None
    assert data.clusters.tolist() == [0, 0, 1, 2]
    assert "prompt" in data.cluster_rule
    assert data.responses is None
    assert data.modes is None
    assert data.sources[0]["name"] == "t.csv"
    assert data.sources[0]["rows"] == 4
    assert "judge guard: 1 verdicts off the scale" in " ".join(data.notes)


def test_rows_are_numbered_where_there_are_no_ids(save: Save) -> None:
    assert read(save("t.csv", "j,h\n1,1\n0,0\n"), judges=["j"], humans=["h"]).item_ids == ["1", "2"]


def test_words_for_nothing_are_verdicts(save: Save) -> None:
    data = read(save("t.csv", "j,h\nNA,NA\nnull,nan\nnan,null\n"), judges=["j"], humans=["h"])
    assert data.rubric.values == ("NA", "nan", "null")
    assert codes(data, "j") == [0, 2, 1]


def test_one_class_only(save: Save) -> None:
    data = read(save("t.csv", "j,h\n1,0\n0,0\n"), judges=["j"], humans=["h"])
    assert data.rubric.values == ("0", "1")
    assert data.rubric.positive == ("1",)
    assert codes(data, "j") == [1, 0]
    named = read(save("t.csv", "j,h\nyes,no\nno,no\n"), judges=["j"], humans=["h"], positive=["yes"])
    assert codes(named, "j") == [1, 0]
    assert any("one value only" in note for note in named.notes)


def test_a_judge_that_always_fails_people_who_see_one_class(save: Save) -> None:
    data = read(save("t.csv", "j,h\n1,0\n1,0\n"), judges=["j"], humans=["h"])
    assert codes(data, "j") == [1, 1]


def test_all_verdicts_of_one_judge_missing(save: Save) -> None:
    data = read(save("t.csv", "j,k,h\n,1,1\n,0,0\n"), judges=["j", "k"], humans=["h"])
    assert codes(data, "j") == [MISSING, MISSING]


def test_labels_for_some_rows_only(save: Save) -> None:
    data = read(save("t.csv", "j,h\n1,1\n0,\n1,\n0,0\n"), judges=["j"], humans=["h"])
    assert data.labels["human"].annotators["h"].codes.tolist() == [1, -1, -1, 0]


def test_judges_alone_and_humans_alone(save: Save) -> None:
    path = save("t.csv", "a,b\n1,2\n2,2\n")
    assert read(path, judges=["a", "b"]).labels == {}
    assert read(path, humans=["a", "b"]).judges == {}


def test_a_scale_given_is_kept_in_its_order(save: Save) -> None:
    data = read(
        save("t.csv", "j,h\nmid,low\nhigh,low\n"), judges=["j"], humans=["h"], values="low,mid,high", level="ordinal"
    )
    assert data.rubric.values == ("low", "mid", "high")
    assert data.rubric.level == "ordinal"
    assert codes(data, "j") == [1, 2]


def test_values_are_mapped_by_column_or_by_name(save: Save) -> None:
    path = save("t.csv", "j,k,h\nsafe,S,0\nunsafe,U,1\nerr,U,1\n")
    data = read(
        path, judges=["guard=j", "k"], humans=["h"],
        maps=["j:safe=0", "guard:unsafe=1.0", "j:err=", "k:S=0", "k:U=1", "k:X=1"],
    )  # fmt: skip
    assert codes(data, "guard") == [0, 1, MISSING]
    assert codes(data, "k") == [0, 1, 1]
    assert [note for note in data.notes if "--map" in note] == ["--map k:X=... changes nothing: no such value there"]


def test_a_map_of_an_unknown_column(save: Save) -> None:
    with pytest.raises(ConfigError, match="did you mean 'guard'"):
        read(save("t.csv", "guard\n1\n"), judges=["guard"], maps=["gaurd:a=b"])


def test_a_judge_in_another_language_is_refused(save: Save) -> None:
    with pytest.raises(InputError, match="--map") as caught:
        read(save("t.csv", "j,h\nunsafe,1\nsafe,0\n"), judges=["j"], humans=["h"])
    assert "'j'" in str(caught.value)
    assert "'safe', 'unsafe'" in str(caught.value)
    with pytest.raises(InputError, match="--map"):
        read(save("t.csv", "j,h\nunsafe,1\nsafe,0\n"), judges=["j"], humans=["h"], values="0,1")


def test_a_judge_that_only_abstains_speaks_the_language(save: Save) -> None:
    data = read(save("t.csv", "j,h\nx,1\nx,0\n"), judges=["j"], humans=["h"], abstain="x")
    assert codes(data, "j") == [2, 2]
    assert data.rubric.offered == ("0", "1", "x")


def test_an_abstention_stands_beside_the_scale(save: Save) -> None:
    data = read(save("t.csv", "j,h\nx,1\n0,x\n1,0\n"), judges=["j"], humans=["h"], abstain="x")
    assert data.rubric.values == ("0", "1")
    assert data.rubric.cannot_judge == "x"
    assert codes(data, "j") == [2, 0, 1]
    assert data.labels["human"].annotators["h"].codes.tolist() == [1, 2, 0]
    inside = read(save("t.csv", "j,h\nx,1\n0,x\n1,0\n"), judges=["j"], humans=["h"], abstain="x", values="0,x,1")
    assert inside.rubric.values == ("0", "1")


def test_an_abstention_that_nobody_used_is_noted(save: Save) -> None:
    data = read(save("t.csv", "j,h\n1,1\n0,0\n"), judges=["j"], humans=["h"], abstain="x")
    assert any("--abstain" in note for note in data.notes)


def test_a_human_off_the_scale_is_refused(save: Save) -> None:
    with pytest.raises(InputError, match="off the scale") as caught:
        read(
            save("t.csv", "n,j,h\na,1,1\nb,0,0\nc,1,maybe\nd,1,maybe\n"),
            judges=["j"],
            humans=["h"],
            id="n",
            values="0,1",
        )
    said = str(caught.value)
    assert "'h', row 3 (item 'c')" in said
    assert "'maybe' (2 such labels)" in said
    assert "'0', '1'" in said


@pytest.mark.parametrize("given", [["1"], [], ["1.0"]])
def test_zero_and_one_need_no_positive_value(save: Save, given: list[str]) -> None:
    data = read(save("t.csv", "j,h\n1.0,1\n0,0\n"), judges=["j"], humans=["h"], positive=given)
    assert data.rubric.positive == ("1",)
    assert any("exactly 0 and 1" in note for note in data.notes) == (not given)


def test_without_a_positive_value_binary_measures_are_left_out(save: Save) -> None:
    data = read(save("t.csv", "j,h\nyes,yes\nno,no\n"), judges=["j"], humans=["h"])
    assert data.rubric.positive == ()
    assert any("--positive" in note for note in data.notes)


def test_a_rule_makes_values_positive(save: Save) -> None:
    data = read(save("t.csv", "j,h\n0,0\n1,1\n2,10\n10,2\n"), judges=["j"], humans=["h"], positive=[">=2"])
    assert data.rubric.values == ("0", "1", "2", "10")
    assert data.rubric.positive == ("2", "10")


@pytest.mark.parametrize("rule", ["unsafe", ">=3", "01"])
def test_a_positive_value_seen_nowhere(save: Save, rule: str) -> None:
    path = save("t.csv", "j,h\n0,0\n1,1\n")
    with pytest.raises(ConfigError, match="seen nowhere") as caught:
        read(path, judges=["j"], humans=["h"], positive=[rule])
    assert repr(rule) in str(caught.value)
    if rule == "unsafe":
        assert read(path, judges=["j"], humans=["h"], positive=[rule], values="0,1,unsafe").rubric.positive == (
            "unsafe",
        )


def test_every_value_positive_is_noted(save: Save) -> None:
    data = read(save("t.csv", "j,h\n2,2\n3,3\n"), judges=["j"], humans=["h"], positive=[">=2"])
    assert any("no negatives" in note for note in data.notes)


@pytest.mark.parametrize(("level", "named"), [("ordinal", "--values"), ("interval", "'no'"), ("ratio", "'no'")])
def test_a_level_needs_an_order_or_numbers(save: Save, level: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read(save("t.csv", "h,g\nyes,no\nno,no\n"), humans=["h", "g"], level=level)


def test_a_ratio_scale_starts_at_zero(save: Save) -> None:
    with pytest.raises(ConfigError, match="'-1'"):
        read(save("t.csv", "h,g\n-1,1\n1,1\n"), humans=["h", "g"], level="ratio")


def test_columns_of_prose_are_no_scale(save: Save) -> None:
    path = save("t.csv", table({"j": range(300), "h": range(300)}))
    with pytest.raises(ConfigError, match="300") as caught:
        read(path, judges=["j"], humans=["h"])
    assert "interval" in str(caught.value)
    assert len(read(path, judges=["j"], humans=["h"], level="interval").rubric.values) == 300


def test_anonymous_votes(save: Save) -> None:
    data = read(save("t.csv", "j,s\n1,3\n0,1.0\n1,\n"), judges=["j"], votes=["s:3"])
    votes = data.labels["human"].votes
    assert votes is not None
    assert votes.tolist() == [[0, 3], [2, 1], [0, 0]]
    named = read(save("t.csv", "j,s\nyes,3\nno,1\n"), judges=["j"], votes=["s:3"], positive=["yes"])
    votes = named.labels["human"].votes
    assert votes is not None
    assert votes.tolist() == [[0, 3], [2, 1]]
    alone = read(save("t.csv", "s\n2\n"), votes=["s:3"]).labels["human"].votes
    assert alone is not None
    assert alone.tolist() == [[1, 2]]


@pytest.mark.parametrize("cell", ["4", "-1", "1.5", "many"])
def test_a_count_of_votes_off_the_scale(save: Save, cell: str) -> None:
    with pytest.raises(InputError, match="row 2") as caught:
        read(save("t.csv", f"s\n1\n{cell}\n"), votes=["s:3"])
    assert cell in str(caught.value)


@pytest.mark.parametrize("values", ["0,1,2", "1,2"])
def test_votes_need_a_binary_scale(save: Save, values: str) -> None:
    with pytest.raises(ConfigError, match="--positive"):
        read(save("t.csv", "s\n2\n"), votes=["s:3"], values=values)


def test_an_adjudicated_column_is_a_layer(save: Save) -> None:
    data = read(save("t.csv", "j,h,f\n1,1,0\n0,0,\n"), judges=["j"], humans=["h"], reference="column:f")
    human = data.labels["human"]
    assert human.adjudicated is not None
    assert human.adjudicated.codes.tolist() == [0, -1]
    assert human.adjudicated_name == "f"
    assert list(human.annotators) == ["h"]
    alone = read(save("t.csv", "j,f\n1,0\n0,1\n"), judges=["j"], reference="column:f")
    assert alone.labels["human"].annotators == {}


def test_all_labels_missing(save: Save) -> None:
    for asked in ({"humans": ["h"]}, {"reference": "column:h"}, {"votes": ["h:3"]}):
        with pytest.raises(InputError, match="all labels are missing") as caught:
            read(save("t.csv", "j,h\n1,\n0,\n"), judges=["j"], **asked)
        assert "'h'" in str(caught.value)


@pytest.mark.parametrize("reference", ["annotator:h", "column:h"])
def test_a_reference_without_a_label(save: Save, reference: str) -> None:
    humans = ["g", "h"] if reference.startswith("annotator") else ["g"]
    with pytest.raises(InputError, match="'h'"):
        read(save("t.csv", "j,h,g\n1,,1\n0,,0\n"), judges=["j"], humans=humans, reference=reference)


def test_trials_have_equal_names_before_the_separator(save: Save) -> None:
    path = save("t.csv", "a#1,a#2,b,b#x#1,h\n1,0,1,1,1\n0,0,0,0,0\n")
    names = ["a#1", "a#2", "b", "b#x#1"]
    data = read(path, judges=names, humans=["h"], trials="#")
    assert {k: [r.name for r in v] for k, v in data.judges.items()} == {
        "a": ["a#1", "a#2"], "b": ["b"], "b#x": ["b#x#1"],
    }  # fmt: skip
    assert list(read(path, judges=names, humans=["h"]).judges) == names


def test_scores(save: Save) -> None:
    path = save("t.csv", "j,k#1,p,r,h\n1,1,0.9,1,1\n0,0,,0,0\n")
    data = read(path, judges=["j", "k#1"], scores=["j=p", "k=r"], humans=["h"], trials="#")
    scores = data.judges["j"][0].scores
    assert scores is not None
    assert scores[0] == 0.9
    assert np.isnan(scores[1])
    assert data.judges["k"][0].scores is not None
    with pytest.raises(ConfigError, match="did you mean 'j'"):
        read(path, judges=["j"], scores=["jj=p"])


@pytest.mark.parametrize("cell", ["1.5", "-0.1"])
def test_a_score_is_a_probability(save: Save, cell: str) -> None:
    with pytest.raises(InputError, match="row 2"):
        read(save("t.csv", f"j,p\n1,0.5\n0,{cell}\n"), judges=["j"], scores=["j=p"])


@pytest.mark.parametrize("cell", ["0", "-1", "", "nan"])
def test_a_weight_is_positive(save: Save, cell: str) -> None:
    with pytest.raises(InputError, match="row 2"):
        read(save("t.csv", f"j,w\n1,2\n0,{cell}\n"), judges=["j"], weight="w")


def test_weights_are_read(save: Save) -> None:
    weights = read(save("t.csv", "j,w\n1,2\n0,0.5\n"), judges=["j"], weight="w").weights
    assert weights is not None
    assert weights.tolist() == [2, 0.5]


def test_groups(save: Save) -> None:
    path = save("t.csv", "j,p,g\n1,x,a\n0,x,\n1,y,a\n0,,\n1,,b\n")
    by_column = read(path, judges=["j"], group="g")
    assert by_column.clusters is not None
    first, second, third, fourth, fifth = by_column.clusters.tolist()
    assert first == third
    assert len({first, second, fourth, fifth}) == 4
    assert "g" in by_column.cluster_rule
    by_prompt = read(path, judges=["j"], prompt="p")
    assert by_prompt.clusters is not None
    assert len(set(by_prompt.clusters.tolist())) == 4
    assert read(path, judges=["j"], prompt="p", group="none").clusters is None
    assert read(save("u.csv", "j,p\n1,x\n0,y\n"), judges=["j"], prompt="p").clusters is None


def test_slices(save: Save) -> None:
    data = read(save("t.csv", "j,lang\n1,en\n0,\n1,de\n"), judges=["j"], slices=["lang"])
    group = data.slices["lang"]
    assert group.names == ("de", "en")
    assert group.codes.tolist() == [1, -1, 0]


def test_too_many_values_to_split_by(save: Save) -> None:
    path = save("t.csv", table({"j": ["1"] * 51, "s": range(51)}))
    with pytest.raises(ConfigError, match="51 values") as caught:
        read(path, judges=["j"], slices=["s"])
    assert "'s'" in str(caught.value)


def test_ids_that_repeat_are_counted(save: Save) -> None:
    path = save("t.csv", table({"id": "abacbadd", "j": "11111111"}))
    with pytest.raises(InputError, match=r"3 ids that repeat: 'a' \(3 times\), 'b' \(2 times\), 'd'"):
        read(path, judges=["j"], id="id")


def test_empty_ids(save: Save) -> None:
    with pytest.raises(InputError, match="row 2"):
        read(save("t.csv", "id,j\na,1\n,1\n"), judges=["j"], id="id")


def test_nothing_named_lists_the_columns(save: Save) -> None:
    with pytest.raises(ConfigError, match="'gpt4', 'text'"):
        read(save("t.csv", "gpt4,text\n1,a\n"))


def test_messages_hold_no_control_characters(save: Save) -> None:
    with pytest.raises(InputError) as caught:
        read(save("t.csv", "j,h\n1,1\n0,\x1b[31mred\n"), judges=["j"], humans=["h"], values="0,1")
    assert "\x1b" not in str(caught.value)


def test_the_order_of_rows_changes_no_scale(save: Save) -> None:
    rows = ["b,a", "a,b", "c,c"]
    one = read(save("t.csv", "\n".join(["j,h", *rows])), judges=["j"], humans=["h"])
    two = read(save("t.csv", "\n".join(["j,h", *rows[::-1]])), judges=["j"], humans=["h"])
    assert one.rubric == two.rubric
    assert codes(one, "j") == codes(two, "j")[::-1]


def test_columns_of_nothing_are_no_prompts_and_no_models(save: Save) -> None:
    data = read(save("t.csv", "j,p,m\n1,,\n0,,\n"), judges=["j"], prompt="p", model="m")
    assert (data.prompts, data.models, data.clusters) == (None, None, None)
    assert any("all prompts are empty" in note for note in data.notes)
