from __future__ import annotations

import pytest

from judgeaudit import errors
from judgeaudit.errors import BudgetError, ConfigError, InputError, JudgeAuditError, ProviderError, StoreError, nearest


@pytest.mark.parametrize(
    ("kind", "code"), [(InputError, 2), (ConfigError, 2), (ProviderError, 3), (BudgetError, 3), (StoreError, 3)]
)
def test_exit_codes(kind: type[JudgeAuditError], code: int) -> None:
    assert kind("something").exit_code == code


def test_every_error_is_in_the_tree_that_the_module_draws() -> None:
    found = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, JudgeAuditError)}
    assert {n for n in found if n in (errors.__doc__ or "")} == found


def test_a_message_is_one_line_in_a_fixed_order() -> None:
    error = InputError("torn\nline", where="t.csv", got="a\nb", expected="c", next_step="mend it")
    assert str(error) == "t.csv: torn line: got a b; expected c; mend it"
    assert (error.where, error.got, error.expected, error.next_step) == ("t.csv", "a\nb", "c", "mend it")


def test_input_and_config_errors_are_value_errors() -> None:
    assert issubclass(InputError, ValueError)
    assert issubclass(ConfigError, ValueError)


def test_the_nearest_word_goes_first_and_long_lists_are_cut() -> None:
    assert nearest("acuracy", ["kappa", "accuracy"]).startswith("did you mean 'accuracy'?")
    assert nearest("zzz", ["kappa"]) == "known: 'kappa'"
    assert nearest("x", []) == "none is known here"
    assert nearest("x", [f"w{i:02}" for i in range(40)]).endswith("...")
