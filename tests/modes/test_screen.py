"""The screen lets no text pass that a detector would hit: many at once is the same as one by one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.errors import InputError
from judgeaudit.modes._detect import COHERENCES, all_modes, detect, detect_many, find
from judgeaudit.modes._make import SENTENCES, WORDS
from tests.modes.hard_negatives import SOUND
from tests.modes.test_generators import BASES, PROMPT

PIECES = ["qzv", "the", "<|im_end|>", "User:", "\nHuman:", "<0x0A>", "\x00", "ß", "Ã©", "\u212a", "ſ", "it"]
FINISH = (None, "stop", "length", "max_tokens")


def same(responses: list[str], prompts: list[str | None], finish: list[str | None]) -> None:
    many = find(responses, prompts=prompts, finish_reasons=finish)
    for i, (text, prompt, reason) in enumerate(zip(responses, prompts, finish, strict=True)):
        one = detect(text, prompt=prompt, finish_reason=reason)
        assert many.hits.get(i, ()) == one.hits, (text[:300], prompt)
        assert many.coherence(i) == one.coherence, (text[:300], prompt)
        assert {name for name, column in many.columns.modes.items() if column[i]} == {hit.mode for hit in one.hits}


def test_salads_of_few_words() -> None:
    rng = random.Random(5)
    salads = [m for m in all_modes() if m.name in ("word_salad", "function_word_salad", "shuffled_words")]
    texts = [
        " ".join(rng.choice(salads).generate(rng, base="", prompt="", dose=1.0).split()[: rng.randint(6, 19)])
        for _ in range(400)
    ]
    found = find(texts).columns
    assert 80 < int((found.coherence == COHERENCES.index("degenerate")).sum()) < 320
    same(texts, [None] * len(texts), [None] * len(texts))
    joined = [text + rng.choice([" qzv", "\nqzv", "", "\u00e9", " "]) for text in texts]
    same(joined, [None] * len(texts), [None] * len(texts))


def test_generated_texts_at_all_doses() -> None:
    rng = random.Random(7)
    texts = [
        mode.generate(rng, base=rng.choice((*BASES, "")), prompt=PROMPT, dose=rng.choice((0.05, 0.2, 0.5, 0.9, 1.0)))
        for mode in all_modes()
        for _ in range(60)
    ]
    prompts: list[str | None] = [rng.choice((None, PROMPT, "Почему летит воздушный змей?", "")) for _ in texts]
    same(texts, prompts, [rng.choice(FINISH) for _ in texts])


def test_sound_texts() -> None:
    same([t for _, _, t in SOUND], [p for _, p, _ in SOUND], [None] * len(SOUND))
    same([t for _, _, t in SOUND], [PROMPT] * len(SOUND), ["stop"] * len(SOUND))


def test_texts_cut_from_others_and_glued_together() -> None:
    """Pieces of sound and generated texts in any order, so that signals fall on the edges of what is found."""
    rng = random.Random(11)
    pool = [t for _, _, t in SOUND] + [
        m.generate(rng, base=BASES[0], prompt=PROMPT, dose=1.0) for m in all_modes() for _ in range(4)
    ]
    texts = []
    for _ in range(1500):
        parts = []
        for _ in range(rng.randint(1, 4)):
            text = rng.choice(pool)
            start = rng.randint(0, max(0, len(text) - 1))
            parts.append(text[start : start + rng.choice((3, 12, 40, 120))] * rng.choice((1, 1, 1, 2, 5)))
        texts.append(rng.choice(("", " ", "\n", "\u00a0")).join(parts))
    prompts: list[str | None] = [rng.choice((None, rng.choice(texts)[:80], PROMPT)) for _ in texts]
    same(texts, prompts, [None] * len(texts))


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 9, 19, 20, 21, 30])
def test_repetition_at_the_thresholds(count: int) -> None:
    rng = random.Random(count)
    units = [
        "a",
        "na",
        "fine",
        "!",
        "0",
        "|",
        "-",
        "é",
        "漢",
        "the hill",
        "Stop it.",
        "😀",
        "{}",
        "aab",
        "I\u00a0am",
        "x" * 19,
    ]
    texts = [joint.join([unit] * count) for unit in units for joint in ("", " ", "\n", "  ", ", ", "\t")]
    texts += [" ".join([rng.choice(SENTENCES) + " " + rng.choice(WORDS)] * count) for _ in range(20)]
    texts += [f"{BASES[1]} {text}" for text in texts[:60]] + [f"{text} {BASES[2]}" for text in texts[:60]]
    same(texts, [None] * len(texts), [None] * len(texts))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=120),
            st.text(alphabet=st.characters(codec=None, categories=("Cs", "Cc", "Cf", "Lu", "Ll", "Po")), max_size=60),
            st.text(alphabet="ab \n!", max_size=200),
            st.lists(
                st.sampled_from(PIECES),
                max_size=40,
            ).map(" ".join),
        ),
        min_size=1,
        max_size=8,
    ),
    st.one_of(st.none(), st.text(max_size=60), st.sampled_from([PROMPT, "the it the it the it"])),
)
def test_random_texts(responses: list[str], prompt: str | None) -> None:
    same(responses, [prompt] * len(responses), [None] * len(responses))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abc dé?ß_’A\n", max_size=80), st.integers(0, 3), st.text(alphabet="xy zÉ.", max_size=40))
def test_random_echoes(prompt: str, copies: int, rest: str) -> None:
    texts = [f"{' '.join([prompt] * copies)} {rest}", prompt.upper() + rest, prompt.replace(" ", "  ") * copies]
    same(texts, [prompt] * len(texts), ["stop"] * len(texts))


def test_order_and_company_do_not_matter() -> None:
    texts = [t for _, _, t in SOUND[:40]] + ["!" * 40, "", "word " * 30, "\ud800"]
    alone = [COHERENCES[int(detect_many([t]).coherence[0])] for t in texts]
    backwards = detect_many(texts[::-1] + texts)
    n = len(texts)
    assert [COHERENCES[c] for c in backwards.coherence[n:].tolist()] == alone
    assert [COHERENCES[c] for c in backwards.coherence[:n][::-1].tolist()] == alone


def test_no_texts_and_wrong_lengths() -> None:
    assert detect_many([]).coherence.size == 0
    with pytest.raises(InputError, match="2"):
        detect_many(["a", "b"], prompts=["p"])


def test_few_sound_answers_need_a_closer_look() -> None:
    from judgeaudit.modes._screen import screen

    rng = random.Random(5)
    texts = [" ".join(rng.sample(SENTENCES, 6)) for _ in range(300)]
    seen = screen(texts, ["Tell me about it, please."] * len(texts), None)
    assert (seen.signals > 0).mean() < 0.2
    assert (seen.assessable == 1).all()
