"""From the store to the inputs of an audit, one a rubric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from judgeaudit.config import AuditConfig
from judgeaudit.engine.meter import cost
from judgeaudit.engine.rounds import Assignment
from judgeaudit.judges._judge import CallJudge
from judgeaudit.model import Judgement, Output, Status
from judgeaudit.readers import from_records
from judgeaudit.store import Store
from judgeaudit.table import AuditInput, JudgeInfo

N = TypeVar("N", int, float)

NOT_REACHED = "the run ended before this output was asked about"


def standing(store: Store, outputs: Sequence[Output], assignments: Sequence[Assignment]) -> list[Judgement]:
    """The judgements that an audit is computed from: of these judges as they are configured now, on these texts.

    An output that such a judge should have been asked about and was not, because the run ended early, is an error of that
    judge (`is_unasked`): left out silently it would make the judge look better.
    """
    wanted = {output.item_id: output.hash for output in outputs}
    found = store.judgements({a.cell: a.fingerprint for a in assignments})
    kept = [j for j in found if wanted.get(j.item_id) == j.output_hash]
    return kept + [j for a in assignments for j in _not_reached(a, outputs, kept)]


def is_unasked(judgement: Judgement) -> bool:
    """Whether it stands for an output that the judge was never asked about."""
    return judgement.status == Status.ERROR and judgement.detail == NOT_REACHED


def audit_inputs(
    store: Store,
    config: AuditConfig,
    outputs: Sequence[Output],
    assignments: Sequence[Assignment],
    judgements: Sequence[Judgement] | None = None,
    *,
    sources: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
) -> list[AuditInput]:
    """What the audit of each rubric is computed from; rubrics with neither judge nor label are left out.

    Parameters
    ----------
    judgements
        As `standing` gives them; None: it is asked here.
    sources, notes
        Go into each input.

    Raises
    ------
    InputError, ConfigError
        As `judgeaudit.readers.from_records`.
    """
    found = standing(store, outputs, assignments) if judgements is None else judgements
    stale = store.stale_labels()
    more = [f"{stale} labels of earlier texts are left out"] if stale else []
    labels, references = store.labels(), store.references()
    made = []
    for name, entry in config.rubrics.items():
        mine = [a for a in assignments if a.rubric.name == name]
        if not mine and not any(label.rubric == name for label in (*labels, *references)):
            continue
        own = [j for j in found if j.rubric == name]
        made.append(
            from_records(
                outputs,
                own,
                labels,
                entry.rubric(name),
                references=references,
                slices=config.audit.slices,
                group=config.audit.group or "auto",
                weight=config.audit.weight,
                selected_by=config.audit.selected_by,
                reference=config.audit.reference,
                judge_info={a.judge.name: _info(a, [j for j in own if j.judge == a.judge.name]) for a in mine},
                sources=sources,
                where=config.name,
                notes=[*notes, *more],
            )
        )
    return made


def _not_reached(
    assignment: Assignment, outputs: Sequence[Output], judgements: Sequence[Judgement]
) -> Iterator[Judgement]:
    judge, rubric = assignment.cell
    have = {(j.item_id, j.trial) for j in judgements if (j.judge, j.rubric) == assignment.cell}
    for output in outputs:
        for trial in range(1, assignment.trials + 1):
            if (output.item_id, trial) not in have:
                yield Judgement(
                    item_id=output.item_id,
                    judge=judge,
                    rubric=rubric,
                    trial=trial,
                    status=Status.ERROR,
                    detail=NOT_REACHED,
                )


def _info(assignment: Assignment, judgements: Sequence[Judgement]) -> JudgeInfo:
    """What is known of a judge; costs nothing where it runs here, and an unknown sum where a part of it was not told."""
    judge, price = assignment.judge, assignment.price
    usages = [j.usage for j in judgements if j.usage is not None]
    given, made = _sum([u.input_tokens for u in usages]), _sum([u.output_tokens for u in usages])
    called = isinstance(judge, CallJudge)
    spent = cost(price, given, made) if price is not None and given is not None and made is not None else None
    return JudgeInfo(
        kind=judge.kind,
        fingerprint=assignment.fingerprint,
        model=assignment.model,
        panel=judge.kind == "panel",
        seconds=_sum([j.seconds for j in judgements if not is_unasked(j)]),
        input_tokens=given if called else 0,
        output_tokens=made if called else 0,
        requests=sum(u.requests for u in usages) if called else 0,
        cost=spent if called else 0.0,
    )


def _sum(told: Sequence[N | None]) -> N | None:
    """The sum; None where a part was not told, or nothing was."""
    known = [x for x in told if x is not None]
    return sum(known[1:], start=known[0]) if known and len(known) == len(told) else None
