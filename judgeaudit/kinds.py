"""The folder is the registry: the kinds of a thing are the modules of its package, plus entry points of outside packages.

A kind's module is imported only when that kind is asked for or described; listing names imports nothing.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from judgeaudit.errors import ConfigError, nearest


def names(package: str) -> list[str]:
    """Kinds in a package, sorted: its modules without a leading underscore, and entry points of the group `package`.

    Examples
    --------
    >>> "cohen_kappa" in names("judgeaudit.measures")
    True
    """
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    inside = {m.name for m in pkgutil.iter_modules(folders) if not m.name.startswith("_")}
    return sorted(inside | set(_outside(package)))


def load(package: str, kind: str) -> Any:
    """The module of one kind (its public names are that package's contract).

    Raises
    ------
    ConfigError
        The kind is unknown; the message names the nearest known one.
    """
    known = names(package)
    if kind not in known:
        what = f"unknown {package.rpartition('.')[2].rstrip('s')} kind"
        raise ConfigError(what, got=repr(kind), next_step=nearest(kind, known))
    return _import(package, kind)


def load_all(package: str) -> list[Any]:
    """The modules of all kinds, in name order."""
    return [_import(package, kind) for kind in names(package)]


def _import(package: str, kind: str) -> Any:
    entry = _outside(package).get(kind)
    return entry.load() if entry is not None else importlib.import_module(f"{package}.{kind}")


@cache
def _outside(package: str) -> dict[str, EntryPoint]:
    """Entry points of other packages; read once, since finding them reads the metadata of everything installed."""
    return {entry.name: entry for entry in entry_points(group=package)}


def summary(package: str, kind: str) -> str:
    """First line of the kind's docstring, read from its source without importing it ("" where there is none)."""
    return _docstring(package, kind).partition("\n")[0]


def reference(package: str, kind: str) -> str:
    """Where a kind comes from, in one line: what its docstring says after "Source:", or under References; "": nothing.

    Examples
    --------
    >>> reference("judgeaudit.measures", "youden_j").partition(",")[0]
    'Youden 1950'
    """
    for paragraph in _docstring(package, kind).split("\n\n"):
        _, found, after = paragraph.partition("Source: ")
        if not found:
            _, found, after = paragraph.partition("References\n----------\n")
        if found:
            return " ".join(after.split())
    return ""


@cache
def _docstring(package: str, kind: str) -> str:
    spec = find_spec(f"{package}.{kind}")
    if spec is None or spec.origin is None:
        return ""
    return ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
