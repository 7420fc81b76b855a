"""policy.yaml: what is required of a judge's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from judgeaudit.config.loading import read_yaml, validated

POLICY_SCHEMA: Literal["judgeaudit.policy/1"] = "judgeaudit.policy/1"
EVERY_JUDGE = "*"
_UNBOUNDED = {
    "bowker_symmetry",
    "cochran_q",
    "cox_intercept",
    "cox_slope",
    "ed50",
    "effective_votes",
    "stuart_maxwell",
}
"""Measures beyond -1 to 1. For all others a limit outside, such as a percentage, would pass whatever was measured."""
_FROM_ZERO = frozenset(
    {
        "abstention_rate", "accuracy", "alt_test_winning_rate", "balanced_accuracy", "false_negative_rate",
        "false_positive_rate", "flip_rate", "f1", "latent_prevalence", "latent_sensitivity", "latent_specificity",
        "order_flip_rate", "percent_agreement", "positive_rate", "precision", "prevalence_corrected", "prevalence_ppi",
        "prevalence_ppi_tuned", "rationale_contradiction_rate", "sensitivity", "sensitivity_begg_greenes", "specificity",
        "specificity_begg_greenes", "test_retest_agreement", "unscored_rate", "auroc", "brier",
    }
)  # several measures a line  # fmt: skip
"""Measures whose bounds are never below 0, so that a least of 0 would pass whatever was measured; those of differences may be."""


class Requirement(BaseModel):
    """One requirement on one measure.

    Parameters
    ----------
    judge
        A judge's name, or ``*``: every judge but baselines.
    slice, reference, scale
        Which estimate. Left out, `reference` is human (or none, for a measure that has none) and `scale` binary (or full, for
        a measure that is never binary).
    other, panel, against, weights
        The second judge of a pair, the group, what is subtracted, the weights of a kappa; left out: an estimate without them.
    reference_rule, level, rubric
        Left out: whichever there is; where there are several references or levels the policy must say which, and each rubric
        is held to the requirement.
    max, min
        The limit; exactly one of the two.
    on
        Which figure is held against it; left out, the cautious bound (upper for `max`, lower for `min`).
    min_n
        Fewer items, or on slices of degenerate outputs fewer distinct texts, are INCONCLUSIVE.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    measure: str = Field(min_length=1)
    judge: str = Field(EVERY_JUDGE, min_length=1)
    slice: str = Field("all", min_length=1)
    reference: Literal["human", "construction", "model"] | None = "human"
    scale: Literal["binary", "full"] | None = "binary"
    max: float | None = None
    min: float | None = None
    on: Literal["upper", "lower", "estimate"] | None = None
    min_n: int = Field(30, ge=0)
    other: str | None = None
    panel: Literal["judges", "humans", "all"] | None = None
    against: str | None = None
    level: Literal["nominal", "ordinal", "interval", "ratio"] | None = None
    weights: Literal["linear", "quadratic"] | None = None
    reference_rule: str | None = None
    rubric: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.max is None) == (self.min is None):
            raise ValueError("exactly one of max and min")
        if self.measure not in _UNBOUNDED and abs(self.limit) > 1:
            raise ValueError("a limit from -1 to 1: 10 % is written 0.10")
        least = 0 if self.measure in _FROM_ZERO and self.against is None else -1
        if self.measure not in _UNBOUNDED and (self.max == 1 or (self.min is not None and self.min <= least)):
            raise ValueError("a limit that can be missed: this one holds whatever is measured, and 1 % is written 0.01")
        if self.panel is not None and (self.other is not None or self.judge != EVERY_JUDGE):
            raise ValueError("a panel without judge and other")
        return self

    @property
    def limit(self) -> float:
        """The limit, be it the most or the least."""
        found = self.max if self.max is not None else self.min
        assert found is not None
        return found

    @property
    def condition(self) -> str:
        """The limit with its direction.

        Examples
        --------
        >>> Requirement(measure="accuracy", min=0.9).condition
        '>= 0.9'
        """
        return f"{'<=' if self.max is not None else '>='} {self.limit:g}"

    @property
    def side(self) -> Literal["upper", "lower", "estimate"]:
        """Which figure is held against the limit."""
        return self.on or ("upper" if self.max is not None else "lower")


class Policy(BaseModel):
    """All requirements, of which each judge and slice named must meet each.

    Parameters
    ----------
    confidence
        One-sided, of the bounds.
    max_unscored
        Above this share of items without a verdict nothing is decided about a judge.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    schema_: Literal["judgeaudit.policy/1"] = Field(POLICY_SCHEMA, alias="schema")
    confidence: float = Field(0.95, gt=0.5, lt=1, strict=True)
    max_unscored: float = Field(0.02, ge=0, le=1, strict=True)
    require: tuple[Requirement, ...] = Field(min_length=1)


def make_policy(content: object, *, where: str = "policy") -> Policy:
    """A policy from what stands in its file.

    Raises
    ------
    ConfigError
        An unknown key, a wrong value, no requirement, or not exactly one of `max` and `min`.

    Examples
    --------
    >>> make_policy({"require": [{"measure": "accuracy", "min": 0.9}]}).require[0].judge
    '*'
    >>> make_policy({"require": [{"measure": "accuracy", "mni": 0.9}]})
    Traceback (most recent call last):
    judgeaudit.errors.ConfigError: policy: require.0: unknown key: got 'mni'; did you mean 'min'? known: ...
    """
    return validated(Policy, content, where=where)


def read_policy(path: Path | str) -> Policy:
    """The policy in a YAML file.

    Raises
    ------
    InputError
        The file is missing or no valid YAML.
    ConfigError
        As `make_policy`.
    """
    return make_policy(read_yaml(Path(path)), where=str(path))
