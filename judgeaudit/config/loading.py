"""YAML read safely, and pydantic's complaints as one line with the nearest known word."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import pydantic
import yaml
from pydantic import BaseModel

from judgeaudit.errors import ConfigError, InputError, nearest

M = TypeVar("M", bound=BaseModel)


def read_yaml(path: Path) -> object:
    """Content of a YAML file, safely: no tags, no repeated keys; ``yes``, ``no`` and dates are text.

    Raises
    ------
    InputError
        The file is missing, unreadable or no valid YAML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path), next_step="check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read", where=str(path), got=str(error), expected="YAML in UTF-8") from None
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise InputError("no valid YAML", where=f"{path}{place}", got=problem) from None


def validated(model: type[M], content: object, *, where: str) -> M:
    """The content as an instance of the model.

    Raises
    ------
    ConfigError
        One line on the first thing that is wrong; for an unknown key with the nearest known one.

    Examples
    --------
    >>> class Box(BaseModel, extra="forbid"):
    ...     width: int = 1
    >>> validated(Box, {"widht": 2}, where="box.yaml")
    Traceback (most recent call last):
    judgeaudit.errors.ConfigError: box.yaml: unknown key: got 'widht'; did you mean 'width'? known: 'width'
    """
    if not isinstance(content, dict):
        raise ConfigError("not a set of keys", where=where, got=type(content).__name__, expected="KEY: VALUE lines")
    try:
        return model.model_validate(content)
    except pydantic.ValidationError as error:
        raise _worded(model, error, where) from None


def _worded(model: type[BaseModel], error: pydantic.ValidationError, where: str) -> ConfigError:
    # An unknown key is often the cause of a missing one, so it is told first.
    first = min(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        inside = ".".join(place[:-1])
        known = _known_keys(model, first["loc"][:-1])
        return ConfigError(
            "unknown key",
            where=f"{where}: {inside}" if inside else where,
            got=repr(place[-1]),
            next_step=nearest(place[-1], known),
        )
    where = f"{where}: {'.'.join(place)}" if place else where
    if first["type"] == "missing":
        return ConfigError("missing key", where=where, next_step="add it")
    # Texts of keys that hold secrets never get here: secrets are not in configuration files.
    return ConfigError("wrong value", where=where, got=repr(first["input"])[:200], expected=_wanted(first["msg"]))


_WORDS = {
    r"^a valid (tuple|list|set)$": "a list",
    r"^a valid dictionary( or instance of \w+)?$": "keys with values",
    r"^a valid string$": "text; quote it where YAML takes it for something else",
    r"^strings$": "keys that are text",
}


def _wanted(message: str) -> str:
    """Pydantic's sentence without its opening words, and with the words of YAML for those of Python.

    Examples
    --------
    >>> _wanted("Input should be greater than 0")
    'greater than 0'
    >>> _wanted("Tuple should have at least 1 item after validation, not 0"), _wanted("Input should be a valid tuple")
    ('at least 1 item', 'a list')
    """
    said = re.sub(
        r"^(Input should be |Value error, |(String|Tuple|List|Dictionary|Keys) should (have |be )?)", "", message
    )
    said = re.sub(r" after validation, not \d+$", "", said)
    for pattern, words in _WORDS.items():
        said = re.sub(pattern, words, said)
    return said


def _known_keys(model: type[BaseModel], place: Iterable[int | str]) -> list[str]:
    """Keys of the model that stands at a place inside another one."""
    current: Any = model
    is_key = False
    for step in place:
        if is_key:  # the place in a list or the key of a mapping: not a field of the model that stands there
            is_key = False
        elif isinstance(current, type) and issubclass(current, BaseModel):
            field = _fields(current).get(str(step))
            current = _inner(field.annotation) if field else None
            is_key = field is not None and get_origin(field.annotation) in (tuple, list, dict)
    return list(_fields(current)) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _inner(annotation: Any) -> Any:
    """The model inside an annotation such as ``tuple[Model, ...]``, ``dict[str, Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation
    found = [_inner(part) for part in get_args(annotation)]
    return next((f for f in found if isinstance(f, type) and issubclass(f, BaseModel)), None)


class _Loader(yaml.SafeLoader):
    """YAML with fewer surprises.

    In YAML 1.1 ``yes``, ``no``, ``on`` and ``off`` are booleans and a date is an object: scale values written that way
    would silently match no label. Here only ``true`` and ``false`` are booleans and dates are text.
    """


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            continue
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            continue
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
        seen.add(key)
    loader.flatten_mapping(node)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
