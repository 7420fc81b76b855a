"""What a judge is. A kind's module exports `Params` (a pydantic model that forbids unknown keys) and `build(name, params)`.

`build` returns a `BatchJudge` (needs no network and sees all outputs at once) or a `CallJudge` (one call an output).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from judgeaudit.model import Judgement, Label, Output, Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a batch judge may look at: outputs in order, the rubric, labels (for those that learn), other judges' answers."""

    outputs: Sequence[Output]
    rubric: Rubric
    labels: Sequence[Label] = ()
    judgements: Mapping[str, Sequence[Judgement]] = field(default_factory=dict)


@runtime_checkable
class BatchJudge(Protocol):
    """Scores many outputs at once. `needs` names the judges whose judgements must be in the material."""

    name: str
    kind: str
    needs: tuple[str, ...]

    def fingerprint(self, rubric: Rubric) -> str:
        """Hash over kind, parameters and rubric, and for judges that learn over the labels' rule."""
        ...

    def judge(self, material: Material) -> list[Judgement]:
        """One judgement per output, in the outputs' order."""
        ...


class Ask(Protocol):
    """An open judge."""

    async def ask(self, output: Output, rubric: Rubric, trial: int) -> Judgement:
        """Judge once, without retrying; raises `CallError` where the call itself failed."""
        ...


@runtime_checkable
class CallJudge(Protocol):
    """Scores one output a call. `host` is where texts are sent."""

    name: str
    kind: str
    host: str

    def fingerprint(self, rubric: Rubric) -> str:
        """Hash over kind of endpoint-independent identity: model and revision, parameters, prompt template, rubric, parser."""
        ...

    def open(self) -> AbstractAsyncContextManager[Ask]:
        """Open for the running event loop."""
        ...
