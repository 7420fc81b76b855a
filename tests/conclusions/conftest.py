from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.conclusions import CapabilityColumns, Columns, Conclusions, Settings, from_file
from judgeaudit.readers import CheckRequest
from tests.conclusions import synthetic


def draw(table: Path, capability: Path | None, settings: Settings | None = None) -> Conclusions:
    return from_file(
        table,
        CheckRequest.make(rubric="breach"),
        capability=capability,
        columns=Columns(),
        capability_columns=CapabilityColumns(),
        settings=settings or Settings(targets={"": 0.6}, draws=200),
    )


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Conclusions:
    table, capability = synthetic.write(tmp_path_factory.mktemp("study"))
    return draw(table, capability)
