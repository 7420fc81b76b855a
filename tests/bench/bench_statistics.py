"""The statistics against their targets and against the fastest peer measured, on one machine, from one set of made-up data.

    python -m tests.bench.bench_statistics [--repeat 5] [--part alpha] [--quick]

- ``alpha``: ordinal Krippendorff alpha of 9 raters x 100,000 items (5 values, 10 % missing) with an interval from 1,000 draws,
  from the columns of codes in memory to the estimate; beside it the krippendorff package's value alone, on the same columns.
- ``kappas``: quadratic weighted kappa of the 36 pairs of those raters with intervals from 1,000 draws each, from the same
  columns to the estimates; beside it scikit-learn's values alone.
- ``report``: `judgeaudit check` of 9 judges and one person on 1,000 items to HTML and JSON, the whole process.
- ``clusters``: every measure of 8 judges and 3 people on 100,000 prompts x 10 models (1,000,000 outputs, prompts resampled
  whole, sliced by model), 1,000 draws and the second opinion, from columns in memory to the audit.
- ``bytes``: 100,000 outputs counted by SQL in a store and by chunks of a file, and the audits of both compared byte by byte.

Seconds are best / median of the runs, by the clock and of the processor (all processes; threads add up). Peak memory is of all
processes of a part together, the making of its data included. Figures of peers were measured on two cores with 9 raters and 10 %
missing; they are no figures of this machine, and only their order of size is to be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench._statistics_parts import PARTS, Measured
from tests.bench.bench_check import _resident, _tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a measured time is held against; None: it is only shown."""

    seconds: float | None = None
    megabytes: float | None = None
    peer: str = ""
    peer_seconds: float | None = None


GOALS = {
    "ordinal alpha, 1,000 draws": Goal(seconds=0.2, peer="evalaudit, 3.3 GB", peer_seconds=12.5),
    "36 weighted kappas, 1,000 draws each": Goal(seconds=0.2, peer="judgegate", peer_seconds=1.7),
    "check to HTML and JSON": Goal(seconds=2.0, peer="judgecheck", peer_seconds=60.8),
    "all measures in clusters": Goal(seconds=20.0, megabytes=1000),
}


def main() -> None:
    """Run every part in a process of its own and print its figures against the targets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each part; the large ones are run at most twice")
    parser.add_argument("--part", choices=sorted(PARTS))
    parser.add_argument("--quick", action="store_true", help="without clusters and bytes")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        for one in PARTS[given.part](given.repeat):
            print(json.dumps([one.what, one.wall, one.cpu, one.note]))
        return
    parts = [given.part] if given.part else [p for p in PARTS if not (given.quick and p in {"clusters", "bytes"})]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; best / median seconds")
    for part in parts:
        found, peak = watched(part, given.repeat)
        for line in lines(found, peak):
            print(line, flush=True)


def watched(part: str, repeat: int) -> tuple[list[Measured], float]:
    """What a part measured in a process of its own, and the most memory that it and its children held, in MB."""
    command = [sys.executable, "-m", "tests.bench.bench_statistics", "--child", "--part", part, "--repeat", str(repeat)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, sum(_resident(p) for p in _tree(process.pid)))
            time.sleep(0.01)
        assert process.stdout is not None
        told = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"part {part}: exit code {process.returncode}")
    made = [json.loads(line) for line in told.splitlines()]
    return [Measured(what=w, wall=wall, cpu=cpu, note=note) for w, wall, cpu, note in made], most


def lines(found: Sequence[Measured], peak: float) -> list[str]:
    """One line a measured thing: seconds, target, peer, ratio; then the peak of the part."""
    out = []
    for one in found:
        goal = GOALS.get(one.what, Goal())
        best = min(one.wall)
        text = f"{one.what:<38} clock {_both(one.wall)}, processor {_both(one.cpu)}"
        if goal.seconds is not None:
            text += f"; target {goal.seconds:g} s: {'met' if best <= goal.seconds else 'MISSED'}"
        if goal.peer_seconds is not None:
            text += f"; {goal.peer} {goal.peer_seconds:g} s, {goal.peer_seconds / best:.0f} times"
        out.append(text + (f"; {one.note}" if one.note else ""))
    limit = next((g.megabytes for one in found if (g := GOALS.get(one.what)) and g.megabytes), None)
    told = "" if limit is None else f"; target {limit:.0f} MB: {'met' if peak <= limit else 'MISSED'}"
    return [*out, f"{'':<38} peak {peak:.0f} MB{told}"]


def _both(seconds: Sequence[float]) -> str:
    return f"{min(seconds):.3f} / {statistics.median(seconds):.3f}"


if __name__ == "__main__":
    main()
