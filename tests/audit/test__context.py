"""What every part of an audit looks at, worked out once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.audit._context import Options, make_context
from judgeaudit.model import Rubric
from judgeaudit.table import AuditInput, Grouping, ModeColumns, Ratings

WORDS = ("tea", "salt", "rope", "", "tea ", "a longer answer")


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.sampled_from(WORDS) | st.text(max_size=2), min_size=1, max_size=40), data=st.data())
def test_distinct_texts_of_any_items_of_any_slice_are_those_of_a_set(texts: list[str], data: st.DataObject) -> None:
    n = len(texts)
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), dtype=np.int32)
    used = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    loops = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    context = make_context(
        AuditInput(
            rubric=Rubric(name="harm", values=("0", "1"), positive=("1",)),
            item_ids=[str(i) for i in range(n)],
            responses=texts,
            judges={"j": (Ratings(name="j", codes=np.zeros(n, dtype=np.int32)),)},
            modes=ModeColumns(modes={"word_loop": loops}, coherence=loops.astype(np.int8)),
            slices={"run": Grouping(codes=groups, names=["a", "b", "c"])},
        ),
        Options(verify=False),
    )
    assert {"all"} < {part.name for part in context.slices}
    for part in context.slices:
        expected = len({texts[i] for i in part.items.tolist() if used[i]})
        assert context.distinct(part, used[part.items]) == expected


def test_without_texts_there_are_no_distinct_ones() -> None:
    data = AuditInput(rubric=Rubric(name="harm", values=("0", "1"), positive=("1",)), item_ids=["a", "b"])
    context = make_context(data, Options(verify=False))
    assert context.distinct(context.slices[0], np.array([True, False])) is None
