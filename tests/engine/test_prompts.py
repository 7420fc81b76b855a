from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.engine import Prompt
from judgeaudit.engine.prompts import read_prompts
from judgeaudit.errors import InputError


def _read(folder: Path, name: str, content: str | bytes) -> list[Prompt]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_prompts(path)


def test_lines_of_text(tmp_path: Path) -> None:
    got = _read(tmp_path, "p.txt", "Say tea.\r\n\n  Say NA.  \n\u2028x")
    assert got == [
        Prompt(id="1", text="Say tea."),
        Prompt(id="3", text="  Say NA.  "),
        Prompt(id="4", text="\u2028x"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv", 'id,prompt,topic\na,"Say ""tea"",\nplease.",drinks\nb,null,\n'),
        ("p.tsv", 'id\tprompt\ttopic\na\t"Say ""tea"",\nplease."\tdrinks\nb\tnull\t\n'),
        (
            "p.jsonl",
            '{"id": "a", "prompt": "Say \\"tea\\",\\nplease.", "topic": "drinks"}\n\n{"id": "b", "prompt": "null", "topic": ""}',
        ),
    ],
)
def test_rows_keep_ids_and_other_columns(tmp_path: Path, name: str, content: str) -> None:
    assert _read(tmp_path, name, content) == [
        Prompt(id="a", text='Say "tea",\nplease.', meta={"topic": "drinks"}),
        Prompt(id="b", text="null", meta={"topic": ""}),
    ]


def test_marks_of_byte_order_and_lone_surrogates_are_read(tmp_path: Path) -> None:
    assert _read(tmp_path, "p.csv", "\ufeffprompt\nSay tea.\n")[0].text == "Say tea."
    assert _read(tmp_path, "q.csv", "prompt\nSay tea.\n".encode("utf-16"))[0].text == "Say tea."
    assert _read(tmp_path, "r.jsonl", '{"prompt": "\\ud800\\u0000"}')[0].text == "\ud800\x00"


def test_a_very_long_prompt_is_read(tmp_path: Path) -> None:
    assert len(_read(tmp_path, "p.csv", f"prompt\n{'x' * 1_000_000}\n")[0].text) == 1_000_000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.txt", "\n \n", "no prompts"),
        ("p.csv", "prompt\n", "no rows"),
        ("p.csv", "promt,id\nx,1\n", "'promt'"),
        ("p.csv", "id,prompt\n1,a,b\n", "line 2"),
        ("p.csv", 'id,prompt\n1,"a\n', "line"),
        ("p.csv", "id,prompt\n1,a\n1,b\n", "'1'"),
        ("p.jsonl", '{"prompt": "a"}\n{"prompt": ', "line 2"),
        ("p.jsonl", '["a"]', "list"),
        ("p.jsonl", '{"prompt": 3}', "3"),
        ("p.jsonl", b'{"prompt": "\xff"}', "byte 12"),
        ("p.pdf", "x", r"\.pdf"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: str | bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        _read(tmp_path, name, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt"):
        read_prompts(tmp_path / "none.txt")
