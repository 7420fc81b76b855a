"""How long tables take to read, and how much memory: `python tests/bench/bench_readers.py`.

Each case runs in a process of its own, so that its peak memory is its own. CPU seconds are printed beside the wall clock,
since the machine may have other work.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

JUDGES = [f"j{k}" for k in range(8)]
HUMANS = ["h1", "h2", "h3"]
WORDS = (
    "the", "cat", "sat", "on", "a", "mat", "and", "looked", "at", "rain", "falling", "over", "green", "hills", "while",
    "seven", "birds", "sang", "of", "summer",
)  # fmt: skip


def _text(draw: random.Random, length: int) -> str:
    return " ".join(draw.choices(WORDS, k=length // 5))


def _rows(n: int, columns: list[str], *, texts: bool) -> Iterator[dict[str, str | int]]:
    draw = random.Random(0)
    for i in range(n):
        row: dict[str, str | int] = {"id": f"item-{i}"}
        if texts:
            row |= {"prompt": f"{i % 50_000} {_text(draw, 55)}", "response": f"{i} {_text(draw, 195)}"}
        yield row | {name: int(draw.random() < 0.4) for name in columns}


def _csv(path: Path, n: int, columns: list[str], *, texts: bool) -> None:
    with path.open("w") as file:
        for i, row in enumerate(_rows(n, columns, texts=texts)):
            if i == 0:
                file.write(",".join(row) + "\n")
            file.write(",".join(map(str, row.values())) + "\n")


def wide(path: Path) -> None:
    """1,000,000 rows x 11 columns without texts."""
    _csv(path, 1_000_000, [*JUDGES, *HUMANS[:2]], texts=False)


def texts(path: Path) -> None:
    """100,000 rows x 14 columns with prompts and responses."""
    _csv(path, 100_000, [*JUDGES, *HUMANS], texts=True)


def lines(path: Path) -> None:
    """100,000 plain JSON objects of 14 keys."""
    with path.open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in _rows(100_000, [*JUDGES, *HUMANS], texts=True))


def interchange(path: Path) -> None:
    """100,000 outputs in the interchange form, 8 judges and 3 annotators each."""
    with path.open("w") as file:
        for row in _rows(100_000, [*JUDGES, *HUMANS], texts=True):
            record = {
                "item_id": row["id"], "prompt": row["prompt"], "response": row["response"], "model": "m", "dataset": "d",
                "human_labels": [{"annotator": h, "label": row[h]} for h in HUMANS],
                "judge_verdicts": {j: row[j] for j in JUDGES}, "meta": {"run": 1},
            }  # fmt: skip
            file.write(json.dumps(record) + "\n")


def parquet(path: Path) -> None:
    """100,000 rows x 14 columns in parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(list(_rows(100_000, [*JUDGES, *HUMANS], texts=True))), path)


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "csv, 1,000,000 x 11, no texts": (wide, "wide.csv"),
    "csv, 100,000 x 14, texts": (texts, "texts.csv"),
    "jsonl, 100,000 x 14, texts": (lines, "lines.jsonl"),
    "interchange, 100,000, texts": (interchange, "interchange.jsonl"),
    "parquet, 100,000 x 14, texts": (parquet, "texts.parquet"),
}


def measure(path: Path) -> None:
    """Read one file and print seconds, CPU seconds, peak MB."""
    import resource

    from judgeaudit.readers import CheckRequest, read_table

    texts = {} if path.name == "wide.csv" else {"prompt": "prompt", "response": "response"}
    humans = HUMANS[:2] if path.name == "wide.csv" else HUMANS
    if path.name == "interchange.jsonl":
        request = CheckRequest()
    else:
        request = CheckRequest.make(judges=JUDGES, humans=humans, id="id", **texts)
    wall, cpu = time.perf_counter(), time.process_time()
    (data,) = read_table(path, request)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{data.n:>9,} items  {wall:6.2f} s  {cpu:6.2f} CPU s  {peak:6.0f} MB")


def main() -> None:
    """Write each file, read it in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, file) in CASES.items():
            path = Path(folder) / file
            make(path)
            print(f"{name:<32}", end="", flush=True)
            subprocess.run([sys.executable, __file__, str(path)], check=True)
            path.unlink()


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
