"""The tables of the store. Judgements and labels are only ever added; the newest row of a cell is the one that counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables by what they hold.

    `outputs` has one row an item, found by the hash of its id (ids may be longer than an index entry). `layers` names
    each source of labels at each state it was read in; `labels` holds labels and settled values (its `role`), each of one layer.
    """

    metadata: MetaData
    meta: Table
    rubrics: Table
    outputs: Table
    judgements: Table
    layers: Table
    labels: Table


@cache
def tables() -> Tables:
    """The tables; made once, since SQLAlchemy is imported here."""
    import sqlalchemy as sa

    metadata = sa.MetaData()
    # BIGINT would not autoincrement on SQLite.
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def key(name: str = "id") -> sa.Column[int]:
        return sa.Column(name, serial, primary_key=True, autoincrement=True)

    def text(name: str, *, null: bool = False) -> sa.Column[str]:
        return sa.Column(name, sa.Text, nullable=null)

    def real(name: str) -> sa.Column[float]:
        return sa.Column(name, sa.Double, nullable=True)

    def whole(name: str, *, null: bool = True) -> sa.Column[int]:
        return sa.Column(name, sa.BigInteger, nullable=null)

    return Tables(
        metadata=metadata,
        meta=sa.Table("judgeaudit_meta", metadata, sa.Column("key", sa.String(200), primary_key=True), text("value")),
        rubrics=sa.Table("judgeaudit_rubrics", metadata, key(), text("name"), text("version"), text("content")),
        outputs=sa.Table(
            "judgeaudit_outputs",
            metadata,
            key(),
            sa.Column("item_key", sa.String(64), nullable=False, unique=True),
            *(text("item_id"), text("prompt"), text("response"), text("model", null=True), text("dataset", null=True)),
            *(text("meta"), text("output_hash"), sa.Column("content_hash", sa.String(64), nullable=False)),
        ),
        judgements=sa.Table(
            "judgeaudit_judgements",
            metadata,
            key(),
            sa.Column("item_key", sa.String(64), nullable=False, index=True),
            *(text("item_id"), text("judge"), text("rubric"), whole("trial", null=False), text("status")),
            *(text("verdict", null=True), real("score"), real("confidence"), text("confidence_source")),
            *(text("rationale"), text("raw"), text("parse_method"), text("detail")),
            *(whole("input_tokens"), whole("output_tokens"), whole("requests"), real("seconds")),
            *(text("fingerprint"), text("output_hash"), text("rubric_version")),
        ),
        layers=sa.Table(
            "judgeaudit_layers",
            metadata,
            key(),
            *(text("source"), sa.Column("content_hash", sa.String(64), nullable=False)),
        ),
        labels=sa.Table(
            "judgeaudit_labels",
            metadata,
            key(),
            sa.Column("layer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, index=True),
            sa.Column("item_key", sa.String(64), nullable=False),
            *(text("role"), text("item_id"), text("annotator", null=True), text("rubric"), text("value")),
            *(text("kind"), text("note"), text("time"), text("selected_by"), real("weight"), text("output_hash")),
        ),
    )
