from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from judgeaudit.config import read_yaml, validated
from judgeaudit.errors import ConfigError, InputError


class Wheel(BaseModel, extra="forbid"):
    spokes: int = Field(default=36, gt=0)


class Cart(BaseModel, extra="forbid"):
    wheels: tuple[Wheel, ...] = ()
    by_name: dict[str, Wheel] = {}
    spare: Wheel | None = None


def _yaml(tmp_path: Path, text: str) -> object:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_yes_no_and_dates_are_text(tmp_path: Path) -> None:
    """YAML 1.1 would make booleans and a date of them, which match no label."""
    got = _yaml(tmp_path, "values: [yes, no, on, off, true, False, 1, 1.5, null, ~]\nday: 2026-01-02\n")
    assert got == {"values": ["yes", "no", "on", "off", True, False, 1, 1.5, None, None], "day": "2026-01-02"}


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "x:\n  - {b: 1, b: 1}\n"])
def test_a_repeated_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="twice"):
        _yaml(tmp_path, text)


@pytest.mark.parametrize("text", ["a: !!python/object/apply:os.system ['true']", "a: [1", "\t- x", "a: b: c"])
def test_code_and_torn_yaml_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        _yaml(tmp_path, text)
    assert "a.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_anchors_and_merges_still_work(tmp_path: Path) -> None:
    assert _yaml(tmp_path, "base: &b {x: 1, y: 2}\nother: {<<: *b, y: 3}\n") == {
        "base": {"x": 1, "y": 2},
        "other": {"x": 1, "y": 3},
    }


def test_missing_and_undecodable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml"):
        read_yaml(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"a: \xff\xfe")
    with pytest.raises(InputError, match=r"bad\.yaml"):
        read_yaml(tmp_path / "bad.yaml")
    with pytest.raises(InputError):
        read_yaml(tmp_path)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"weels": []}, "'weels'; did you mean 'wheels'"),
        ({"wheels": [{}, {"spoke": 1}]}, "wheels.1: unknown key: got 'spoke'; did you mean 'spokes'"),
        ({"by_name": {"left": {"spoks": 1}}}, "by_name.left: unknown key: got 'spoks'; did you mean 'spokes'"),
        ({"spare": {"spok": 1}}, "spare: unknown key: got 'spok'; did you mean 'spokes'"),
    ],
)
def test_an_unknown_key_gets_its_nearest_known_one(content: object, place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validated(Cart, content, where="cart.yaml")
    assert place in str(caught.value)


def test_a_wrong_value_is_shown_with_its_place() -> None:
    with pytest.raises(ConfigError, match=r"cart\.yaml: wheels\.0\.spokes: .*got -1; expected greater than 0"):
        validated(Cart, {"wheels": [{"spokes": -1}]}, where="cart.yaml")


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_what_is_no_mapping_is_refused(content: object) -> None:
    with pytest.raises(ConfigError, match=r"cart\.yaml"):
        validated(Cart, content, where="cart.yaml")
