"""All the work of one audit.yaml before any figure is computed: files read, outputs collected, judges asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from judgeaudit.config import AuditConfig
from judgeaudit.engine.calls import Progress
from judgeaudit.engine.collecting import collect, plan_collecting
from judgeaudit.engine.gathering import check_labels, expected, gather, scope
from judgeaudit.engine.inputs import audit_inputs, is_unasked, standing
from judgeaudit.engine.judging import judge, plan_judging
from judgeaudit.engine.plan import Plan
from judgeaudit.engine.rounds import rounds
from judgeaudit.engine.setup import assignments, wanted
from judgeaudit.errors import IncompleteError, InputError, StoreError
from judgeaudit.store import Store
from judgeaudit.table import AuditInput

Announce = Callable[[Plan], None]
Watching = Callable[[str], AbstractContextManager[Callable[[Progress], None]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What the audits are computed from; `incomplete` is what kept some outputs from being judged, or None."""

    inputs: Sequence[AuditInput]
    incomplete: IncompleteError | None = None


def plan_work(store: Store, config: AuditConfig) -> Plan:
    """What `work` would send; outputs still to be collected are counted as if they were there, their length estimated."""
    built, draws = assignments(config), wanted(config)
    outputs = expected(scope(store, gather(store, config), draws), draws)
    return Plan(sends=[*plan_collecting(store, draws).sends, *plan_judging(store, outputs, built).sends])


def judge_outputs(
    store: Store, config: AuditConfig, *, announce: Announce, watching: Watching, note: Callable[[str], None]
) -> Plan:
    """Ask the judges about the outputs that the store has; raises as `judgeaudit.engine.judging.judge`."""
    built, draws = assignments(config), wanted(config)
    gathered = gather(store, config)
    outputs = scope(store, gathered, draws)
    for text in gathered.notes:
        note(text)
    missing = len(expected(outputs, draws)) - len(outputs)
    if missing:
        note(f"{missing} outputs are still to be collected: `judgeaudit collect` or `judgeaudit run`")
    _need_outputs(config, outputs)
    check_labels(store, config, outputs)
    with watching("judge") as watch:
        return judge(store, outputs, built, limits=config.limits, seed=config.seed, announce=announce, watch=watch)


def work(
    store: Store, config: AuditConfig, *, announce: Announce, watching: Watching, note: Callable[[str], None]
) -> Worked:
    """Read the files, collect the outputs, ask the judges, and make the inputs of the audits.

    Where judging ends early (a server down, a limit reached), the outputs not reached count as errors of their judge and
    `Worked.incomplete` says why; the audit of what there is can then still be looked at.

    Parameters
    ----------
    announce
        Told what will be sent before the first call.
    watching
        Gives, for the name of a step, a context in which its progress is shown.
    note
        Told what a person should know.

    Raises
    ------
    InputError, ConfigError
        Something in the configuration or the files cannot be used; found before the first call wherever that is possible.
    IncompleteError
        The outputs could not all be collected, or the store cannot be written.
    """
    built, draws = assignments(config), wanted(config)
    gathered = gather(store, config)
    for text in gathered.notes:
        note(text)
    if draws:
        with watching("collect") as watch:
            collect(store, draws, limits=config.limits, seed=config.seed, announce=announce, watch=watch)
    outputs = scope(store, gathered, draws)
    _need_outputs(config, outputs)
    check_labels(store, config, outputs)
    incomplete: IncompleteError | None = None
    try:
        with watching("judge") as watch:
            judge(store, outputs, built, limits=config.limits, seed=config.seed, announce=announce, watch=watch)
    except StoreError:
        raise
    except IncompleteError as error:
        incomplete = error
    judgements = standing(store, outputs, built)
    inputs = audit_inputs(store, config, outputs, built, judgements, sources=gathered.sources)
    return Worked(inputs=inputs, incomplete=incomplete)


def stored(store: Store, config: AuditConfig, *, note: Callable[[str], None]) -> Worked:
    """What can be audited from the store as it is: files are read, no model and no judge is asked.

    What is still to be collected or judged is told in `Worked.incomplete`; outputs that a judge was not asked about count as
    its errors, as in `work`.

    Raises
    ------
    InputError, ConfigError
        As `work`.
    IncompleteError
        The store holds no judgement of any of the judges.
    """
    built, draws = assignments(config), wanted(config)
    rounds(built)
    gathered = gather(store, config)
    for text in gathered.notes:
        note(text)
    outputs = scope(store, gathered, draws)
    _need_outputs(config, outputs)
    check_labels(store, config, outputs)
    judgements = standing(store, outputs, built)
    unasked = sum(map(is_unasked, judgements))
    if built and unasked == len(judgements):
        step = "`judgeaudit judge` asks them, `judgeaudit run` does all there is to do"
        raise IncompleteError("no judge has been asked yet", where=config.name, next_step=step)
    uncollected = len(expected(outputs, draws)) - len(outputs)
    inputs = audit_inputs(store, config, outputs, built, judgements, sources=gathered.sources)
    return Worked(inputs=inputs, incomplete=_unfinished(config, uncollected, unasked, len(judgements)))


def _unfinished(config: AuditConfig, uncollected: int, unasked: int, asked: int) -> IncompleteError | None:
    parts = []
    if uncollected:
        parts.append(f"{uncollected} outputs are still to be collected")
    if unasked:
        parts.append(f"{unasked} of {asked} judgements are not in the store and count as errors of their judges")
    if not parts:
        return None
    return IncompleteError("; ".join(parts), where=config.name, next_step="`judgeaudit run` does what is missing")


def _need_outputs(config: AuditConfig, outputs: Sequence[object]) -> None:
    if not outputs:
        step = "name files under `outputs:`, add `collect:`, or import outputs into the store"
        raise InputError("there are no outputs to judge", where=config.name, next_step=step)
