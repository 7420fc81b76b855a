"""A Python function as a judge: MODULE:FUNCTION, called with an output and the rubric.

It returns a value of the scale, None (no verdict), a mapping (`verdict`, `score`, ...) or a `Judgement`. An exception in it
is the status `error` of that output; whatever else it returns is `unparsable`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import field_validator

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import ANSWER_KEYS, Answer, Offline, Settings, read_answer, shown
from judgeaudit.model import Judgement, Status
from judgeaudit.text import clip, text_hash, visible

Function = Callable[..., Any]
_METHOD = "python"


class Params(Settings):
    """Parameters of `python`.

    Parameters
    ----------
    function
        `MODULE:FUNCTION`; a dot in FUNCTION goes into an object.
    batch
        False: called as `function(output, rubric)` for each output. True: called once as `function(outputs, rubric)` with a
        list, and returns a sequence with one answer per output, in order.
    folder
        Where MODULE is looked for after the installed packages.
    version
        Free text of the user that goes into the fingerprint. The source of MODULE does anyway, but not what it imports.
    """

    function: str
    batch: bool = False
    folder: str = "."
    version: str = ""

    @field_validator("function")
    @classmethod
    def _named(cls, function: str) -> str:
        if re.fullmatch(r"[\w.]+:[\w.]+", function) is None:
            raise ValueError("MODULE:FUNCTION, such as my_judges:harm; where MODULE lies is told by folder")
        return function


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind.

    Raises
    ------
    ConfigError
        The module or the function does not exist or cannot be imported; the message names the nearest.
    """
    module_name, _, path = params.function.partition(":")
    module = _module(name, module_name, Path(params.folder))
    function = _function(name, module, path)

    def decide(material: Material) -> Iterator[Answer] | list[Answer]:
        return (
            _at_once(function, material) if params.batch else (_call(function, o, material) for o in material.outputs)
        )

    identity = {
        "function": params.function,
        "batch": params.batch,
        "version": params.version,
        "source": _source(module),
    }
    return Offline(name=name, kind="python", identity=identity, decide=decide)


def _call(function: Function, output: object, material: Material) -> Answer:
    try:
        raw = function(output, material.rubric)
    except (Exception, SystemExit) as error:
        return _failed(error)
    return _read(raw, material)


def _at_once(function: Function, material: Material) -> list[Answer]:
    n = len(material.outputs)
    try:
        raw = function(list(material.outputs), material.rubric)
        answers = list(raw) if not isinstance(raw, str | bytes | dict) else raw
    except (Exception, SystemExit) as error:
        return [_failed(error)] * n
    if not isinstance(answers, list) or len(answers) != n:
        got = f"{len(answers)} answers" if isinstance(answers, list) else type(answers).__name__
        return [Answer(status=Status.ERROR, detail=f"the function returned {got} for {n} outputs")] * n
    return [_read(one, material) for one in answers]


def _read(raw: object, material: Material) -> Answer:
    if isinstance(raw, Judgement):
        raw = {key: getattr(raw, key) for key in ANSWER_KEYS}
    try:
        return read_answer(raw, material.rubric, method=_METHOD)
    except Exception as error:  # a foreign mapping may raise when it is read
        return Answer(status=Status.UNPARSABLE, detail=_said(error))


def _failed(error: BaseException) -> Answer:
    return Answer(status=Status.ERROR, detail=_said(error))


def _said(error: BaseException) -> str:
    return clip(visible(f"{type(error).__name__}: {shown(str(error))}").replace("\n", " "), 300)


def _module(judge: str, name: str, folder: Path) -> ModuleType:
    place = str(folder.resolve())
    if place not in sys.path:
        # At the end, so that a file of the user's never hides a library; and for good, so that the module can import later.
        sys.path.append(place)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise ConfigError(f"module {name!r} cannot be imported", where=judge, got=_said(error)) from error
        known = {m.name for m in pkgutil.iter_modules([place])}
        raise ConfigError("unknown module", where=judge, got=repr(name), next_step=nearest(name, known)) from error
    except (Exception, SystemExit) as error:
        raise ConfigError(f"module {name!r} cannot be imported", where=judge, got=_said(error)) from error


def _function(judge: str, module: ModuleType, path: str) -> Function:
    found: object = module
    for step in path.split("."):
        if not hasattr(found, step):
            known: Sequence[str] = [
                n for n in dir(found) if not n.startswith("_") and callable(getattr(found, n, None))
            ]
            where = f"{judge}: module {module.__name__!r}"
            raise ConfigError("unknown function", where=where, got=repr(step), next_step=nearest(step, known))
        found = getattr(found, step)
    if not callable(found):
        raise ConfigError("not a function", where=judge, got=f"{module.__name__}:{path} is a {type(found).__name__}")
    return found


def _source(module: ModuleType) -> str:
    """Hash of the module's source, so that a changed judge is another judge; "" for modules without a source file."""
    path = getattr(module, "__file__", None)
    return text_hash(Path(path).read_bytes().decode("latin-1")) if path and Path(path).is_file() else ""
