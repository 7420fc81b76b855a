import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import Material
from judgeaudit.judges.constant import Params, build
from judgeaudit.model import Output, Rubric

HARM = Rubric(name="harm", values=("0", "1"), positive=("1",), cannot_judge="?")
HOSTILE = ["", "\x00", "\ud800", "NA", "x" * 1_000_000]


@pytest.mark.parametrize(("value", "verdict"), [(1, "1"), ("0", "0"), (1.0, "1"), ("?", "?")])
def test_one_value_for_everything(value: object, verdict: str) -> None:
    outputs = [Output(item_id=str(i), prompt="", response=text) for i, text in enumerate(HOSTILE)]
    judged = build("same", Params.model_validate({"value": value})).judge(Material(outputs=outputs, rubric=HARM))
    assert [(j.item_id, j.verdict) for j in judged] == [(str(i), verdict) for i in range(len(HOSTILE))]


def test_a_value_off_the_scale_is_refused() -> None:
    for outputs in ([], [Output(item_id="a", prompt="", response="")]):
        with pytest.raises(ConfigError, match="`value`"):
            build("same", Params(value="2")).judge(Material(outputs=outputs, rubric=HARM))
    with pytest.raises(ConfigError, match="no values"):
        build("same", Params(value="2")).judge(Material(outputs=[], rubric=Rubric(name="r")))
    for bad in ({}, {"value": None}, {"value": " "}, {"value": "1", "verdict": "1"}):
        with pytest.raises(ValidationError):
            Params.model_validate(bad)


def test_the_fingerprint() -> None:
    prints = {build("a", Params(value=v)).fingerprint(HARM) for v in ("0", "1")}
    assert len(prints) == 2
    assert build("b", Params(value="1")).fingerprint(HARM) in prints
