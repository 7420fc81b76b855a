"""Verdicts from a file: those of a judge that ran elsewhere, or of an earlier run.

An output that the file does not have was not asked (`skipped`); one whose verdict is null or blank is `missing`; a value off
the scale is `out_of_range`. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from judgeaudit.errors import nearest
from judgeaudit.judges._judge import BatchJudge, Material
from judgeaudit.judges._offline import ANSWER_KEYS, Answer, Offline, Settings, Value, read_answer
from judgeaudit.judges._verdict_files import columns_of, read_rows
from judgeaudit.model import Status, as_value, digest

_NAMES = ("item_id", *ANSWER_KEYS)
_METHOD = "recorded"


class Params(Settings):
    """Parameters of `recorded`.

    Parameters
    ----------
    file
        A .csv, .tsv or .jsonl file with one row an output.
    columns
        What the file calls `item_id`, `verdict`, `status`, `score`, `confidence`, `confidence_source`, `rationale`, `raw` and
        `detail`; by default the same. Only `item_id` and `verdict`, and those named here, must be there.
    map
        Values of the file to values of the rubric.
    """

    file: str
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
    wanted = {ours: params.columns.get(ours, ours) for ours in _NAMES}
    given = dict(columns_of(read_rows(path), wanted, frozenset(params.columns) | {"verdict"}, path))
    answers = {item: _mapped(answer, params.map) for item, answer in given.items()}

    def decide(material: Material) -> Iterator[Answer]:
        for output in material.outputs:
            answer = answers.get(output.item_id)
            if answer is None:
                yield Answer(status=Status.SKIPPED, detail="the file has no row for this output")
            elif "verdict" not in answer and not answer.get("status"):
                yield Answer(status=Status.SKIPPED, detail="the row has no verdict's key")
            else:
                yield read_answer(answer, material.rubric, method=_METHOD)

    # What was read from the file, not its bytes: another order of rows or a further column is the same judge.
    return Offline(name=name, kind="recorded", identity={"answers": digest(sorted(answers.items()))}, decide=decide)


def _mapped(answer: dict[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    value = answer.get("verdict")
    if isinstance(value, str | int | float) and (text := as_value(value)) is not None and text in table:
        return answer | {"verdict": table[text], "raw": answer.get("raw") or text}
    return answer
