"""List the kinds of a thing that there are: judges, models, modes, measures, findings and so on.

Names come from the folders of the package and from entry points of other packages; nothing is imported for it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Annotated

import typer

from judgeaudit import kinds
from judgeaudit.cli._frame import JsonFlag, echo, echo_json
from judgeaudit.errors import ConfigError, nearest

ROOMS = ("findings", "judges", "measures", "models", "modes", "readers", "references", "verbs")


def run(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of: " + ", ".join(ROOMS) + ".")],
    json: JsonFlag = False,
) -> None:
    """Print the names of a kind with one line about each.

    Raises
    ------
    ConfigError
        There is no such kind of thing.
    """
    package = _package(kind)
    rows = [(name.rstrip("_"), kinds.summary(package, name)) for name in kinds.names(package)]
    if json:
        echo_json([{"name": name, "summary": summary} for name, summary in rows])
        return
    width = max((len(name) for name, _ in rows), default=0)
    for name, summary in rows:
        echo(f"{name:<{width}}  {summary}".rstrip())


def _package(kind: str) -> str:
    package = "judgeaudit.cli" if kind == "verbs" else f"judgeaudit.{kind}"
    known = [room for room in ROOMS if room == "verbs" or find_spec(f"judgeaudit.{room}")]
    if kind not in known:
        raise ConfigError("unknown kind", got=repr(kind), next_step=nearest(kind, known))
    return package
