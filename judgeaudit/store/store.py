"""The store: what is added to it, and what counts in it now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from judgeaudit.errors import InputError
from judgeaudit.model import Judgement, Label, LabelKind, Output, Rubric, Status
from judgeaudit.store import queries, rows
from judgeaudit.store.connect import connected
from judgeaudit.store.escape import escape, restore
from judgeaudit.store.failures import reported
from judgeaudit.store.schema import VERSION, tables
from judgeaudit.table import Cell, PatternCounts
from judgeaudit.text import text_hash

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

T = TypeVar("T")
Role = Literal["label", "reference"]
_CHUNK = 500
_EMPTY = text_hash("[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the things that were to be added."""

    new: int = 0
    changed: int = 0
    same: int = 0


class Store:
    """Outputs, judgements, labels and rubrics in one database; open it with `Store.open`.

    Judgements and labels are only ever added. Of several judgements of one cell (item, judge, rubric, trial) the newest on
    the output's present text counts; of several states of one source of labels the newest counts.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self.where = engine, where
        self._tables = tables()

    @classmethod
    @contextmanager
    def open(cls, url: str, *, create: bool = True, busy_seconds: float = 5.0) -> Iterator[Store]:
        """Open a store for a `with` block.

        Parameters
        ----------
        url
            Path of a SQLite file, or an SQLAlchemy URL (``sqlite:///audit.db``, ``postgresql+psycopg://host/name``). A
            PostgreSQL password is best left to the server's own means (PGPASSWORD, ~/.pgpass).
        create
            Make the store where there is none; else a missing file is an `InputError`.
        busy_seconds
            How long to wait for another process that holds the lock of a SQLite file.

        Raises
        ------
        InputError
            The file or its folder cannot be used, or the database holds something else.
        ConfigError
            The URL names a database that is not supported or whose driver is not installed.
        StoreError
            Locked, full, or the server is down.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> with tempfile.TemporaryDirectory() as folder, Store.open(f"{folder}/audit.db") as store:
        ...     store.add_outputs([Output(item_id="1", prompt="Hello?", response="Hello.")])
        Added(new=1, changed=0, same=0)
        """
        with connected(url, create=create, busy_seconds=busy_seconds) as (engine, where):
            store = cls(engine, where)
            store._prepare()
            yield store

    def add_outputs(self, outputs: Iterable[Output]) -> Added:
        """Add outputs; an output of a known id is replaced where anything in it differs.

        Judgements and labels of the replaced text stay in the store and no longer count.
        """
        import sqlalchemy as sa

        table = self._tables.outputs
        new = changed = same = 0
        with self._begin() as connection:
            for chunk in _chunks(outputs):
                made = {row["item_key"]: row for row in map(rows.output_row, chunk)}
                query = sa.select(table.c.item_key, table.c.content_hash).where(table.c.item_key.in_(made))
                known = {row.item_key: row.content_hash for row in connection.execute(query)}
                fresh = [row for key, row in made.items() if key not in known]
                other = [row for key, row in made.items() if known.get(key, row["content_hash"]) != row["content_hash"]]
                if fresh:
                    connection.execute(sa.insert(table), fresh)
                for row in other:
                    connection.execute(sa.update(table).where(table.c.item_key == row["item_key"]).values(**row))
                new, changed, same = new + len(fresh), changed + len(other), same + len(made) - len(fresh) - len(other)
        return Added(new=new, changed=changed, same=same)

    def add_judgements(self, judgements: Iterable[Judgement]) -> Added:
        """Add judgements, whatever is there already; durable when this returns."""
        import sqlalchemy as sa

        count = 0
        with self._begin() as connection:
            for chunk in _chunks(judgements):
                connection.execute(sa.insert(self._tables.judgements), [rows.judgement_row(j) for j in chunk])
                count += len(chunk)
        return Added(new=count)

    def merge_judgements(self, judgements: Iterable[Judgement]) -> Added:
        """Add only the judgements that differ from what counts now; those that name no output get its present hash."""
        now = {_cell(j): j for j in self.judgements()}
        hashes = self.output_hashes()
        fresh = []
        changed = same = 0
        for given in judgements:
            judgement = given if given.output_hash else replace(given, output_hash=hashes.get(given.item_id, ""))
            known = now.get(_cell(judgement))
            if known == judgement:
                same += 1
                continue
            changed += known is not None
            now[_cell(judgement)] = judgement
            fresh.append(judgement)
        self.add_judgements(fresh)
        return Added(new=len(fresh) - changed, changed=changed, same=same)

    def add_labels(self, labels: Sequence[Label], *, source: str, references: Sequence[Label] = ()) -> Added:
        """Add the labels of one source as a new layer over its older states.

        Nothing is added where a layer that counts has the same content already.

        Parameters
        ----------
        source
            Where they come from (a file's name, an annotator's sheet).
        references
            Values that settle an item (adjudication); they stand apart from the labels.
        """
        import sqlalchemy as sa

        if not labels and not references:
            return Added()
        hashes = self.output_hashes()
        kinds: tuple[tuple[Role, Sequence[Label]], ...] = (("label", labels), ("reference", references))
        made = [
            rows.label_row(label, layer=0, role=role, output_hash=hashes.get(label.item_id, ""))
            for role, given in kinds
            for label in given
        ]
        content = text_hash(json.dumps(made, sort_keys=True))
        with self._begin() as connection:
            if content in {layer.content_hash for layer in connection.execute(queries.current_layers())}:
                return Added(same=len(made))
            layers = self._tables.layers
            inserted = sa.insert(layers).values(source=escape(source), content_hash=content).returning(layers.c.id)
            layer = connection.execute(inserted).scalar_one()
            for chunk in _chunks({**row, "layer": layer} for row in made):
                connection.execute(sa.insert(self._tables.labels), chunk)
        return Added(new=len(made))

    def retire_labels(self, *, prefix: str, keep: Collection[str]) -> None:
        """Make the labels of all sources that begin so, but those to keep, count no more; they stay in the database."""
        import sqlalchemy as sa

        layers = self._tables.layers
        with self._begin() as connection:
            current = {
                restore(layer.source): layer.content_hash for layer in connection.execute(queries.current_layers())
            }
            for source, content in current.items():
                if source.startswith(prefix) and source not in keep and content != _EMPTY:
                    connection.execute(sa.insert(layers).values(source=escape(source), content_hash=_EMPTY))

    def add_rubrics(self, rubrics: Iterable[Rubric]) -> None:
        """Add rubrics; the newest of a name counts."""
        import sqlalchemy as sa

        known = {r.name: r for r in self.rubrics()}
        fresh = [rows.rubric_row(r) for r in rubrics if known.get(r.name) != r]
        if fresh:
            with self._begin() as connection:
                connection.execute(sa.insert(self._tables.rubrics), fresh)

    def outputs(self) -> list[Output]:
        """All outputs in the order in which they came."""
        import sqlalchemy as sa

        table = self._tables.outputs
        return [rows.output_of(row) for row in self._rows(sa.select(table).order_by(table.c.id))]

    def output_hashes(self) -> dict[str, str]:
        """For each item the hash of its present text."""
        import sqlalchemy as sa

        table = self._tables.outputs
        query = sa.select(table.c.item_id, table.c.output_hash).order_by(table.c.id)
        return {restore(row["item_id"]): row["output_hash"] for row in self._rows(query)}

    def rubrics(self) -> list[Rubric]:
        """The newest version of each rubric, in the order in which the names came."""
        import sqlalchemy as sa

        table = self._tables.rubrics
        found = [rows.rubric_of(row) for row in self._rows(sa.select(table).order_by(table.c.id))]
        return list({r.name: r for r in found}.values())

    def judgements(self, fingerprints: Mapping[tuple[str, str], str] | None = None) -> list[Judgement]:
        """The judgements that count: on the output's present text, the newest of each item, judge, rubric and trial.

        Parameters
        ----------
        fingerprints
            Only these (judge, rubric) pairs, and of them only judgements made under this fingerprint.
        """
        return [rows.judgement_of(row) for row in self._rows(queries.current_judgements(fingerprints))]

    def pattern_counts(
        self, rubric: str, *, judges: Sequence[str], annotators: Sequence[str] = (), kind: LabelKind = "human"
    ) -> PatternCounts:
        """How many outputs have each pattern of verdicts and labels that count, by one GROUP BY in the database.

        No output, judgement or label leaves the database, so that what it costs here grows with the number of patterns alone.
        Of a judge its first trial counts, whatever its fingerprint; an output that it was not asked about is `skipped`.
        """
        query = queries.pattern_counts(rubric, judges, annotators, kind)
        counts: dict[tuple[Cell, ...], int] = {}
        for row in self._rows(query):
            given = [_judged(row[f"status_{i}"], row[f"verdict_{i}"]) for i in range(len(judges))]
            labelled = [_labelled(row[f"value_{i}"]) for i in range(len(annotators))]
            counts[(*given, *labelled)] = int(row["n"])
        return PatternCounts(judges=tuple(judges), annotators=tuple(annotators), counts=counts)

    def reusable(self, judge: str, rubric: Rubric, fingerprint: str) -> set[tuple[str, int, str]]:
        """(item, trial, output hash) of every judgement that a later run may take over.

        Same judge fingerprint, same rubric version, and a status that may be reused; the caller compares the output's hash.
        Equal texts of different items are judged apart: whether a judge contradicts itself on them is worth knowing.
        """
        found = self._rows(queries.reusable_judgements(judge, rubric, fingerprint))
        return {(restore(row["item_id"]), row["trial"], row["output_hash"]) for row in found}

    def labels(self) -> list[Label]:
        """The labels that count: of each source its newest layer, of an annotator's several the newest layer's."""
        return self._labelled("label")

    def references(self) -> list[Label]:
        """The values that settle items (adjudication), by the same rule as labels."""
        return self._labelled("reference")

    def stale_labels(self) -> int:
        """How many labels no longer count because the output's text is another one now."""
        [row] = self._rows(queries.stale_labels())
        return int(row["n"])

    def note(self, key: str) -> str | None:
        """A short text kept under a key of up to 200 characters; None where there is none."""
        import sqlalchemy as sa

        table = self._tables.meta
        found = list(self._rows(sa.select(table.c.value).where(table.c.key == key)))
        return restore(found[0]["value"]) if found else None

    def set_note(self, key: str, value: str) -> None:
        """Keep a short text under a key, instead of what was there."""
        import sqlalchemy as sa

        table = self._tables.meta
        with self._begin() as connection:
            connection.execute(sa.delete(table).where(table.c.key == key))
            connection.execute(sa.insert(table).values(key=key, value=escape(value)))

    def _labelled(self, role: Role) -> list[Label]:
        found = list(self._rows(queries.current_labels(role)))
        newest: dict[tuple[Any, ...], int] = {}
        for row in found:
            newest[_annotation(row)] = max(row["layer"], newest.get(_annotation(row), 0))
        counting = (r for r in found if r["annotator"] is None or r["layer"] == newest[_annotation(r)])
        return [rows.label_of(row) for row in counting]

    def _rows(self, query: Select[Any]) -> Iterator[rows.Row]:
        with self._begin() as connection:
            yield from connection.execute(query).mappings()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with reported(self.where), self._engine.begin() as connection:
            yield connection

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse a database of a newer version."""
        with reported(self.where, opening=True):
            self._tables.metadata.create_all(self._engine)
        version = self.note("schema")
        if version is None:
            self.set_note("schema", VERSION)
        elif version != VERSION:
            raise InputError(
                "the store was made by another version of judgeaudit",
                where=self.where,
                got=f"schema {version}",
                expected=f"schema {VERSION}",
                next_step="use that version, or export there and import here",
            )


def _chunks(things: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _cell(judgement: Judgement) -> tuple[str, str, str, int]:
    return judgement.item_id, judgement.judge, judgement.rubric, judgement.trial


def _judged(status: str | None, verdict: str | None) -> Cell:
    return (str(Status.SKIPPED) if status is None else status, None if verdict is None else restore(verdict))


def _labelled(value: str | None) -> Cell:
    return (str(Status.SKIPPED), None) if value is None else (str(Status.OK), restore(value))


def _annotation(row: rows.Row) -> tuple[Any, ...]:
    return row["item_key"], row["annotator"], row["rubric"], row["kind"]
