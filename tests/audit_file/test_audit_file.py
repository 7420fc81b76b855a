"""audit.json: what is written is read back, equal audits are equal files, and whatever is broken is refused by name."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeaudit.audit_file import OPTIONAL, dumps, loads, read, schema, write
from judgeaudit.errors import InputError
from judgeaudit.model import Audit, Estimate, Finding

ROOT = Path(__file__).parents[2]
ESTIMATE = Estimate(
    measure="false_positive_rate", rubric="harm", judge="guard", reference="human", reference_rule="majority",
    scale="binary", slice="mode=word_loop", value=1 / 3, low=0.1, high=0.6, n=30, k=10, clusters=12, distinct_texts=14,
    effective_n=11.5, left_out={"unparsable": 2}, bounds={"0.95": (0.12, None)}, unscored_bounds=(0.3, 0.4),
    p_value=0.01, p_adjusted=0.02, family="degenerate against coherent", method="Wilson on the effective sample",
)  # fmt: skip
UNDEFINED = Estimate(measure="mcc", rubric="harm", judge="guard", reason="one_class: the reference has one class only")
AUDIT = Audit(
    name="demo",
    inputs=({"name": "t.csv", "sha256": "0" * 64, "rows": 30},),
    judges=({"name": "guard", "baseline": False, "panel": False},),
    rubrics=({"name": "harm", "values": ["0", "1"]},),
    seed=3,
    settings={"draws": 1000},
    versions={"judgeaudit": "0.1.0"},
    verification=({"measure": "accuracy", "difference": 0.0},),
    estimates=(ESTIMATE, UNDEFINED),
    findings=(Finding(code="one_source", severity="warning", text="One model.", output_ids=("a", "b")),),
    tables={"confusion": {"guard": [[20, 0], [10, 0]]}},
)


def validate(text: str) -> None:
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))


def test_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_schema_and_type_have_the_same_fields() -> None:
    defined = schema()["$defs"]["estimate"]
    assert set(defined["properties"]) == {field.name for field in fields(Estimate)}
    assert set(defined["required"]) == {field.name for field in fields(Estimate)}.difference(OPTIONAL)
    assert set(schema()["required"]) == {field.name for field in fields(Audit)} | {"schema"}
    assert set(schema()["$defs"]["finding"]["required"]) == {field.name for field in fields(Finding)}


def test_what_is_written_is_valid_and_read_back() -> None:
    text = dumps(AUDIT)
    validate(text)
    again = loads(text)
    assert again.findings == AUDIT.findings
    assert again.estimates[1] == UNDEFINED
    assert again.estimates[0] == replace(ESTIMATE, value=0.333333333333)
    assert dumps(again) == text


def test_optional_fields_are_written_only_where_known() -> None:
    with_all, without = (json.loads(dumps(AUDIT))["estimates"][i] for i in (0, 1))
    assert set(OPTIONAL) <= set(with_all)
    assert not set(OPTIONAL) & set(without)
    assert {"value", "low", "k", "clusters", "against", "reason"} <= set(without)


def test_one_estimate_a_line_and_sorted_keys() -> None:
    text = dumps(AUDIT)
    lines = [line for line in text.splitlines() if '"false_positive_rate"' in line]
    assert len(lines) == 1
    keys = list(json.loads(lines[0].rstrip(",")))
    assert keys == sorted(keys)
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_order_of_keys_in_memory_does_not_matter() -> None:
    one = replace(AUDIT, settings={"a": 1, "b": {"c": 2, "d": 3}}, tables={"x": 1, "y": 2})
    two = replace(AUDIT, settings={"b": {"d": 3, "c": 2}, "a": 1}, tables={"y": 2, "x": 1})
    assert dumps(one) == dumps(two)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (97.0, "97"),
        (-0.0, "0"),
        (2 / 3, "0.666666666667"),
        (1e-9, "1e-09"),
        (np.float64(0.5), "0.5"),
        (np.int64(7), "7"),
    ],
)
def test_numbers_have_12_digits_everywhere(number: float, text: str) -> None:
    written = dumps(replace(AUDIT, estimates=(replace(ESTIMATE, value=number),), tables={"t": [number]}))
    assert f'"value": {text}, "weights"' in written
    assert f'"t": [{json.loads(text)}]' in written


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", ["value", "low", "bounds", "left_out", "tables", "settings"])
def test_a_number_that_is_not_finite_is_a_bug(number: float, place: str) -> None:
    broken: dict[str, Audit] = {
        "value": replace(AUDIT, estimates=(replace(ESTIMATE, value=number),)),
        "low": replace(AUDIT, estimates=(replace(ESTIMATE, low=number),)),
        "bounds": replace(AUDIT, estimates=(replace(ESTIMATE, bounds={"0.95": (0, number)}),)),
        "left_out": replace(AUDIT, estimates=(replace(ESTIMATE, left_out={"tied": number}),)),
        "tables": replace(AUDIT, tables={"t": [[number]]}),
        "settings": replace(AUDIT, settings={"a": {"b": number}}),
    }
    with pytest.raises(ValueError, match="finite"):
        dumps(broken[place])


def test_no_value_without_reason_is_a_bug() -> None:
    with pytest.raises(ValueError, match="reason"):
        dumps(replace(AUDIT, estimates=(replace(ESTIMATE, value=None),)))


def test_two_estimates_with_one_key_are_a_bug() -> None:
    with pytest.raises(ValueError, match="false_positive_rate"):
        dumps(replace(AUDIT, estimates=(ESTIMATE, ESTIMATE)))


def test_hostile_names_come_back_and_the_file_is_ascii() -> None:
    name = 'x\ud800\x00\u202e"</script>\n'
    text = dumps(replace(AUDIT, name=name, estimates=(replace(ESTIMATE, judge=name),), tables={name: {name: name}}))
    assert text.isascii()
    again = loads(text)
    assert (again.name, again.estimates[0].judge, again.tables) == (name, name, {name: {name: name}})


def _broken(change: Any) -> str:
    content = json.loads(dumps(AUDIT))
    change(content)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda c: c.update(schema="judgeaudit.audit/2"), "judgeaudit.audit/2"),
        (lambda c: c.pop("schema"), "None"),
        (lambda c: c.pop("estimates"), "'estimates'"),
        (lambda c: c.update(estimtes=[]), "'estimates'"),
        (lambda c: c.update(estimates={}), "estimates"),
        (lambda c: c.update(estimates=[3]), "estimates"),
        (lambda c: c.update(seed="3"), "seed"),
        (lambda c: c["estimates"][1].pop("value"), "estimates[1]"),
        (lambda c: c["estimates"][0].update(vlaue=1), "'value'"),
        (lambda c: c["estimates"][0].update(value="0.5"), "estimates[0]: value"),
        (lambda c: c["estimates"][0].update(value=True), "estimates[0]: value"),
        (lambda c: c["estimates"][0].update(n=None), "estimates[0]: n"),
        (lambda c: c["estimates"][0].update(clusters=-1), "clusters"),
        (lambda c: c["estimates"][0].update(left_out={"tied": "3"}), "left_out"),
        (lambda c: c["estimates"][0].update(bounds={"0.95": [1]}), "bounds"),
        (lambda c: c["estimates"][0].update(unscored_bounds=[None, 1]), "unscored_bounds"),
        (lambda c: c["estimates"][1].update(reason=None), "estimates[1]"),
        (lambda c: c["estimates"].append(c["estimates"][0]), "false_positive_rate"),
        (lambda c: c["findings"][0].update(severity="fatal"), "'fatal'"),
        (lambda c: c["findings"][0].update(output_ids=[1]), "output_ids"),
    ],
)
def test_broken_audit_is_refused_by_name(change: Any, named: str) -> None:
    with pytest.raises(InputError) as error:
        loads(_broken(change), where="a.json")
    assert str(error.value).startswith("a.json")
    assert named in str(error.value)


@pytest.mark.parametrize("text", ["", "  ", "[]", "null", '{"schema": 1e999}', '{"a": NaN}', "[" * 100_000])
def test_what_is_no_audit_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        loads(text)


@given(st.integers(min_value=0, max_value=len(dumps(AUDIT)) - 3))
@settings(max_examples=60, deadline=None)
def test_a_torn_file_is_refused_wherever_it_is_torn(end: int) -> None:
    with pytest.raises(InputError):
        loads(dumps(AUDIT)[:end])


def test_infinity_by_overflow_is_refused() -> None:
    with pytest.raises(InputError, match="value"):
        loads(dumps(AUDIT).replace("0.333333333333", "1e999"))


@pytest.mark.parametrize("key", ["value", "low", "n", "k", "confidence_level"])
def test_a_whole_number_beyond_all_floats_is_refused(key: str) -> None:
    content = json.loads(dumps(AUDIT))
    content["estimates"][0][key] = 10**400
    with pytest.raises(InputError, match=key):
        loads(json.dumps(content))


_text = st.text(max_size=12)
_maybe_text = st.none() | _text
_number = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: float(f"{x:.12g}") + 0.0)
_share = st.floats(0, 1).map(lambda x: float(f"{x:.12g}") + 0.0)
_json = st.recursive(
    st.none() | st.booleans() | _text | _number | st.integers(-(10**6), 10**6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=6,
)
_objects = st.lists(st.dictionaries(_text, _json, max_size=2), max_size=2).map(tuple)
_share_or_none = st.none() | _share
_number_or_none = st.none() | _number
_estimates = st.builds(
    Estimate,
    measure=_text.filter(bool),
    rubric=_text,
    judge=_maybe_text,
    other=_maybe_text,
    panel=st.sampled_from([None, "judges", "humans", "all"]),
    reference=st.sampled_from([None, "human", "construction", "model"]),
    reference_rule=st.sampled_from([None, "majority", "annotator:a", "column:\n"]),
    scale=st.sampled_from([None, "full"]),
    level=st.sampled_from([None, "ordinal"]),
    weights=st.sampled_from([None, "linear"]),
    slice=_text.filter(bool),
    against=_maybe_text,
    value=_number_or_none,
    low=_number_or_none,
    high=_number_or_none,
    confidence_level=st.sampled_from([0.9, 0.95]),
    n=_share,
    k=_number_or_none,
    clusters=st.none() | st.integers(0, 10**9),
    distinct_texts=st.none() | st.integers(0, 10**9),
    effective_n=_share_or_none,
    left_out=st.dictionaries(_text, _share, max_size=3),
    bounds=st.none() | st.dictionaries(st.sampled_from(["0.9", "0.95"]), st.tuples(_number_or_none, _number)),
    unscored_bounds=st.none() | st.tuples(_share, _share),
    p_value=_share_or_none,
    p_adjusted=_share_or_none,
    family=_maybe_text,
    method=_text,
    reason=st.just("none: said"),
)
_audits = st.builds(
    Audit,
    name=_text, inputs=_objects, judges=st.lists(st.builds(lambda name: {"name": name}, _text), max_size=2).map(tuple),
    rubrics=_objects, seed=st.integers(0, 2**31), settings=st.dictionaries(_text, _json, max_size=2),
    versions=st.dictionaries(_text, _text, max_size=2), verification=_objects,
    estimates=st.lists(_estimates, max_size=3, unique_by=lambda e: e.key).map(tuple),
    findings=st.lists(
        st.builds(Finding, code=_text.filter(bool), severity=st.sampled_from(["error", "warning", "note"]), text=_text,
                  output_ids=st.lists(_text, max_size=2).map(tuple)), max_size=2,
    ).map(tuple),
    tables=st.dictionaries(_text, _json, max_size=2),
)  # fmt: skip


@given(_audits)
@settings(max_examples=60, deadline=None)
def test_round_trip_loses_nothing(audit: Audit) -> None:
    text = dumps(audit)
    validate(text)
    assert loads(text) == audit
    assert dumps(loads(text)) == text


def test_files_are_written_whole_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "audit.json"
    write(path, AUDIT)
    assert dumps(read(path)) == dumps(AUDIT) == path.read_text(encoding="ascii")
    assert [p.name for p in path.parent.iterdir()] == ["audit.json"]


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    write(path, AUDIT)
    program = (
        "import resource, signal, sys\n"
        "from dataclasses import replace\n"
        "from judgeaudit.audit_file import read, write\n"
        "audit = read(sys.argv[1])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n    write(sys.argv[1], replace(audit, name='later'))\n"
        "except OSError as error:\n    print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "OSError\n"
    assert read(path).name == "demo"
    assert [p.name for p in tmp_path.iterdir()] == ["audit.json"]


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"name": "caf\xe9"}')
    for path in (tmp_path / "absent.json", tmp_path, latin, latin / "below"):
        with pytest.raises(InputError) as error:
            read(path)
        assert str(error.value).startswith(str(path))


def test_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_bytes(b"\xef\xbb\xbf" + dumps(AUDIT).encode())
    assert read(path).name == "demo"


def test_15_000_estimates_in_less_than_0_4_seconds() -> None:
    bounds = dict.fromkeys(("0.8", "0.9", "0.95", "0.975", "0.99", "0.995"), (0.1 + 1 / 3, 2 / 3))
    many = tuple(replace(ESTIMATE, slice=f"col.x={i}", value=i / 15_000, bounds=bounds) for i in range(15_000))
    audit = replace(AUDIT, estimates=many)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        dumps(audit)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.4
