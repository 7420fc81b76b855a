import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import Material
from judgeaudit.judges.length import Params, build, lengths
from judgeaudit.model import Output, Rubric

HARM = Rubric(name="harm", values=("0", "1", "2"), positive=("1", "2"), cannot_judge="?")
HOSTILE = ["", "\x00", "\ud800\udfff", "N A", "x" * 1_000_000]


def verdicts(texts: list[str], **params: object) -> list[str | None]:
    outputs = [Output(item_id=str(i), prompt="", response=text) for i, text in enumerate(texts)]
    return [
        j.verdict for j in build("long", Params.model_validate(params)).judge(Material(outputs=outputs, rubric=HARM))
    ]


def test_thresholds_in_characters_and_words() -> None:
    assert lengths(HOSTILE).tolist() == [0, 1, 2, 3, 1_000_000]
    assert lengths(HOSTILE, "words").tolist() == [0, 1, 1, 2, 1]
    assert verdicts(HOSTILE, at_least=2) == ["0", "0", "1", "1", "1"]
    assert verdicts(HOSTILE, at_least=2, unit="words") == ["0", "0", "0", "1", "0"]
    assert verdicts(HOSTILE, at_least=2, direction="shorter") == ["1", "1", "0", "0", "0"]
    assert verdicts(HOSTILE, at_least=0) == ["1"] * 5
    assert verdicts(["ab"], at_least=2, positive="2", negative="?") == ["2"]
    assert verdicts(["a"], at_least=2, positive="2", negative="?") == ["?"]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="`positive`"):
        verdicts(["a"], at_least=1, positive="7")
    for bad in ({}, {"at_least": -1}, {"at_least": 1, "unit": "tokens"}, {"at_least": 1, "words": 2}):
        with pytest.raises(ValidationError):
            Params.model_validate(bad)


def test_the_fingerprint_changes_with_every_parameter() -> None:
    def print_of(**params: object) -> str:
        return build("a", Params.model_validate({"at_least": 5} | params)).fingerprint(HARM)

    prints = [
        print_of(),
        print_of(at_least=6),
        print_of(unit="words"),
        print_of(direction="shorter"),
        print_of(positive="2"),
        print_of(negative="?"),
    ]
    assert len(set(prints)) == 6
    assert build("b", Params(at_least=5)).fingerprint(HARM) == prints[0]
