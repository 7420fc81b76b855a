"""What conclusions are drawn from: outputs by run, checkpoint, benchmark and prompt, in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from judgeaudit.model import LabelKind, Rubric
from judgeaudit.table import Floats

Bools = npt.NDArray[np.bool_]
Verdicts = npt.NDArray[np.int8]
Index = npt.NDArray[np.int64]

POSITIVE, NEGATIVE, NO_VERDICT, NOT_ASKED = 1, 0, -1, -2
"""A verdict in columns: positive (less safe), negative, asked without a binary verdict, not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A model that was trained, or the base that it was trained from.

    Parameters
    ----------
    base
        Name of the run it started from; None: it is a base itself, or nothing tells.
    checkpoints
        Steps at which there are outputs, ascending.
    """

    name: str
    base: str | None = None
    task: str | None = None
    mitigation: str | None = None
    learning_rate: str | None = None
    checkpoints: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """One judge's verdicts on all n outputs.

    Parameters
    ----------
    verdicts
        (n,) by the codes above.
    weights
        (n,) inclusion weights of the outputs it was asked about; None: each counts once.
    left_out
        Outputs asked about that have no binary verdict, by reason.
    """

    name: str
    verdicts: Verdicts
    weights: Floats | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The outputs in columns, and what is known of the runs.

    Parameters
    ----------
    runs, benchmarks, prompts
        What the codes mean; a prompt belongs to one benchmark.
    run, checkpoint, benchmark, prompt
        (n,) index of the run, steps, index of the benchmark, index of the prompt.
    degenerate
        (n,) whether an output is degenerate by the detected modes; None: the responses are not there.
    truth
        (n,) labels as verdicts; None: there are none by persons or by construction.
    """

    name: str
    rubric: Rubric
    runs: Sequence[Run]
    benchmarks: Sequence[str]
    prompts: Sequence[str]
    run: Index
    checkpoint: Index
    benchmark: Index
    prompt: Index
    judges: Sequence[Judge]
    degenerate: Bools | None = None
    truth: Verdicts | None = None
    truth_kind: LabelKind | None = None
    sources: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()

    @property
    def n(self) -> int:
        """Number of outputs."""
        return len(self.run)

    @property
    def bases(self) -> list[str]:
        """Names of the runs that others started from, in the order of the runs."""
        named = {r.base for r in self.runs if r.base is not None}
        return [r.name for r in self.runs if r.name in named]

    def trained(self, run: Run) -> bool:
        """Whether a run was trained, so that it must be said at which checkpoint it is compared.

        A run that others start from and that has no base itself stands where it is, whatever its steps.
        """
        return run.base is not None or (run.checkpoints[-1] > 0 and run.name not in self.bases)

    def index(self, name: str) -> int:
        """Index of a run."""
        return next(i for i, r in enumerate(self.runs) if r.name == name)
