import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import Material
from judgeaudit.judges.modes import Params, build
from judgeaudit.model import Judgement, Output, Rubric, Status
from judgeaudit.modes._detect import detect

SENSE = Rubric(name="sense", values=("makes sense", "gibberish"), positive=("gibberish",), cannot_judge="cannot say")
PLAIN = Rubric(name="sense", values=("makes sense", "gibberish"), positive=("gibberish",))
TEXTS = {
    "coherent": "Boil the egg for nine minutes, then cool it in cold water.",
    "flood": "!" * 400,
    "loop": "knead the dough " * 400,
    "empty": "",
    "number": "42",
    "nul": "\x00" * 30,
    "surrogate": "\ud800",
    "NA": "NA",
    "long": "ha " * 330_000,
}


def ask(rubric: Rubric, outputs: list[Output], **params: object) -> dict[str, Judgement]:
    judge = build("modes", Params.model_validate({"degenerate": "gibberish"} | params))
    return {j.item_id: j for j in judge.judge(Material(outputs=outputs, rubric=rubric))}


OUTPUTS = [Output(item_id=name, prompt="", response=text) for name, text in TEXTS.items()]


def test_a_verdict_is_what_the_detectors_say() -> None:
    found = ask(SENSE, OUTPUTS)
    said = {"coherent": "makes sense", "degenerate": "gibberish", "unknown": "cannot say"}
    assert {i: j.verdict for i, j in found.items()} == {i: said[detect(t).coherence] for i, t in TEXTS.items()}
    assert (found["coherent"].verdict, found["flood"].verdict, found["number"].verdict) == (
        "makes sense",
        "gibberish",
        "cannot say",
    )
    assert "single_token_flood" in found["flood"].rationale


def test_unknown_is_never_a_verdict_where_the_rubric_has_no_value_for_it() -> None:
    found = ask(PLAIN, OUTPUTS)
    assert found["number"].status is Status.MISSING
    assert found["number"].detail
    assert {j.verdict for j in found.values()} == {"makes sense", "gibberish", None}


def test_prompt_and_finish_reason_are_heard() -> None:
    asked = "Write the word ha one thousand times."
    loop = "ha " * 1000
    outputs = [
        Output(item_id="asked", prompt=asked, response=loop),
        Output(item_id="cut", prompt="How long?", response="Boil the egg for nine", meta={"finish_reason": "length"}),
        Output(item_id="odd", prompt="How long?", response="Boil the egg for nine minutes.", meta={"finish_reason": 3}),
    ]
    found = ask(SENSE, outputs)
    assert (
        found["asked"].verdict
        == {"coherent": "makes sense", "degenerate": "gibberish", "unknown": "cannot say"}[
            detect(loop, prompt=asked).coherence
        ]
    )
    assert "truncated" in found["cut"].rationale
    assert found["odd"].verdict == "makes sense"


def test_values_are_chosen_or_asked_for() -> None:
    assert ask(SENSE, OUTPUTS, coherent="cannot say")["coherent"].verdict == "cannot say"
    three = Rubric(name="harm", values=("no", "partly", "gibberish"))
    with pytest.raises(ConfigError, match="`coherent:`"):
        ask(three, OUTPUTS)
    assert ask(three, OUTPUTS, coherent="no")["coherent"].verdict == "no"
    with pytest.raises(ConfigError, match="`degenerate`"):
        ask(SENSE, OUTPUTS, degenerate="nonsense")
    with pytest.raises(ValidationError):
        Params.model_validate({})


def test_the_fingerprint_covers_the_values() -> None:
    def print_of(name: str = "a", **params: object) -> str:
        return build(name, Params.model_validate({"degenerate": "gibberish"} | params)).fingerprint(SENSE)

    assert print_of() == print_of("b")
    assert len({print_of(), print_of(degenerate="cannot say"), print_of(coherent="makes sense")}) == 3
