from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import InputError
from judgeaudit.model import Audit
from judgeaudit.report._disagreements import beside


def named(audit: Audit, content: bytes) -> Audit:
    return replace(audit, settings={**audit.settings, "items_sha256": hashlib.sha256(content).hexdigest()})


def test_items_with_the_audits_hash_are_read(audit: Audit, items: list[dict[str, Any]], tmp_path: Path) -> None:
    content = "".join(json.dumps(i) + "\n" for i in items).encode()
    (tmp_path / "disagreements.jsonl").write_bytes(content)
    found = beside(tmp_path / "audit.json", named(audit, content))
    assert found.items == json.loads(json.dumps(items))


def test_items_of_another_audit_are_not_shown(audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "disagreements.jsonl").write_text("{}\n")
    assert beside(tmp_path / "audit.json", audit).items is None
    assert beside(tmp_path / "audit.json", named(audit, b"other")).items is None


def test_no_file_is_told(audit: Audit, tmp_path: Path) -> None:
    found = beside(tmp_path / "audit.json", audit)
    assert found.items is None
    assert "no disagreements.jsonl" in found.note


@pytest.mark.parametrize("line", [b'{"a": ', b"[1]"])
def test_a_torn_line_is_named(audit: Audit, tmp_path: Path, line: bytes) -> None:
    content = b"{}\n" + line + b"\n"
    (tmp_path / "disagreements.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=r"disagreements\.jsonl:2"):
        beside(tmp_path / "audit.json", named(audit, content))
