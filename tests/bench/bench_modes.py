"""Seconds and memory of mode detection: a hundred thousand distinct answers by the screen, and full detection beside zlib.

Run: ``python tests/bench/bench_modes.py``
"""

from __future__ import annotations

import random
import time
import tracemalloc
import zlib

from judgeaudit.modes._detect import detect, detect_many, find
from judgeaudit.modes._make import SENTENCES, WORDS

SUBJECTS = [
    "the {0}",
    "a {0}",
    "the {0} of the {1}",
    "this {0}",
    "one of the {0}s",
    "the small {0}",
    "an old {0} from the {1}",
]
VERBS = [
    "is in the {0}", "was made for the {0}", "can be used with a {0}", "should not be left in the {0}", "has a {0} on it",
    "will be there when you need the {0}", "looks like a {0}", "is the first thing you see", "comes with its own {0}",
]  # fmt: skip
ENDS = [
    "", "because it is easy to use", "and you can find it again", "if there is time", "as long as it does not rain",
    "when the work is done", "so that it will be there the next day", "before it is moved to the {0}", "in the middle of the {0}",
]  # fmt: skip


def sentence(rng: random.Random) -> str:
    """A sentence in English word order, since words in no order would be found as salad."""
    parts = (rng.choice(SUBJECTS), rng.choice(VERBS), rng.choice(ENDS))
    words = " ".join(part.format(rng.choice(WORDS), rng.choice(WORDS)) for part in parts if part)
    return words.capitalize() + rng.choice(".....?!")


def answers(rng: random.Random, n: int, length: int) -> list[str]:
    out = []
    for _ in range(n):
        parts: list[str] = []
        size = 0
        while size < length:
            parts.append(sentence(rng))
            size += len(parts[-1]) + 1
        out.append(" ".join(parts))
    return out


def timed(label: str, megabytes: float, act) -> None:  # type: ignore[no-untyped-def]
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{label:<46} {wall:7.3f} s wall  {cpu:7.3f} s of CPU  {megabytes / cpu:8.1f} MB/s of CPU")


def main() -> None:
    rng = random.Random(0)
    texts = answers(rng, 100_000, 190)
    prompts = [
        f"{rng.choice(SENTENCES)} What about the {rng.choice(WORDS)} {rng.choice(WORDS)}, number {i}?"
        for i in range(len(texts))
    ]
    size = sum(map(len, texts)) / 1e6
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} answers of {mean:.0f} characters, prompts of {sum(map(len, prompts)) / len(prompts):.0f}")
    detect("warm")
    timed("detect_many, prompts", size, lambda: detect_many(texts, prompts=prompts))
    timed("detect_many, no prompts", size, lambda: detect_many(texts))
    timed("detect_many, 100 000 equal texts", size, lambda: detect_many([texts[0]] * len(texts)))
    few = texts[:5000]
    timed("detect one by one, 5 000 of them", sum(map(len, few)) / 1e6, lambda: [detect(t, prompt="Why?") for t in few])
    timed("zlib level 6 alone, the same", sum(map(len, few)) / 1e6, lambda: [zlib.compress(t.encode(), 6) for t in few])
    long = answers(rng, 500, 4000)
    timed("detect one by one, 500 of 4 000 characters", sum(map(len, long)) / 1e6, lambda: [detect(t) for t in long])
    timed(
        "zlib level 6 alone, the same", sum(map(len, long)) / 1e6, lambda: [zlib.compress(t.encode(), 6) for t in long]
    )
    for name, text in {
        "1 MB of one sentence": "Mix the flour well. " * 50_000,
        "1 MB of one character": "!" * 1_000_000,
        "1 MB of newlines": "\n" * 1_000_000,
        "1 MB of prose": " ".join(long)[:1_000_000],
        "1 MB of prose in one line without spaces": "".join("".join(long).split())[:1_000_000],
    }.items():
        timed(name, 1.0, lambda text=text: detect(text))
    tracemalloc.start()
    find(texts, prompts=prompts)
    print(f"peak of memory beside the texts: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
