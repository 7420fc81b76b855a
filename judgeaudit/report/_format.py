"""Numbers as a reader sees them: counts always beside percentages, intervals beside values, a reason where there is no value."""

from __future__ import annotations

from judgeaudit.model import Estimate
from judgeaudit.report._words import reason

MINUS = "\u2212"
NONE = "\u2014"
RATES = frozenset(
    {
        "accuracy", "sensitivity", "specificity", "false_positive_rate", "false_negative_rate", "precision", "positive_rate",
        "abstention_rate", "unscored_rate", "percent_agreement", "flip_rate", "test_retest_agreement", "prevalence_corrected",
        "alt_test_winning_rate", "balanced_accuracy", "prevalence_ppi", "prevalence_ppi_tuned", "latent_prevalence",
        "latent_sensitivity", "latent_specificity", "sensitivity_begg_greenes", "specificity_begg_greenes", "order_flip_rate",
        "rationale_contradiction_rate",
    }
)  # measures, several a line  # fmt: skip
"""Measures shown as percentages; all others are coefficients or losses and shown as decimals."""

FEW = 10
"""Under this denominator a figure is greyed and never named in words."""


def percent(share: float, signed: bool = False) -> str:
    """A share as whole percents; tenths where rounding would say 0 or 100 and it is neither.

    Examples
    --------
    >>> percent(0.449), percent(0.004), percent(0.9996), percent(1.0), percent(-0.25, signed=True)
    ('45%', '0.4%', '99.9%', '100%', '−25%')
    """
    return points(share, signed=signed) + "%"


def points(share: float, signed: bool = False) -> str:
    """A share as a bare number of percents, as in an interval's ends."""
    size = round(abs(share) * 100, 9)
    if 0 < size < 0.95:
        digits = f"{size:.1f}" if size >= 0.05 else "<0.1"
    elif 99.05 < size < 100:
        digits = f"{min(size, 99.9):.1f}"
    else:
        digits = f"{size:.0f}"
    return _sign(share, signed) + digits


def decimal(x: float, signed: bool = False) -> str:
    """A coefficient with two decimals; three where two would say 0 and it is not.

    Examples
    --------
    >>> decimal(0.674), decimal(-0.05), decimal(0.004), decimal(0.0)
    ('0.67', '−0.05', '0.004', '0.00')
    """
    size = round(abs(x), 11)
    digits = f"{size:.3f}" if 0 < size < 0.01 else f"{size:.2f}"
    return _sign(x, signed) + digits


def count(n: float | None) -> str:
    """A count with thousands set apart; weighted counts keep one decimal.

    Examples
    --------
    >>> count(12345), count(3.25), count(None)
    ('12,345', '3.2', '—')
    """
    if n is None:
        return NONE
    return f"{n:,.0f}" if float(n).is_integer() else f"{n:,.1f}"


def p_value(p: float) -> str:
    """A p value in the usual form.

    Examples
    --------
    >>> p_value(0.00002), p_value(0.0312), p_value(0.3)
    ('p < 0.001', 'p = 0.031', 'p = 0.300')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def value(estimate: Estimate) -> str:
    """The estimate's value in its measure's form, or a dash."""
    if estimate.value is None:
        return NONE
    signed = estimate.against is not None
    if estimate.measure in RATES:
        return f"{points(estimate.value, signed)} points" if signed else percent(estimate.value)
    return decimal(estimate.value, signed)


def interval(estimate: Estimate) -> str:
    """The two-sided interval in brackets, or "" where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    if estimate.against is not None:
        form = points if estimate.measure in RATES else decimal
        return f"[{form(estimate.low, signed=True)}, {form(estimate.high, signed=True)}]"
    if estimate.measure in RATES:
        return f"[{points(estimate.low)}–{points(estimate.high)}%]"
    return f"[{decimal(estimate.low)}, {decimal(estimate.high)}]"


def k_of_n(estimate: Estimate) -> str:
    """Numerator and denominator of a rate, or the n of another measure."""
    if estimate.k is None:
        return f"n {count(estimate.n)}"
    return f"{count(estimate.k)} of {count(estimate.n)}"


def bounds(estimate: Estimate) -> str:
    """The value with all unscored counted negative and positive, or "" where nothing was unscored."""
    if estimate.unscored_bounds is None:
        return ""
    low, high = estimate.unscored_bounds
    if low == high:
        return ""
    if estimate.measure not in RATES:
        return f"{decimal(low)} to {decimal(high)}"
    if percent(low) == percent(high):
        return f"{low * 100:.2f}% to {high * 100:.2f}%"
    return f"{percent(low)} to {percent(high)}"


def why(estimate: Estimate) -> str:
    """In words, why there is no value, or why there is no interval; "" where both are there."""
    if estimate.value is not None and estimate.low is not None:
        return ""
    return reason(estimate.reason)


def _sign(x: float, signed: bool) -> str:
    if x < 0:
        return MINUS
    return "+" if signed and x > 0 else ""
