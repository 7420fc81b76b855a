"""What lies beside an audit: the stress test of its judges, and pages that its report leads to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STRESS = "stress.json"
_PAGES = (("stress.html", "Stress test"), ("conclusions.html", "Which conclusions hold"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was found.

    Parameters
    ----------
    stress
        The content of stress.json; None where there is none, or none that can be shown.
    note
        Why a stress.json that is there is not shown; `""` otherwise.
    links
        File and words of each page that lies in the report's own folder.
    """

    stress: Mapping[str, Any] | None = None
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


def look(folder: Path, out: Path) -> Beside:
    """Look beside the audit, in `folder`, for its stress test, and in the report's folder `out` for other pages."""
    links = tuple((name, words) for name, words in _PAGES if (out / name).is_file())
    place = folder / STRESS
    if not place.is_file():
        return Beside(links=links)
    content, note = _read(place)
    return Beside(stress=content, note=note, links=links)


def _read(place: Path) -> tuple[Mapping[str, Any] | None, str]:
    from judgeaudit.probing._result import SCHEMA, dumps

    try:
        content = json.loads(place.read_bytes())
        if not isinstance(content, dict) or content.get("schema") != SCHEMA:
            return None, f"{STRESS} is no {SCHEMA}"
        told = dumps({key: value for key, value in content.items() if key != "sha256"})
    except (OSError, ValueError, RecursionError) as error:  # not there, broken, holds NaN, nested without end
        return None, f"{STRESS} cannot be read ({error})"
    if hashlib.sha256(told.encode("ascii")).hexdigest() != content.get("sha256"):
        return None, f"{STRESS} was changed after it was written (its SHA-256 differs)"
    return content, ""
