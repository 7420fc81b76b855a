"""The second opinion: scikit-learn and krippendorff recompute the headline figures from the raw codes.

They run in a process of their own, so that their imports (about a second) pass while the audit computes. This is the only
file that imports krippendorff; without it everything works and the verification says that it is not installed.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from judgeaudit.model import Level
from judgeaudit.table import Codes, Floats

TOLERANCE = 1e-9
_LARGEST = 400_000_000
"""Bytes that krippendorff's items x values x values array may take; above this its figure is not asked for."""
_NICE = 10
_MANY = 20_000
"""From this many items on scikit-learn gets distinct pairs with weights: its checks of each item take seconds a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure to be recomputed.

    Parameters
    ----------
    name
        What it is, in words.
    measure
        accuracy, false_positive_rate, false_negative_rate, cohen_kappa or krippendorff_alpha.
    ours
        The audit's value.
    columns
        Indices of the code columns: judge and reference, or all raters.
    binary
        Whether codes are mapped to negative and positive first.
    level
        Level of measurement of an alpha.
    votes
        Whether the anonymous votes join it.
    """

    name: str
    measure: str
    ours: float
    columns: tuple[int, ...]
    binary: bool = False
    level: Level = "nominal"
    votes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that the second opinion needs.

    Parameters
    ----------
    columns
        (raters, n) codes; negative: no value.
    votes
        (n, values) anonymous votes, which join the figures that say so; None: there are none.
    numbers
        (values,) the scale as numbers.
    mapping
        (values,) 0 negative, 1 positive, -1 outside.
    """

    figures: Sequence[Figure] = ()
    columns: npt.NDArray[np.signedinteger[Any]] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))
    votes: Codes | None = None
    numbers: Floats = field(default_factory=lambda: np.zeros(0))
    mapping: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int32))


def narrow(columns: Sequence[Codes]) -> npt.NDArray[np.signedinteger[Any]]:
    """The columns as one array of the smallest type that holds them: they are copied on their way to the other process.

    Examples
    --------
    >>> narrow([np.array([1, -2], dtype=np.int32), np.array([0, 127], dtype=np.int32)]).dtype
    dtype('int8')
    """
    least, most = (pick(f(c, initial=0) for c in columns) for pick, f in ((min, np.min), (max, np.max)))
    kinds = (np.int8, np.int16, np.int32)
    smallest = next(k for k in kinds if np.iinfo(k).min <= least and most <= np.iinfo(k).max)
    return np.stack(columns, dtype=smallest, casting="unsafe")


class SecondOpinion:
    """A process that has the packages loaded and answers one question after another until it is closed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "judgeaudit.verify"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError:
            self._process = None

    def begin(self, question: Question) -> Future[list[Mapping[str, Any]]]:
        """Ask in a thread, which only waits: the answers come while the audit goes on."""
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="second opinion")
        try:
            return pool.submit(self.ask, question)
        finally:
            pool.shutdown(wait=False)

    def ask(self, question: Question) -> list[Mapping[str, Any]]:
        """The answers; worked out in this process where the other one could not be had; none where it was closed."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return answer(question)
        try:
            _send(process.stdin, _pack(question))
            found: list[Mapping[str, Any]] = json.loads(_receive(process.stdout))
        except (OSError, EOFError, ValueError):  # the last is of a pipe that was closed meanwhile
            if self._process is not process:
                return []  # whoever closed it waits for no answer
            self.close()
            return answer(question)
        return found

    def close(self) -> None:
        """End the process; a later question is answered in this one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def answer(question: Question) -> list[Mapping[str, Any]]:
    """Recompute every figure: package, figure, ours, theirs and status (agrees, differs, or why there is none)."""
    theirs: dict[str, Callable[[Question, Figure], float]] = {}
    missing: dict[str, str] = {}
    for package, load in (("scikit-learn", _sklearn), ("krippendorff", _krippendorff)):
        try:
            theirs[package] = load()
        except ImportError:
            missing[package] = "not installed"
    out: list[Mapping[str, Any]] = [
        {"package": p, "figure": "all of its figures", "ours": None, "theirs": None, "status": s}
        for p, s in missing.items()
    ]
    for figure in question.figures:
        package = "krippendorff" if figure.measure == "krippendorff_alpha" else "scikit-learn"
        if package in theirs:
            out.append(_compared(package, figure, theirs[package], question))
    return out


def _compared(
    package: str, figure: Figure, compute: Callable[[Question, Figure], float], question: Question
) -> Mapping[str, Any]:
    entry: dict[str, Any] = {"package": package, "figure": figure.name, "ours": figure.ours, "theirs": None}
    if package == "krippendorff":
        need = question.columns.shape[1] * len(question.numbers) ** 2 * 8
        if need > _LARGEST:
            return {**entry, "status": f"not run: it would need {need / 1e9:.1f} GB"}
    try:
        value = compute(question, figure)
    except ValueError as error:
        return {**entry, "status": f"refused: {str(error).splitlines()[0][:80]}"}
    if not math.isfinite(value):
        return {**entry, "status": "undefined there"}
    return {**entry, "theirs": value, "status": "agrees" if abs(value - figure.ours) <= TOLERANCE else "differs"}


def _sklearn() -> Callable[[Question, Figure], float]:
    from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix

    def compute(question: Question, figure: Figure) -> float:
        judge, reference, often = _pairs(question, figure)
        match figure.measure:
            case "accuracy":
                return float(accuracy_score(reference, judge, sample_weight=often))
            case "cohen_kappa":
                return float(cohen_kappa_score(reference, judge, sample_weight=often))
            case _:
                (tn, fp), (fn, tp) = confusion_matrix(reference, judge, labels=[0, 1], sample_weight=often)
                return float(fp / (fp + tn)) if figure.measure == "false_positive_rate" else float(fn / (fn + tp))

    return compute


def _pairs(question: Question, figure: Figure) -> tuple[Codes, Codes, Codes | None]:
    """Judge's and reference's values of the items that have both; many items as distinct pairs with their counts."""
    judge, reference = (_mapped(question, c, binary=figure.binary) for c in figure.columns)
    both = (judge >= 0) & (reference >= 0)
    judge, reference = judge[both], reference[both]
    if len(judge) < _MANY:
        return judge, reference, None
    values, often = np.unique(judge.astype(np.int64) << 32 | reference, return_counts=True)
    return (values >> 32).astype(np.int32), (values & 0xFFFFFFFF).astype(np.int32), often.astype(np.int32)


def _krippendorff() -> Callable[[Question, Figure], float]:
    import krippendorff

    def compute(question: Question, figure: Figure) -> float:
        values = len(question.numbers)
        counts = np.zeros((question.columns.shape[1], values), dtype=np.int64)
        if question.votes is not None and figure.votes:
            counts += question.votes[:, :values]
        for column in figure.columns:
            codes = question.columns[column]
            rated = np.flatnonzero((codes >= 0) & (codes < values))
            counts[rated, codes[rated]] += 1
        with np.errstate(divide="ignore", invalid="ignore"):  # one class: its NaN is told as undefined
            found: float = krippendorff.alpha(
                value_counts=counts, value_domain=question.numbers, level_of_measurement=figure.level
            )
        return found

    return compute


def _mapped(question: Question, column: int, *, binary: bool) -> Codes:
    codes = question.columns[column]
    return np.where(codes >= 0, question.mapping[np.maximum(codes, 0)], -1) if binary else codes


def _pack(question: Question) -> memoryview:
    buffer = io.BytesIO()
    votes = np.zeros((0, 0), dtype=np.int32) if question.votes is None else question.votes
    figures = [[f.name, f.measure, f.ours, list(f.columns), f.binary, f.level, f.votes] for f in question.figures]
    header = np.frombuffer(json.dumps(figures).encode(), dtype=np.uint8)
    np.savez(
        buffer,
        figures=header,
        columns=question.columns,
        numbers=question.numbers,
        mapping=question.mapping,
        votes=votes,
    )
    return buffer.getbuffer()


def _unpack(content: bytes) -> Question:
    with np.load(io.BytesIO(content)) as arrays:
        figures = tuple(
            Figure(name=n, measure=m, ours=o, columns=tuple(c), binary=b, level=v, votes=w)
            for n, m, o, c, b, v, w in json.loads(arrays["figures"].tobytes())
        )
        return Question(
            figures=figures,
            columns=arrays["columns"].astype(np.int32),
            votes=arrays["votes"] if arrays["votes"].size else None,
            numbers=arrays["numbers"],
            mapping=arrays["mapping"],
        )


def _send(stream: IO[bytes], content: bytes | memoryview) -> None:
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """One message; EOFError where the other side is gone."""
    size = stream.read(8)
    if len(size) < 8:
        raise EOFError
    content = stream.read(int.from_bytes(size, "big"))
    if len(content) < int.from_bytes(size, "big"):
        raise EOFError
    return content


def _main() -> None:
    # Where processors are few the audit goes first: what is loaded here is needed at its end.
    if hasattr(os, "nice"):
        os.nice(_NICE)
    for load in (_sklearn, _krippendorff):
        with contextlib.suppress(ImportError):
            load()
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            found = answer(_unpack(_receive(sys.stdin.buffer)))
            _send(sys.stdout.buffer, json.dumps(found, allow_nan=False).encode())


if __name__ == "__main__":
    _main()
