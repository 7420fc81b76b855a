"""Judges at work: what is missing in the store is asked for, in an order that gives panels what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from judgeaudit.config import Limits
from judgeaudit.engine.batch import is_judged, judge_batch
from judgeaudit.engine.calls import Job, Lane, Progress, Runner, Tally
from judgeaudit.engine.loop import run_to_end
from judgeaudit.engine.plan import Plan, Send, judging_usage
from judgeaudit.engine.rounds import Assignment, rounds
from judgeaudit.errors import ProviderError
from judgeaudit.judges._judge import Ask, BatchJudge, CallJudge
from judgeaudit.model import Judgement, Output, Rubric, Status, Usage
from judgeaudit.models._chat import CallError
from judgeaudit.store import Store, Writer
from judgeaudit.text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What of an assignment is missing in the store: outputs with the number of the trial."""

    assignment: Assignment
    asks: Sequence[tuple[Output, int]]
    reused: int

    def send(self) -> Send:
        """The assignment as a line of the plan."""
        judge = self.assignment.judge
        usages = [_estimate(output, self.assignment.rubric) for output, _ in self.asks]
        return Send(
            name=judge.name,
            kind=judge.kind,
            task=self.assignment.rubric.name,
            host=judge.host if isinstance(judge, CallJudge) else None,
            calls=len(self.asks),
            reused=self.reused,
            texts=len({output.item_id for output, _ in self.asks}),
            usage=Usage(
                input_tokens=sum(u.input_tokens or 0 for u in usages),
                output_tokens=sum(u.output_tokens or 0 for u in usages),
                requests=len(usages),
            ),
            price=self.assignment.price,
        )


def pending(store: Store, outputs: Sequence[Output], assignment: Assignment) -> Pending:
    """What a judge has still to be asked: all trials whose judgement may not be reused."""
    have = store.reusable(assignment.judge.name, assignment.rubric, assignment.fingerprint)
    trials = range(1, assignment.trials + 1)
    asks = []
    for output in outputs:
        output_hash = output.hash
        asks += [(output, trial) for trial in trials if (output.item_id, trial, output_hash) not in have]
    return Pending(assignment=assignment, asks=asks, reused=len(outputs) * assignment.trials - len(asks))


def plan_judging(
    store: Store,
    outputs: Sequence[Output],
    assignments: Sequence[Assignment],
    *,
    fingerprints: Mapping[tuple[str, str], str] | None = None,
) -> Plan:
    """What `judge` would send; a judge that sees all outputs at once is run on all of them, or not at all.

    Parameters
    ----------
    fingerprints
        Of all judges by (judge, rubric), where `assignments` are not all.
    """
    known = fingerprints or {a.cell: a.fingerprint for a in assignments}
    return Plan(sends=[_to_do(store, outputs, a, known).send() for a in assignments])


def _to_do(
    store: Store, outputs: Sequence[Output], assignment: Assignment, fingerprints: Mapping[tuple[str, str], str]
) -> Pending:
    found, judge = pending(store, outputs, assignment), assignment.judge
    if not isinstance(judge, BatchJudge):
        return found
    if not found.asks and is_judged(store, outputs, judge, assignment.rubric, fingerprints):
        return found
    return replace(found, asks=[(output, 1) for output in outputs], reused=0)


def judge(
    store: Store,
    outputs: Sequence[Output],
    assignments: Sequence[Assignment],
    *,
    limits: Limits | None = None,
    seed: int = 0,
    announce: Callable[[Plan], None] | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Plan:
    """Ask every judge for what is missing; each judgement is in the store before the next call of its worker is made.

    Parameters
    ----------
    announce
        Told what will be sent before the first call.
    watch
        Told of the progress after each call.

    Returns
    -------
    Plan
        What was asked for.

    Raises
    ------
    ConfigError
        A judge needs a judge that is not there; the first call shows a wrong key or model.
    ProviderError
        A server is down or turns calls down; or more calls failed than `limits.max_failed` allows.
    BudgetError, StoreError
        A limit was reached; the store cannot be written. What was done is kept in each case.
    """
    limits = limits or Limits()
    order = rounds(assignments)
    fingerprints = {a.cell: a.fingerprint for a in assignments}
    plan = plan_judging(store, outputs, assignments)
    plan.check(limits)
    if announce is not None:
        announce(plan)
    for ready in order:
        for assignment in ready:
            if isinstance(assignment.judge, BatchJudge):
                judge_batch(store, outputs, assignment.judge, assignment.rubric, fingerprints)
        todo = [pending(store, outputs, a) for a in ready if isinstance(a.judge, CallJudge)]
        if any(p.asks for p in todo):
            finish(run_to_end(_call(store, todo, limits, seed, watch)), limits)
    return plan


def finish(tally: Tally, limits: Limits) -> None:
    """Raise what stopped a run, or `ProviderError` where more calls failed than the limits allow."""
    if tally.stopped is not None:
        raise tally.stopped
    progress = tally.progress
    if progress.failed > limits.max_failed * max(progress.done, 1):
        raise ProviderError(
            f"{progress.failed} of {progress.done} calls failed, more than the {limits.max_failed:.0%} of "
            f"limits.max_failed; the last: {visible(tally.last_failure)}; what was done is kept; run again to ask for the rest"
        )


async def _call(
    store: Store, todo: Sequence[Pending], limits: Limits, seed: int, watch: Callable[[Progress], None] | None
) -> Tally:
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(Writer[Judgement](store.add_judgements))
        lanes: dict[str, list[Iterator[Job[Judgement]]]] = {}
        for p in todo:
            if p.asks and isinstance(p.assignment.judge, CallJudge):
                ask = await stack.enter_async_context(p.assignment.judge.open())
                lanes.setdefault(p.assignment.judge.host, []).append(_jobs(p, ask))
        total = sum(len(p.asks) for p in todo)
        runner = Runner[Judgement](limits, keep=writer.put, total=total, watch=watch, seed=seed)
        return await runner.run([Lane(host=host, jobs=_chained(jobs)) for host, jobs in lanes.items()])


def _chained(jobs: Sequence[Iterator[Job[Judgement]]]) -> Iterator[Job[Judgement]]:
    for some in jobs:
        yield from some


def _jobs(todo: Pending, ask: Ask) -> Iterator[Job[Judgement]]:
    assignment = todo.assignment
    rubric, fingerprint, version = assignment.rubric, assignment.fingerprint, assignment.rubric.version
    name = assignment.judge.name

    def job(output: Output, trial: int) -> Job[Judgement]:
        def finish(outcome: Judgement | CallError, attempts: int) -> Judgement:
            made = _failed(output, outcome) if isinstance(outcome, CallError) else outcome
            usage = made.usage or Usage()
            usage = replace(usage, requests=usage.requests + attempts - 1)
            return replace(
                made,
                judge=name,
                rubric=rubric.name,
                trial=trial,
                fingerprint=fingerprint,
                output_hash=output.hash,
                rubric_version=version,
                usage=usage,
            )

        return Job(
            attempt=lambda: ask.ask(output, rubric, trial),
            finish=finish,
            usage=lambda judgement: judgement.usage,
            estimate=_estimate(output, rubric),
            price=assignment.price,
        )

    return (job(output, trial) for output, trial in todo.asks)


def _failed(output: Output, error: CallError) -> Judgement:
    """A call that finally failed: filtered texts have their own status, everything else is an error."""
    status = Status.FILTERED if error.kind == "filtered" else Status.ERROR
    code = f" {error.status}" if error.status is not None else ""
    detail = f"{error.kind}{code}: {error.message}"
    return Judgement(item_id=output.item_id, judge="", rubric="", status=status, detail=detail)


def _estimate(output: Output, rubric: Rubric) -> Usage:
    return judging_usage(len(output.prompt) + len(output.response), rubric)
