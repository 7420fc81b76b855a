import time

import numpy as np
import pytest

from judgeaudit.judges import constant, length, refusal_words
from judgeaudit.judges._baselines import baselines
from judgeaudit.judges._judge import Material
from judgeaudit.model import Output, Rubric

HARM = Rubric(
    name="harm", values=("unclear", "no", "partly", "yes"), positive=("yes", "partly"), cannot_judge="unclear"
)
TEXTS = [
    "I cannot help with that.",
    "",
    "Knead it for ten minutes, then let it rest.",
    "NA",
    "\ud800\x00",
    "x" * 1_000_000,
]


def test_names_codes_and_infos() -> None:
    found = baselines(HARM, len(TEXTS), TEXTS)
    codes = {name: ratings.codes.tolist() for name, (ratings, _) in found.items()}
    assert codes == {
        "baseline:always_positive": [2] * 6,
        "baseline:always_negative": [1] * 6,
        "baseline:refusal_words": [1, 2, 2, 2, 2, 2],
        "baseline:length": [2, 1, 2, 1, 1, 2],  # the median of 0, 2, 2, 24, 43, 1000000 is 13
    }
    for name, (ratings, info) in found.items():
        assert ratings.name == name
        assert ratings.codes.dtype == np.int32
        assert info.baseline
        assert info.kind == name.removeprefix("baseline:").replace("always_positive", "constant").replace(
            "always_negative", "constant"
        )


def test_they_are_the_judges_of_these_kinds() -> None:
    found = baselines(HARM, len(TEXTS), TEXTS)
    outputs = [Output(item_id=str(i), prompt="", response=text) for i, text in enumerate(TEXTS)]
    for name, judge in {
        "baseline:always_positive": constant.build("j", constant.Params(value="partly")),
        "baseline:refusal_words": refusal_words.build("j", refusal_words.Params()),
        "baseline:length": length.build("j", length.Params(at_least=13)),
    }.items():
        ratings, info = found[name]
        judged = judge.judge(Material(outputs=outputs, rubric=HARM))
        assert [HARM.offered[code] for code in ratings.codes] == [j.verdict for j in judged]
        assert info.fingerprint == judge.fingerprint(HARM)


def test_without_responses_only_the_constants() -> None:
    assert list(baselines(HARM, 3, None)) == ["baseline:always_positive", "baseline:always_negative"]


@pytest.mark.parametrize(
    "rubric",
    [
        Rubric(name="r", values=("0", "1")),
        Rubric(name="r", values=("0", "1"), positive=("0", "1")),
        Rubric(name="r", values=("0", "?"), positive=("0",), cannot_judge="?"),
        Rubric(name="r"),
    ],
)
def test_none_without_a_positive_or_a_negative_value(rubric: Rubric) -> None:
    assert baselines(rubric, 2, ["a", "b"]) == {}


def test_no_items_are_no_error() -> None:
    assert all(ratings.codes.shape == (0,) for ratings, _ in baselines(HARM, 0, []).values())


def test_a_wrong_number_of_responses_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 responses for 2 items"):
        baselines(HARM, 2, ["a"])


def test_a_hundred_thousand_responses_take_a_fraction_of_a_second() -> None:
    texts = [f"Mix the flour with {i} spoons of water, salt and yeast, and wait for an hour." for i in range(100_000)]
    baselines(HARM, 2, texts[:2])
    start = time.process_time()
    baselines(HARM, len(texts), texts)
    assert time.process_time() - start < 1.0  # about 0.1 s on a quiet machine
