"""Probes put to the judges of an audit.yaml, through the same calls and the same store as its outputs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from judgeaudit.config import AuditConfig, Limits
from judgeaudit.engine.bases import PER_SIDE, Bases, find_bases
from judgeaudit.engine.batch import judge_batch
from judgeaudit.engine.calls import Progress
from judgeaudit.engine.gathering import gather, scope
from judgeaudit.engine.judging import judge, plan_judging
from judgeaudit.engine.plan import Plan, Send
from judgeaudit.engine.rounds import Assignment, rounds
from judgeaudit.engine.setup import assignments, wanted
from judgeaudit.errors import ConfigError, InputError, nearest
from judgeaudit.judges._judge import Ask, BatchJudge, CallJudge
from judgeaudit.model import Judgement, Output, Rubric
from judgeaudit.probes._make import Design, Probes, is_probe, known_names, make
from judgeaudit.probes._probe import Reworded
from judgeaudit.store import Store

CANNOT_READ = {
    "recorded": "recorded verdicts cannot score new texts",
    "modes": "its verdicts are the detectors that the bases are chosen by, and the probes are made for them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A judge, or with `judge` None a rubric, that is not probed, and why."""

    judge: str | None
    rubric: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stressing:
    """All that is to be put to the judges.

    Parameters
    ----------
    originals
        The audit's own outputs: judges that learn from labels learn from these.
    bases, probes
        By rubric.
    """

    originals: Sequence[Output]
    bases: Mapping[str, Bases]
    probes: Mapping[str, Probes]
    assignments: Sequence[Assignment]
    skipped: Sequence[Skipped]
    notes: Sequence[str] = ()

    def outputs(self, rubric: str) -> list[Output]:
        """Bases and probes of a rubric, those with a rubric put otherwise too."""
        made = self.probes[rubric]
        return [*(base.output for base in self.bases[rubric].chosen), *made.plain, *made.worded]


def prepare(
    store: Store, config: AuditConfig, design: Design, *, per_side: int = PER_SIDE, judges: Sequence[str] = ()
) -> Stressing:
    """Choose the bases and make the probes; nothing is judged, and no probe is stored.

    Parameters
    ----------
    judges
        Names of judges to probe; empty: all.

    Raises
    ------
    ConfigError
        An unknown judge, mode or kind of probe.
    InputError
        No rubric has bases, or no judge can score new texts.
    """
    _check(config, design, judges)
    gathered = gather(store, config)
    originals = [o for o in scope(store, gathered, wanted(config)) if not is_probe(o)]
    labels, references = store.labels(), store.references()
    built = [a for a in assignments(config) if not judges or a.judge.name in judges]
    bases = {
        name: find_bases(
            originals, labels, references, config.rubrics[name].rubric(name), per_side=per_side, seed=config.seed
        )
        for name in dict.fromkeys(a.rubric.name for a in built)
    }
    skipped = [Skipped(judge=None, rubric=name, reason=b.reason) for name, b in bases.items() if b.reason]
    usable, more = _usable([a for a in built if bases[a.rubric.name].reason is None])
    probed = {a.rubric.name for a in usable}
    if not probed:
        told = "; ".join(f"{s.judge or 'rubric ' + s.rubric}: {s.reason}" for s in [*skipped, *more])
        step = "probes need coherent outputs with construction or human labels, and a judge that scores new texts"
        raise InputError("nothing can be probed", where=config.name, got=told or "no judge", next_step=step)
    chosen = {name: b for name, b in bases.items() if name in probed}
    return Stressing(
        originals=originals,
        bases=chosen,
        probes={name: make(b.chosen, b.rubric, design) for name, b in chosen.items()},
        assignments=usable,
        skipped=[*skipped, *more],
        notes=gathered.notes,
    )


def plan_stress(store: Store, stressing: Stressing) -> Plan:
    """What `stress` would send."""
    sends: list[Send] = []
    fingerprints = {a.cell: a.fingerprint for a in stressing.assignments}
    for name in stressing.bases:
        for a in stressing.assignments:
            if a.rubric.name == name:
                # A judge that sees all outputs at once is shown the audit's own beside the probes.
                whole = isinstance(a.judge, BatchJudge)
                outputs = _at_once(stressing, name) if whole else stressing.outputs(name)
                sends += plan_judging(store, outputs, [_asked(a, stressing)], fingerprints=fingerprints).sends
    return Plan(sends=sends)


def stress(
    store: Store,
    stressing: Stressing,
    *,
    limits: Limits | None = None,
    seed: int = 0,
    announce: Callable[[Plan], None] | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> list[Judgement]:
    """Ask every judge about its probes that the store has no judgement of; then the judgements of all probes and bases.

    Raises
    ------
    ConfigError, ProviderError, BudgetError, StoreError
        As `judgeaudit.engine.judging.judge`; what was done is kept, and `kept` gives it.
    """
    plan = plan_stress(store, stressing)
    limits = limits or Limits()
    plan.check(limits)
    if announce is not None:
        announce(plan)
    for name in stressing.bases:
        store.add_outputs([*stressing.probes[name].plain, *stressing.probes[name].worded])
    fingerprints = {a.cell: a.fingerprint for a in stressing.assignments}
    for ready in rounds(stressing.assignments):
        for name in stressing.bases:
            mine = [_asked(a, stressing) for a in ready if a.rubric.name == name]
            for a in mine:
                if isinstance(a.judge, BatchJudge):
                    _batch(store, stressing, a.judge, a.rubric, fingerprints)
            calls = [a for a in mine if isinstance(a.judge, CallJudge)]
            if calls:
                outputs = stressing.outputs(name)
                sent = plan_judging(store, outputs, calls)
                judge(store, outputs, calls, limits=limits, seed=seed, watch=watch)
                limits = _left(limits, sent)
    return kept(store, stressing)


def kept(store: Store, stressing: Stressing) -> list[Judgement]:
    """The judgements of all probes and bases that the store holds."""
    hashes = {o.item_id: o.hash for name in stressing.bases for o in stressing.outputs(name)}
    found = store.judgements({a.cell: a.fingerprint for a in stressing.assignments})
    return [j for j in found if j.trial == 1 and hashes.get(j.item_id) == j.output_hash]


def _batch(
    store: Store, stressing: Stressing, judge: BatchJudge, rubric: Rubric, fingerprints: Mapping[tuple[str, str], str]
) -> None:
    judge_batch(store, _at_once(stressing, rubric.name), judge, rubric, fingerprints)


def _at_once(stressing: Stressing, rubric: str) -> list[Output]:
    ids = {output.item_id for output in stressing.originals}
    extra = [base.output for base in stressing.bases[rubric].chosen if base.output.item_id not in ids]
    return [*stressing.originals, *extra, *stressing.probes[rubric].plain]


def _usable(built: Sequence[Assignment]) -> tuple[list[Assignment], list[Skipped]]:
    """Assignments that can score new texts; a judge that needs one of the others goes with it."""
    skipped = [
        Skipped(judge=a.judge.name, rubric=a.rubric.name, reason=CANNOT_READ[a.judge.kind])
        for a in built
        if a.judge.kind in CANNOT_READ
    ]
    left = [a for a in built if a.judge.kind not in CANNOT_READ]
    while True:
        have = {a.cell for a in left}
        lost = [a for a in left if not a.needs <= have]
        if not lost:
            return [replace(a, trials=1) for a in left], skipped
        for a in lost:
            needs = ", ".join(sorted(judge for judge, _ in a.needs - have))
            skipped.append(Skipped(judge=a.judge.name, rubric=a.rubric.name, reason=f"needs {needs}, not probed"))
        left = [a for a in left if a not in lost]


def _check(config: AuditConfig, design: Design, judges: Sequence[str]) -> None:
    names = [judge.name for judge in config.judges]
    for name in judges:
        if name not in names:
            raise ConfigError("unknown judge", where=config.name, got=repr(name), next_step=nearest(name, names))
    known = known_names()
    for name in design.only or ():
        if name not in known:
            raise ConfigError("unknown mode or kind of probe", got=repr(name), next_step=nearest(name, known))


def _left(limits: Limits, sent: Plan) -> Limits:
    """What the limits allow after these calls, as far as they were estimated."""
    usages = [send.usage for send in sent.sends if send.usage is not None]
    tokens = sum((u.input_tokens or 0) + (u.output_tokens or 0) for u in usages)
    spent = {"max_requests": sent.calls, "max_tokens": tokens, "max_cost": sent.cost or 0.0}
    update = {
        key: max(0, getattr(limits, key) - used) for key, used in spent.items() if getattr(limits, key) is not None
    }
    return limits.model_copy(update=update)


def _asked(assignment: Assignment, stressing: Stressing) -> Assignment:
    """The assignment with a judge that is shown the rubric as each probe wants it."""
    judge, put = assignment.judge, stressing.probes[assignment.rubric.name].rewordings
    if not isinstance(judge, CallJudge):
        return assignment
    shown = PutOtherwise(inner=judge, put=put, name=judge.name, kind=judge.kind, host=judge.host)
    return replace(assignment, judge=shown)


# Not frozen: the attributes of the `CallJudge` protocol are declared settable.
@dataclass(slots=True, kw_only=True)
class PutOtherwise:
    """A judge that is shown another wording of the rubric on the probes made for it; its verdicts are translated back.

    Its fingerprint is the judge's own on the rubric as it is: which wording was shown is part of the probe's id.
    """

    inner: CallJudge
    put: Mapping[tuple[str, str], Reworded]
    name: str
    kind: str
    host: str

    def fingerprint(self, rubric: Rubric) -> str:
        """The judge's own."""
        return self.inner.fingerprint(rubric)

    def open(self) -> AbstractAsyncContextManager[Ask]:
        """Open for the running event loop."""
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Ask]:
        async with self.inner.open() as ask:
            yield _Asking(inner=ask, put=self.put)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    inner: Ask
    put: Mapping[tuple[str, str], Reworded]

    async def ask(self, output: Output, rubric: Rubric, trial: int) -> Judgement:
        """Judge once, by the wording that the probe asks for."""
        put = self.put.get((str(output.meta.get("probe")), str(output.meta.get("variant"))))
        if put is None or not output.meta.get("reworded"):
            return await self.inner.ask(output, rubric, trial)
        made = await self.inner.ask(output, put.rubric, trial)
        return made if made.verdict is None else replace(made, verdict=put.back.get(made.verdict, made.verdict))
