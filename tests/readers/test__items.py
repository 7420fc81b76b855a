from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.readers._codes import Encoder
from judgeaudit.readers._items import by_prompt, grouping


@given(st.lists(st.sampled_from(["a", "b", ""]), max_size=8))
@settings(max_examples=60, deadline=None)
def test_equal_prompts_are_one_cluster_and_empty_ones_alone(prompts: list[str]) -> None:
    codes, _ = by_prompt(prompts)
    if codes is None:
        named = [p for p in prompts if p]
        assert len(set(named)) == len(named)
        return
    for i, first in enumerate(prompts):
        for k, second in enumerate(prompts):
            assert (codes[i] == codes[k]) == (i == k or (first == second and first != ""))


@given(st.lists(st.sampled_from(["10", "9", "", "1"]), max_size=8))
@settings(max_examples=60, deadline=None)
def test_groups_keep_their_names(cells: list[str]) -> None:
    encoder = Encoder()
    encoder.add(cells)
    group = grouping(encoder.column())
    assert [group.names[c] if c >= 0 else "" for c in group.codes] == cells
    assert list(group.names) == sorted(set(cells) - {""}, key=float)
