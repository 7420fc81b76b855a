from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.readers._open import open_text

Save = Callable[[str, Any], Path]
TEXT = "id,jüdge\r\n1,\u2028é漢😀\n"


def read(path: Path, encoding: str | None = None) -> str:
    with open_text(path, encoding, newline="") as opened:
        return opened.text.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_tell_themselves(save: Save, encoding: str) -> None:
    assert read(save("t.csv", TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-be", b"\x00\x00\xfe\xff"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-8", b"\xef\xbb\xbf"),
    ],
)
def test_a_mark_is_no_text_with_or_without_the_flag(save: Save, encoding: str, mark: bytes) -> None:
    path = save("t.csv", mark + TEXT.encode(encoding))
    assert read(path) == TEXT
    assert read(path, encoding) == TEXT


def test_the_flag_decides(save: Save) -> None:
    assert read(save("t.csv", "1,é\n".encode("cp1252")), "cp1252") == "1,é\n"
    assert read(save("t.csv", TEXT.encode("utf-16-le")), "utf-16-le") == TEXT


def test_lone_surrogates_survive(save: Save) -> None:
    assert read(save("t.csv", b"a\xed\xa0\xbd\xed\xb8\x80b")) == "a\ud83d\ude00b"


@given(st.text(max_size=40), st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-16-be"]))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    data = ("x" + text).encode(encoding, "surrogatepass")
    path.write_bytes(data)
    with open_text(path, encoding, newline="") as opened:
        assert opened.text.read() == "x" + text
        assert opened.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("before", [0, 10, 8190, 300_000])
def test_the_first_wrong_byte_is_named(save: Save, before: int) -> None:
    path = save("t.csv", b"a" * before + "é".encode() + b"\xff\nrest")
    with pytest.raises(InputError, match="--encoding") as caught:
        read(path)
    assert f"byte {before + 2} " in str(caught.value)


def test_the_offset_counts_the_mark(save: Save) -> None:
    with pytest.raises(InputError, match="byte 5 "):
        read(save("t.csv", b"\xef\xbb\xbfab\xff"))


def test_a_character_cut_off_at_the_end_is_no_text(save: Save) -> None:
    with pytest.raises(InputError, match="byte 1 "):
        read(save("t.csv", b"a\xe2\x82"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(save: Save, encoding: str) -> None:
    with pytest.raises(InputError, match=f"--encoding {encoding}"):
        read(save("t.csv", "id,judge\n".encode(encoding)))


@pytest.mark.parametrize("encoding", ["no-such", "base64"])
def test_an_encoding_that_is_none_is_refused(save: Save, encoding: str) -> None:
    with pytest.raises(ConfigError, match=encoding):
        read(save("t.csv", "a\n"), encoding)


def test_missing_empty_and_folders_are_told_apart(save: Save, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv: no such file"):
        read(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="empty"):
        read(save("t.csv", b""))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(save: Save) -> None:
    path = save("t.csv", "a\n")
    path.chmod(0)
    with pytest.raises(InputError, match="permissions"):
        read(path)
