"""Files to outputs, judgements and labels, and back: what a store imports and exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, cast, get_args

from judgeaudit.errors import ConfigError, InputError
from judgeaudit.model import ConfidenceSource, Judgement, Label, Output, Rubric, Status, Usage, as_value
from judgeaudit.readers import _entries
from judgeaudit.readers._codes import ABSENT, NoValue
from judgeaudit.readers._declared import declared_rubrics
from judgeaudit.readers._interchange import is_interchange
from judgeaudit.readers._items import check_ids
from judgeaudit.readers._lines import open_lines
from judgeaudit.readers._paths import getter
from judgeaudit.readers._read import reader_of
from judgeaudit.readers._request import DEFAULT_RUBRIC
from judgeaudit.readers._table import missing_column, shown, to_text
from judgeaudit.table import CODE_STATUSES

_PEEKED = 20
_KNOWN = ("item_id", "prompt", "response", "model", "dataset", "human_labels", "reference", "judge_verdicts", "meta")
_SOURCES = get_args(ConfidenceSource)
_LABEL_TEXTS = ("note", "time", "selected_by")
_VERDICT_TEXTS = ("rationale", "raw", "parse_method", "detail", "fingerprint", "output_hash", "rubric_version")
_VERDICT_FIELDS = {
    "verdict",
    "status",
    "score",
    "confidence",
    "confidence_source",
    "trial",
    "usage",
    "seconds",
    *_VERDICT_TEXTS,
}
_LABEL_FIELDS = {"annotator", "label", "dimension", "kind", "weight", "value", *_LABEL_TEXTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a file holds.

    Parameters
    ----------
    references
        Labels that settle their item.
    rubrics
        Every rubric that a judgement, label or reference is of; with its scale only where the file declares it.
    left_out
        What was not taken over, by reason.
    """

    outputs: tuple[Output, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    labels: tuple[Label, ...] = ()
    references: tuple[Label, ...] = ()
    rubrics: tuple[Rubric, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_records(path: Path, *, rubric: str | None = None, encoding: str | None = None) -> Records:
    """Everything in a file of the interchange form; of any other table only its outputs (see `read_outputs`).

    Parameters
    ----------
    rubric
        Where verdicts, labels and references without a rubric belong; None: the only one there is.

    Raises
    ------
    InputError
        The file cannot be read as it is.
    ConfigError
        There are several rubrics, verdicts or labels without one, and `rubric` is not given.
    """
    if not _holds_interchange(path, encoding):
        return Records(outputs=tuple(read_outputs(path, encoding=encoding)))
    with open_lines(path, encoding) as lines:
        records = list(lines)
    if not records:
        raise InputError("the file has no rows", where=path.name, expected="one JSON object a line")
    return _Reading(path.name, records, rubric).all()


def read_outputs(
    path: Path,
    *,
    id: str | None = None,
    prompt: str | None = None,
    response: str | None = None,
    model: str | None = None,
    dataset: str | None = None,
    encoding: str | None = None,
) -> list[Output]:
    """Outputs of a table; columns that are none of those named become meta.

    Parameters
    ----------
    id, prompt, response, model, dataset
        Columns, dotted paths in JSON Lines. None: the column of that name (for ids ``item_id`` or ``id``) where there is one;
        ids are else row numbers, prompts empty. A table needs responses.

    Raises
    ------
    InputError
        The file cannot be read as it is, a column is missing, ids are not distinct.
    """
    rows = [row for _, row in reader_of(path).rows(path, encoding)]
    first = rows[0]
    names = {
        "id": id or next((c for c in ("item_id", "id") if c in first), None),
        "prompt": prompt or ("prompt" if "prompt" in first else None),
        "response": response or "response",
        "model": model or ("model" if "model" in first else None),
        "dataset": dataset or ("dataset" if "dataset" in first else None),
    }
    for name in names.values():
        if name is not None and all(getter(name)(row) is ABSENT for row in rows):
            raise missing_column(path.name, name, dict.fromkeys(key for row in rows[:100] for key in row))
    outputs = [_plain_output(row, names, f"{path.name}, row {k}", k) for k, row in enumerate(rows, 1)]
    check_ids([o.item_id for o in outputs], path.name)
    return outputs


def _holds_interchange(path: Path, encoding: str | None) -> bool:
    if not hasattr(reader_of(path), "read_interchange"):
        return False
    with open_lines(path, encoding) as lines:
        return any(is_interchange(record) for _, record in islice(iter(lines), _PEEKED))


def _plain_output(row: Mapping[str, Any], names: Mapping[str, str | None], where: str, number: int) -> Output:
    cells = {use: ABSENT if name is None else getter(name)(row) for use, name in names.items()}
    used = {name for name in names.values() if name is not None}
    item = str(number) if names["id"] is None else to_text(cells["id"], f"{where}, id")
    return Output(
        item_id=item,
        prompt=to_text(cells["prompt"], f"{where}, prompt"),
        response=to_text(cells["response"], f"{where}, response"),
        model=to_text(cells["model"], f"{where}, model") or None,
        dataset=to_text(cells["dataset"], f"{where}, dataset") or None,
        meta=_meta(row, used, where),
    )


def _meta(row: Mapping[str, Any], used: Iterable[str], where: str) -> dict[str, Any]:
    """An object's `meta`, and whatever else stands in it."""
    inside = row.get("meta")
    own = dict(inside) if isinstance(inside, dict) else {}
    rest = {k: v for k, v in row.items() if k not in used and not (k == "meta" and isinstance(inside, dict))}
    for key, value in rest.items():
        if key in own and own[key] != value:
            raise InputError(
                "a field stands beside meta and in it", where=where, got=shown(key), next_step="rename one"
            )
    return own | rest


class _Reading:
    """One file being read into records."""

    def __init__(self, name: str, records: list[tuple[int, dict[str, Any]]], rubric: str | None) -> None:
        self._name, self._records = name, records
        self._left_out: dict[str, int] = {}
        line, first = records[0]
        declared = declared_rubrics(first.get("rubrics", {}), f"{name}, line {line}") if "rubrics" in first else []
        self._declared = {r.name: r for r in declared}
        self._said = [
            (list(_entries.labels(r, self._at(k))), list(_entries.references(r, self._at(k)))) for k, r in records
        ]
        keys = dict.fromkeys(key for k, r in records for key in self._verdicts(k, r))
        dimensions = dict.fromkeys(s.dimension for pair in self._said for part in pair for s in part)
        self._rubrics = _entries.Rubrics(list(keys), list(dimensions), self._declared, rubric)
        self._default = self._choose(rubric)

    def all(self) -> Records:
        """Everything in the file."""
        outputs = tuple(self._output(k, r) for k, r in self._records)
        check_ids([o.item_id for o in outputs], self._name)
        judgements = tuple(j for (k, r), o in zip(self._records, outputs, strict=True) for j in self._judged(k, r, o))
        labels = tuple(x for (s, _), o in zip(self._said, outputs, strict=True) for x in self._labels(s, o))
        references = tuple(
            x
            for (_, s), (_, r), o in zip(self._said, self._records, outputs, strict=True)
            for x in self._settled(s, r, o)
        )
        names = [*self._declared, *(x.rubric for part in (judgements, labels, references) for x in part)]
        rubrics = tuple(self._declared.get(n, Rubric(name=n)) for n in dict.fromkeys(names))
        return Records(
            outputs=outputs,
            judgements=judgements,
            labels=labels,
            references=references,
            rubrics=rubrics,
            left_out=self._left_out,
        )

    def _at(self, line: int) -> str:
        return f"{self._name}, line {line}"

    def _choose(self, rubric: str | None) -> str | None:
        named = self._rubrics.named
        if rubric is None and self._rubrics.unnamed and len(named) > 1:
            raise ConfigError(
                "several rubrics, and verdicts or labels without one",
                where=self._name,
                got=", ".join(shown(n) for n in named),
                next_step="say with --rubric which they are of",
            )
        if rubric is not None:
            return rubric
        return named[0] if len(named) == 1 else DEFAULT_RUBRIC if not named else None

    def _verdicts(self, line: int, record: Mapping[str, Any]) -> Mapping[str, Any]:
        given = record.get("judge_verdicts")
        if given is not None and not isinstance(given, dict):
            raise InputError("judge_verdicts must be an object", where=self._at(line), got=type(given).__name__)
        return given or {}

    def _output(self, line: int, record: Mapping[str, Any]) -> Output:
        where = self._at(line)
        used = (*_KNOWN[:-1], "rubrics") if line == self._records[0][0] else _KNOWN[:-1]
        model, dataset = record.get("model"), record.get("dataset")
        return Output(
            item_id=to_text(record.get("item_id"), f"{where}, item_id"),
            prompt=to_text(record.get("prompt"), f"{where}, prompt"),
            response=to_text(record.get("response"), f"{where}, response"),
            model=None if model is None else to_text(model, f"{where}, model"),
            dataset=None if dataset is None else to_text(dataset, f"{where}, dataset"),
            meta=_meta(record, used, where),
        )

    def _judged(self, line: int, record: Mapping[str, Any], output: Output) -> Iterable[Judgement]:
        for key, value in self._verdicts(line, record).items():
            judge, own = self._rubrics.of_key[key]
            where = f"{self._at(line)}, {shown(key)}"
            for one in _entries.verdicts(value, where):
                self._unknown(one.fields, _VERDICT_FIELDS)
                yield _judgement(one, output.item_id, judge, own or self._default or DEFAULT_RUBRIC, where)

    def _labels(self, said: list[_entries.Said], output: Output) -> Iterable[Label]:
        for one in said:
            self._unknown(one.fields, _LABEL_FIELDS)
            label = _label(one, output.item_id, one.dimension or self._default or DEFAULT_RUBRIC)
            if label is not None:
                yield label
            else:
                self._left_out["empty_label"] = self._left_out.get("empty_label", 0) + 1

    def _settled(self, said: list[_entries.Said], record: Mapping[str, Any], output: Output) -> Iterable[Label]:
        yield from self._labels(said, output)
        value = as_value(_entries.human_reference(record))
        if not said and value is not None and self._default is not None:
            yield Label(item_id=output.item_id, annotator=None, rubric=self._default, value=value, kind="human")

    def _unknown(self, fields: Mapping[str, Any], known: set[str]) -> None:
        for name in fields.keys() - known:
            self._left_out[f"unknown_field {name}"] = self._left_out.get(f"unknown_field {name}", 0) + 1


def _judgement(one: _entries.Verdict, item_id: str, judge: str, rubric: str, where: str) -> Judgement:
    verdict = None if isinstance(one.cell, NoValue) else as_value(one.cell)
    status = CODE_STATUSES[one.cell.code] if isinstance(one.cell, NoValue) else Status.OK
    if verdict is None and status is Status.OK:
        status = Status.MISSING
    source = one.fields.get("confidence_source", "none")
    if source not in _SOURCES:
        raise InputError(
            "unknown source of confidence", where=where, got=shown(str(source)), expected=", ".join(_SOURCES)
        )
    return Judgement(
        item_id=item_id,
        judge=judge,
        rubric=rubric,
        trial=one.trial,
        status=status,
        verdict=verdict,
        score=one.score,
        confidence=_entries.probability(one.fields, "confidence", where),
        confidence_source=cast(ConfidenceSource, source),
        seconds=_seconds(one.fields, where),
        usage=_usage(one.fields, where),
        **{name: to_text(one.fields.get(name), f"{where}, {name}") for name in _VERDICT_TEXTS},
    )


def _seconds(fields: Mapping[str, Any], where: str) -> float | None:
    x = fields.get("seconds")
    if x is None:
        return None
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        raise InputError("seconds must be a number", where=where, got=shown(str(x)))
    return float(x)


def _usage(fields: Mapping[str, Any], where: str) -> Usage | None:
    given = fields.get("usage")
    if given is None:
        return None
    known = ("input_tokens", "output_tokens", "requests")
    if not isinstance(given, dict) or any(type(v) is not int for v in given.values()) or not set(given) <= set(known):
        raise InputError("usage is not understood", where=where, expected=f"whole numbers for {', '.join(known)}")
    return Usage(**given)


def _label(one: _entries.Said, item_id: str, rubric: str) -> Label | None:
    value = as_value(one.value)
    if value is None:
        return None
    return Label(
        item_id=item_id,
        annotator=one.annotator,
        rubric=rubric,
        value=value,
        kind=one.kind,
        weight=1.0 if one.weight is None else one.weight,
        **{name: to_text(one.fields.get(name), f"item {shown(item_id)}, {name}") for name in _LABEL_TEXTS},
    )
