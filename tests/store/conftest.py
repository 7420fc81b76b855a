"""Each test of the store runs on a SQLite file and on a real PostgreSQL server started for the session."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _folder_of_postgres() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    binaries = _folder_of_postgres()
    if binaries is None:
        pytest.skip("no PostgreSQL server binary on this machine")
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    folder = tempfile.mkdtemp(prefix="judgeaudit-postgres-")
    # The server refuses to run as root; its folder must then belong to the account it runs under.
    as_account: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_account = ["su", "postgres", "-s", "/bin/sh", "-c"]
    port = _free_port()

    def run(command: str) -> None:
        line = [*as_account, command] if as_account else ["/bin/sh", "-c", command]
        subprocess.run(line, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run(f"{binaries}/initdb -D {folder}/data -A trust -U postgres --no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(f"{binaries}/pg_ctl -D {folder}/data -w -o '{options}' -l {folder}/log start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(f"{binaries}/pg_ctl -D {folder}/data -w -m immediate stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return str(tmp_path / "audit.db")
    url: str = request.getfixturevalue("postgres_url")
    import sqlalchemy as sa

    from judgeaudit.store.schema import tables

    engine = sa.create_engine(url)
    tables().metadata.drop_all(engine)
    engine.dispose()
    return url
