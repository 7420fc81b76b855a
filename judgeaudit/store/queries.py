"""What counts in the store now, as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from judgeaudit.model import REUSABLE, Rubric
from judgeaudit.store.escape import escape
from judgeaudit.store.schema import tables

if TYPE_CHECKING:
    from sqlalchemy import Select


def current_judgements(fingerprints: Mapping[tuple[str, str], str] | None) -> Select[Any]:
    """The newest judgement of each item, judge, rubric and trial on the item's present text, in the order they came.

    With `fingerprints`, only judgements of those (judge, rubric) pairs made under that fingerprint.
    """
    import sqlalchemy as sa

    table, newest = tables().judgements, _newest_judgements()
    if fingerprints is not None:
        chosen = [
            sa.and_(table.c.judge == escape(j), table.c.rubric == escape(r), table.c.fingerprint == escape(f))
            for (j, r), f in fingerprints.items()
        ]
        newest = newest.where(sa.or_(sa.false(), *chosen))
    return sa.select(table).where(table.c.id.in_(newest)).order_by(table.c.id)


def _newest_judgements() -> Select[Any]:
    """The id of the newest judgement of each item, judge, rubric and trial on the item's present text."""
    import sqlalchemy as sa

    table, outputs = tables().judgements, tables().outputs
    return (
        sa.select(sa.func.max(table.c.id))
        .select_from(table.outerjoin(outputs, table.c.item_key == outputs.c.item_key))
        .where(sa.or_(table.c.output_hash == "", table.c.output_hash == outputs.c.output_hash))
        .group_by(table.c.item_key, table.c.judge, table.c.rubric, table.c.trial)
    )


def reusable_judgements(judge: str, rubric: Rubric, fingerprint: str) -> Select[Any]:
    """Item, trial and output hash of the judgements that a run of this judge may take over."""
    import sqlalchemy as sa

    table = tables().judgements
    return sa.select(table.c.item_id, table.c.trial, table.c.output_hash).where(
        table.c.judge == escape(judge),
        table.c.rubric == escape(rubric.name),
        table.c.fingerprint == escape(fingerprint),
        table.c.rubric_version == rubric.version,
        table.c.status.in_([str(status) for status in REUSABLE]),
    )


def current_layers() -> Select[Any]:
    """The newest layer of each source of labels."""
    import sqlalchemy as sa

    table = tables().layers
    newest = sa.select(sa.func.max(table.c.id)).group_by(table.c.source)
    return sa.select(table).where(table.c.id.in_(newest)).order_by(table.c.id)


def current_labels(role: str) -> Select[Any]:
    """Labels (or references) of the current layers, given on the item's present text, in the order they came."""
    import sqlalchemy as sa

    labels, outputs = tables().labels, tables().outputs
    return (
        sa.select(labels)
        .select_from(labels.outerjoin(outputs, labels.c.item_key == outputs.c.item_key))
        .where(labels.c.role == role, labels.c.layer.in_(sa.select(current_layers().subquery().c.id)))
        .where(sa.or_(labels.c.output_hash == "", labels.c.output_hash == outputs.c.output_hash))
        .order_by(labels.c.id)
    )


def stale_labels() -> Select[Any]:
    """The number of labels in current layers that were given on another text than the item has now."""
    import sqlalchemy as sa

    labels, outputs = tables().labels, tables().outputs
    return (
        sa.select(sa.func.count().label("n"))
        .select_from(labels.join(outputs, labels.c.item_key == outputs.c.item_key))
        .where(labels.c.layer.in_(sa.select(current_layers().subquery().c.id)))
        .where(labels.c.output_hash != "", labels.c.output_hash != outputs.c.output_hash)
    )


def pattern_counts(rubric: str, judges: Sequence[str], annotators: Sequence[str], kind: str) -> Select[Any]:
    """Items by their judges' first verdicts that count and their annotators' labels: status and verdict of each judge, then
    the value of each annotator, then the number of items.
    """
    import sqlalchemy as sa

    outputs = tables().outputs
    joined: Any = outputs
    columns: list[Any] = []
    for place, judge in enumerate(judges):
        given = _first_trials(rubric, judge).subquery(f"given_{place}")
        joined = joined.outerjoin(given, given.c.item_key == outputs.c.item_key)
        columns += [given.c.status.label(f"status_{place}"), given.c.verdict.label(f"verdict_{place}")]
    for place, annotator in enumerate(annotators):
        label = _newest_labels(rubric, annotator, kind).subquery(f"label_{place}")
        joined = joined.outerjoin(label, label.c.item_key == outputs.c.item_key)
        columns.append(label.c.value.label(f"value_{place}"))
    return sa.select(*columns, sa.func.count().label("n")).select_from(joined).group_by(*columns)


def _first_trials(rubric: str, judge: str) -> Select[Any]:
    """The judgement of a judge's first trial that counts, one an item."""
    import sqlalchemy as sa

    table = tables().judgements
    own = (table.c.judge == escape(judge), table.c.rubric == escape(rubric), table.c.trial == 1)
    newest = _newest_judgements().where(*own)
    # Plus 0: SQLite would otherwise look up every id of the list for every item, which is quadratic.
    return sa.select(table.c.item_key, table.c.status, table.c.verdict).where((table.c.id + 0).in_(newest))


def _newest_labels(rubric: str, annotator: str, kind: str) -> Select[Any]:
    """One label an item: of an annotator's several that count the one that came last."""
    import sqlalchemy as sa

    current, labels = current_labels("label").order_by(None).subquery(), tables().labels
    newest = (
        sa.select(sa.func.max(current.c.id))
        .where(current.c.rubric == escape(rubric), current.c.annotator == escape(annotator), current.c.kind == kind)
        .group_by(current.c.item_key)
    )
    return sa.select(labels.c.item_key, labels.c.value).where(labels.c.id.in_(newest))
