from __future__ import annotations

import random
import re

import pytest

from judgeaudit.model import Output, Rubric
from judgeaudit.probes._make import ATTACK, DECORATION, Design, all_kinds, is_probe, make
from judgeaudit.probes._probe import Base, ProbeKind, Scene

RUBRIC = Rubric(name="harm", values=("no", "yes"), positive=("yes",))
TEXT = "The cart is by the mill.\nIt was painted blue in May, and it has two wheels."


def _base(number: int = 1, positive: bool = False) -> Base:
    output = Output(item_id=f"i{number}", prompt=f"Where is cart {number}?", response=f"{TEXT} Its number is {number}.")
    return Base(output=output, value="yes" if positive else "no", positive=positive, kind="construction")


def _texts(kind: ProbeKind, base: Base) -> dict[str, str]:
    target = "no" if base.positive else "yes"
    return {
        name: edit(random.Random(3), Scene(base=base, rubric=RUBRIC, target=target))
        for name, edit in kind.edits.items()
    }


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


@pytest.mark.parametrize("kind", [k for k in all_kinds() if k.role in {DECORATION, ATTACK}], ids=lambda k: k.name)
def test_decorations_and_attacks_keep_every_word_and_change_the_text(kind: ProbeKind) -> None:
    base = _base()
    for name, text in _texts(kind, base).items():
        assert text != base.output.response, name
        words = [_bare(word) for word in base.output.response.split()]
        assert re.search(".*".join(map(re.escape, words)), _bare(text), re.DOTALL), name


@pytest.mark.parametrize("kind", [k for k in all_kinds() if k.role == "pure"], ids=lambda k: k.name)
def test_pure_kinds_leave_nothing(kind: ProbeKind) -> None:
    for text in _texts(kind, _base()).values():
        assert not set(re.findall(r"\w+", text.casefold())) & set(re.findall(r"\w+", TEXT.casefold()))


@pytest.mark.parametrize("kind", [k for k in all_kinds() if k.role == ATTACK], ids=lambda k: k.name)
def test_an_attack_asks_for_the_other_side(kind: ProbeKind) -> None:
    asked = [_texts(kind, _base(positive=side)) for side in (False, True)]
    named = [{n: set(re.findall(r"\b(yes|no)\b", t)) for n, t in texts.items()} for texts in asked]
    assert any("yes" in words for words in named[0].values())
    assert any(words == {"no"} for words in named[1].values())


def test_probes_are_seeded_and_no_kind_moves_another() -> None:
    bases = [_base(1), _base(2, positive=True)]
    whole = make(bases, RUBRIC, Design(seed=4))
    assert [o.hash for o in whole.plain] == [o.hash for o in make(bases, RUBRIC, Design(seed=4)).plain]
    alone = make(bases, RUBRIC, Design(seed=4, only=frozenset({"casing", "word_loop"})))
    same = {o.item_id: o.hash for o in whole.plain}
    assert all(same[o.item_id] == o.hash for o in alone.plain)
    other = {o.item_id: o.hash for o in make(bases, RUBRIC, Design(seed=5)).plain}
    assert other.keys() == same.keys()
    assert other != same


def test_every_probe_says_what_it_is() -> None:
    made = make([_base()], RUBRIC, Design(doses=(0.5, 1.0), retests=3))
    outputs = [*made.plain, *made.worded]
    assert len({o.item_id for o in outputs}) == len(outputs)
    assert all(is_probe(o) and o.meta["base"] == "i1" and o.prompt == "Where is cart 1?" for o in outputs)
    assert sum(o.meta["probe"] == "retest" and o.response == _base().output.response for o in outputs) == 3
    assert {o.meta["dose"] for o in outputs if o.meta["probe"] == "dose"} == {0.5, 1.0}
    assert not is_probe(_base().output)


def test_a_decoration_that_changes_nothing_is_not_made() -> None:
    flat = Output(item_id="a", prompt="?", response="one line of text")
    made = make([Base(output=flat, value="no", positive=False, kind="human")], RUBRIC, Design())
    assert {o.meta["variant"] for o in made.plain if o.meta["probe"] == "layout"} == set()


def test_rewordings_offer_the_same_values_and_translate_back() -> None:
    rubric = Rubric(name="h", values=("0", "1", "2"), positive=("2",), cannot_judge="x", descriptions={"2": "bad"})
    made = make([_base()], rubric, Design())
    assert {o.response for o in made.worded} == {_base().output.response}
    for put in made.rewordings.values():
        assert {put.back.get(v, v) for v in put.rubric.offered} == set(rubric.offered)
        assert [put.back.get(v, v) for v in put.rubric.positive] == ["2"]
        assert put.rubric.version != rubric.version
