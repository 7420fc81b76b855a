"""What counts in the store now, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
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

    table, outputs = tables().judgements, tables().outputs
    newest = (
        sa.select(sa.func.max(table.c.id))
        .select_from(table.outerjoin(outputs, table.c.item_key == outputs.c.item_key))
        .where(sa.or_(table.c.output_hash == "", table.c.output_hash == outputs.c.output_hash))
        .group_by(table.c.item_key, table.c.judge, table.c.rubric, table.c.trial)
    )
    if fingerprints is not None:
        chosen = [
            sa.and_(table.c.judge == escape(j), table.c.rubric == escape(r), table.c.fingerprint == escape(f))
            for (j, r), f in fingerprints.items()
        ]
        newest = newest.where(sa.or_(sa.false(), *chosen))
    return sa.select(table).where(table.c.id.in_(newest)).order_by(table.c.id)


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
