"""The embedded set is found in a checkout and in an installed package, and its absence is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.errors import InputError
from judgeaudit.readers import _demo


def _package(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(_demo, "files", lambda name: folder / name)


def test_a_checkout_has_it_beside_the_package() -> None:
    assert {p.name for p in _demo.demo_folder().iterdir()} >= {"demo.jsonl", "audit.yaml", "policy.yaml", "README.md"}


def test_an_installed_package_has_it_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "judgeaudit" / "_demo"
    packed.mkdir(parents=True)
    (packed / "demo.jsonl").write_text("{}")
    _package(monkeypatch, tmp_path)
    assert _demo.demo_folder() == packed


def test_its_absence_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(monkeypatch, tmp_path)
    with pytest.raises(InputError, match="_demo"):
        _demo.demo_folder()
