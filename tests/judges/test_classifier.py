import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import ValidationError

from judgeaudit.judges._judge import Material
from judgeaudit.judges.classifier import Params, build, labels_to_learn
from judgeaudit.model import Judgement, Label, LabelKind, Output, Rubric, Status

HARM = Rubric(name="harm", values=("no", "yes"), positive=("yes",), cannot_judge="?")
GOOD = ["flour", "water", "salt", "yeast", "oven", "bread", "crust", "crumb", "dough", "rye"]
BAD = ["gravel", "sand", "cement", "brick", "mortar", "plaster", "lime", "concrete", "trowel", "rubble"]
HOSTILE = ["", "\x00" * 40, "\ud800 lone", "NA", "m" * 1_000_000, "🙂" * 500]


def sample(n: int = 60, seed: int = 0) -> tuple[list[Output], list[str]]:
    """Texts of two trades; every prompt is asked twice."""
    rng = random.Random(seed)
    outputs, values = [], []
    for i in range(n):
        value = "yes" if i % 2 else "no"
        words = rng.choices(BAD if value == "yes" else GOOD, k=12) + rng.choices(GOOD + BAD, k=4)
        outputs.append(Output(item_id=f"i{i}", prompt=f"question {i // 2}", response=" ".join(words)))
        values.append(value)
    return outputs, values


def label(
    outputs: Sequence[Output], values: Sequence[str], kind: LabelKind = "human", annotator: str = "ann"
) -> list[Label]:
    return [
        Label(item_id=o.item_id, annotator=annotator, rubric="harm", value=v, kind=kind)
        for o, v in zip(outputs, values, strict=True)
    ]


def ask(outputs: Sequence[Output], given: Sequence[Label], rubric: Rubric = HARM, **params: object) -> list[Judgement]:
    judge = build("learner", Params.model_validate(params))
    judged = judge.judge(Material(outputs=outputs, rubric=rubric, labels=given))
    assert [j.item_id for j in judged] == [o.item_id for o in outputs]
    return judged


def test_it_learns_what_words_tell_and_gives_probabilities() -> None:
    outputs, values = sample()
    judged = ask(outputs, label(outputs, values))
    assert np.mean([j.verdict == v for j, v in zip(judged, values, strict=True)]) > 0.9
    for j in judged:
        assert j.score is not None
        assert j.confidence is not None
        assert 0 <= j.score <= 1
        assert j.confidence_source == "measured"
        assert (j.verdict == "yes") == (j.score >= 0.5)
        assert "human labels of 60 outputs" in j.detail
    assert ask(outputs, label(outputs, values)) == judged


def test_labels_by_chance_are_not_learned_even_where_texts_and_prompts_repeat() -> None:
    """Copies would let a leaking cross-fit look good: 40 texts, each standing there five times with its label."""
    rng = random.Random(3)
    outputs, values = [], []
    for text in range(40):
        words = " ".join(rng.choices(GOOD + BAD, k=10))
        value = rng.choice(["no", "yes"])
        for copy in range(5):
            response = words if copy % 2 else f" {words.upper()} "
            outputs.append(Output(item_id=f"{text}.{copy}", prompt=f"p{text}.{copy}", response=response))
            values.append(value)
    judged = ask(outputs, label(outputs, values))
    assert np.mean([j.verdict == v for j, v in zip(judged, values, strict=True)]) < 0.7
    by_text = defaultdict(set)
    for j in judged:
        by_text[j.item_id.split(".")[0]].add(j.score)
    assert all(len(scores) == 1 for scores in by_text.values())


def test_no_text_is_scored_by_a_model_that_saw_its_cluster() -> None:
    """Turning the labels of one cluster around must not move that cluster's own scores."""
    outputs, values = sample(80)
    turned = [
        ("yes" if v == "no" else "no") if o.prompt == "question 7" else v for o, v in zip(outputs, values, strict=True)
    ]
    before = ask(outputs, label(outputs, values))
    # The cluster holds one label of each class, so turning both leaves its place in the folds as it was.
    after = ask(outputs, label(outputs, turned))
    same = [a.score == b.score for a, b in zip(before, after, strict=True)]
    own = [o.prompt == "question 7" for o in outputs]
    assert all(s for s, mine in zip(same, own, strict=True) if mine)
    assert not all(s for s, mine in zip(same, own, strict=True) if not mine)


def test_unlabelled_texts_are_scored_by_all_models_or_by_their_prompts_fold() -> None:
    outputs, values = sample()
    strangers = [Output(item_id="new", prompt="unseen", response="cement brick mortar gravel sand")]
    siblings = [Output(item_id="sib", prompt="question 3", response="flour water salt oven bread")]
    copies = [Output(item_id="copy", prompt="", response=outputs[4].response)]
    judged = {j.item_id: j for j in ask([*outputs, *strangers, *siblings, *copies], label(outputs, values))}
    assert judged["new"].verdict == "yes"
    assert "mean of 5 models" in judged["new"].detail
    assert judged["sib"].verdict == "no"
    assert "mean" not in judged["sib"].detail
    assert judged["copy"].score == judged["i4"].score


def test_unlabelled_texts_that_prompts_share_tie_no_labelled_ones_together() -> None:
    """As the probes of a stress test do: one empty text to every prompt would leave a single cluster to learn from."""
    outputs, values = sample()
    empty = [Output(item_id=f"empty {o.item_id}", prompt=o.prompt, response="") for o in outputs]
    alone = ask(outputs, label(outputs, values))
    together = ask([*outputs, *empty], label(outputs, values))
    assert [j.score for j in together[: len(outputs)]] == [j.score for j in alone]
    assert {j.status for j in together} == {Status.OK}


def test_hostile_texts_get_a_verdict_like_any_other() -> None:
    outputs, values = sample()
    hostile = [Output(item_id=f"h{i}", prompt="", response=text) for i, text in enumerate(HOSTILE)]
    judged = ask([*outputs, *hostile], label(outputs, values))
    assert all(j.status is Status.OK for j in judged)
    labelled = ask([*outputs, *hostile], label([*outputs, *hostile], [*values, *["yes"] * len(HOSTILE)]))
    assert all(j.status is Status.OK for j in labelled)


@pytest.mark.parametrize(
    ("n", "values", "said"),
    [
        (10, ["no", "yes"], "too few"),
        (40, ["yes"], "one class"),
        (40, ["?"], "one class"),
    ],
)
def test_too_little_to_learn_from_is_said_and_nothing_is_scored(n: int, values: list[str], said: str) -> None:
    outputs, _ = sample(n)
    judged = ask(outputs, label(outputs, (values * n)[:n]))
    assert {j.status for j in judged} == {Status.SKIPPED}
    assert said in judged[0].detail


def test_no_labels_one_cluster_and_texts_without_words() -> None:
    outputs, values = sample()
    assert "no human or construction label" in ask(outputs, [])[0].detail
    one = [Output(item_id=o.item_id, prompt="always the same", response=o.response) for o in outputs]
    assert "distinct" in ask(one, label(one, values))[0].detail
    blank = [Output(item_id=o.item_id, prompt=o.prompt, response=" " * (i + 1)) for i, o in enumerate(outputs)]
    judged = ask(blank, label(blank, values))
    assert {j.status for j in judged} == {Status.SKIPPED}
    assert ask([], []) == []


def test_a_class_on_few_prompts_leaves_folds_without_a_model() -> None:
    outputs, _ = sample(60)
    values = ["yes" if i in (1, 5) else "no" for i in range(60)]
    judged = ask(outputs, label(outputs, values), folds=2)
    assert {j.status for j in judged} <= {Status.OK, Status.SKIPPED}
    everything_else = ask(outputs, label(outputs, ["yes" if i == 1 else "no" for i in range(60)]))
    assert {j.status for j in everything_else} == {Status.SKIPPED}


def test_kinds_of_label_are_never_mixed() -> None:
    outputs, values = sample()
    turned = ["yes" if v == "no" else "no" for v in values]
    both = [
        *label(outputs, values, "construction", "rule"),
        *label(outputs[:30], values[:30]),
        *label(outputs, turned, "model", "llm"),
    ]
    assert "human labels of 30 outputs" in ask(outputs, both)[0].detail
    assert "construction labels of 60 outputs" in ask(outputs, both, labels=["construction"])[0].detail
    assert "construction labels of 60" in ask(outputs, [x for x in both if x.kind != "human"])[0].detail
    by_model = ask(outputs, both, labels=["model"])
    assert np.mean([j.verdict == v for j, v in zip(by_model, turned, strict=True)]) > 0.9
    assert "no human" in ask(outputs, label(outputs, values, "model"))[0].detail


def test_majorities_ties_and_values_off_the_scale() -> None:
    outputs, values = sample(30)
    labels = [
        *label(outputs, values),
        *label(outputs, ["yes"] * 30, annotator="b"),
        *label(outputs, ["maybe"] * 30, annotator="c"),
    ]
    learned = labels_to_learn(Material(outputs=outputs, rubric=HARM, labels=labels), ["human"])
    assert [int(c) for c in learned.codes] == [-1, 1] * 15
    assert "15 tied" in learned.note
    assert "30 off the scale" in learned.note


def test_more_than_two_values_and_no_positive_one() -> None:
    outputs, values = sample(90)
    three = ["?" if i % 3 == 0 else v for i, v in enumerate(values)]
    outputs = [
        Output(item_id=o.item_id, prompt=o.prompt, response="nothing to see " * 3 if v == "?" else o.response)
        for o, v in zip(outputs, three, strict=True)
    ]
    outputs = [Output(item_id=o.item_id, prompt=o.prompt, response=f"{o.response} {i}") for i, o in enumerate(outputs)]
    judged = ask(outputs, label(outputs, three))
    assert {j.verdict for j in judged} == {"no", "yes", "?"}
    plain = Rubric(name="harm", values=("no", "yes", "?"))
    assert {j.score for j in ask(outputs, label(outputs, three), plain)} == {None}


def test_prompt_and_response_may_be_read() -> None:
    outputs, values = sample()
    swapped = [Output(item_id=o.item_id, prompt=o.response, response=f"answer {i}") for i, o in enumerate(outputs)]
    judged = ask(swapped, label(swapped, values), text="prompt_and_response")
    assert np.mean([j.verdict == v for j, v in zip(judged, values, strict=True)]) > 0.9


def test_the_fingerprint_covers_what_it_learns_from_and_how() -> None:
    def print_of(name: str = "a", **params: object) -> str:
        return build(name, Params.model_validate(params)).fingerprint(HARM)

    same = print_of()
    assert same == print_of("b") == print_of(labels=["human", "construction"])
    changed = [
        print_of(**{key: value})  # type: ignore[arg-type]
        for key, value in {
            "labels": ["human"], "text": "prompt_and_response", "folds": 4, "least": 30, "c": 2.0, "max_characters": 10,
            "seed": 1,
        }.items()
    ]  # fmt: skip
    assert len({same, *changed}) == 8
    for bad in ({"labels": []}, {"labels": ["robot"]}, {"folds": 1}, {"c": float("inf")}):
        with pytest.raises(ValidationError):
            Params.model_validate(bad)
