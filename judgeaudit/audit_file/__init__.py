"""audit.json: an `Audit` to text and back, without loss and always to the same bytes.

One estimate and one finding a line, keys sorted, ASCII only, numbers to 12 significant digits, no clock: two audits of the
same inputs and seed are equal files, and a difference of two audits reads well in any diff. The JSON Schema of the file is
`audit.schema.json` in the package; `stress.schema.json` and `conclusions.schema.json` lie beside it.
"""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from judgeaudit.audit_file._decode import loads
from judgeaudit.audit_file._encode import OPTIONAL, dumps
from judgeaudit.errors import InputError
from judgeaudit.model import Audit

__all__ = ["OPTIONAL", "dumps", "loads", "read", "schema", "write"]


def read(path: Path | str) -> Audit:
    """The audit in a file.

    Raises
    ------
    InputError
        There is no such file, it is not UTF-8, or `loads` refuses it.
    """
    place = Path(path)
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError("no such file", where=str(place), expected="an audit.json") from None
    except (IsADirectoryError, NotADirectoryError):
        raise InputError("not a file", where=str(place), expected="an audit.json") from None
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8", where=str(place), got=f"byte {error.start}", expected="an audit.json") from None
    return loads(text, where=str(place))


def write(path: Path | str, audit: Audit) -> None:
    """Write the audit whole or not at all: to a file beside it that is then renamed. Missing folders are made.

    Raises
    ------
    OSError
        The folder cannot be written, or the disk is full; an earlier file is untouched.
    """
    text = dumps(audit)
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="ascii", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def schema(of: Literal["audit", "stress", "conclusions"] = "audit") -> dict[str, Any]:
    """The JSON Schema (2020-12) of audit.json, stress.json or conclusions.json, as it lies in the package.

    Examples
    --------
    >>> schema()["properties"]["schema"], schema("stress")["$id"]
    ({'const': 'judgeaudit.audit/1'}, 'judgeaudit.stress/1')
    """
    loaded: dict[str, Any] = json.loads(files("judgeaudit").joinpath(f"{of}.schema.json").read_text(encoding="utf-8"))
    return loaded
