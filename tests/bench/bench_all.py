"""All numbers that the project holds itself to, one after another, on this machine.

    python -m tests.bench.bench_all [--quick]

Start-up (import, --help: under 0.15 s, nothing heavy loaded), `check` of 100,000 rows with texts (under 4 s and 450 MB) and of
1,000,000 rows without (under 8 s and 1 GB), 2,000 durable judge calls against a bare loop of the SDK (ratio at most 1), calls
paid twice after a kill, and a dead endpoint (exit 3 within 10 s); the statistics beside those of peers (their targets are told
there). `--quick` leaves out the calls and what is large of the statistics.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

HEAVY = ("pandas", "sklearn", "openai", "anthropic", "sqlalchemy", "scipy")


def start_up() -> None:
    """Median of 7 cold processes, and what they loaded."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    loaded = f"import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    for what, arguments in (
        ("import judgeaudit", ["-c", f"import judgeaudit; {loaded}"]),
        ("judgeaudit --help", ["-m", "judgeaudit", "--help"]),
    ):
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            done = subprocess.run(
                [sys.executable, *arguments], capture_output=True, text=True, check=True, env=environment
            )
            seconds.append(time.perf_counter() - start)
        heavy = f", heavy packages loaded: {done.stdout.strip()}" if "import" in what else ""
        print(f"{what}: {sorted(seconds)[3]:.3f} s{heavy}")


def main() -> None:
    """Run every part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print("== start-up")
    start_up()
    parts = [
        ("check, 100,000 rows with texts, to HTML and JSON", ["tests.bench.bench_check"]),
        ("check, 1,000,000 rows without texts, to JSON", ["tests.bench.bench_check", "--rows", "1000000", "--wide"]),
    ]
    parts.append(("statistics beside peers", ["tests.bench.bench_statistics", *(["--quick"] if quick else [])]))
    if not quick:
        parts.append(("judge calls", ["tests.bench.bench_calls"]))
    for title, module in parts:
        print(f"== {title}", flush=True)
        subprocess.run([sys.executable, "-m", *module], check=True)


if __name__ == "__main__":
    main()
