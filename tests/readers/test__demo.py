"""The embedded set is found in a checkout and in an installed package, and its absence is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from judgeaudit.config import read_audit_config
from judgeaudit.errors import InputError
from judgeaudit.readers import _demo

ROOT = Path(__file__).parents[2]


def _package(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(_demo, "files", lambda name: folder / name)


def test_a_checkout_has_it_beside_the_package() -> None:
    wanted = {_demo.OUTPUTS, _demo.CAPABILITY, "audit.yaml", "policy.yaml"}
    assert {p.name for p in _demo.demo_folder().iterdir()} >= wanted


def test_a_wheel_carries_all_that_the_audit_reads_and_what_decides_the_labels() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert all((ROOT / source).is_file() for source in packed)
    assert all(target == f"judgeaudit/_demo/{Path(source).name}" for source, target in packed.items())
    config = read_audit_config(_demo.demo_folder() / "audit.yaml")
    assert config.outputs is not None
    read = {path.name for path in config.outputs.files} | {str(config.policy), _demo.CAPABILITY, "audit.yaml"}
    read |= {Path(judge.own["file"]).name for judge in config.judges if judge.kind == "recorded"}
    assert read | {"house_policy.py", "facts.json", "POLICY.md"} <= {Path(source).name for source in packed}


def test_an_installed_package_has_it_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "judgeaudit" / "_demo"
    packed.mkdir(parents=True)
    (packed / _demo.OUTPUTS).write_text("{}")
    _package(monkeypatch, tmp_path)
    assert _demo.demo_folder() == packed


def test_its_absence_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(monkeypatch, tmp_path)
    with pytest.raises(InputError, match="_demo"):
        _demo.demo_folder()
