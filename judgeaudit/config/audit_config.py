"""audit.yaml: what to judge, by whom, on which question, within which limits.

Data only: no file of ours is ever run as code, and keys are named by their environment variable, never written down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from judgeaudit import kinds
from judgeaudit.config.loading import read_yaml, validated
from judgeaudit.errors import ConfigError, nearest
from judgeaudit.model import LabelKind, Level, Rubric, as_value, positive_values

SCHEMA: Final = "judgeaudit.audit_config/1"

_PATHS = ("folder", "file", "path")

Value = Annotated[str, BeforeValidator(lambda raw: as_value(raw) if not isinstance(raw, (dict, list)) else raw)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """A part of a configuration: unknown keys are refused, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(Section):
    """What a model costs, per million tokens, in a currency of the user's choice."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Limits(Section):
    """How fast and how far calls may go.

    Parameters
    ----------
    concurrency
        Calls under way at once to one host.
    requests_per_minute, tokens_per_minute
        Pace per host; None: as fast as `concurrency` allows.
    max_requests, max_tokens, max_cost
        Where the run stops (exit 3, what was done is kept). Tokens and cost of calls under way are estimated beforehand.
    timeout
        Seconds for one call.
    retries
        How often a call that failed for a passing reason is tried again.
    max_wait
        Longest wait in seconds before a retry, also where the server asks for more.
    max_failed
        Share of calls that may finally fail before the run counts as incomplete (exit 3).
    """

    concurrency: int = Field(default=8, ge=1, le=1024)
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    max_requests: int | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, ge=0)
    max_cost: float | None = Field(default=None, ge=0)
    timeout: float = Field(default=120.0, gt=0)
    retries: int = Field(default=5, ge=0, le=20)
    max_wait: float = Field(default=60.0, gt=0)
    max_failed: float = Field(default=0.02, ge=0, le=1)


class RubricConfig(Section):
    """One question with its scale; `positive` takes values or a rule such as ``>=2``."""

    question: str = ""
    values: tuple[Value, ...] = Field(min_length=2)
    level: Level = "nominal"
    positive: tuple[Value, ...] = ()
    cannot_judge: Value | None = None
    descriptions: dict[Value, str] = {}

    @model_validator(mode="after")
    def _on_the_scale(self) -> Self:
        if len(set(self.values)) < len(self.values):
            raise ValueError("values that differ")
        positive = positive_values(self.values, self.positive)
        if not set(positive) <= set(self.values) or (self.positive and not positive):
            # Found here, since a run would find it only after the judges were paid.
            raise ValueError(f"positive among the values: {', '.join(self.values)}")
        return self

    def rubric(self, name: str) -> Rubric:
        """The rubric as the rest of the package knows it."""
        return Rubric(
            name=name,
            question=self.question,
            values=self.values,
            level=self.level,
            positive=positive_values(self.values, self.positive),
            cannot_judge=self.cannot_judge,
            descriptions=self.descriptions,
        )


class Kinded(BaseModel):
    """A judge or model of some kind; keys beside the common ones are that kind's own parameters."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Name
    kind: Name

    @property
    def own(self) -> Mapping[str, Any]:
        """The kind's own parameters as they were written."""
        return self.model_extra or {}


class JudgeConfig(Kinded):
    """One judge; without `rubrics` it judges all of them. `trials`: how often it is asked about each output."""

    rubrics: tuple[Name, ...] | None = None
    trials: int = Field(default=1, ge=1, le=100)


class Settings(Section):
    """Sampling settings; None leaves a setting to the server. Sample number i is drawn with ``seed + i - 1``."""

    temperature: float | None = Field(default=None, ge=0)
    top_p: float | None = Field(default=None, gt=0, le=1)
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    stop: tuple[str, ...] = ()
    extra: dict[str, Any] = {}


class ModelConfig(Kinded):
    """One model to collect outputs from; `strip` lists regular expressions cut out of each response (the raw text is kept)."""

    settings: Settings = Settings()
    system: str | None = None
    strip: tuple[str, ...] = ()


class CollectConfig(Section):
    """Prompts x models x samples."""

    prompts: Path
    models: tuple[ModelConfig, ...] = Field(min_length=1)
    samples: int = Field(default=1, ge=1, le=10_000)


class OutputsConfig(Section):
    """Files with outputs, in any form that `judgeaudit import` reads."""

    files: tuple[Path, ...] = Field(min_length=1)


class LabelsConfig(Section):
    """One file of labels; `kind` says who or what assigned them, where the file itself does not.

    `selected_by`: how the outputs were selected that got one, where the file does not say: random, all, judge:NAME, or words.
    """

    file: Path
    kind: LabelKind | None = None
    rubric: Name | None = None
    annotator: Name | None = None
    selected_by: Name | None = None


class AuditSettings(Section):
    """How the figures are computed; the same words as the flags of `judgeaudit check`.

    `weight`, `selected_by`: a field of an output with inclusion weights; how outputs were selected for a label (random, all,
    judge:NAME, or column:FIELD). Where it is given, weights are those of labels.
    `verify`: whether scikit-learn and krippendorff recompute the headline figures. `annotators`: who the people are, for the
    epsilon of the alternative annotator test: expert 0.2, skilled 0.15, crowd 0.1; not stated, the strictest is taken.
    """

    draws: int = Field(default=1000, ge=100, le=100_000)
    seed: int | None = None
    reference: str = "auto"
    group: str | None = None
    weight: str | None = None
    selected_by: str | None = None
    slices: tuple[str, ...] = ()
    verify: bool = True
    annotators: Literal["expert", "skilled", "crowd"] | None = None

    @model_validator(mode="after")
    def _selection_is_known(self) -> Self:
        told = self.selected_by
        kind, _, name = (told or "").partition(":")
        if told not in {None, "random", "all"} and not (kind in {"judge", "column"} and name):
            raise ValueError("selected_by: random, all, judge:NAME or column:FIELD")
        return self


class AuditConfig(Section):
    """A whole audit.yaml; relative paths in it start in the folder where it lies (`folder`)."""

    _folder: Path = Path()

    schema_: Literal["judgeaudit.audit_config/1"] = Field(default=SCHEMA, alias="schema")
    name: Name
    seed: int = 0
    store: str | None = None
    rubrics: dict[Name, RubricConfig] = Field(min_length=1)
    outputs: OutputsConfig | None = None
    collect: CollectConfig | None = None
    judges: tuple[JudgeConfig, ...] = ()
    labels: tuple[LabelsConfig, ...] = ()
    limits: Limits = Limits()
    prices: dict[str, Price] = {}
    audit: AuditSettings = AuditSettings()
    policy: Path | None = None
    out: Path | None = None

    @property
    def folder(self) -> Path:
        """Where audit.yaml lies."""
        return self._folder

    def path(self, given: Path) -> Path:
        """A path written in audit.yaml, seen from where the program runs."""
        return self._folder / given

    @property
    def store_url(self) -> str:
        """Address of the store; without `store`, a SQLite file named after the audit, beside audit.yaml."""
        if self.store is not None and "://" in self.store:
            return self.store
        return str(self.path(Path(self.store or f"{_file_name(self.name)}.db")))

    @property
    def out_folder(self) -> Path:
        """Where the report goes; without `out`, ``reports/NAME`` beside audit.yaml."""
        return self.path(self.out or Path("reports") / _file_name(self.name))

    def rubrics_of(self, judge: JudgeConfig) -> list[Rubric]:
        """The rubrics that a judge is asked about."""
        return [self.rubrics[name].rubric(name) for name in judge.rubrics or self.rubrics]


def read_audit_config(path: Path) -> AuditConfig:
    """Read and check an audit.yaml, the parameters of each judge and model by their own kind.

    Raises
    ------
    InputError
        The file is missing, unreadable or no YAML.
    ConfigError
        An unknown key, kind, rubric or value; the message names the nearest known one.
    """
    content = read_yaml(path)
    config = validated(AuditConfig, content, where=str(path))
    config._folder = path.parent
    _check_names(config, str(path))
    for judge in config.judges:
        kind_params(judge, "judgeaudit.judges", config, where=f"{path}: judge {judge.name!r}")
    for model in config.collect.models if config.collect else ():
        kind_params(model, "judgeaudit.models", config, where=f"{path}: model {model.name!r}")
    return config


def kind_params(entry: Kinded, package: str, config: AuditConfig, *, where: str = "") -> Any:
    """The kind's own `Params`, checked by the kind; `folder`, `file` and `path` in them start where audit.yaml lies."""
    where = where or f"{entry.kind} {entry.name!r}"
    try:
        module = kinds.load(package, entry.kind)
    except ConfigError as error:
        raise ConfigError(error.what, where=where, got=error.got, next_step=error.next_step) from None
    params = validated(module.Params, dict(entry.own), where=where)
    given = {key: getattr(params, key) for key in _PATHS if key in type(params).model_fields}
    return params.model_copy(
        update={key: _resolved(key, value, config) for key, value in given.items() if value is not None}
    )


def _resolved(key: str, value: str | Path, config: AuditConfig) -> str | Path:
    """A path seen from where the program runs; a `path` that is a bare word and names no file is a name and stays."""
    path = config.path(Path(value))
    if isinstance(value, Path):
        return path
    is_name = key == "path" and not path.exists() and Path(value).name == value and not Path(value).suffix
    return value if is_name else str(path)


def _check_names(config: AuditConfig, where: str) -> None:
    """Names that repeat or that nothing bears."""
    for what, names in (
        ("judge", [judge.name for judge in config.judges]),
        ("model", [model.name for model in config.collect.models] if config.collect else []),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError(f"two {what}s of one name", where=where, got=repr(twice[0]), expected="different names")
    kind, _, deciding = (config.audit.selected_by or "").partition(":")
    judges = [judge.name for judge in config.judges]
    if kind == "judge" and deciding not in judges:
        raise ConfigError(
            "unknown judge", where=f"{where}: selected_by", got=repr(deciding), next_step=nearest(deciding, judges)
        )
    asked = [(f"judge {judge.name!r}", name) for judge in config.judges for name in judge.rubrics or ()]
    asked += [(f"labels {labels.file}", labels.rubric) for labels in config.labels if labels.rubric]
    for who, name in asked:
        if name not in config.rubrics:
            raise ConfigError(
                "unknown rubric", where=f"{where}: {who}", got=repr(name), next_step=nearest(name, config.rubrics)
            )
    for model in config.collect.models if config.collect else ():
        for pattern in model.strip:
            _check_pattern(pattern, f"{where}: model {model.name!r}: strip")


def _check_pattern(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ConfigError("not a regular expression", where=where, got=repr(pattern), expected=str(error)) from None


def _file_name(name: str) -> str:
    """The name as a file's name: letters, digits, dot, dash and underscore.

    Examples
    --------
    >>> _file_name("My audit: 2/3")
    'My_audit_2_3'
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or "audit"
