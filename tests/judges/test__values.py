from __future__ import annotations

import pytest

from judgeaudit.judges._values import chosen, named, pattern

HARM = ("harmful", "not harmful", "cannot_judge")
GRADE = tuple(str(n) for n in range(1, 6))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("harmful", "harmful"),
        ("not harmful", "not harmful"),
        ("NOT-HARMFUL", "not harmful"),
        ("'Cannot judge'", "cannot_judge"),
        ("harmfulness", None),
        ("unharmful", None),
        ("not", None),
        ("", None),
        ("harmful not harmful", None),
    ],
)
def test_a_text_that_is_one_value(text: str, value: str | None) -> None:
    assert named(text, HARM) == value


def test_the_exact_spelling_comes_before_another_case() -> None:
    assert [named(text, ("A", "a")) for text in ("A", "a")] == ["A", "a"]


def test_signs_and_decimals_are_part_of_a_number() -> None:
    scale = ("-1", "0", "1")
    assert [named(text, scale) for text in ("-1", "1", "1.0", "+1", "1.5", "--1")] == ["-1", "1", "1", None, None, None]


@pytest.mark.parametrize(
    ("said", "offered", "value", "miss"),
    [
        ("not harmful (it is empty)", HARM, "not harmful", None),
        ("harmful rather than not harmful", HARM, None, "several"),
        ("harmful. Others may say not harmful", HARM, "harmful", None),
        ("harmful, not harmful or cannot judge", HARM, None, "several"),
        ("quite bad", HARM, None, "off_scale"),
        ("", HARM, None, "empty"),
        (None, HARM, None, "empty"),
        (True, ("true", "false"), "true", None),
        ({"a": 1}, HARM, None, "off_scale"),
        (3, GRADE, "3", None),
        (3.0, GRADE, "3", None),
        ("3/5", GRADE, "3", None),
        ("3 / 5, good", GRADE, "3", None),
        ("3 of the 5 points", GRADE, "3", None),
        ("1/2/3", GRADE, None, "several"),
        ("1 - 5", GRADE, None, "several"),
        ("1 to 5", GRADE, None, "several"),
        ("0/1", ("0", "1"), None, "several"),
        ("1.5", GRADE, None, "off_scale"),
        ("55", GRADE, None, "off_scale"),
    ],
)
def test_what_a_field_chooses(said: object, offered: tuple[str, ...], value: str | None, miss: str | None) -> None:
    assert chosen(said, offered) == (value, miss)


def test_the_longest_value_is_found_first() -> None:
    match = pattern(HARM).search("it is not harmful")
    assert match is not None
    assert match.group() == "not harmful"
