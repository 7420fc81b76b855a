from __future__ import annotations

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.models._endpoint import Endpoint, endpoint, need


def at(base_url: str | None = None, key_env: str | None = "SOME_KEY", chosen: tuple[str, ...] = ()) -> Endpoint:
    return endpoint(
        "m", base_url=base_url, url_env="SOME_URL", default_url="https://example.org/v1", key_env=key_env, chosen=chosen
    )


def test_address_as_given_else_of_the_environment_else_the_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "k")
    monkeypatch.delenv("SOME_URL", raising=False)
    assert at().host == "example.org"
    monkeypatch.setenv("SOME_URL", "https://proxy.example:8443/v1")
    assert at().host == "proxy.example:8443"
    assert at("http://[::1]:9/v1").host == "::1:9"


@pytest.mark.parametrize("key", ["", "   ", "with\nnewline", "naïve"])
def test_a_key_that_is_none(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", key)
    with pytest.raises(ConfigError, match="SOME_KEY") as caught:
        at("https://example.org/v1")
    assert caught.value.exit_code == 2
    assert not key.strip() or key not in str(caught.value)


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", " secret\n")
    made = at("https://example.org/v1")
    assert made.key == "secret"
    assert "secret" not in repr(made)


@pytest.mark.parametrize(
    "url", ["https://user:word@h.example/v1", "https://h.example/v1?key=word", "https://h.example/#word"]
)
def test_an_address_with_a_secret_is_refused_and_the_secret_not_shown(url: str) -> None:
    with pytest.raises(ConfigError, match="api_key_env") as caught:
        at(url, key_env=None)
    assert ":word" not in str(caught.value)
    assert url not in str(caught.value)
    assert "word" not in Endpoint(url=url).host


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1/v1", True), ("http://127.8.0.1", True), ("http://[::1]:5", True), ("http://localhost:2", True),
        ("http://localhost.evil.example", False), ("http://10.0.0.1", False), ("https://api.openai.com/v1", False),
    ],
)  # fmt: skip
def test_this_machine(url: str, loopback: bool) -> None:
    assert Endpoint(url=url).is_loopback is loopback


def test_a_package_that_is_not_there() -> None:
    need("m", "json")
    with pytest.raises(ConfigError, match="no_such_package"):
        need("m", "no_such_package")
    with pytest.raises(ConfigError, match=r"judgeaudit\[local\]"):
        need("m", "no_such_package", extra="local")
