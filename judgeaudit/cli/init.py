"""Write a first audit to start from: audit.yaml, policy.yaml, outputs and labels.

It runs at once, with no key and no network:

  judgeaudit init first-audit
  judgeaudit run first-audit/audit.yaml
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from judgeaudit.cli._frame import JsonFlag, echo, echo_json
from judgeaudit.errors import InputError

FILES = ("audit.yaml", "policy.yaml", "outputs.jsonl", "labels.csv")


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made where it does not exist.")],
    json: JsonFlag = False,
) -> None:
    """Write the files and say what to do next."""
    written = write_start(folder)
    if json:
        echo_json({"written": [str(path) for path in written]})
        return
    for path in written:
        echo(str(path))
    echo(f"next: judgeaudit run {written[0]}", stderr=True)


def write_start(folder: Path) -> list[Path]:
    """Write the files of a first audit into a folder; nothing is overwritten.

    Raises
    ------
    InputError
        One of the files is there already, or the folder cannot be made or written.
    """
    paths = [folder / name for name in FILES]
    for path in paths:
        if path.exists():
            raise InputError("the file is there already", where=str(path), next_step="name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            content = files("judgeaudit.cli").joinpath("_start", path.name).read_bytes()
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise InputError("the folder cannot be written", where=str(folder), got=error.strerror or "an error") from error
    return paths
