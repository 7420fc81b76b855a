"""disagreements.jsonl: the texts that an audit's own file leaves out, read only if they are this audit's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgeaudit.errors import InputError
from judgeaudit.model import Audit

NAME = "disagreements.jsonl"
HASH = "items_sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The items, or None where they are not at hand; `note` says which in words."""

    items: list[Mapping[str, Any]] | None
    note: str


def beside(place: Path, audit: Audit) -> Found:
    """The disagreements that lie beside an audit's file and have the hash that the audit names.

    Raises
    ------
    InputError
        The file has the right hash and yet a line of it is no JSON object.
    """
    file = place.parent / NAME
    if not file.is_file():
        return Found(items=None, note=f"no {NAME} beside the audit: the report shows no texts")
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != audit.settings.get(HASH):
        return Found(
            items=None, note=f"{NAME} belongs to another audit (its SHA-256 differs): the report shows no texts"
        )
    items = [_object(line, file, number) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    return Found(items=items, note=f"{len(items)} disagreements read from {NAME}")


def _object(line: bytes, file: Path, number: int) -> Mapping[str, Any]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise InputError("torn JSON", where=f"{file}:{number}", got=str(error)) from None
    if not isinstance(item, dict):
        raise InputError("not a JSON object", where=f"{file}:{number}", got=type(item).__name__)
    return item
