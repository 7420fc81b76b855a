"""From a path or URL to an open SQLAlchemy engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judgeaudit.errors import ConfigError, InputError, StoreError
from judgeaudit.store.failures import reported

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_DATABASES = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


@contextmanager
def connected(url: str, *, create: bool, busy_seconds: float) -> Iterator[tuple[Engine, str]]:
    """An engine for the `with` block, and the address to show: a path, or the URL without its password."""
    import sqlalchemy as sa

    address = _address(url)
    is_file = address.get_backend_name() == "sqlite"
    where = str(address.database) if is_file else address.render_as_string(hide_password=True)
    if is_file:
        _check_file(where, create=create)
    options: dict[str, Any] = {"timeout": busy_seconds} if is_file else {"connect_timeout": 10}
    try:
        engine = sa.create_engine(address, connect_args=options)
    except ImportError as error:
        raise ConfigError(
            "the driver of the store is not installed", where=where, next_step="pip install 'judgeaudit[postgres]'"
        ) from error
    if is_file:
        sa.event.listen(engine, "connect", _settle)
    try:
        with reported(where, opening=True), engine.connect():
            pass
        if is_file:
            sa.event.listen(engine, "commit", _still_there(where))
        yield engine, where
    finally:
        engine.dispose()


def _address(url: str) -> URL:
    import sqlalchemy as sa

    if "://" not in url:
        return sa.URL.create("sqlite", database=url)
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigError("the store's URL cannot be read", expected="DATABASE://USER@HOST:PORT/NAME") from None
    backend = address.get_backend_name()
    if backend not in _DATABASES or not address.database:
        raise ConfigError(
            "not a store",
            got=repr(address.render_as_string(hide_password=True)),
            expected="the path of a SQLite file, sqlite:///PATH or postgresql://USER@HOST/NAME",
        )
    return address.set(drivername=_DATABASES[backend])


def _check_file(path: str, *, create: bool) -> None:
    folder = Path(path).parent
    if not folder.is_dir():
        raise InputError("the store's folder does not exist", where=path, next_step=f"make the folder {folder}")
    if not create and not Path(path).is_file():
        raise InputError("there is no such store", where=path, next_step="check the path; `import` and `run` make one")


def _settle(connection: Any, _record: object) -> None:
    """Settings of each SQLite connection.

    The write-ahead log lets readers work while a run writes. `synchronous=FULL` syncs it at every commit: a judgement
    reported as kept survives a power cut, not only a killed process.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _still_there(path: str) -> Callable[[object], None]:
    """A check before each commit that the path still names the file that was opened.

    A deleted or replaced SQLite file goes on taking writes without any error, and all of them are lost.
    """
    opened = _identity(path)

    def check(_connection: object) -> None:
        if _identity(path) != opened:
            raise StoreError(f"{path}: the store is gone or was replaced by another file; restore it and run again")

    return check


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
