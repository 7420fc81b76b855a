"""Damage is found wherever it stands, the last window included, and a megabyte takes linear time."""

from __future__ import annotations

import random
import time

import pytest

from judgeaudit.modes import character_noise, word_loop
from judgeaudit.modes._detect import detect
from judgeaudit.modes._make import WORDS

LIMIT_S = 12.0
"""Seconds a megabyte may take on a loaded machine; quadratic work would take hours."""


def prose(rng: random.Random, length: int) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        things, place = " ".join(rng.sample(WORDS, 5)), rng.choice(WORDS)
        parts.append(f"The {things} and the {rng.choice(WORDS)} {rng.randint(10, 99)} are in the {place}.")
    return " ".join(parts)


@pytest.mark.parametrize("length", [300, 3_000, 30_000])
@pytest.mark.parametrize("mode", [character_noise.MODE, word_loop.MODE], ids=lambda m: m.name)
def test_a_tail_in_the_last_window_is_found(mode, length: int) -> None:  # type: ignore[no-untyped-def]
    for seed in range(8):
        rng = random.Random(seed)
        head = prose(rng, length)
        tail = mode.generate(rng, base="x" * 90, prompt="", dose=1.0)
        found = detect(f"{head} {tail}")
        names = {hit.mode for hit in found.hits}
        assert {"gibberish_tail", mode.name} <= names
        assert found.coherence == "degenerate"
        span = next(hit.spans[-1] for hit in found.hits if hit.mode == "gibberish_tail")
        assert abs(span[0] - len(head)) <= 60
        assert span[1] >= len(head) + len(tail) - 40
        assert detect(head).coherence == "coherent"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_long_loop_is_found_at_the_start_in_the_middle_and_at_the_end(place: int) -> None:
    rng = random.Random(place)
    parts = [prose(rng, 4000), prose(rng, 4000)]
    loop = "Mix the flour well. " * 15
    parts.insert(place, loop)
    text = " ".join(parts)
    found = detect(text)
    hit = next(hit for hit in found.hits if hit.mode in {"word_loop", "sentence_loop"})
    start, end = hit.spans[0]
    assert abs(start - text.index("Mix the flour")) <= 2
    assert end - start == pytest.approx(len(loop), abs=20)
    assert found.coherence == "degenerate"


BIG = {
    "a loop": "Mix the flour well. " * 50_000,
    "a loop in one word": "abcdefghijk" * 91_000,
    "one character": "!" * 1_000_000,
    "newlines": "\n" * 1_000_000,
    "spaces in words": "a b" + " " * 999_990 + "c d",
    "one line": prose(random.Random(1), 1_000_000),
    "one word": "".join(random.Random(2).choices("abcdefghijklmnopqrstuvwxyz", k=1_000_000)),
    "random bytes as text": "".join(map(chr, random.Random(3).choices(range(33, 127), k=1_000_000))),
    "special tokens": "<|im_end|>" * 100_000,
    "open markers": "<|" * 500_000,
    "backticks": "`" * 1_000_000,
    "lines of roles": "User: a\nAssistant: b\n" * 50_000,
    "lines of hashes": "# > * \n" * 150_000,
    "double encoded": "Ã©" * 500_000,
    "mixed scripts": "sea море 海 " * 90_000,
    "bidirectional marks": "a\u202e" * 500_000,
    "lone surrogates": "\ud800" * 1_000_000,
    "equal signs": "= " * 500_000,
}


@pytest.mark.parametrize("name", BIG)
def test_a_megabyte_takes_linear_time(name: str) -> None:
    start = time.process_time()
    found = detect(BIG[name], prompt="Why is the sky blue on a clear day?")
    assert time.process_time() - start < LIMIT_S
    if name == "one line":
        assert found.coherence == "coherent"
    elif name not in {"spaces in words", "lines of hashes"}:
        assert found.coherence == "degenerate"
    assert all(len(hit.spans) <= 50 for hit in found.hits)
