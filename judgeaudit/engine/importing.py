"""Files into a store, and a store as records to be written as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from judgeaudit.probes._make import is_probe
from judgeaudit.readers import Records, read_records
from judgeaudit.store import Added, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file's contents; `left_out` counts by reason what was not taken over."""

    outputs: Added = field(default_factory=Added)
    judgements: Added = field(default_factory=Added)
    labels: Added = field(default_factory=Added)
    left_out: Mapping[str, int] = field(default_factory=dict)


def import_file(store: Store, path: Path, *, rubric: str | None = None, encoding: str | None = None) -> Imported:
    """Read a file into the store: outputs, and in the interchange form judgements, labels, references and rubrics too.

    Reading a file twice adds nothing; a changed file adds what changed, and its labels replace those that it had before.

    Parameters
    ----------
    rubric
        Where verdicts and labels without a rubric belong; None: the only one there is.

    Raises
    ------
    InputError, ConfigError
        As `judgeaudit.readers.read_records`.
    """
    return add_records(store, read_records(path, rubric=rubric, encoding=encoding), source=f"file {path.resolve()}")


def add_records(store: Store, records: Records, *, source: str) -> Imported:
    """Records into the store; `source` names where the labels come from."""
    outputs = store.add_outputs(records.outputs)
    known = {rubric.name for rubric in store.rubrics()}
    # A rubric that a file merely names must not hide the scale of one that is known.
    store.add_rubrics(rubric for rubric in records.rubrics if rubric.values or rubric.name not in known)
    return Imported(
        outputs=outputs,
        judgements=store.merge_judgements(records.judgements),
        labels=store.add_labels(records.labels, references=records.references, source=source),
        left_out=records.left_out,
    )


def store_records(store: Store) -> Records:
    """What counts in the store, for `judgeaudit.readers.write_interchange`.

    Judgements and labels of items that the store does not hold are left out and counted; so are labels of an earlier text, and
    the probes of a stress test, which are no outputs of a model.
    """
    kept = store.outputs()
    outputs = [output for output in kept if not is_probe(output)]
    items, probes = {output.item_id for output in outputs}, {output.item_id for output in kept if is_probe(output)}
    judgements, labels, references = store.judgements(), store.labels(), store.references()
    left_out = {
        "probes": len(probes),
        "judgements_of_probes": sum(j.item_id in probes for j in judgements),
        "judgements_of_no_output": sum(j.item_id not in items and j.item_id not in probes for j in judgements),
        "labels_of_no_output": sum(label.item_id not in items for label in (*labels, *references)),
        "labels_of_an_earlier_text": store.stale_labels(),
    }
    return Records(
        outputs=tuple(outputs),
        judgements=tuple(j for j in judgements if j.item_id in items),
        labels=tuple(label for label in labels if label.item_id in items),
        references=tuple(label for label in references if label.item_id in items),
        rubrics=tuple(store.rubrics()),
        left_out={reason: count for reason, count in left_out.items() if count},
    )
