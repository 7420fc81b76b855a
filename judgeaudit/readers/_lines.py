"""JSON Lines: one object a line, each mistake named by its line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from judgeaudit.errors import InputError
from judgeaudit.readers._open import Opened, open_text
from judgeaudit.readers._table import shown


class Lines:
    """The objects of an open file; `blank` counts lines without one, `sha256` is known at the end."""

    def __init__(self, name: str, opened: Opened) -> None:
        self.name = name
        self.blank = 0
        self._opened = opened

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, in hex."""
        return self._opened.sha256

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        decode = json.JSONDecoder(object_pairs_hook=_object).decode
        for line, text in enumerate(self._opened.text, 1):
            try:
                record = decode(text)
            except (ValueError, RecursionError) as error:
                if not text.strip():
                    self.blank += 1
                    continue
                raise self._torn(line, text, error) from None
            if type(record) is not dict:
                raise self._no_object(line, record)
            yield line, record

    def _torn(self, line: int, text: str, error: Exception) -> InputError:
        if isinstance(error, _TwiceError):
            return InputError(
                "an object has one key twice",
                where=f"{self.name}, line {line}",
                got=shown(str(error)),
                expected="distinct keys",
            )
        what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        place = f", column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        whole = line == 1 and text.strip() in ("{", "[")
        return InputError(
            "torn JSON",
            where=f"{self.name}, line {line}{place}",
            got=what,
            expected="one whole object a line",
            next_step="write the objects of the JSON file one a line" if whole else "",
        )

    def _no_object(self, line: int, record: object) -> InputError:
        return InputError(
            "not a JSON object",
            where=f"{self.name}, line {line}",
            got=type(record).__name__,
            expected="one object a line",
            next_step="write the objects of the array one a line" if isinstance(record, list) else "",
        )


@contextmanager
def open_lines(path: Path, encoding: str | None) -> Iterator[Lines]:
    """Open a file of JSON Lines. Only a line feed ends a line: judged text may hold other separators."""
    with open_text(path, encoding, newline="\n") as opened:
        yield Lines(path.name, opened)


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError(next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1))
    return found
