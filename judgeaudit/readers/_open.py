"""Files as text: encodings told by a byte order mark or by the user, and the hash of what was read."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from judgeaudit.errors import ConfigError, InputError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHUNK = 1 << 20


class _Hashing(io.RawIOBase):
    """A raw file that hashes what passes through it, so that the hash is of the very bytes that were read."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer, as RawIOBase means
        count: int = self._raw.readinto(buffer)  # type: ignore[attr-defined]  # BinaryIO is typed without it
        self.hash.update(memoryview(buffer)[:count])
        return count


@dataclass(frozen=True, slots=True)
class Opened:
    """A file open as text; `sha256` is complete once the text was read to its end."""

    text: TextIO
    raw: _Hashing

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, in hex."""
        return self.raw.hash.hexdigest()


@contextmanager
def open_text(path: Path, encoding: str | None, *, newline: str) -> Iterator[Opened]:
    """Open a file as text: UTF-8 (lone surrogates kept), UTF-16 or UTF-32 by their byte order mark, or `encoding`.

    Parameters
    ----------
    newline
        As in `open`: "" keeps line ends and splits at any of them, "\\n" splits only there.

    Raises
    ------
    InputError
        The file is missing, empty, or not text in that encoding (with the place of the first wrong byte).
    ConfigError
        The encoding is unknown.
    """
    with open_bytes(path) as binary:
        head = binary.read(64)
        if not head:
            raise InputError("the file is empty", where=path.name, expected="a table")
        chosen, skip = _encoding(path, head, encoding)
        binary.seek(0)
        raw = _Hashing(binary)
        buffered = io.BufferedReader(raw, 1 << 18)
        buffered.read(skip)
        with io.TextIOWrapper(buffered, chosen, errors="surrogatepass", newline=newline) as text:
            try:
                yield Opened(text, raw)
            except UnicodeError as error:
                raise _undecodable(path, chosen, skip, error) from None


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file's bytes, with the usual failures as one line."""
    try:
        with path.open("rb", buffering=0) as binary:
            yield binary
    except FileNotFoundError:
        raise InputError("no such file", where=path.name, next_step="check the path") from None
    except IsADirectoryError:
        raise InputError("a folder, not a file", where=path.name, expected="a table") from None
    except PermissionError:
        raise InputError("the file may not be read", where=path.name, next_step="check its permissions") from None


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with open_bytes(path) as binary:
        while chunk := binary.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _encoding(path: Path, head: bytes, asked: str | None) -> tuple[str, int]:
    """The encoding to decode with, and the length of the byte order mark to pass over."""
    if asked is None:
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding, len(mark)
        if len(head) >= 4 and not any(head[1::2]) and all(head[::2]):
            raise InputError(
                "not UTF-8 text: every second byte is zero", where=path.name, next_step="try --encoding utf-16-le"
            )
        if len(head) >= 4 and not any(head[::2]) and all(head[1::2]):
            raise InputError(
                "not UTF-8 text: every second byte is zero", where=path.name, next_step="try --encoding utf-16-be"
            )
        return "utf-8", 0
    try:
        name = codecs.lookup(asked).name
        "".encode(name)
    except LookupError:
        raise ConfigError(
            "unknown text encoding", got=repr(asked), expected="one that Python knows, such as utf-8, utf-16, cp1252"
        ) from None
    skip = next((len(mark) for mark, own in _MARKS if own == name and head.startswith(mark)), 0)
    return name, skip


def _undecodable(path: Path, encoding: str, skip: int, error: UnicodeError) -> InputError:
    offset = _first_wrong(path, encoding, skip)
    return InputError(
        f"not text in {encoding}",
        where=path.name,
        got=f"byte {offset} (counted from 0)" if offset is not None else str(error),
        next_step="name the file's encoding with --encoding, such as cp1252 or utf-16",
    )


def _first_wrong(path: Path, encoding: str, skip: int) -> int | None:
    """Offset of the first byte that cannot be decoded; found by reading again, since buffers hide it the first time."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogatepass")
    done = skip
    with open_bytes(path) as binary:
        binary.seek(skip)
        while True:
            chunk = binary.read(_CHUNK)
            done += len(chunk)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done - len(error.object) + error.start
            except UnicodeError:
                return None
            if not chunk:
                return None
