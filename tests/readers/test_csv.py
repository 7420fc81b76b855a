from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import InputError
from judgeaudit.readers import csv as reader
from judgeaudit.readers._table import Needs

Save = Callable[[str, Any], Path]


def test_columns_come_as_codes_texts_and_numbers(save: Save) -> None:
    path = save("t.csv", 'id,j,p,w\na,1,Hi,0.5\nb,,"x, y",2\nc,1.0,,nan\n')
    table = reader.read(path, Needs(codes=("j",), texts=("id", "p"), numbers=("w",)))
    assert table.n == 3
    assert table.codes["j"].values == ("1",)
    assert table.codes["j"].codes.tolist() == [0, -2, 0]
    assert table.texts == {"id": ["a", "b", "c"], "p": ["Hi", "x, y", ""]}
    assert table.numbers["w"][:2].tolist() == [0.5, 2]
    assert np.isnan(table.numbers["w"][2])


def test_words_for_nothing_are_text(save: Save) -> None:
    column = reader.read(save("t.csv", "j\nNA\nnull\nnan\nNone\n"), Needs(codes=("j",))).codes["j"]
    assert column.values == ("NA", "null", "nan", "None")
    assert (column.codes >= 0).all()


@given(st.lists(st.lists(st.text(max_size=6), min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_the_csv_module_writes_is_read(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b", "c"], *cells])
    path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    table = reader.read(path, Needs(texts=("a", "b", "c")))
    assert [list(row) for row in zip(*(table.texts[c] for c in "abc"), strict=True)] == cells
    assert [list(row.values()) for _, row in reader.rows(path)] == cells


def test_a_cell_of_a_megabyte_and_a_nul(save: Save) -> None:
    big = "loop " * 220_000
    table = reader.read(save("t.csv", f"j,p\n1,{big}\n0,a\x00b\n"), Needs(codes=("j",), texts=("p",)))
    assert table.texts["p"] == [big, "a\x00b"]


def test_chunks_join(save: Save) -> None:
    n = 10_001
    path = save("t.csv", "id,j\n" + "".join(f"{i},{i % 3}\n" for i in range(n)))
    table = reader.read(path, Needs(codes=("j",), texts=("id",)))
    assert table.texts["id"] == [str(i) for i in range(n)]
    assert table.codes["j"].codes.tolist() == [i % 3 for i in range(n)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends(save: Save, ends: str) -> None:
    table = reader.read(save("t.csv", ends.join(["id,j", "a,1", "b,0"])), Needs(codes=("j",), texts=("id",)))
    assert table.texts["id"] == ["a", "b"]


def test_blank_lines_are_left_out_and_counted(save: Save) -> None:
    table = reader.read(save("t.csv", "\nid,j\na,1\n\nb,0\n\n"), Needs(texts=("id",)))
    assert table.texts["id"] == ["a", "b"]
    assert table.left_out == {"blank_line": 2}
    assert table.source["rows"] == 2


@pytest.mark.parametrize(
    ("name", "text", "noted"),
    [("t.csv", "id;j\na;1\n", "semicolons"), ("t.csv", "id\tj\na\t1\n", "tabs"), ("t.tsv", "id,j\na,1\n", "commas")],
)
def test_another_separator_is_seen_and_noted(save: Save, name: str, text: str, noted: str) -> None:
    table = reader.read(save(name, text), Needs(codes=("j",), texts=("id",)))
    assert table.texts["id"] == ["a"]
    assert noted in table.notes[0]


def test_tabs_separate_tsv(save: Save) -> None:
    assert reader.read(save("t.tsv", "a,b\tj\nx,y\t1\n"), Needs(texts=("a,b",))).texts["a,b"] == ["x,y"]


@pytest.mark.parametrize("place", [0, 1, 4095, 4096, 9000])
@pytest.mark.parametrize("row", ["a,1,2", "a"])
def test_a_ragged_row_is_named_by_its_line(save: Save, place: int, row: str) -> None:
    lines = ['"x\ny",1'] * 3 + ["a,1"] * 9100
    lines.insert(place, row)
    before = sum(line.count("\n") + 1 for line in lines[:place])
    with pytest.raises(InputError, match=f"line {before + 2}: ragged row"):
        reader.read(save("t.csv", "id,j\n" + "\n".join(lines)), Needs(codes=("j",)))


def test_a_table_whose_rows_are_all_too_long_is_ragged(save: Save) -> None:
    path = save("t.csv", "id,j\na,1,2\nb,1,2\n")
    with pytest.raises(InputError, match=r"line 2: ragged row: got 3 cells; expected 2"):
        reader.read(path, Needs(codes=("j",)))
    with pytest.raises(InputError, match="line 2: ragged row"):
        list(reader.rows(path))


@pytest.mark.parametrize(("text", "line"), [('id,j\na,1\n"b,1\nc,0\n', 4), ('id,j\n"a"x,1\n', 2)])
def test_broken_quotes_swallow_nothing(save: Save, text: str, line: int) -> None:
    path = save("t.csv", text)
    with pytest.raises(InputError, match=f"line {line}: broken quotes"):
        reader.read(path, Needs(codes=("j",)))
    with pytest.raises(InputError, match="broken quotes"):
        list(reader.rows(path))


@pytest.mark.parametrize("text", ["id,j\n", "id,j", "id,j\n\n\n"])
def test_a_header_alone_is_no_table(save: Save, text: str) -> None:
    with pytest.raises(InputError, match="no rows"):
        reader.read(save("t.csv", text), Needs(codes=("j",)))
    with pytest.raises(InputError, match="no rows"):
        list(reader.rows(save("t.csv", text)))


@pytest.mark.parametrize("text", ["\n\n", ",,\n1,2,3\n", "  \n"])
def test_no_header(save: Save, text: str) -> None:
    with pytest.raises(InputError, match="header"):
        reader.read(save("t.csv", text), Needs(codes=("j",)))


def test_a_missing_column_names_the_nearest(save: Save) -> None:
    with pytest.raises(InputError, match="did you mean 'gpt4'") as caught:
        reader.read(save("t.csv", "id,gpt4\na,1\n"), Needs(codes=("gpt5",)))
    assert "'gpt5'" in str(caught.value)


def test_two_columns_of_one_name(save: Save) -> None:
    path = save("t.csv", "id,j,x,j\na,1,2,0\n")
    with pytest.raises(InputError, match="'j' at 2, 4"):
        reader.read(path, Needs(codes=("j",)))
    with pytest.raises(InputError, match="'j'"):
        list(reader.rows(path))
    assert reader.read(path, Needs(codes=("x",))).n == 1


@pytest.mark.parametrize("cell", ["high", "inf", "1e999", "true"])
def test_what_is_no_number_is_named_by_its_row(save: Save, cell: str) -> None:
    with pytest.raises(InputError, match="row 2") as caught:
        reader.read(save("t.csv", f"w\n1\n{cell}\n"), Needs(numbers=("w",)))
    assert cell in str(caught.value)


def test_names_of_columns_and_their_rows(save: Save) -> None:
    path = save("t.csv", 'id, j ,p\na,1,"x\ny"\nb,0,z\n')
    assert reader.columns(path) == ["id", "j", "p"]
    assert list(reader.rows(path)) == [(2, {"id": "a", "j": "1", "p": "x\ny"}), (4, {"id": "b", "j": "0", "p": "z"})]


def test_blank_lines_before_the_header_are_counted_as_lines(save: Save) -> None:
    path = save("t.csv", "\n  \nid,j\na,1\nb\n")
    with pytest.raises(InputError, match="line 5: ragged row"):
        reader.read(path, Needs(codes=("j",)))
