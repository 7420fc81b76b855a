"""What is Anthropic's own; what holds for both wires is tested in test_openai.py."""

from __future__ import annotations

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.judges import anthropic
from judgeaudit.judges._judge import CallJudge

URL = "http://127.0.0.1:82"


def test_host_and_kind() -> None:
    made = anthropic.build("j", anthropic.Params(model="m", base_url=URL))
    assert isinstance(made, CallJudge)
    assert (made.name, made.kind, made.host) == ("j", "anthropic", "127.0.0.1:82")


def test_a_temperature_that_the_wire_does_not_take_is_refused_before_any_call() -> None:
    with pytest.raises(ConfigError, match=r"1\.5"):
        anthropic.build("j", anthropic.Params(model="m", base_url=URL, temperature=1.5))
    anthropic.build("j", anthropic.Params(model="m", base_url=URL, temperature=1))


def test_a_missing_key_is_told_before_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match="ANTHROPIC_API_KEY"):
        anthropic.build("j", anthropic.Params(model="m"))
