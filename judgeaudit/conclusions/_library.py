"""From files, or the store of an audit.yaml, to conclusions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from judgeaudit.conclusions._capability import read_capability
from judgeaudit.conclusions._conclude import Conclusions, conclude
from judgeaudit.conclusions._facts import Facts, of_file, of_outputs
from judgeaudit.conclusions._read import make_study
from judgeaudit.conclusions._request import CapabilityColumns, Columns, Settings
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.readers import CheckRequest, read_table
from judgeaudit.table import AuditInput

YAML = (".yaml", ".yml")


def from_file(
    table: Path,
    request: CheckRequest,
    *,
    capability: Path | None,
    columns: Columns,
    capability_columns: CapabilityColumns,
    settings: Settings,
) -> Conclusions:
    """Conclusions from a table of outputs and verdicts, or from what the store of an audit.yaml holds.

    Raises
    ------
    InputError, ConfigError
        A file or the request cannot be used as it is.
    """
    if table.suffix.lower() in YAML:
        data, facts, name, complete = _of_audit(table, request, columns)
    else:
        complete = True
        data, facts, name = _one(read_table(table, request)), of_file(table, columns, request.encoding), table.stem
    study = make_study(_with_modes(data), facts, name=name, base=settings.base, reference=request.reference)
    scores = None if capability is None else read_capability(capability, capability_columns, study)
    return replace(conclude(study, scores, settings), complete=complete)


def _one(inputs: list[AuditInput]) -> AuditInput:
    if len(inputs) != 1:
        names = ", ".join(repr(i.rubric.name) for i in inputs)
        raise ConfigError("conclusions are drawn on one rubric", got=names, next_step="choose with --rubric NAME")
    return inputs[0]


def _of_audit(path: Path, request: CheckRequest, columns: Columns) -> tuple[AuditInput, Facts, str, bool]:
    """What the store of an audit.yaml holds; no model and no judge is asked."""
    from judgeaudit.config import read_audit_config
    from judgeaudit.engine.work import stored
    from judgeaudit.store import Store

    config = read_audit_config(path)
    told: list[str] = []
    with Store.open(config.store_url) as store:
        found = stored(store, config, note=told.append)
        known = {output.item_id: output for output in store.outputs()}
    names = [i.rubric.name for i in found.inputs]
    if request.rubric is not None and request.rubric not in names:
        raise ConfigError("unknown rubric", got=repr(request.rubric), next_step=nearest(request.rubric, names))
    data = _one([i for i in found.inputs if request.rubric in (None, i.rubric.name)])
    told += [str(found.incomplete)] if found.incomplete is not None else []
    facts = of_outputs([known[item] for item in data.item_ids], columns, config.name)
    return replace(data, notes=(*data.notes, *told)), facts, config.name, found.incomplete is None


def _with_modes(data: AuditInput) -> AuditInput:
    if data.responses is None or data.modes is not None:
        return data
    from judgeaudit.modes._detect import detect_many

    return replace(data, modes=detect_many(data.responses, prompts=data.prompts, finish_reasons=data.finish_reasons))
