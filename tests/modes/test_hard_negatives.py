"""Sound answers that look like a mode are never called degenerate, alone, in a batch, or with another prompt."""

from __future__ import annotations

import pytest

from judgeaudit.modes._detect import all_modes, detect, detect_many
from tests.modes.hard_negatives import COHERENT, SOUND, UNKNOWN


@pytest.mark.parametrize(("name", "prompt", "text"), SOUND, ids=[name for name, _, _ in SOUND])
def test_sound_answers_are_not_degenerate(name: str, prompt: str | None, text: str) -> None:
    found = detect(text, prompt=prompt)
    assert found.coherence != "degenerate", found
    if name in COHERENT:
        assert found.coherence == "coherent"
    if name in UNKNOWN:
        assert found.coherence == "unknown"


def test_sound_answers_have_hardly_any_hit_of_a_degenerate_mode() -> None:
    degenerate = {mode.name for mode in all_modes() if mode.degenerate}
    weak = {
        name: [h.mode for h in detect(text, prompt=prompt).hits if h.mode in degenerate] for name, prompt, text in SOUND
    }
    assert {name: modes for name, modes in weak.items() if modes} == {
        "bare code": ["single_token_flood", "word_loop"],
        "lexer": ["character_noise"],
        "english to japanese question": ["wrong_language"],
    }


def test_names_of_expectations_exist() -> None:
    names = [name for name, _, _ in SOUND]
    assert len(set(names)) == len(names)
    assert set(names) >= COHERENT | UNKNOWN


def test_batch_equals_one_by_one() -> None:
    columns = detect_many([t for _, _, t in SOUND], prompts=[p for _, p, _ in SOUND])
    expected = [detect(text, prompt=prompt) for _, prompt, text in SOUND]
    assert [("coherent", "degenerate", "unknown")[c] for c in columns.coherence.tolist()] == [
        d.coherence for d in expected
    ]


def test_what_was_asked_for_is_degenerate_when_it_was_not() -> None:
    """The same texts under a prompt that asks for nothing of the kind."""
    for name in ("repeat", "repeat lines", "repeat symbol", "cipher", "googol"):
        text = next(text for n, _, text in SOUND if n == name)
        assert detect(text, prompt="Why is the sky blue?").coherence == "degenerate", name


def test_a_requested_repetition_has_a_bound() -> None:
    assert detect("lantern " * 5000, prompt="Repeat the word lantern 20 times.").coherence == "degenerate"
