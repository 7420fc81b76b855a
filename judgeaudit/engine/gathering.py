"""The files of an audit.yaml read into its store: outputs and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judgeaudit.config import AuditConfig
from judgeaudit.engine.collecting import Draw
from judgeaudit.engine.labels import read_labels
from judgeaudit.errors import InputError, nearest
from judgeaudit.model import Output
from judgeaudit.probes._make import is_probe
from judgeaudit.readers import from_records, read_records
from judgeaudit.readers._open import sha256
from judgeaudit.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What an audit is about.

    Parameters
    ----------
    item_ids
        Outputs in the files; None: the audit names no files and collects nothing, so it is about all outputs of the store.
    sources
        For each file name, SHA-256 and what became of its rows, for the audit's `inputs`.
    notes
        What a person should know before money is spent.
    """

    item_ids: Sequence[str] | None
    sources: Sequence[Mapping[str, Any]]
    notes: Sequence[str]


def gather(store: Store, config: AuditConfig) -> Gathered:
    """Read the files of outputs and labels into the store, and the rubrics of the configuration.

    Labels of a file that the configuration no longer names do not count any more.

    Raises
    ------
    InputError, ConfigError
        A file cannot be read as it is.
    """
    store.add_rubrics(rubric.rubric(name) for name, rubric in config.rubrics.items())
    alone = next(iter(config.rubrics)) if len(config.rubrics) == 1 else None
    ids: list[str] = []
    sources: list[Mapping[str, Any]] = []
    notes: list[str] = []
    mine = f"audit {config.name}: "
    layers: list[str] = []
    for given in config.outputs.files if config.outputs else ():
        path = config.path(given)
        records = read_records(path, rubric=alone)
        store.add_outputs(records.outputs)
        ids += [output.item_id for output in records.outputs]
        layers.append(f"{mine}{path.resolve()}")
        store.add_labels(records.labels, references=records.references, source=layers[-1])
        sources.append(_source(path, len(records.outputs), records.left_out))
        if records.judgements:
            judges = ", ".join(sorted({repr(j.judge) for j in records.judgements})[:5])
            notes.append(f"{path.name}: its recorded verdicts ({judges}) are used only by judges of kind `recorded`")
        notes += _unknown_rubrics(path, config, {label.rubric for label in (*records.labels, *records.references)})
    twice = sorted({item for item in ids if ids.count(item) > 1}) if len(set(ids)) < len(ids) else []
    if twice:
        raise InputError(
            "two files hold one id", where=config.name, got=repr(twice[0]), next_step="give each output its own id"
        )
    for entry in config.labels:
        path = config.path(entry.file)
        labels = read_labels(
            path,
            kind=entry.kind,
            rubric=entry.rubric or alone,
            annotator=entry.annotator,
            selected_by=entry.selected_by,
        )
        layers.append(f"{mine}{path.resolve()}")
        store.add_labels(labels, source=layers[-1])
        sources.append(_source(path, len(labels), {}))
        notes += _unknown_rubrics(path, config, {label.rubric for label in labels})
    store.retire_labels(prefix=mine, keep=layers)
    nothing_named = config.outputs is None and config.collect is None
    return Gathered(item_ids=None if nothing_named else ids, sources=sources, notes=notes)


def scope(store: Store, gathered: Gathered, draws: Sequence[Draw] = ()) -> list[Output]:
    """The outputs that the audit is about, as far as the store has them: those of its files, then those collected.

    Never a probe of a stress test.
    """
    outputs = [output for output in store.outputs() if not is_probe(output)]
    if gathered.item_ids is None:
        return outputs
    known = {output.item_id: output for output in outputs}
    wanted = dict.fromkeys([*gathered.item_ids, *(draw.item_id for draw in draws)])
    return [known[item] for item in wanted if item in known]


def expected(outputs: Sequence[Output], draws: Sequence[Draw]) -> list[Output]:
    """The outputs with stand-ins for those still to be collected, as long as they may become; for plans only."""
    there = {output.item_id for output in outputs}
    missing = [draw for draw in draws if draw.item_id not in there]
    stand_ins = [
        Output(item_id=draw.item_id, prompt=draw.prompt.text, response="x" * 4 * (draw.estimate.output_tokens or 0))
        for draw in missing
    ]
    return [*outputs, *stand_ins]


def check_labels(store: Store, config: AuditConfig, outputs: Sequence[Output]) -> None:
    """Find labels that join nothing or are off the scale, and slices that no output has, before a judge is paid.

    Raises
    ------
    InputError, ConfigError
        As `judgeaudit.readers.from_records`.
    """
    labels, references = store.labels(), store.references()
    for name, rubric in config.rubrics.items():
        if any(label.rubric == name for label in (*labels, *references)):
            from_records(
                outputs,
                [],
                labels,
                rubric.rubric(name),
                references=references,
                slices=config.audit.slices,
                group=config.audit.group or "auto",
                weight=config.audit.weight,
                selected_by=config.audit.selected_by,
                reference=config.audit.reference,
            )


def _source(path: Path, rows: int, left_out: Mapping[str, int]) -> Mapping[str, Any]:
    return {"name": path.name, "sha256": sha256(path), "rows": rows, "left_out": dict(left_out)}


def _unknown_rubrics(path: Path, config: AuditConfig, rubrics: set[str]) -> list[str]:
    return [
        f"{path.name}: labels of rubric {name!r} are not used, audit.yaml has none of that name; {nearest(name, config.rubrics)}"
        for name in sorted(rubrics - set(config.rubrics))
    ]
