"""Where a provider is and which key opens it: settled before the first call, without importing an SDK."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from judgeaudit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address and the key for it. `key` None: none is needed there."""

    url: str
    key: str | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and port where one is given; never a user name, password or path.

        Examples
        --------
        >>> Endpoint(url="http://me:pw@127.0.0.1:8080/v1").host
        '127.0.0.1:8080'
        """
        parts = urlsplit(self.url)
        return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine.

        Examples
        --------
        >>> Endpoint(url="http://localhost:11434/v1").is_loopback, Endpoint(url="https://example.org").is_loopback
        (True, False)
        """
        name = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return name == "localhost" or name.endswith(".localhost")


def endpoint(
    name: str, *, base_url: str | None, url_env: str, default_url: str, key_env: str | None, chosen: Collection[str]
) -> Endpoint:
    """The endpoint that parameters and environment describe.

    Parameters
    ----------
    name
        What the user calls this model or judge (for messages).
    base_url, url_env, default_url
        The address: as given, else from the environment variable (as the SDK itself would), else the provider's own.
    key_env
        The environment variable that holds the key; None: no key.
    chosen
        Names of the parameters that the user wrote. On this machine a key is asked for, and sent, only where the user
        named its variable, so that a provider's key never reaches some other server by default.

    Raises
    ------
    ConfigError
        The address is none or holds a password or a query, or the key is missing.
    """
    url = base_url or os.environ.get(url_env) or default_url
    where = Endpoint(url=_checked(name, url))
    if key_env is None or (where.is_loopback and "api_key_env" not in chosen):
        return where
    key = os.environ.get(key_env, "").strip()
    if not key:
        raise ConfigError(
            "no API key",
            where=name,
            expected=f"it in the environment variable {key_env}",
            next_step=f"set {key_env}, or write api_key_env: null where {where.host} needs no key",
        )
    if not key.isascii() or not key.isprintable():
        raise ConfigError("the API key holds characters that no header can", where=name, next_step=f"check {key_env}")
    return Endpoint(url=url, key=key)


def need(name: str, package: str, *, extra: str | None = None) -> None:
    """Raise `ConfigError` where a package is not installed, naming what to install; imports nothing."""
    if find_spec(package) is None:
        wanted = f"judgeaudit[{extra}]" if extra else package
        raise ConfigError(
            f"the package {package} is not installed", where=name, next_step=f"install it with: pip install '{wanted}'"
        )


def _checked(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        raise ConfigError("base_url is no address", where=name, expected="something like http://127.0.0.1:8000/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        # A fingerprint and error messages may hold the address; and the SDKs send a key in the header alone.
        raise ConfigError(
            "base_url holds more than an address",
            where=name,
            expected="no user, password, query or fragment",
            next_step="put the key into an environment variable and name it with api_key_env",
        )
    return url
