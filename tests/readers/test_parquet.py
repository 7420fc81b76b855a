from __future__ import annotations

import builtins
import datetime
import decimal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.readers import CheckRequest, parquet, read_outputs, read_table
from judgeaudit.readers._table import Needs

Save = Callable[[str, Any], Path]


def write(path: Path, columns: dict[str, list[Any]]) -> Path:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    write_table(arrow.table(columns), path)
    return path


def test_a_table_is_read_by_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.parquet",
        {
            "id": [7, 8, 9], "j": [1, None, 0], "h": [1.0, 0.0, 1.0], "b": [{"k": 1}, {"k": None}, None],
            "p": [0.5, None, 1.0], "text": ["a\x00b", "NA", None], "other": ["x", "y", "z"],
        },
    )  # fmt: skip
    request = CheckRequest.parse(judges=["j", "b.k"], humans=["h"], id="id", response="text", scores=["j=p"])
    (data,) = read_table(path, request)
    assert data.item_ids == ["7", "8", "9"]
    assert data.judges["j"][0].codes.tolist() == [1, -2, 0]
    assert data.judges["b.k"][0].codes.tolist() == [1, -2, -1]
    assert data.labels["human"].annotators["h"].codes.tolist() == [1, 0, 1]
    assert data.responses == ["a\x00b", "NA", ""]
    assert len(data.sources[0]["sha256"]) == 64


def test_booleans_dates_and_decimals_are_values(tmp_path: Path) -> None:
    day = datetime.date(2026, 1, 2)
    path = write(
        tmp_path / "t.parquet",
        {
            "j": [True, False],
            "d": [day, None],
            "x": [decimal.Decimal("1.0"), decimal.Decimal("2.5")],
            "b": [b"yes", b"no"],
        },
    )
    codes = parquet.read(path, Needs(codes=("j", "d", "x", "b"))).codes
    assert [codes[c].values for c in ("j", "d", "x", "b")] == [
        ("true", "false"), ("2026-01-02",), ("1", "2.5"), ("yes", "no"),
    ]  # fmt: skip


def test_outputs_of_a_table(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", {"id": ["a"], "response": ["x"], "finish_reason": ["stop"]})
    (output,) = read_outputs(path)
    assert (output.item_id, output.meta) == ("a", {"finish_reason": "stop"})


def test_what_cannot_be_read(tmp_path: Path, save: Save) -> None:
    path = write(tmp_path / "t.parquet", {"gpt4": [1], "s": [{"k": 1}]})
    with pytest.raises(InputError, match="did you mean 'gpt4'"):
        parquet.read(path, Needs(codes=("gpt5",)))
    with pytest.raises(InputError, match=r"'s\.l'"):
        parquet.read(path, Needs(codes=("s.l",)))
    with pytest.raises(InputError, match="an object"):
        parquet.read(path, Needs(codes=("s",)))
    with pytest.raises(ConfigError, match="cp1252"):
        parquet.read(path, Needs(codes=("gpt4",)), "cp1252")
    with pytest.raises(ConfigError, match="'gpt4'"):
        read_table(path, CheckRequest())
    with pytest.raises(InputError, match="no rows"):
        parquet.read(write(tmp_path / "e.parquet", {"j": []}), Needs(codes=("j",)))
    with pytest.raises(InputError, match="not a readable parquet file"):
        parquet.read(save("b.parquet", "id,j\n1,1\n"), Needs(codes=("j",)))
    with pytest.raises(InputError, match="no such file"):
        parquet.read(tmp_path / "gone.parquet", Needs(codes=("j",)))


def test_without_pyarrow_the_extra_is_named(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match="extra `parquet`"):
        parquet.read(save("t.parquet", "x"), Needs(codes=("j",)))
