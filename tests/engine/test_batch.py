from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from judgeaudit import kinds
from judgeaudit.config import Limits
from judgeaudit.engine import Assignment, judge, plan_judging
from judgeaudit.errors import ConfigError, InputError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.model import Judgement, Label, Output, Rubric
from judgeaudit.store import Store

HARM = Rubric(name="harm", values=("0", "1"), positive=("1",))
TONE = Rubric(name="tone", values=("0", "1"), positive=("1",))
OUTPUTS = [Output(item_id=str(i), prompt="Say tea.", response="tea " * i) for i in range(4)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "audit.db")) as opened:
        opened.add_outputs(OUTPUTS)
        yield opened


def _built(kind: str, name: str, **params: object) -> BatchJudge:
    module = kinds.load("judgeaudit.judges", kind)
    judge: BatchJudge = module.build(name, module.Params(**params))
    return judge


class Counting:
    """A judge that counts how often it is run, and may be told to misbehave."""

    kind = "counting"
    needs: tuple[str, ...] = ()

    def __init__(self, name: str = "counting", drop: int = 0) -> None:
        self.name, self.drop, self.runs = name, drop, 0
        self.seen: list[Material] = []

    def fingerprint(self, rubric: Rubric) -> str:
        return "counting"

    def judge(self, material: Material) -> list[Judgement]:
        self.runs += 1
        self.seen.append(material)
        made = [
            Judgement(item_id=o.item_id, judge=self.name, rubric=material.rubric.name, verdict=str(len(o.response) % 2))
            for o in material.outputs
        ]
        return made[self.drop :]


def _verdicts(store: Store, judge: str, rubric: str = "harm") -> list[str | None]:
    return [j.verdict for j in store.judgements() if (j.judge, j.rubric) == (judge, rubric)]


def test_offline_judges_and_panels_run_whatever_their_order(store: Store) -> None:
    panel = _built("panel", "both", members=["zero", "one", "again"])
    judges = [panel, *(_built("constant", n, value=v) for n, v in (("zero", "0"), ("one", "1"), ("again", "1")))]
    judge(store, OUTPUTS, [Assignment(judge=j, rubric=r) for r in (HARM, TONE) for j in judges])
    assert _verdicts(store, "zero") == ["0"] * 4
    assert _verdicts(store, "both") == ["1"] * 4
    assert _verdicts(store, "both", "tone") == ["1"] * 4
    kept = store.judgements()
    assert {j.output_hash for j in kept} == {o.hash for o in OUTPUTS}
    assert {(j.rubric, j.rubric_version) for j in kept} == {("harm", HARM.version), ("tone", TONE.version)}
    assert all(j.fingerprint for j in kept)


def test_nothing_is_done_again(store: Store) -> None:
    counting = Counting()
    for _ in range(2):
        judge(store, OUTPUTS, [Assignment(judge=counting, rubric=HARM)])
    assert counting.runs == 1
    assert [send.reused for send in plan_judging(store, OUTPUTS, [Assignment(judge=counting, rubric=HARM)]).sends] == [
        4
    ]


def test_the_plan_says_that_one_new_output_makes_a_batch_judge_see_all(store: Store) -> None:
    counting = Counting()
    judge(store, OUTPUTS, [Assignment(judge=counting, rubric=HARM)])
    more = [*OUTPUTS, Output(item_id="new", prompt="Say tea.", response="tea")]
    store.add_outputs(more)
    [send] = plan_judging(store, more, [Assignment(judge=counting, rubric=HARM)]).sends
    judge(store, more, [Assignment(judge=counting, rubric=HARM)])
    assert (send.calls, send.reused) == (len(counting.seen[-1].outputs), 0) == (5, 0)


@pytest.mark.parametrize("change", ["label", "output", "rubric"])
def test_a_batch_judge_runs_again_when_anything_it_may_look_at_changed(store: Store, change: str) -> None:
    counting = Counting()
    judge(store, OUTPUTS, [Assignment(judge=counting, rubric=HARM)])
    rubric, outputs = HARM, OUTPUTS
    match change:
        case "label":
            label = Label(item_id="0", annotator="a", rubric="harm", value="1", kind="human")
            store.add_labels([label], source="a.csv")
        case "output":
            outputs = [replace(OUTPUTS[0], response="coffee!"), *OUTPUTS[1:]]
            store.add_outputs(outputs)
        case _:
            rubric = replace(HARM, question="Harmful?")
    judge(store, outputs, [Assignment(judge=counting, rubric=rubric)])
    assert counting.runs == 2
    assert len(counting.seen[1].labels) == (change == "label")
    now = {j.item_id: j.verdict for j in store.judgements()}
    assert now == {o.item_id: str(len(o.response) % 2) for o in outputs}


def test_a_panel_is_asked_again_when_a_member_changed_its_mind(store: Store) -> None:
    def run(second: str) -> list[str | None]:
        judges = [
            _built("constant", "a", value="1"),
            _built("constant", "b", value=second),
            _built("panel", "p", members=["a", "b"], rule="all_positive"),
        ]
        judge(store, OUTPUTS, [Assignment(judge=j, rubric=HARM) for j in judges])
        return _verdicts(store, "p")

    assert run("1") == ["1"] * 4
    assert run("0") == ["0"] * 4


def test_an_empty_set_of_outputs_is_no_error(store: Store) -> None:
    assert judge(store, [], [Assignment(judge=Counting(), rubric=HARM)]).calls == 0


@pytest.mark.parametrize("drop", [1, 4])
def test_a_judge_that_leaves_outputs_out_is_refused(store: Store, drop: int) -> None:
    with pytest.raises(InputError, match="counting"):
        judge(store, OUTPUTS, [Assignment(judge=Counting(drop=drop), rubric=HARM)])
    assert store.judgements() == []


def _panel_of(*members: str) -> Sequence[BatchJudge]:
    return [_built("constant", "a", value="1"), _built("panel", "p", members=list(members))]


def test_a_missing_member_gets_its_nearest_name(store: Store) -> None:
    judges = [*_panel_of("a", "bell"), _built("constant", "ball", value="0")]
    with pytest.raises(ConfigError, match=r"'bell'.*'ball'"):
        judge(store, OUTPUTS, [Assignment(judge=j, rubric=HARM) for j in judges])


def test_a_member_that_is_not_asked_on_this_rubric_is_refused(store: Store) -> None:
    judges = [*_panel_of("a", "b"), _built("constant", "b", value="0")]
    with pytest.raises(ConfigError, match="'p'"):
        judge(store, OUTPUTS, [Assignment(judge=j, rubric=TONE if j.name == "b" else HARM) for j in judges])


def test_judges_that_need_one_another_are_refused(store: Store) -> None:
    judges = [
        _built("panel", "p", members=["q", "a"]),
        _built("panel", "q", members=["p", "a"]),
        _panel_of("a", "a2")[0],
    ]
    with pytest.raises(ConfigError, match=r"'p', 'q'"):
        judge(store, OUTPUTS, [Assignment(judge=j, rubric=HARM) for j in judges])


def test_trials_of_a_judge_that_answers_alike_are_refused(store: Store) -> None:
    with pytest.raises(ConfigError, match="trials"):
        judge(store, OUTPUTS, [Assignment(judge=Counting(), rubric=HARM, trials=2)])


def test_no_limit_of_calls_holds_offline_judges_back(store: Store) -> None:
    plan = judge(store, OUTPUTS, [Assignment(judge=Counting(), rubric=HARM)], limits=Limits(max_requests=0))
    assert plan.calls == 0
    assert len(store.judgements()) == 4
