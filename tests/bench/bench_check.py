"""Time and memory of `judgeaudit check` on large made-up tables, as a user would run it.

    python tests/bench/bench_check.py [--rows 100000] [--wide] [--repeat 3]

Prints wall time, processor time and the peak of resident memory: of the largest process, and of all processes together
(the second opinion runs in one of its own). Targets: 100,000 rows with texts to HTML and JSON under 4 s and 450 MB;
1,000,000 rows without texts (--rows 1000000 --wide) to JSON under 8 s and 1 GB.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

JUDGES = 8
PEOPLE = 3
WORDS = (  # noqa: SIM905  # a list of these words would fill a page
    "the harbour opens early when tide and wind allow it while keepers count crates write lists mend nets boil tea "
    "and talk about weather boats prices children songs letters maps lamps ropes paint bread salt fish markets roads"
).split()


def make_table(path: Path, rows: int, *, texts: bool, seed: int = 0) -> None:
    """A table of 8 judges and 3 people of different quality, 1 % missing, and texts of about 60 and 200 characters."""
    rng = random.Random(seed)
    names = ["id", *(["prompt", "response"] if texts else []), *(f"judge{i}" for i in range(JUDGES))]
    people = PEOPLE if texts else 2
    names += [f"person{i}" for i in range(people)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in range(rows):
            truth = rng.random() < 0.3
            cells = [str(row)]
            if texts:
                cells.append(f"Question {row}: " + " ".join(rng.choices(WORDS, k=8)) + "?")
                cells.append(_response(rng, row))
            for i in range(JUDGES + people):
                wrong = rng.random() < (0.05 + 0.02 * i if i < JUDGES else 0.05)
                cells.append("" if rng.random() < 0.01 else str(int(truth != wrong)))
            writer.writerow(cells)


def _response(rng: random.Random, row: int) -> str:
    """2 % of the answers are loops, floods, noise or empty."""
    kind = rng.random()
    if kind < 0.005:
        return f"{rng.choice(WORDS)} " * rng.randint(30, 60)
    if kind < 0.010:
        return "!" * rng.randint(50, 200)
    if kind < 0.015:
        return "".join(rng.choices("qwxzjkvbpt", k=150))
    if kind < 0.020:
        return ""
    return f"Answer {row}. " + " ".join(rng.choices(WORDS, k=34)).capitalize() + "."


def run(command: list[str]) -> tuple[float, float, float, float]:
    """Wall seconds, processor seconds, peak of the largest process and of all together in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    # As for a user: byte code is written once and read afterwards, whatever this shell says.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(_resident(p) for p in _tree(process.pid)))
        time.sleep(0.02)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if process.returncode != 0:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}")
    return wall, cpu, after.ru_maxrss / 1000, most


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [p for child in task.read_text().split() for p in _tree(int(child))]
        except OSError:
            continue
    return found


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Make the table, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--wide", action="store_true", help="11 columns without texts, to JSON alone")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        make_table(table, given.rows, texts=not given.wide)
        command = [sys.executable, "-m", "judgeaudit", "check", str(table), "--id", "id", "--positive", "1"]
        command += [part for i in range(JUDGES) for part in ("--judge", f"judge{i}")]
        command += [part for i in range(2 if given.wide else PEOPLE) for part in ("--human", f"person{i}")]
        command += (
            ["--json"] if given.wide else ["--prompt", "prompt", "--response", "response", "--out", f"{folder}/out"]
        )
        print(f"{given.rows} rows, {table.stat().st_size / 1e6:.1f} MB, load {os.getloadavg()[0]:.1f}")
        for _ in range(given.repeat):
            wall, cpu, largest, together = run(command)
            print(f"wall {wall:.2f} s, processor {cpu:.2f} s, largest process {largest:.0f} MB, all {together:.0f} MB")


if __name__ == "__main__":
    main()
