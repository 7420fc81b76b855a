from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import InputError
from judgeaudit.model import as_value
from judgeaudit.readers._codes import ABSENT, Cells, Encoder

CELLS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 2.5, "1", "1.0", "true", "", "NA"])


@given(st.lists(st.lists(CELLS | st.just(ABSENT), max_size=6), max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_column_says_what_its_cells_say(chunks: list[list[object]]) -> None:
    encoder = Encoder()
    for chunk in chunks:
        encoder.add_any(chunk)
    column = encoder.column()
    cells = [cell for chunk in chunks for cell in chunk]
    expected = [-1 if cell is ABSENT else -2 if as_value(cell) is None else as_value(cell) for cell in cells]
    assert [column.values[c] if c >= 0 else int(c) for c in column.codes] == expected
    assert column.used == {e for e in expected if isinstance(e, str)}
    assert sum(column.counts().values()) == sum(isinstance(e, str) for e in expected)


def test_values_are_renamed_joined_or_made_missing() -> None:
    encoder = Encoder()
    encoder.add(["a", "b", "c", ""])
    column = encoder.column().renamed({"a": "x", "b": "x", "c": ""})
    assert column.values == ("x",)
    assert column.codes.tolist() == [0, 0, -2, -2]


def test_an_object_is_named_by_its_row() -> None:
    encoder = Encoder("column 'j'")
    encoder.add_any([1, 2])
    with pytest.raises(InputError, match="column 'j', row 4"):
        encoder.add_any([1, {"a": 1}])


def test_sparse_cells_fill_a_column() -> None:
    cells = Cells()
    for row, raw in [(3, 1), (1, None), (4, "1")]:
        cells.add(row, raw)
    cells.flush()
    cells.add(0, 0)
    column, twice = cells.column(6)
    assert [column.values[c] if c >= 0 else int(c) for c in column.codes] == ["0", -2, -1, "1", "1", -1]
    assert twice is None
    cells.add(1, 1)
    assert cells.column(6)[1] == 1
