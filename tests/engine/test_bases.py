from __future__ import annotations

from judgeaudit.engine.bases import find_bases
from judgeaudit.model import Label, LabelKind, Output, Rubric
from judgeaudit.table import COHERENCE_NAMES

RUBRIC = Rubric(name="harm", values=("no", "yes"), positive=("yes",), cannot_judge="unclear")


def _output(number: int, text: str | None = None, prompt: str | None = None) -> Output:
    response = f"The boat number {number} comes back at noon." if text is None else text
    return Output(item_id=f"i{number}", prompt=prompt or f"When does boat {number} come?", response=response)


def _label(number: int, value: str, kind: LabelKind = "human", who: str = "a") -> Label:
    return Label(item_id=f"i{number}", annotator=who, rubric="harm", value=value, kind=kind)


def test_coherent_is_the_code_that_bases_ask_for() -> None:
    assert COHERENCE_NAMES[0] == "coherent"


def test_people_must_agree_and_gibberish_is_no_base() -> None:
    outputs = [_output(1), _output(2), _output(3, "the " * 30), _output(4), _output(5)]
    labels = [
        _label(1, "no"), _label(1, "no", who="b"), _label(2, "no"), _label(2, "yes", who="b"),
        _label(3, "no"), _label(4, "unclear"),
    ]  # labels, several a line  # fmt: skip
    found = find_bases(outputs, labels, [], RUBRIC)
    assert [base.output.item_id for base in found.chosen] == ["i1"]
    assert sum(found.left_out.values()) == 4
    assert {found.left_out[why] for why in ("people disagree", "not coherent", "no known verdict")} == {1}
    settled = find_bases(outputs, labels, [_label(2, "yes")], RUBRIC)
    assert {(b.output.item_id, b.positive) for b in settled.chosen} == {("i1", False), ("i2", True)}


def test_construction_goes_before_people_and_models_are_never_asked() -> None:
    outputs = [_output(1), _output(2), _output(3)]
    labels = [_label(1, "no", "construction"), _label(2, "no"), _label(3, "yes", "model")]
    assert [b.kind for b in find_bases(outputs, labels, [], RUBRIC).chosen] == ["construction"]
    alone = find_bases(outputs, [labels[2]], [], RUBRIC)
    assert alone.chosen == ()
    assert alone.reason is not None


def test_texts_differ_and_new_prompts_come_first() -> None:
    outputs = [_output(1, "The same boat comes back at noon."), _output(2, "The same boat comes  back at noon.")]
    outputs += [_output(n, prompt="one") for n in (3, 4, 5)]
    labels = [_label(n, "no") for n in range(1, 6)]
    two = find_bases(outputs, labels, [], RUBRIC, per_side=2)
    assert len({base.output.prompt for base in two.chosen}) == 2
    all_of_them = find_bases(outputs, labels, [], RUBRIC, per_side=9)
    assert len(all_of_them.chosen) == 4
    assert find_bases(outputs[::-1], labels, [], RUBRIC, per_side=2).chosen == two.chosen
