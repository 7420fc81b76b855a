from pathlib import Path

import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges.python import Params, build
from judgeaudit.model import Judgement, Output, Rubric, Status

HARM = Rubric(name="harm", values=("0", "1"), positive=("1",), cannot_judge="?")
HOSTILE = ["", "\x00", "\ud800 lone", "NA", "x" * 1_000_000]

SOURCE = """
import sys
import numpy as np
from judgeaudit.model import Judgement, Status

class Liar(dict):
    def __iter__(self):
        raise RuntimeError("no keys for you")

class Mute:
    def __repr__(self):
        raise RuntimeError("no words")

ANSWERS = {
    "text": "1", "int": 1, "float": 0.0, "bool": True, "np": np.int64(1), "npfloat": np.float64("nan"),
    "none": None, "blank": " ",
    "off": 7, "list": ["1"], "mute": Mute(), "liar": Liar(verdict="1"), "nan": float("nan"),
    "dict": {"verdict": "1", "score": 0.75, "confidence": 0.9, "confidence_source": "measured", "rationale": "because"},
    "typo": {"verdikt": "1"}, "empty": {}, "badscore": {"verdict": "1", "score": 2, "confidence": "high"},
    "status": {"status": "refused", "detail": "not my job"}, "badstatus": {"status": "sleepy"},
    "both": {"status": "error", "verdict": "1"}, "npscore": {"verdict": "1", "score": np.float32(0.5)},
}

def by_prompt(output, rubric):
    if output.prompt == "raise":
        raise KeyError("gone \\x1b[31m\\ud800")
    if output.prompt == "exit":
        sys.exit(3)
    if output.prompt == "judgement":
        return Judgement(item_id="other", judge="j", rubric="r", verdict="0", score=0.1)
    return ANSWERS[output.prompt]

def length(output, rubric):
    return rubric.values[len(output.response) > 10]

def many(outputs, rubric):
    return [length(o, rubric) for o in outputs]

def lazy(outputs, rubric):
    for o in outputs:
        yield length(o, rubric)

def short(outputs, rubric):
    return ["1"]

def string(outputs, rubric):
    return "1" * len(outputs)

def broken(outputs, rubric):
    raise RuntimeError("all at once")

class Box:
    inner = staticmethod(length)

number = 3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import sys

    (tmp_path / "ja_own_judge.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "ja_own_judge", raising=False)
    yield tmp_path
    sys.modules.pop("ja_own_judge", None)


def make(folder: Path, function: str, **params: object) -> BatchJudge:
    return build("mine", Params.model_validate({"function": function, "folder": str(folder)} | params))


def ask(folder: Path, prompt: str) -> Judgement:
    output = Output(item_id="a", prompt=prompt, response="r")
    (only,) = make(folder, "ja_own_judge:by_prompt").judge(Material(outputs=[output], rubric=HARM))
    assert only.item_id == "a"
    assert only.judge == "mine"
    return only


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("text", "1"),
        ("int", "1"),
        ("float", "0"),
        ("np", "1"),
        ("dict", "1"),
        ("badscore", "1"),
        ("judgement", "0"),
        ("npscore", "1"),
    ],
)
def test_values_mappings_and_judgements_are_verdicts(folder: Path, prompt: str, verdict: str) -> None:
    assert ask(folder, prompt).verdict == verdict


@pytest.mark.parametrize(
    ("prompt", "status", "said"),
    [
        ("none", Status.MISSING, ""),
        ("blank", Status.MISSING, ""),
        ("bool", Status.OUT_OF_RANGE, "true"),
        ("off", Status.OUT_OF_RANGE, "'7'"),
        ("list", Status.UNPARSABLE, "list"),
        ("mute", Status.UNPARSABLE, "Mute"),
        ("liar", Status.UNPARSABLE, "no keys"),
        ("nan", Status.UNPARSABLE, "nan"),
        ("npfloat", Status.UNPARSABLE, "nan"),
        ("typo", Status.UNPARSABLE, "verdict"),
        ("empty", Status.UNPARSABLE, "verdict"),
        ("status", Status.REFUSED, "not my job"),
        ("badstatus", Status.UNPARSABLE, "sleepy"),
        ("both", Status.UNPARSABLE, "error"),
        ("raise", Status.ERROR, "KeyError"),
        ("exit", Status.ERROR, "SystemExit"),
        ("unknown prompt", Status.ERROR, "KeyError"),
    ],
)
def test_everything_else_is_no_verdict_and_says_why(folder: Path, prompt: str, status: Status, said: str) -> None:
    judgement = ask(folder, prompt)
    assert judgement.status is status
    assert judgement.verdict is None
    assert said in judgement.detail
    assert judgement.detail
    assert "\x1b" not in judgement.detail


def test_scores_outside_their_range_are_left_out_and_said(folder: Path) -> None:
    good, bad = ask(folder, "dict"), ask(folder, "badscore")
    assert (good.score, good.confidence, good.confidence_source, good.rationale) == (0.75, 0.9, "measured", "because")
    assert (bad.score, bad.confidence, bad.confidence_source) == (None, None, "none")
    assert "score" in bad.detail
    assert "confidence" in bad.detail


@pytest.mark.parametrize("function", ["many", "lazy"])
def test_a_list_at_once_gives_the_same(folder: Path, function: str) -> None:
    material = Material(
        outputs=[Output(item_id=str(i), prompt="", response=t) for i, t in enumerate(HOSTILE)], rubric=HARM
    )
    one = make(folder, "ja_own_judge:length").judge(material)
    many = make(folder, f"ja_own_judge:{function}", batch=True).judge(material)
    assert [j.verdict for j in one] == ["0", "0", "0", "0", "1"] == [j.verdict for j in many]
    assert make(folder, "ja_own_judge:Box.inner").judge(material) != []


@pytest.mark.parametrize(
    ("function", "said"), [("short", "1 answers for 5"), ("string", "str"), ("broken", "all at once")]
)
def test_a_batch_that_fails_fails_for_every_output(folder: Path, function: str, said: str) -> None:
    material = Material(
        outputs=[Output(item_id=str(i), prompt="", response=t) for i, t in enumerate(HOSTILE)], rubric=HARM
    )
    judged = make(folder, f"ja_own_judge:{function}", batch=True).judge(material)
    assert [j.status for j in judged] == [Status.ERROR] * 5
    assert all(said in j.detail for j in judged)


@pytest.mark.parametrize("function", ["a b", "mod.py:f", "/x/mod.py:f", "mod", ":f", "mod:", ""])
def test_what_is_no_module_and_function_says_what_one_looks_like(function: str) -> None:
    if function == "mod.py:f":
        assert Params(function=function).function == function  # a package `mod` may have a module `py`
        return
    with pytest.raises(ValidationError, match="MODULE:FUNCTION"):
        Params(function=function)


def test_unknown_modules_and_functions_name_the_nearest(folder: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'ja_own_judge'"):
        make(folder, "ja_own_juge:length")
    with pytest.raises(ConfigError, match="did you mean 'length'"):
        make(folder, "ja_own_judge:lenght")
    with pytest.raises(ConfigError, match="int"):
        make(folder, "ja_own_judge:number")
    with pytest.raises(ValidationError):
        make(folder, "ja_own_judge")


@pytest.mark.parametrize("line", ["1/0", "import ja_not_there", "def", "raise SystemExit(1)"])
def test_a_module_that_cannot_be_imported_is_a_configuration_error(folder: Path, line: str) -> None:
    import sys

    (folder / "ja_broken_judge.py").write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError, match="ja_broken_judge"):
        make(folder, "ja_broken_judge:f")
    assert "ja_broken_judge" not in sys.modules


def test_the_fingerprint_changes_with_the_source(folder: Path) -> None:
    import sys

    def print_of(function: str = "length", **params: object) -> str:
        sys.modules.pop("ja_own_judge", None)
        return make(folder, f"ja_own_judge:{function}", **params).fingerprint(HARM)

    same = print_of()
    assert print_of() == same
    changed = [print_of("many"), print_of(batch=True), print_of(version="2")]
    (folder / "ja_own_judge.py").write_text(SOURCE + "# a later version\n", encoding="utf-8")
    assert len({same, *changed, print_of()}) == 5
