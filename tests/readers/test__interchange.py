from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import Status
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.table import STATUS_CODES, AuditInput

Save = Callable[[str, Any], Path]
Object = dict[str, Any]


def item(k: int, verdicts: Object | None = None, labels: list[Object] | None = None, **more: Any) -> Object:
    return {
        "item_id": f"i{k}", "prompt": f"p{k}", "response": f"r{k}", "model": None, "dataset": "d",
        "human_labels": labels or [], "judge_verdicts": verdicts or {}, "meta": {}, **more,
    }  # fmt: skip


def label(annotator: str | None, value: Any, **more: Any) -> Object:
    return {"annotator": annotator, "label": value, **more}


def read(path: Path, **asked: Any) -> AuditInput:
    (found,) = read_table(path, CheckRequest.parse(**asked))
    return found


def codes(data: AuditInput, judge: str, trial: int = 0) -> list[int]:
    return data.judges[judge][trial].codes.tolist()


def test_a_file_is_read_with_no_flags(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            item(0, {"j": 1, "k": "0"}, [label("ann", 1), label("bob", 0)], model="m1"),
            item(1, {"j": None}, [label("ann", 0)], model="m2"),
            item(2, {"j": 7}, model="m1"),
        ],
    )
    data = read(path)
    assert data.item_ids == ["i0", "i1", "i2"]
    assert data.rubric.name == "verdict"
    assert codes(data, "j") == [1, STATUS_CODES[Status.MISSING], STATUS_CODES[Status.OUT_OF_RANGE]]
    assert codes(data, "k") == [0, -1, -1]
    assert {k: r.codes.tolist() for k, r in data.labels["human"].annotators.items()} == {
        "ann": [1, 0, -1],
        "bob": [0, -1, -1],
    }
    assert data.models is not None
    assert data.models.names == ("m1", "m2")
    assert data.responses == ["r0", "r1", "r2"]
    assert data.clusters is None
    assert data.labels["human"].adjudicated is None


def test_every_status_and_score(save: Save) -> None:
    statuses = [s for s in Status if s is not Status.OK]
    lines = [item(k, {"j": {"verdict": None, "status": str(s)}}) for k, s in enumerate(statuses)]
    lines += [
        item(20, {"j": {"verdict": 1, "score": 0.75, "status": "ok"}}),
        item(21, {"j": {"verdict": "refused"}}),
        item(22, {"j": {"verdict": None, "score": 0.25}}),
        item(23, {"j": {}}),
    ]
    data = read(save("t.jsonl", lines))
    missing = STATUS_CODES[Status.MISSING]
    assert codes(data, "j")[: len(statuses)] == [STATUS_CODES[s] for s in statuses]
    assert codes(data, "j")[len(statuses) :] == [0, 1, missing, missing]
    scores = data.judges["j"][0].scores
    assert scores is not None
    assert scores[len(statuses)] == 0.75
    assert scores[len(statuses) + 2] == 0.25
    assert data.rubric.values == ("1", "refused")


@pytest.mark.parametrize(
    ("verdict", "named"),
    [
        ({"verdict": 1, "status": "refused"}, "refused"),
        ({"verdict": None, "status": "ok"}, "ok"),
        ({"verdict": 1, "status": "refusd"}, "'refused'"),
        ({"verdict": 1, "score": 1.5}, "1.5"),
        ({"verdict": 1, "score": True}, "True"),
        ({"verdict": {"a": 1}}, "an object"),
        ({"verdict": 1, "trial": 0}, "trial"),
        ([[1]], "a list"),
        ([1, {"verdict": 0, "trial": 1}], "i0"),
    ],
)
def test_answers_that_contradict_themselves(save: Save, verdict: Any, named: str) -> None:
    with pytest.raises(InputError, match="'j'") as caught:
        read(save("t.jsonl", [item(0, {"j": verdict})]))
    assert named in str(caught.value)


def test_trials_of_a_list_and_of_names(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            item(0, {"j": [1, 0], "k#a": 1, "k#b": 0}),
            item(1, {"j": [{"verdict": 1, "trial": 2}], "k#a": 1}),
            item(2, {"j": 0, "k#b": None}),
        ],
    )
    data = read(path, trials="#")
    assert [codes(data, "j", t) for t in (0, 1)] == [[1, -1, 0], [0, 1, -1]]
    assert [codes(data, "k", t) for t in (0, 1)] == [[1, 1, -1], [0, -1, -2]]


def test_anonymous_votes(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            item(0, {"j": 1}, [label(None, 1), label(None, 1), label(None, 0)]),
            item(1, {"j": 0}, [label(None, 0)]),
            item(2),
        ],
    )
    human = read(path).labels["human"]
    assert human.annotators == {}
    assert human.votes is not None
    assert human.votes.tolist() == [[1, 2], [1, 0], [0, 0]]


def test_kinds_stand_apart(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            item(0, {"j": 1}, [label("ann", 1), label("rule", 0, kind="construction"), label("gpt", 1, kind="model")]),
            item(1, {"j": 0}, [label("ann", 0), label(None, 0, kind="construction")]),
        ],
    )
    labels = read(path).labels
    assert list(labels) == ["human", "construction", "model"]
    assert list(labels["human"].annotators) == ["ann"]
    assert list(labels["construction"].annotators) == ["rule"]
    assert labels["construction"].votes is not None
    assert labels["construction"].votes.sum() == 1
    assert list(labels["model"].annotators) == ["gpt"]


def test_references_and_their_kinds(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            item(0, {"j/harm": 1}, reference={"harm": 1}),
            item(1, {"j/harm": 1}, reference={"harm": [{"value": 0, "kind": "construction"}, 0]}),
            item(2, {"j/harm": 0}, reference={"harm": None}),
        ],
    )
    data = read(path)
    human, made = data.labels["human"].adjudicated, data.labels["construction"].adjudicated
    assert human is not None
    assert made is not None
    assert (human.codes.tolist(), made.codes.tolist()) == ([1, 0, -1], [-1, 0, -1])
    assert data.labels["human"].adjudicated_name == "reference"


def test_the_released_reference_in_meta(save: Save) -> None:
    lines = [item(k, {"j": k}, meta={"human_reference": 1 - k}) for k in (0, 1)]
    data = read(save("t.jsonl", lines))
    assert data.labels["human"].adjudicated is not None
    assert data.labels["human"].adjudicated.codes.tolist() == [1, 0]
    assert any("meta.human_reference" in note for note in data.notes)
    both = [item(k, {"j/h": k}, meta={"human_reference": 1 - k}, reference={"h": k}) for k in (0, 1)]
    chosen = read(save("t.jsonl", both)).labels["human"]
    assert chosen.adjudicated is not None
    assert chosen.adjudicated.codes.tolist() == [0, 1]


def test_a_column_as_the_reference(save: Save) -> None:
    lines = [item(k, {"j": k}, [label("ann", k)], meta={"final": 1 - k, "human_reference": k}) for k in (0, 1)]
    human = read(save("t.jsonl", lines), reference="column:meta.final").labels["human"]
    assert human.adjudicated is not None
    assert human.adjudicated.codes.tolist() == [1, 0]
    assert human.adjudicated_name == "meta.final"


def test_several_rubrics(save: Save) -> None:
    lines = [
        item(k, {"a/x/harm": k, "b/harm": 1, "a/x/tone": 2, "b/tone": k}, [label("ann", k, dimension="tone")])
        for k in (0, 1)
    ]
    path = save("t.jsonl", lines)
    with pytest.raises(ConfigError, match="'harm', 'tone'"):
        read(path)
    assert list(read(path, rubric="harm").judges) == ["a/x", "b"]
    assert read(path, rubric="harm").labels == {}
    with pytest.raises(ConfigError, match="did you mean 'harm'"):
        read(path, rubric="ham")
    several = read_table(path, CheckRequest.parse(rubric="all", level="ordinal", values="0,1,2"))
    assert [data.rubric.name for data in several] == ["harm", "tone"]
    assert [list(data.labels) for data in several] == [[], ["human"]]


def test_a_slash_is_part_of_a_name_unless_a_rubric_follows(save: Save) -> None:
    path = save("t.jsonl", [item(k, {"openai/gpt": k, "meta/llama": 1}) for k in (0, 1)])
    assert list(read(path).judges) == ["openai/gpt", "meta/llama"]
    assert list(read(path, rubric="gpt").judges) == ["openai", "meta/llama"]
    labelled = save(
        "u.jsonl", [item(k, {"openai/gpt": k, "meta/llama": 1}, [label("a", k, dimension="gpt")]) for k in (0, 1)]
    )
    assert list(read(labelled).judges) == ["openai", "meta/llama"]
    twice = save("v.jsonl", [item(k, {"openai/gpt": k, "azure/gpt": 1}) for k in (0, 1)])
    assert (list(read(twice).judges), read(twice).rubric.name) == (["openai", "azure"], "gpt")


def test_what_has_no_rubric_belongs_to_the_one_asked_for(save: Save) -> None:
    lines = [item(k, {"j": k, "a/harm": 1, "b/harm": 0, "a/tone": 1, "b/tone": 1}, [label("ann", k)]) for k in (0, 1)]
    path = save("t.jsonl", lines)
    assert list(read(path, rubric="harm").judges) == ["j", "a", "b"]
    assert list(read(path, rubric="harm").labels) == ["human"]
    assert list(read(path, rubric="tone").judges) == ["j", "a", "b"]
    several = read_table(path, CheckRequest.parse(rubric="all"))
    assert [list(data.judges) for data in several] == [["a", "b"], ["a", "b"]]
    assert [data.labels for data in several] == [{}, {}]
    assert all(any("belong to no rubric" in note for note in data.notes) for data in several)


def test_two_keys_of_one_judge(save: Save) -> None:
    with pytest.raises(InputError, match="'j' and 'j/harm'"):
        read(save("t.jsonl", [item(0, {"j": 1, "j/harm": 1})]), rubric="harm")


def test_judges_and_people_are_chosen_by_name(save: Save) -> None:
    lines = [
        item(k, {"j": k, "k": 1}, [label("ann", k), label("bob", 1 - k)], meta={"extra": k, "p": 0.5}) for k in (0, 1)
    ]
    path = save("t.jsonl", lines)
    data = read(path, judges=["guard=k"], humans=["bob"], scores=["guard=meta.p"])
    assert codes(data, "guard") == [1, 1]
    assert list(data.labels["human"].annotators) == ["bob"]
    assert data.judges["guard"][0].scores is not None
    assert list(read(path, judges=["judge_verdicts.j"]).judges) == ["j"]
    plain = read(path, judges=["meta.extra"], id="item_id")
    assert (list(plain.judges), plain.labels) == (["meta.extra"], {})
    with pytest.raises(ConfigError, match="'jj'"):
        read(path, judges=["jj"])


def test_groups_slices_weights_and_maps(save: Save) -> None:
    lines = [
        item(
            k,
            {"j": "bad" if k else "good"},
            [label("ann", k)],
            meta={"run": "ab"[k % 2], "w": k + 1},
            dataset="de"[k // 2],
        )
        for k in range(4)
    ]
    lines = [{**line, "human_labels": [label("ann", int(k > 0))]} for k, line in enumerate(lines)]
    data = read(
        save("t.jsonl", lines), slices=["meta.run"], group="meta.run", weight="meta.w", maps=["j:bad=1", "j:good=0"]
    )
    assert codes(data, "j") == [0, 1, 1, 1]
    assert data.slices["meta.run"].codes.tolist() == [0, 1, 0, 1]
    assert data.slices["dataset"].names == ("d", "e")
    assert data.clusters is not None
    assert data.clusters.tolist() == [0, 1, 0, 1]
    assert data.weights is not None
    assert data.weights.tolist() == [1, 2, 3, 4]
    with pytest.raises(InputError, match=r"did you mean 'meta\.run'"):
        read(save("t.jsonl", lines), slices=["meta.runs"], maps=["j:bad=1", "j:good=0"])


def test_weights_of_labels(save: Save) -> None:
    lines = [
        item(0, {"j": 1}, [label("ann", 1, weight=2.5, selected_by="random"), label("bob", 1)]),
        item(1, {"j": 0}, [label("ann", 0)]),
    ]
    weights = read(save("t.jsonl", lines)).weights
    assert weights is not None
    assert weights.tolist() == [2.5, 1]
    lines[0]["human_labels"][1]["weight"] = 3
    with pytest.raises(InputError, match=r"2\.5 and 3"):
        read(save("t.jsonl", lines))


def test_all_labels_missing(save: Save) -> None:
    with pytest.raises(InputError, match="all labels are missing"):
        read(save("t.jsonl", [item(0, {"j": 1}, [label("ann", None)])]))


def test_a_label_off_the_scale(save: Save) -> None:
    lines = [item(0, {"j": 1}, [label("ann", 1)]), item(1, {"j": 1}, [label("ann", 2)])]
    with pytest.raises(InputError, match="'ann', row 2"):
        read(save("t.jsonl", lines), values="0,1")
    votes = [item(0, {"j": 1}, [label(None, 1)]), item(1, {"j": 1}, [label(None, 1), label(None, 2)])]
    with pytest.raises(InputError, match="row 2"):
        read(save("t.jsonl", votes), values="0,1")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"human_labels": "yes"}, "human_labels"),
        ({"human_labels": ["yes"]}, "annotator, label"),
        ({"human_labels": [{"label": [1]}]}, "a list"),
        ({"human_labels": [{"label": 1, "kind": "humn"}]}, "'human'"),
        ({"human_labels": [{"label": 1, "weight": 0}]}, "weight"),
        ({"judge_verdicts": [1]}, "judge_verdicts"),
        ({"prompt": ["a"]}, "a list"),
        ({"reference": {"x": {"kind": "human"}}}, "no value"),
        ({"human_labels": [{"annotator": "a", "label": 1}, {"annotator": "a", "label": 0}]}, "'a' on item 'i1'"),
    ],
)
def test_what_is_not_of_the_form(save: Save, line: Object, named: str) -> None:
    with pytest.raises(InputError, match=r"t\.jsonl") as caught:
        read(save("t.jsonl", [item(0, {"j": 1}), item(1, {"j": 0}) | line]))
    assert named in str(caught.value)


def test_ids_that_repeat(save: Save) -> None:
    with pytest.raises(InputError, match="'i0'"):
        read(save("t.jsonl", [item(0, {"j": 1}), item(0, {"j": 1})]))


def test_a_rubric_declared_in_the_file_is_used(save: Save) -> None:
    declared = {"harm": {"values": ["no", "some", "yes"], "level": "ordinal", "positive": ["yes"], "cannot_judge": "?"}}
    lines = [item(k, {"j/harm": v}, [label("ann", "no", dimension="harm")]) for k, v in enumerate(["yes", "some", "?"])]
    lines[0]["rubrics"] = declared
    data = read(save("t.jsonl", lines))
    assert (data.rubric.name, data.rubric.level, data.rubric.positive) == ("harm", "ordinal", ("yes",))
    assert codes(data, "j") == [2, 1, 3]
    assert read(save("t.jsonl", lines), positive=["some"]).rubric.positive == ("some",)


@pytest.mark.parametrize(
    ("rubric", "named"), [({"valuse": []}, "'values'"), ({"level": "x"}, "'x'"), ({"values": "ab"}, "ab"), (3, "int")]
)
def test_a_rubric_that_is_none(save: Save, rubric: object, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read(save("t.jsonl", [item(0, {"j": 1}, rubrics={"harm": rubric})]))


def test_nothing_to_audit(save: Save) -> None:
    with pytest.raises(ConfigError, match="no judge and no label"):
        read(save("t.jsonl", [item(0)]))


@pytest.mark.parametrize(
    "asked",
    [
        {"response": "respnse"}, {"prompt": "meta.q"}, {"id": "idd"}, {"model": "meta.m"}, {"weight": "meta.w"},
        {"scores": ["j=meta.p"]}, {"group": "meta.g"}, {"votes": ["meta.v:3"]}, {"reference": "column:meta.r"},
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_never_silent(save: Save, asked: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="missing column"):
        read(save("t.jsonl", [item(0, {"j": 1}), item(1, {"j": 0})]), **asked)


def test_chosen_people_are_the_only_ones(save: Save) -> None:
    lines = [
        item(
            k,
            {"j/a": k, "j/b": 1},
            [label("ann", k, dimension="a"), label("bob", 1, dimension="b"), label(None, 0, dimension="a")],
        )
        for k in (0, 1)
    ]
    path = save("t.jsonl", lines)
    human = read(path, rubric="a", humans=["ann"]).labels["human"]
    assert (list(human.annotators), human.votes) == (["ann"], None)
    with pytest.raises(ConfigError, match="'bob'"):
        read(path, rubric="a", humans=["bob"])


def test_votes_are_mapped_together(save: Save) -> None:
    lines = [item(k, {"j": k}, [label(None, "bad" if k else "good")]) for k in (0, 1)]
    votes = read(save("t.jsonl", lines), maps=["anonymous:bad=1", "anonymous:good=0"]).labels["human"].votes
    assert votes is not None
    assert votes.tolist() == [[1, 0], [0, 1]]
