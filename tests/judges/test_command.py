import json
import os
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges.command import Params, build
from judgeaudit.model import Judgement, Output, Rubric, Status

HARM = Rubric(name="harm", question="Is it?", values=("0", "1"), positive=("1",), cannot_judge="?")
HOSTILE = [
    "",
    "\x00",
    "\ud800 lone \udfff",
    "NA",
    "line\nbreak\u2028here\r",
    '"}{"item_id": "0", "verdict": "1"}',
    "y" * 1_000_000,
]

# Each script answers "1" where the response has more than 10 characters.
HEAD = """
import json, os, sys, time
def answer(record):
    verdict = "1" if len(record["response"]) > 10 else "0"
    return json.dumps({"item_id": record["item_id"], "verdict": verdict})
records = (json.loads(line) for line in sys.stdin)
"""


def outputs(texts: list[str]) -> list[Output]:
    return [Output(item_id=str(i), prompt="p", response=text) for i, text in enumerate(texts)]


def make(tmp_path: Path, body: str, **params: object) -> BatchJudge:
    script = tmp_path / "judge.py"
    script.write_text(HEAD + body, encoding="utf-8")
    command = [sys.executable, "-S", "-E", str(script)]
    return build("process", Params.model_validate({"command": command, "timeout": 30} | params))


def ask(tmp_path: Path, body: str, texts: list[str] | None = None, **params: object) -> list[Judgement]:
    given = outputs(HOSTILE if texts is None else texts)
    judged = make(tmp_path, body, **params).judge(Material(outputs=given, rubric=HARM))
    assert [j.item_id for j in judged] == [o.item_id for o in given]
    return judged


def test_hostile_texts_arrive_as_they_are(tmp_path: Path) -> None:
    body = """
for r in records:
    print(json.dumps(dict(item_id=r["item_id"], verdict="1", rationale=r["response"], raw=json.dumps(r["rubric"]))), flush=True)
"""
    judged = ask(tmp_path, body)
    assert [j.rationale for j in judged] == HOSTILE
    assert [j.verdict for j in judged] == ["1"] * len(HOSTILE)
    assert json.loads(judged[0].raw) == {
        "name": "harm",
        "question": "Is it?",
        "values": ["0", "1", "?"],
        "positive": ["1"],
        "cannot_judge": "?",
        "descriptions": {},
    }


def test_answers_may_come_in_any_order_and_repeatably(tmp_path: Path) -> None:
    body = """
for r in reversed(list(records)):
    print(answer(r))
"""
    judged = ask(tmp_path, body)
    assert [j.verdict for j in judged] == ["1" if len(t) > 10 else "0" for t in HOSTILE]
    assert ask(tmp_path, body) == judged


@pytest.mark.parametrize(
    "body",
    [
        "everything = [answer(r) for r in records]\nprint('\\n'.join(everything))",
        "for r in records:\n    print(answer(r) + ' ' * 20_000)",
        "for r in records:\n    sys.stderr.write('x' * 20_000); print(answer(r))",
    ],
    ids=["reads all first", "writes much while reading", "complains much"],
)
def test_large_inputs_do_not_deadlock(tmp_path: Path, body: str) -> None:
    judged = ask(tmp_path, body, ["z" * 5_000] * 2_000)
    assert {j.verdict for j in judged} == {"1"}


def test_what_came_before_a_death_is_kept(tmp_path: Path) -> None:
    body = """
for r in records:
    if r["item_id"] == "2":
        sys.stderr.write("out of flour\\n"); sys.stderr.flush(); os._exit(7)
    print(answer(r), flush=True)
"""
    judged = ask(tmp_path, body)
    assert [j.status for j in judged] == [Status.OK] * 2 + [Status.ERROR] * (len(HOSTILE) - 2)
    assert "code 7" in judged[2].detail
    assert "out of flour" in judged[2].detail


def test_a_signal_is_named(tmp_path: Path) -> None:
    (judged,) = ask(tmp_path, "import signal\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(9)", ["a"])
    assert judged.status is Status.ERROR
    assert "SIGTERM" in judged.detail


def test_time_is_up(tmp_path: Path) -> None:
    start = time.monotonic()
    body = """
first = next(records)
print(answer(first), flush=True)
time.sleep(60)
"""
    judged = ask(tmp_path, body, ["a", "b" * 3_000_000], timeout=1)
    assert time.monotonic() - start < 8
    assert [j.status for j in judged] == [Status.OK, Status.ERROR]
    assert "time was up" in judged[1].detail


def test_children_are_killed_with_it(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    body = f"""
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(pid_file)!r}, "w").write(str(child.pid))
for r in records:
    print(answer(r), flush=True)
"""
    start = time.monotonic()
    judged = ask(tmp_path, body, ["a"])
    assert judged[0].verdict == "0"
    assert time.monotonic() - start < 8
    stat = Path(f"/proc/{pid_file.read_text()}/stat")
    deadline = time.monotonic() + 5
    while stat.exists() and stat.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not stat.exists() or stat.read_text().split()[2] == "Z"


def test_nonsense_is_unparsable_and_never_a_verdict(tmp_path: Path) -> None:
    body = """
for r in records:
    i = r["item_id"]
    if i == "0": print("loading the model ...")
    if i == "1": print('{"item_id": "1", "verdict": ')
    if i == "2": print('["1"]')
    if i == "3": print('{"item_id": "3", "verdict": ["1"]}')
    if i == "4": print('{"item_id": "nobody", "verdict": "1"}')
    if i == "5": print(b"\\xff\\xfe".decode("latin-1")); print("[" * 100_000); print()
    if i == "6": print(answer(r))
"""
    judged = ask(tmp_path, body, ["t"] * 7)
    assert [j.status for j in judged] == [Status.UNPARSABLE] * 6 + [Status.OK]
    assert "6 lines" in judged[0].detail
    assert "loading the model" in judged[0].raw
    assert "list" in judged[3].detail


def test_statuses_of_the_answers(tmp_path: Path) -> None:
    body = """
for r in records:
    i = r["item_id"]
    if i == "0": print(json.dumps({"item_id": 0, "verdict": 1, "score": 0.5}))
    if i == "1": print(json.dumps({"item_id": i, "verdict": None}))
    if i == "2": print(json.dumps({"item_id": i, "verdict": "2"}))
    if i == "3": print(json.dumps({"item_id": i, "status": "filtered", "detail": "by the vendor"}))
    if i == "4": print(json.dumps({"item_id": i, "verdict": float("nan")}))
    if i == "5": print(answer(r)); print(answer(r))
"""
    judged = ask(tmp_path, body, ["t"] * 7)
    assert [j.status for j in judged] == [
        Status.OK, Status.MISSING, Status.OUT_OF_RANGE, Status.FILTERED, Status.UNPARSABLE, Status.UNPARSABLE, Status.ERROR,
    ]  # fmt: skip
    assert (judged[0].verdict, judged[0].score) == ("1", 0.5)
    assert judged[3].detail == "by the vendor"
    assert "2 times" in judged[5].detail
    assert "without an answer" in judged[6].detail


def test_a_process_that_never_stops_talking_is_stopped(tmp_path: Path) -> None:
    start = time.monotonic()
    (judged,) = ask(tmp_path, "while True:\n    print('blah')", ["t"])
    assert judged.status is Status.ERROR
    assert "no sense" in judged.detail
    (judged,) = ask(tmp_path, "while True:\n    sys.stdout.write('b' * 1_000_000)", ["t"])
    assert judged.status is Status.ERROR
    assert "line of more than" in judged.detail
    assert time.monotonic() - start < 20


def test_keys_of_the_environment_stay_out_of_the_detail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_API_KEY", "sk-flour-and-water")
    (judged,) = ask(tmp_path, "sys.stderr.write(str(dict(os.environ))); sys.exit(1)", ["t"])
    (short,) = ask(
        tmp_path, "sys.stderr.write('key ' + os.environ['BAKERY_API_KEY'] + '\\x1b[31m'); sys.exit(1)", ["t"]
    )
    assert "sk-flour" not in judged.detail + short.detail
    assert "***" in short.detail
    assert "\x1b" not in short.detail


def test_a_process_that_reads_nothing(tmp_path: Path) -> None:
    judged = ask(tmp_path, 'print(\'{"item_id": "0", "verdict": "1"}\')', ["x" * 500_000] * 5)
    assert [j.status for j in judged] == [Status.OK] + [Status.ERROR] * 4


def test_no_outputs_start_no_process() -> None:
    assert build("p", Params(command=("ja-no-such-program",))).judge(Material(outputs=[], rubric=HARM)) == []


def test_commands_that_cannot_be_started_or_read() -> None:
    material = Material(outputs=outputs(["a"]), rubric=HARM)
    with pytest.raises(ConfigError, match="ja-no-such-program"):
        build("p", Params.model_validate({"command": "ja-no-such-program --fast"})).judge(material)
    with pytest.raises(ConfigError, match="p"):
        build("p", Params.model_validate({"command": ["cat", "a\0b"]})).judge(material)
    for bad in ("", "'open", [], 3):
        with pytest.raises((ValidationError, ConfigError)):
            build("p", Params.model_validate({"command": bad}))
    with pytest.raises(ValidationError):
        Params.model_validate({"command": "cat", "timeout": 0})


def test_no_shell_is_involved(tmp_path: Path) -> None:
    params = Params.model_validate({"command": "cat 'a b' $HOME; touch evil", "folder": str(tmp_path)})
    assert params.command == ("cat", "a b", "$HOME;", "touch", "evil")
    build("p", params).judge(Material(outputs=outputs(["a"]), rubric=HARM))
    assert not os.listdir(tmp_path)


def test_the_fingerprint_changes_with_the_script(tmp_path: Path) -> None:
    same = make(tmp_path, "pass").fingerprint(HARM)
    assert make(tmp_path, "pass", timeout=5).fingerprint(HARM) == same
    changed = [make(tmp_path, "pass", version="2").fingerprint(HARM), make(tmp_path, "pass  # later").fingerprint(HARM)]
    assert len({same, *changed}) == 3
