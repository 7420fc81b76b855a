"""What a database says when it fails, as one line with the right exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from judgeaudit.errors import InputError, JudgeAuditError, StoreError

_UNUSABLE_FROM_THE_START = (
    ("unable to open database file", "cannot be opened", "check that the folder exists and can be written"),
    ("readonly", "cannot be written", "check the rights of the file and its folder"),
    ("read-only", "cannot be written", "check the rights of the file and its folder"),
    ("not a database", "is no SQLite database", "name another file for the store"),
    ("malformed", "is damaged", "restore it from a copy, or name another file for the store"),
    ("does not exist", "does not exist on the server", "create the database first"),
)
_WHILE_WORKING = (
    ("locked", "is locked by another process", "wait for it to end and run again; what was done is kept"),
    ("full", "has no room left", "free some disk space and run again; what was done is kept"),
    ("No space left", "has no room left", "free some disk space and run again; what was done is kept"),
    ("unable to open database file", "is gone", "restore the folder and run again"),
    ("disk I/O error", "cannot be written", "check the disk and run again; what was done is kept"),
)


@contextmanager
def reported(where: str, *, opening: bool = False) -> Iterator[None]:
    """Turn database errors of the block into `InputError` (unusable from the start) or `StoreError` (everything else).

    Parameters
    ----------
    where
        The store's address without its password.
    opening
        The store is being opened: a file that cannot be opened is then a mistake in the input.
    """
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    try:
        yield
    except DBAPIError as error:
        raise translated(where, str(error.orig), opening=opening) from error
    except SQLAlchemyError as error:
        raise StoreError(f"{where}: {_first_line(str(error))}") from error


def translated(where: str, message: str, *, opening: bool = False) -> JudgeAuditError:
    """The project's error for a database's message.

    Examples
    --------
    >>> translated("audit.db", "database is locked")
    StoreError('audit.db: the store is locked by another process; wait for it to end and run again; what was done is kept')
    """
    if opening:
        for sign, what, next_step in _UNUSABLE_FROM_THE_START:
            if sign in message:
                return InputError(f"the store {what}", where=where, next_step=next_step)
    for sign, what, next_step in _WHILE_WORKING:
        if sign in message:
            return StoreError(f"{where}: the store {what}; {next_step}")
    return StoreError(f"{where}: the store cannot be used: {_first_line(message)}")


def _first_line(message: str) -> str:
    return " ".join(message.strip().partition("\n")[0].split())
