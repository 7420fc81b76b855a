"""A process as a judge: reads one JSON object a line on its standard input, writes one a line on its standard output.

It is sent ``{"item_id", "prompt", "response", "rubric": {...}}`` in pure ASCII (every other character is escaped, so that
lone surrogates survive), and answers ``{"item_id", "verdict", ...}`` in any order. No shell is involved.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from judgeaudit.errors import ConfigError
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import Answer, Offline, Settings, read_answer, shown
from judgeaudit.judges._process import Ended, run
from judgeaudit.model import Output, Rubric, Status
from judgeaudit.text import text_hash

_METHOD = "json_lines"


def _split(raw: object) -> object:
    return shlex.split(raw) if isinstance(raw, str) else raw


class Params(Settings):
    """Parameters of `command`.

    Parameters
    ----------
    command
        Program and arguments, as a list or as one string that is split as a shell would (nothing in it is expanded).
    timeout
        Seconds for the whole process; then it is killed, and what it has answered is kept.
    folder
        Working directory of the process.
    version
        Free text of the user that goes into the fingerprint. The contents of the files named in `command` do anyway (a program
        that is a script counts as one), but not what these read.
    """

    command: Annotated[tuple[str, ...], BeforeValidator(_split)] = Field(min_length=1)
    timeout: float = Field(default=600.0, gt=0, allow_inf_nan=False)
    folder: str = "."
    version: str = ""


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind.

    Raises
    ------
    ConfigError
        `command` is empty or cannot be started (when judging).
    """
    if not params.command[0].strip():
        raise ConfigError("the command is empty", where=name)
    folder = Path(params.folder)
    identity = {"command": params.command, "version": params.version, "files": _files(params.command, folder)}

    def decide(material: Material) -> Iterator[Answer]:
        if not material.outputs:
            return
        rubric = _rubric(material.rubric)
        replies = _Replies({output.item_id for output in material.outputs})
        try:
            ended = run(
                params.command, (_line(o, rubric) for o in material.outputs), replies.add, folder, params.timeout
            )
        except (OSError, ValueError) as error:
            got = f"{params.command[0]!r} in {params.folder!r} ({getattr(error, 'strerror', None) or error})"
            raise ConfigError("the command cannot be started", where=name, got=got) from error
        for output in material.outputs:
            yield replies.answer(output.item_id, material.rubric, ended)

    return Offline(name=name, kind="command", identity=identity, decide=decide)


class _Replies:
    """The lines of the process, by the item that they are about."""

    def __init__(self, asked: set[str]) -> None:
        self.asked = asked
        self.found: dict[str, list[dict[str, Any]]] = {}
        self.stray = 0
        self.first_stray = ""

    def add(self, line: bytes) -> bool:
        """Take one line; False: so many of them make no sense that the rest need not be read."""
        if not line.strip():
            return True
        try:
            # Only a JSON parser of foreign text can tell; a million brackets exhaust its recursion.
            reply = json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            reply = None
        key = reply.get("item_id") if isinstance(reply, dict) else None
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)
        if not isinstance(key, str) or key not in self.asked:
            self.stray += 1
            self.first_stray = self.first_stray or shown(line[:120].decode("utf-8", "replace").strip())
            return self.stray <= 2 * len(self.asked) + 1_000
        self.found.setdefault(key, []).append({k: v for k, v in reply.items() if k != "item_id"})
        return len(self.found[key]) <= 1_000

    def answer(self, item_id: str, rubric: Rubric, ended: Ended) -> Answer:
        """The answer on one item, or why there is none."""
        replies = self.found.get(item_id, [])
        if len(replies) == 1:
            return read_answer(replies[0], rubric, method=_METHOD)
        if replies:
            raw = shown("\n".join(json.dumps(reply) for reply in replies[:3]))
            return Answer(status=Status.UNPARSABLE, raw=raw, detail=f"answered {len(replies)} times")
        if ended.fault:
            return Answer(status=Status.ERROR, detail=ended.sentence())
        if self.stray:
            what = f"no answer; {self.stray} lines were no JSON object with a known item_id"
            return Answer(status=Status.UNPARSABLE, raw=self.first_stray, detail=ended.sentence(what))
        return Answer(status=Status.ERROR, detail=ended.sentence("the process ended without an answer on this output"))


def _line(output: Output, rubric: Mapping[str, Any]) -> bytes:
    record = {"item_id": output.item_id, "prompt": output.prompt, "response": output.response, "rubric": rubric}
    return json.dumps(record, ensure_ascii=True).encode("ascii") + b"\n"


def _rubric(rubric: Rubric) -> dict[str, Any]:
    return {
        "name": rubric.name,
        "question": rubric.question,
        "values": rubric.offered,
        "positive": rubric.positive,
        "cannot_judge": rubric.cannot_judge,
        "descriptions": dict(rubric.descriptions),
    }


def _files(command: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Hashes of the files that the command names: a script that was edited is another judge, an interpreter's build is not."""
    hashes = {}
    for position, word in enumerate(command):
        path = folder / word
        if word and "\0" not in word and path.is_file():
            content = path.read_bytes()
            if position > 0 or content.startswith(b"#!"):
                hashes[word] = text_hash(content.decode("latin-1"))
    return hashes
