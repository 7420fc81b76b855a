from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judgeaudit.errors import InputError
from judgeaudit.readers import CheckRequest, jsonl, read_table
from judgeaudit.readers._table import Needs

Save = Callable[[str, Any], Path]


def test_one_value_has_many_spellings(save: Save) -> None:
    cells = [1, 1.0, "1", "1.0", " 1 ", True, "true", False, None, "", 0, 0.5, float("nan"), "null"]
    path = save("t.jsonl", [{"j": cell} for cell in cells])
    column = jsonl.read(path, Needs(codes=("j",))).codes["j"]
    said = [column.values[c] if c >= 0 else c for c in column.codes]
    assert said == ["1", "1", "1", "1", "1", "true", "true", "false", -2, -2, "0", "0.5", -2, "null"]


def test_a_key_that_is_absent_was_not_asked(save: Save) -> None:
    path = save("t.jsonl", [{"j": 1}, {"j": None}, {"k": 1}, {"a": {"j": 1}}])
    assert jsonl.read(path, Needs(codes=("j",))).codes["j"].codes.tolist() == [0, -2, -1, -1]


def test_dotted_paths_take_the_longest_key_that_fits(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            {"a": {"b.c": 1, "b": {"c": 2}}, "x.y": {"z": 1}, "x": {"y": {"z": 2}}},
            {"a": {"b": {"c": 2}}, "x": {"y": {"z": 2}}},
            {"a.b": {"c": 3}, "x.y": 5, "x": {"y": {"z": 2}}},
            {"a.b.c": 4, "a": {"b": {"c": 2}}, "x": None},
            {"a": 7},
        ],
    )
    table = jsonl.read(path, Needs(codes=("a.b.c", "x.y.z")))
    column = table.codes["a.b.c"]
    assert [column.values[c] if c >= 0 else c for c in column.codes] == ["1", "2", "3", "4", -1]
    column = table.codes["x.y.z"]
    assert [column.values[c] if c >= 0 else c for c in column.codes] == ["1", "2", "2", -1, -1]


def test_hostile_text_comes_through(save: Save) -> None:
    texts = ["a\x00b", "\ud83d", "\u2028", "x\u0085y", "NA", "=1+1", "</script>", "loop " * 200_000]
    path = save("t.jsonl", [{"p": text} for text in texts])
    assert jsonl.read(path, Needs(texts=("p",))).texts["p"] == texts


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0b", "\r"])
def test_only_a_line_feed_ends_a_line(save: Save, separator: str) -> None:
    raw = separator if separator > "\x1f" else {"\x0b": "\\u000b", "\r": "\\r"}[separator]
    path = save("t.jsonl", f'{{"p": "a{raw}b"}}\r\n{{"p": "c"}}'.encode())
    assert jsonl.read(path, Needs(texts=("p",))).texts["p"] == [f"a{separator}b", "c"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_encodings(save: Save, encoding: str) -> None:
    path = save("t.jsonl", '{"p": "é"}\n'.encode(encoding))
    assert jsonl.read(path, Needs(texts=("p",))).texts["p"] == ["é"]


@pytest.mark.parametrize(
    "torn",
    ['{"j": 1', '{"j": 1}{"j": 2}', "{'j': 1}", '{"j": "a\nb"}', "[" * 100_000, '{"j": ' + "9" * 5000 + "}", "x"],
)
def test_torn_json_is_named_by_its_line(save: Save, torn: str) -> None:
    path = save("t.jsonl", '{"j": 1}\n\n' + torn + "\n")
    with pytest.raises(InputError, match="line 3") as caught:
        jsonl.read(path, Needs(codes=("j",)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ['[{"j": 1}, {"j": 2}]', '[\n{"j": 1}\n]', '{\n"j": 1\n}'])
def test_a_json_file_that_is_no_json_lines(save: Save, text: str) -> None:
    with pytest.raises(InputError, match="one a line"):
        jsonl.read(save("t.jsonl", text), Needs(codes=("j",)))


@pytest.mark.parametrize("line", ["1", '"a"', "null"])
def test_a_line_that_is_no_object(save: Save, line: str) -> None:
    with pytest.raises(InputError, match="line 2: not a JSON object"):
        jsonl.read(save("t.jsonl", '{"j": 1}\n' + line), Needs(codes=("j",)))


def test_a_key_that_stands_twice(save: Save) -> None:
    with pytest.raises(InputError, match="line 2: an object has one key twice: got 'j'"):
        jsonl.read(save("t.jsonl", '{"j": 1}\n{"j": 1, "j": 0}\n'), Needs(codes=("j",)))


@pytest.mark.parametrize(("cell", "got"), [({"verdict": 1}, "an object"), ([1], "a list")])
def test_a_verdict_is_a_single_value(save: Save, cell: object, got: str) -> None:
    path = save("t.jsonl", [{"j": 1}, {"j": cell}])
    with pytest.raises(InputError, match="line 2") as caught:
        jsonl.read(path, Needs(codes=("j",)))
    assert got in str(caught.value)
    with pytest.raises(InputError, match="line 2"):
        jsonl.read(path, Needs(texts=("j",)))
    with pytest.raises(InputError, match="row 2"):
        jsonl.read(path, Needs(numbers=("j",)))


def test_a_missing_path_names_the_nearest(save: Save) -> None:
    path = save("t.jsonl", [{"baselines": {"gpt4": 1}, "id": 1}])
    with pytest.raises(InputError, match=r"did you mean 'baselines\.gpt4'"):
        jsonl.read(path, Needs(codes=("baselines.gpt5",)))


def test_empty_lines_are_counted_and_nothing_else_is_no_table(save: Save) -> None:
    assert jsonl.read(save("t.jsonl", '\n{"j": 1}\n \n'), Needs(codes=("j",))).left_out == {"blank_line": 2}
    with pytest.raises(InputError, match="no rows"):
        jsonl.read(save("t.jsonl", "\n\n"), Needs(codes=("j",)))


def test_numbers_of_many_kinds(save: Save) -> None:
    path = save("t.jsonl", [{"w": 1}, {"w": "0.5"}, {"w": None}, {}, {"w": float("nan")}, {"w": 2.5}])
    numbers = jsonl.read(path, Needs(numbers=("w",))).numbers["w"].tolist()
    assert [x for x in numbers if x == x] == [1, 0.5, 2.5]
    with pytest.raises(InputError, match="row 1"):
        jsonl.read(save("t.jsonl", [{"w": True}]), Needs(numbers=("w",)))


def test_a_plain_table_is_audited_by_paths(save: Save) -> None:
    path = save(
        "t.jsonl",
        [
            {"index": i, "b": {"gpt4": i % 2}, "human": 1 - i % 2, "p": "same", "meta": {"run": "a" if i else "b"}}
            for i in range(4)
        ],
    )
    request = CheckRequest.parse(judges=["b.gpt4"], humans=["human"], id="index", prompt="p", slices=["meta.run"])
    (data,) = read_table(path, request)
    assert list(data.judges) == ["b.gpt4"]
    assert data.item_ids == ["0", "1", "2", "3"]
    assert data.slices["meta.run"].names == ("a", "b")
    assert data.clusters is not None


def test_chunks_join(save: Save) -> None:
    path = save("t.jsonl", [{"j": i % 3, "i": i} for i in range(5000)])
    table = jsonl.read(path, Needs(codes=("j",), texts=("i",)))
    assert table.texts["i"][-1] == "4999"
    assert [table.codes["j"].values[c] for c in table.codes["j"].codes] == [str(i % 3) for i in range(5000)]
