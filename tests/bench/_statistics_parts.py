"""The parts of the benchmark of the statistics: what is timed, on which data, and what it is compared with."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np

from judgeaudit import audit_file
from judgeaudit.api import audit_inputs
from judgeaudit.audit import Options, audit
from judgeaudit.audit._context import Context, make_context
from judgeaudit.audit._estimate import estimates_of
from judgeaudit.audit._pairs import _row
from judgeaudit.audit._panels import _at_level, _patterns
from judgeaudit.measures.cohen_kappa import WEIGHTED_BETWEEN
from judgeaudit.model import Judgement, Label, Output, Rubric, Status
from judgeaudit.readers import count_file, counted_input
from judgeaudit.store import Store
from judgeaudit.table import AuditInput, Codes, Floats, Grouping, LabelSet, Ratings

T = TypeVar("T")
Small = Callable[[int, int], list["Measured"]]
RATERS = 9
VALUES = ("0", "1", "2", "3", "4")
ORDERED = Rubric(name="harm", values=VALUES, positive=("3", "4"), level="ordinal")
BINARY = Rubric(name="harm", values=("0", "1"), positive=("1",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of each run by the clock and of the processor, and what was found out on the way."""

    what: str
    wall: Sequence[float]
    cpu: Sequence[float]
    note: str = ""


def _timed(what: str, repeat: int, do: Callable[[], T]) -> tuple[Measured, T]:
    """Run something several times; of its processes the processor time too."""
    wall, cpu, result = [], [], None
    for _ in range(max(1, repeat)):
        start, used = time.perf_counter(), _processor()
        result = do()
        wall.append(time.perf_counter() - start)
        cpu.append(_processor() - used)
    assert result is not None
    return Measured(what=what, wall=wall, cpu=cpu), result


def _processor() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def graded(items: int, seed: int = 0) -> Context:
    """9 raters of an ordered scale who miss the truth by one step a quarter of the time and leave 10 % out."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(VALUES), items, p=(0.4, 0.25, 0.15, 0.12, 0.08))
    raters = {}
    for name in (f"rater{i}" for i in range(RATERS)):
        said = np.clip(truth + rng.choice((-1, 0, 1), items, p=(0.13, 0.74, 0.13)), 0, len(VALUES) - 1)
        raters[name] = (Ratings(name=name, codes=np.where(rng.random(items) < 0.1, -2, said).astype(np.int32)),)
    ids = [str(i) for i in range(items)]
    return make_context(AuditInput(rubric=ORDERED, item_ids=ids, judges=raters), Options(verify=False))


def alpha(repeat: int, items: int = 100_000) -> list[Measured]:
    """Ours with its interval; the package's value."""
    import krippendorff

    context = graded(items)
    columns = [trials[0].codes for trials in context.judges.values()]

    def ours() -> float:
        pattern, units = _patterns(context, columns, None)
        (found,) = _at_level(context, "judges", "ordinal", pattern, units)
        assert found.value is not None
        assert found.low is not None
        return found.value

    def theirs() -> float:
        table = np.where(np.stack(columns) >= 0, np.stack(columns), np.nan)
        return float(krippendorff.alpha(table, level_of_measurement="ordinal", value_domain=list(range(len(VALUES)))))

    own, value = _timed("ordinal alpha, 1,000 draws", repeat, ours)
    other, expected = _timed("  krippendorff package, value alone", repeat, theirs)
    return [own, _noted(other, f"alpha {value:.6f}, differs by {abs(value - expected):.1e}")]


def kappas(repeat: int, items: int = 100_000) -> list[Measured]:
    """Ours with intervals; scikit-learn's values."""
    from sklearn.metrics import cohen_kappa_score

    context = graded(items)
    codes = {judge: context.padded["full", judge] for judge in context.alone}

    def ours() -> list[float]:
        pairs = combinations(codes, 2)
        rows = [_row(context, a, b, codes[a], codes[b], "full", context.slices[0]) for a, b in pairs]
        found = estimates_of(rows, [WEIGHTED_BETWEEN["quadratic"]], context.options)
        assert all(e.low is not None for e in found)
        return [e.value for e in found if e.value is not None]

    def theirs() -> list[float]:
        found = []
        for a, b in combinations(codes.values(), 2):
            both = (a < len(VALUES)) & (b < len(VALUES))
            found.append(float(cohen_kappa_score(a[both], b[both], weights="quadratic")))
        return found

    own, values = _timed("36 weighted kappas, 1,000 draws each", repeat, ours)
    other, expected = _timed("  scikit-learn, values alone", repeat, theirs)
    most = max(abs(a - b) for a, b in zip(values, expected, strict=True))
    return [own, _noted(other, f"{len(values)} kappas, differ by at most {most:.1e}")]


def _noted(one: Measured, note: str) -> Measured:
    return Measured(what=one.what, wall=one.wall, cpu=one.cpu, note=note)


def _yes_no(rng: np.random.Generator, truth: Codes, wrong: float, silent: float, status: int) -> Codes:
    said = np.where(rng.random(len(truth)) < wrong, 1 - truth, truth)
    return np.where(rng.random(len(truth)) < silent, status, said).astype(np.int32)


def report(repeat: int, items: int = 1000) -> list[Measured]:
    """The command as a user runs it."""
    rng = np.random.default_rng(0)
    truth = (rng.random(items) < 0.3).astype(np.int32)
    judges = [f"judge{i}" for i in range(RATERS)]
    columns = [_yes_no(rng, truth, 0.05 + 0.02 * i, 0.1, -2) for i in range(RATERS)]
    columns.append(_yes_no(rng, truth, 0.05, 0.1, -2))
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        _write(table, [*judges, "person"], np.stack(columns, axis=1))
        command = [sys.executable, "-m", "judgeaudit", "check", str(table), "--human", "person", "--positive", "1"]
        command += [part for judge in judges for part in ("--judge", judge)] + ["--out", f"{folder}/out"]

        def run() -> bool:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return all((Path(folder) / "out" / name).exists() for name in ("report.html", "audit.json"))

        found, written = _timed("check to HTML and JSON", repeat, run)
    assert written
    return [found]


def _write(path: Path, names: Sequence[str], codes: Codes) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(["" if c < 0 else c for c in row] for row in codes.tolist())


def clusters(repeat: int, prompts: int = 100_000, models: int = 10) -> list[Measured]:
    """Every measure of 9 raters on all outputs and on each model's, prompts resampled whole."""
    rng = np.random.default_rng(1)
    items = prompts * models
    prompt = np.repeat(np.arange(prompts, dtype=np.int32), models)
    model = np.tile(np.arange(models, dtype=np.int32), prompts)
    hard: Floats = rng.beta(0.6, 1.4, prompts)[prompt] * (0.55 + 0.45 * model / models)
    truth = (rng.random(items) < hard).astype(np.int32)
    judges = {f"judge{i}": _yes_no(rng, truth, 0.05 + 0.02 * i, 0.01, -2) for i in range(6)}
    people = {f"person{i}": _yes_no(rng, truth, 0.05, 0.1, -1) for i in range(3)}
    data = AuditInput(
        rubric=BINARY,
        item_ids=[str(i) for i in range(items)],
        judges={j: (Ratings(name=j, codes=codes),) for j, codes in judges.items()},
        labels={"human": LabelSet(kind="human", annotators={p: Ratings(name=p, codes=c) for p, c in people.items()})},
        models=Grouping(codes=model, names=[f"model{i}" for i in range(models)]),
        clusters=prompt,
        cluster_rule="prompt",
    )
    found, made = _timed("all measures in clusters", min(repeat, 2), lambda: audit(data, Options()).audit)
    return [_noted(found, f"{len(made.estimates)} estimates")]


def equal_bytes(_: int, items: int = 100_000) -> list[Measured]:
    """Counts by SQL and by chunks of a file, and the bytes of the audits made from both."""
    rng = np.random.default_rng(2)
    truth = (rng.random(items) < 0.3).astype(np.int32)
    judges, people = ("judge0", "judge1"), ("person0", "person1")
    codes = np.stack([_yes_no(rng, truth, 0.1, 0.05, -2) for _ in (*judges, *people)], axis=1)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        _write(table, [*judges, *people], codes)
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            _fill(store, codes, judges, people)
            by_sql, counts = _timed(
                "counts by SQL", 1, lambda: store.pattern_counts("harm", judges=judges, annotators=people)
            )
        by_chunk, others = _timed(
            "counts by chunks of a file", 1,
            lambda: count_file(table, judges={j: j for j in judges}, annotators={p: p for p in people}),
        )  # fmt: skip
    options = Options(verify=False)
    one, two = (
        audit_file.dumps(audit_inputs([counted_input(c, BINARY)], options, name="counted").audit)
        for c in (counts, others)
    )
    if one != two:
        raise SystemExit("the audits of both counts differ")
    return [by_sql, _noted(by_chunk, f"{items} outputs, audit.json of both: {len(one)} equal bytes")]


def _fill(store: Store, codes: Codes, judges: Sequence[str], people: Sequence[str]) -> None:
    outputs = [Output(item_id=str(i), prompt=f"Question {i}?", response=f"Answer {i}.") for i in range(len(codes))]
    store.add_outputs(outputs)
    store.add_judgements(
        Judgement(
            item_id=o.item_id, judge=judge, rubric="harm", trial=1, output_hash=o.hash, rubric_version=BINARY.version,
            status=Status.OK if said >= 0 else Status.MISSING, verdict=str(said) if said >= 0 else None,
        )
        for place, judge in enumerate(judges)
        for o, said in zip(outputs, codes[:, place].tolist(), strict=True)
    )  # fmt: skip
    for place, person in enumerate(people, start=len(judges)):
        labels = [
            Label(item_id=o.item_id, annotator=person, rubric="harm", value=str(said), kind="human")
            for o, said in zip(outputs, codes[:, place].tolist(), strict=True)
            if said >= 0
        ]
        store.add_labels(labels, source=f"sheet of {person}")


PARTS: dict[str, Callable[[int], list[Measured]]] = {
    "alpha": alpha,
    "kappas": kappas,
    "report": report,
    "clusters": clusters,
    "bytes": equal_bytes,
}
