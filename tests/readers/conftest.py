from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

Save = Callable[[str, Any], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a file: text as UTF-8, bytes as they are, a list of objects as JSON Lines."""

    def write(name: str, content: str | bytes | Iterable[Mapping[str, Any]]) -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        if not isinstance(content, bytes):
            content = "".join(json.dumps(line) + "\n" for line in content).encode()
        path.write_bytes(content)
        return path

    return write


DATASETS = Path(__file__).parents[3] / "shared" / "datasets"


@pytest.fixture
def datasets() -> Path:
    """The folder of released data sets beside the project."""
    if not DATASETS.is_dir():
        pytest.skip("the released data sets are not beside the project")
    return DATASETS
