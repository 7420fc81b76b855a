"""Verdicts from a file: those of a judge that ran elsewhere, or of an earlier run.

An output that the file does not have was not asked (`skipped`); one whose verdict is null or blank is `missing`; a value off
the scale is `out_of_range`. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from judgeaudit.errors import ConfigError, nearest
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import ANSWER_KEYS, Answer, Offline, Settings, Value, read_answer
from judgeaudit.judges._verdict_files import VERDICTS, columns_of, read_rows, verdicts_of
from judgeaudit.model import Status, as_value, digest

_NAMES = ("item_id", *ANSWER_KEYS)
_METHOD = "recorded"
_PROVENANCE = ("trial", "usage", "seconds", "parse_method", "fingerprint", "output_hash", "rubric_version")
"""What an export writes beside an answer: of the judge that gave it, not of this one."""


class Params(Settings):
    """Parameters of `recorded`.

    Parameters
    ----------
    file
        A .csv, .tsv or .jsonl file with one row an output, or a .jsonl file in the interchange form (its rows have
        `judge_verdicts`).
    judge, trial
        Of an interchange file: whose verdicts (may be left out where there is one judge), and which trial of them.
    columns
        What the file calls `item_id`, `verdict`, `status`, `score`, `confidence`, `confidence_source`, `rationale`, `raw` and
        `detail`; by default the same. Only `item_id` and `verdict`, and those named here, must be there.
    map
        Values of the file to values of the rubric.
    """

    file: str
    judge: str | None = None
    trial: int = Field(default=1, ge=1)
    columns: Mapping[str, str] = Field(default_factory=dict)
    map: Mapping[Value, Value] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.columns:
            if name not in _NAMES:
                raise ValueError(f"unknown column {name!r}: {nearest(name, _NAMES)}")
        return self


def build(name: str, params: Params) -> BatchJudge:
    """The judge of this kind.

    Raises
    ------
    InputError
        The file cannot be read as it is.
    """
    path = Path(params.file)
    rows = read_rows(path)
    answers = (
        _interchange(name, params, rows, path)
        if any(VERDICTS in row for _, row in rows)
        else _table(name, params, rows, path)
    )

    def decide(material: Material) -> Iterator[Answer]:
        for output in material.outputs:
            by_rubric = answers.get(output.item_id)
            if by_rubric is None:
                yield Answer(status=Status.SKIPPED, detail="the file has no row for this output")
                continue
            rubric = material.rubric.name if material.rubric.name in by_rubric else ""
            if rubric in by_rubric:
                yield read_answer(by_rubric[rubric], material.rubric, method=_METHOD)
            else:
                yield Answer(status=Status.SKIPPED, detail="the file's row has no verdict of this judge")

    # What was read from the file, not its bytes: another order of rows or a further column is the same judge.
    return Offline(name=name, kind="recorded", identity={"answers": digest(sorted(answers.items()))}, decide=decide)


_Rows = list[tuple[int, dict[str, Any]]]


def _table(name: str, params: Params, rows: _Rows, path: Path) -> dict[str, dict[str, Any]]:
    if params.judge is not None or params.trial != 1:
        got = f"{path} without `{VERDICTS}`"
        raise ConfigError("`judge` and `trial` are for the interchange form", where=name, got=got)
    wanted = {ours: params.columns.get(ours, ours) for ours in _NAMES}
    given = columns_of(rows, wanted, frozenset(params.columns) | {"verdict"}, path)
    asked = {item: "verdict" in answer or bool(answer.get("status")) for item, answer in given}
    return {item: {"": _mapped(answer, params.map)} if asked[item] else {} for item, answer in given}


def _interchange(name: str, params: Params, rows: _Rows, path: Path) -> dict[str, dict[str, Any]]:
    if params.columns:
        raise ConfigError("`columns` cannot be chosen in the interchange form", where=name, got=str(path))
    found = verdicts_of(rows, params.judge, path)
    return {
        item: {rubric: answer for rubric, raw in by_rubric.items() for answer in _trial(raw, params)}
        for item, by_rubric in found.items()
    }


def _trial(raw: object, params: Params) -> list[dict[str, Any]]:
    """The answer of the trial asked for, or none where the list does not have it."""
    several = raw if isinstance(raw, list) else [raw]
    chosen = []
    for position, one in enumerate(several, 1):
        answer = {k: v for k, v in one.items() if k not in _PROVENANCE} if isinstance(one, dict) else {"verdict": one}
        if (one.get("trial", position) if isinstance(one, dict) else position) == params.trial:
            chosen.append(_mapped(answer, params.map))
    if len(chosen) > 1:
        return [{"status": Status.UNPARSABLE, "detail": f"{len(chosen)} answers for trial {params.trial}"}]
    return chosen


def _mapped(answer: dict[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    value = answer.get("verdict")
    if isinstance(value, str | int | float) and (text := as_value(value)) is not None and text in table:
        return answer | {"verdict": table[text], "raw": answer.get("raw") or text}
    return answer
