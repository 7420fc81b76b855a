"""Where the embedded set is: inside the installed package, or in the source checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from judgeaudit.errors import InputError

_PACKED = "_demo"


def demo_folder() -> Path:
    """The folder with demo.jsonl, audit.yaml and policy.yaml.

    Raises
    ------
    InputError
        The installation lacks it.

    Examples
    --------
    >>> (demo_folder() / "demo.jsonl").is_file()
    True
    """
    package = Path(str(files("judgeaudit")))
    for folder in (package / _PACKED, package.parent / "data" / "demo"):
        if (folder / "demo.jsonl").is_file():
            return folder
    raise InputError("the embedded set is not there", where=str(package / _PACKED), next_step="install judgeaudit anew")
