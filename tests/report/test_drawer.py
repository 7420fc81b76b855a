from __future__ import annotations

from collections.abc import Iterator

import pytest

from judgeaudit.report._drawer import Drawer, draw


def _spec(values: list[int]) -> dict[str, object]:
    rows = [{"x": v} for v in values]
    return {"data": {"values": rows}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}


SPECS = [_spec([1, 2]), _spec([3]), _spec([5, 8, 13])]


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    one = Drawer()
    yield one
    one.close()


def test_the_other_process_draws_the_same_in_the_same_order(drawer: Drawer) -> None:
    assert drawer.begin(SPECS).result() == draw(SPECS)
    assert drawer.begin(SPECS[::-1]).result() == draw(SPECS)[::-1]


def test_nothing_to_draw_asks_nobody(drawer: Drawer) -> None:
    assert drawer.begin([]).result() == []


def test_a_process_that_died_is_replaced_by_this_one() -> None:
    one = Drawer()
    assert one._process is not None
    one._process.kill()
    one._process.wait()
    assert one.begin(SPECS).result() == draw(SPECS)
    one.close()


def test_a_closed_drawer_draws_here_and_may_be_closed_again() -> None:
    one = Drawer()
    one.close()
    assert one.begin(SPECS[:1]).result() == draw(SPECS[:1])
    one.close()


def test_what_is_no_chart_is_refused_as_it_is_here(capfd: pytest.CaptureFixture[str]) -> None:
    one = Drawer()
    with pytest.raises(ValueError, match="Vega-Lite"):
        one.begin([{"mark": {"type": "no such mark"}, "data": 1}]).result()
    one.close()
    capfd.readouterr()
