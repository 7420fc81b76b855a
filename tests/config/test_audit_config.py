from __future__ import annotations

from pathlib import Path

import pytest

from judgeaudit.cli._audited import options_of
from judgeaudit.config import AuditConfig, Limits, kind_params, read_audit_config
from judgeaudit.errors import ConfigError, InputError

RUBRICS = """
name: first look
rubrics:
  harm:
    question: Is it harmful?
    values: [0, 1, 2.0]
    level: ordinal
    positive: [">=1"]
    cannot_judge: unclear
    descriptions: {0: harmless}
"""


def _read(folder: Path, text: str) -> AuditConfig:
    (folder / "audit.yaml").write_text(RUBRICS + text, encoding="utf-8")
    return read_audit_config(folder / "audit.yaml")


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    config = _read(tmp_path, "")
    rubric = config.rubrics["harm"].rubric("harm")
    assert rubric.values == ("0", "1", "2")
    assert rubric.positive == ("1", "2")
    assert rubric.descriptions == {"0": "harmless"}
    assert rubric.offered == ("0", "1", "2", "unclear")
    assert config.limits == Limits()
    assert config.store_url == str(tmp_path / "first_look.db")
    assert config.out_folder == tmp_path / "reports" / "first_look"


def test_everything_is_read_and_paths_start_at_the_file(tmp_path: Path) -> None:
    config = _read(
        tmp_path,
        """
schema: judgeaudit.audit_config/1
seed: 3
store: kept.sqlite
outputs: {files: [outputs.jsonl]}
collect:
  prompts: prompts.txt
  samples: 2
  models:
    - name: small
      kind: openai
      model: m
      settings: {temperature: 1.5, stop: ["x"]}
      strip: ["<t>"]
judges:
  - {name: base, kind: constant, value: 0}
  - {name: words, kind: refusal_words, rubrics: [harm]}
labels:
  - {file: labels.csv, kind: human, rubric: harm, annotator: a}
limits: {concurrency: 4, max_cost: 1.5}
prices: {m: {input: 1, output: 2}}
audit: {draws: 200, reference: majority, slices: [model], group: prompt}
policy: policy.yaml
out: result
""",
    )
    assert config.store_url == str(tmp_path / "kept.sqlite")
    assert config.out_folder == tmp_path / "result"
    assert config.outputs is not None
    assert config.path(config.outputs.files[0]) == tmp_path / "outputs.jsonl"
    assert config.collect is not None
    assert config.collect.models[0].settings.stop == ("x",)
    assert config.judges[0].own == {"value": 0}
    assert [r.name for r in config.rubrics_of(config.judges[0])] == ["harm"]
    assert config.prices["m"].output == 2


def test_a_url_stays_as_it_is(tmp_path: Path) -> None:
    assert _read(tmp_path, "store: postgresql://h/db").store_url == "postgresql://h/db"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("juges: []", ["'juges'", "'judges'"]),
        ("judges: [{name: a, kind: openia, model: m}]", ["'openia'", "'openai'"]),
        ("judges: [{name: a, kind: constant, valu: 1}]", ["judge 'a'", "'valu'", "'value'"]),
        ("judges: [{name: a, kind: constant, value: 0, rubrics: [ham]}]", ["judge 'a'", "'ham'", "'harm'"]),
        ("judges: [{name: a, kind: constant, value: 0}, {name: a, kind: constant, value: 1}]", ["'a'"]),
        ("judges: [{kind: constant, value: 0}]", ["judges.0.name"]),
        ("collect: {prompts: p, models: [{name: m, kind: opnai}]}", ["'opnai'", "'openai'"]),
        ("collect: {prompts: p, models: [{name: m, kind: openai, modle: x}]}", ["model 'm'", "'modle'", "'model'"]),
        ("collect: {prompts: p, models: [{name: m, kind: openai, model: x, strip: ['(']}]}", ["'('"]),
        ("collect: {prompts: p, models: []}", ["collect.models"]),
        ("limits: {concurency: 2}", ["limits", "'concurency'", "'concurrency'"]),
        ("limits: {concurrency: 0}", ["limits.concurrency"]),
        ("labels: [{file: f, kind: humane}]", ["labels.0.kind", "'humane'", "'human'"]),
        ("labels: [{file: f, kind: human, rubric: hram}]", ["'hram'", "'harm'"]),
        ("schema: judgeaudit.audit_config/9", ["judgeaudit.audit_config/1"]),
        ("_folder: /", ["'_folder'"]),
        ("audit: {refrence: auto}", ["'refrence'", "'reference'"]),
        ("audit: {selected_by: 'all:'}", ["audit", "judge:NAME"]),
        ("audit: {selected_by: 'judge:gard'}", ["selected_by", "'gard'"]),
    ],
)
def test_mistakes_are_named_in_one_line(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    message = str(caught.value)
    assert [word for word in [*words, "audit.yaml"] if word not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(
    ("scale", "word"),
    [
        ("values: [no, yes], positive: [maybe]", "no, yes"),
        ("values: [0, 1], positive: ['>=2']", "0, 1"),
        ("values: [no, no]", "differ"),
    ],
)
def test_a_wrong_scale_is_found_before_a_judge_is_paid(tmp_path: Path, scale: str, word: str) -> None:
    place = tmp_path / "audit.yaml"
    scale = scale.replace("no", "'no'").replace("yes", "'yes'")
    place.write_text(f"name: n\nrubrics: {{harm: {{{scale}}}}}\n")
    with pytest.raises(ConfigError, match=r"rubrics\.harm") as caught:
        read_audit_config(place)
    assert word in str(caught.value).replace("'", "")


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"audit\.yaml"):
        read_audit_config(tmp_path / "audit.yaml")


def test_folders_of_judges_start_at_the_file(tmp_path: Path) -> None:
    """Also where the folder was not written: a judge's module lies beside audit.yaml."""
    config = _read(
        tmp_path,
        "judges: [{name: a, kind: python, function: 'mine:judge'}, {name: b, kind: command, command: [cat], folder: sub}]",
    )
    assert [Path(kind_params(j, "judgeaudit.judges", config).folder) for j in config.judges] == [
        tmp_path,
        tmp_path / "sub",
    ]


def test_the_name_of_a_model_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "there.gguf").write_bytes(b"GGUF")
    models = "[{name: a, kind: gguf, path: smollm2}, {name: b, kind: gguf, path: there.gguf}]"
    config = _read(tmp_path, f"collect: {{prompts: p, models: {models}}}")
    assert config.collect is not None
    paths = [kind_params(m, "judgeaudit.models", config).path for m in config.collect.models]
    assert paths == ["smollm2", str(tmp_path / "there.gguf")]


def test_who_the_people_are_reaches_the_alt_test(tmp_path: Path) -> None:
    assert options_of(_read(tmp_path, "")).annotators is None
    assert options_of(_read(tmp_path, "audit: {annotators: expert}")).annotators == "expert"
    with pytest.raises(ConfigError, match="annotators"):
        _read(tmp_path, "audit: {annotators: experts}")
