"""The project's codes in plain words, and how a rubric's positive value is spoken of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from judgeaudit.model import BASELINE

MEASURES: Mapping[str, tuple[str, str]] = {
    "accuracy": ("accuracy", "verdicts equal to the reference"),
    "balanced_accuracy": ("balanced accuracy", "mean of sensitivity and specificity; 50% is guessing"),
    "sensitivity": ("sensitivity (TPR)", "of the reference's positives, called positive"),
    "specificity": ("specificity (TNR)", "of the reference's negatives, called negative"),
    "false_positive_rate": ("false-positive rate", "of the reference's negatives, called positive"),
    "false_negative_rate": ("false-negative rate", "of the reference's positives, called negative"),
    "precision": ("precision", "of those called positive, positive by the reference"),
    "f1": ("F1", "harmonic mean of precision and sensitivity"),
    "mcc": ("MCC", "correlation of verdict and reference; 0 is chance"),
    "cohen_kappa": ("Cohen's kappa", "agreement beyond chance; falls when one class is rare"),
    "gwet_ac1": ("Gwet's AC1", "agreement beyond chance; steady when one class is rare"),
    "youden_j": ("Youden's J", "sensitivity + specificity − 1; 0 is useless"),
    "positive_rate": ("called positive", "share of scored outputs called positive"),
    "abstention_rate": ("abstained", "share of verdicts that say: cannot be judged"),
    "unscored_rate": ("unscored", "share of asked outputs without a verdict"),
    "percent_agreement": ("agreement", "share of outputs with equal verdicts"),
    "krippendorff_alpha": ("Krippendorff's alpha", "agreement beyond chance among all of a group; 1 full, 0 chance"),
    "fleiss_kappa": ("Fleiss' kappa", "agreement beyond chance of a whole group; falls when one value is rare"),
    "scott_pi": ("Scott's pi", "agreement beyond chance; both raters' shares pooled"),
    "brennan_prediger": ("Brennan-Prediger", "agreement beyond 1 / number of values; PABAK of two"),
    "gwet_ac2": ("Gwet's AC2", "AC1 where near misses count in part"),
    "bowker_symmetry": ("Bowker's test", "do two raters confuse values equally often in both directions"),
    "stuart_maxwell": ("Stuart-Maxwell test", "do two raters give each value equally often"),
    "mcnemar": ("difference called positive", "of two judges on the same outputs, with McNemar's test"),
    "cochran_q": ("Cochran's Q", "do several judges call positive, or are they right, equally often"),
    "minimum_detectable_difference": (
        "minimum detectable difference",
        "of two judges' accuracies: a smaller one would likely have gone unseen",
    ),
    "ceiling_difference": ("judge less person", "accuracy against the majority of the other people"),
    "ceiling_place": ("place in the ceiling", "share of people whom the judge equals or beats"),
    "alt_test_winning_rate": ("winning rate (alt-test)", "share of people whose place the judge may take; 0.5 passes"),
    "alt_test_advantage_probability": (
        "advantage probability (alt-test)",
        "how often the judge agrees with the others at least as well as a person",
    ),
    "brier": ("Brier score", "mean squared error of the scores; lower is better"),
    "calibration_error_squared_debiased": ("calibration error", "squared, debiased; 0 is calibrated"),
    "expected_calibration_error": ("ECE", "the usual plug-in, 10 bins; above 0 by chance alone: see its null band"),
    "smooth_calibration_error": ("smooth ECE", "without bins; above 0 by chance alone: see its null band"),
    "cox_slope": ("Cox slope", "1 is calibrated; below 1 the scores are too extreme"),
    "cox_intercept": ("Cox intercept", "0 is calibrated; below 0 the scores are too high"),
    "brier_reliability": ("Brier: reliability", "what miscalibration adds to the Brier score; lower is better"),
    "brier_resolution": ("Brier: resolution", "what telling groups apart takes off it; higher is better"),
    "brier_uncertainty": ("Brier: uncertainty", "what the labels alone give, whatever the judge"),
    "brier_within_bins": ("Brier: within bins", "what bins hide; with it the parts add up"),
    "aurc": ("AURC", "error rate averaged over keeping only the surest verdicts; at best far below the error rate"),
    "auroc": ("AUROC", "chance that a positive is scored above a negative; 0.5 is guessing"),
    "prevalence_corrected": ("corrected prevalence", "share of positives after correcting for the judge's errors"),
    "prevalence_ppi": ("prevalence, PPI", "share of positives: the judge's, plus its mean error on labelled outputs"),
    "prevalence_ppi_tuned": (
        "prevalence, PPI++",
        "the same with the weight of the judge that gives the least variance",
    ),
    "sensitivity_begg_greenes": ("sensitivity, Begg-Greenes", "where the verdict decided which outputs were labelled"),
    "specificity_begg_greenes": ("specificity, Begg-Greenes", "where the verdict decided which outputs were labelled"),
    "error_correlation": (
        "correlation of errors",
        "do judges err on the same outputs, given the truth; 0: independently",
    ),
    "length_bias": ("length bias", "long outputs called positive more often than short ones equally true"),
    "self_family_preference": (
        "own family",
        "outputs of its own family called positive more often than others equally true",
    ),
    "order_flip_rate": ("order flips", "verdicts that change with the order of the options"),
    "rationale_contradiction_rate": (
        "contradicts its rationale",
        "verdicts other than the value that the judge's own rationale states; of rationales that state one",
    ),
    "effective_votes": ("effective votes", "how many independent votes the panel of judges is worth"),
    "latent_prevalence": ("latent prevalence", "share of positives by Dawid-Skene, without labels"),
    "latent_sensitivity": ("latent sensitivity", "of Dawid-Skene's latent positives, called positive"),
    "latent_specificity": ("latent specificity", "of Dawid-Skene's latent negatives, called negative"),
    "conditional_dependence": (
        "conditional dependence",
        "how far judges go together beyond one latent truth; 0: not at all",
    ),
    "flip_rate": ("flip rate", "verdicts that change from trial to trial"),
    "test_retest_agreement": ("test-retest agreement", "equal verdicts in two trials"),
}

REASONS: Mapping[str, str] = {
    "one_class": "the reference holds one class only",
    "no_negatives": "no negatives in the reference here",
    "no_positives": "no positives in the reference here",
    "judgements_of_probes": "verdicts on probes",
    "no_items": "no output here has both a verdict and a label",
    "no_label": "no label",
    "reference_unresolved": "labels tied",
    "abstained": "judge abstained",
    "reference_abstained": "labelled as not to be judged",
    "not_both": "not rated by both",
    "not_all": "not rated by all judges",
    "few_items": "people with fewer than 30 such outputs",
    "no_verdict_or_label": "no verdict or no label",
    "no_weight": "neither weight nor verdict",
    "no_model": "model of no known family",
    "no_rationale": "no rationale",
    "not_decidable": "rationale that states no single value",
    "not_all_scored": "not scored by all judges",
    "one_value": "rated by one only",
    "no_value": "rated by none",
    "no_score": "no score",
    "no_binary_verdict": "no verdict that is positive or negative",
    "fewer_than_two_verdicts": "judged once or never",
    "model_on_one_side": "of models with such outputs on one side only",
    "blank_line": "blank line",
    "no_output": "of outputs that are not there",
    "empty_label": "empty label",
    "unknown_field": "unknown field",
    "judgements_of_no_output": "judgements of outputs that are not there",
    "labels_of_no_output": "labels of outputs that are not there",
    "labels_of_an_earlier_text": "labels of an earlier text",
}
"""Words for reasons that come as a bare code; a name may follow it (``unknown_field NAME``)."""

SHORT: Mapping[str, str] = {"circular": "circular: its own detectors made the slice"}
"""Reasons that stand in so many cells that they must be short."""

STATUSES: Mapping[str, str] = {
    "ok": "scored",
    "missing": "no verdict in the table",
    "unparsable": "reply could not be read",
    "refused": "judge refused",
    "filtered": "content filter",
    "truncated": "reply cut off",
    "out_of_range": "value off the scale",
    "error": "call failed",
    "skipped": "not asked",
    "not_asked": "not asked",
}

KINDS: Mapping[str, tuple[str, str]] = {
    "human": ("human labels", "by human labels"),
    "construction": ("labels by construction", "by construction"),
    "model": ("model labels", "by a model's labels"),
}
KIND_NOTES: Mapping[str, str] = {
    "human": "A person read the output.",
    "construction": "True by how the text was made, or by a program that decides it; never pooled with human labels.",
    "model": "A language model read the output. Agreement with it is agreement with a model, not with people.",
}
RULES: Mapping[str, str] = {
    "majority": "majority; ties are left out",
    "median": "median",
    "adjudicated": "adjudicated",
    "dawid_skene": "Dawid-Skene",
}


def measure(code: str) -> str:
    """A measure's name as the field says it."""
    return MEASURES.get(code, (code.replace("_", " "), ""))[0]


def gloss(code: str) -> str:
    """What a measure says, in half a line."""
    return MEASURES.get(code, ("", ""))[1]


def reason(code: str | None) -> str:
    """Why a value is missing or something was left out, in words: the words after a code, or those known for a bare one.

    Examples
    --------
    >>> reason("one_class"), reason("no_items: nothing to count"), reason("left_by_hand"), reason("The column is empty.")
    ('the reference holds one class only', 'nothing to count', 'left by hand', 'The column is empty.')
    """
    if not code:
        return "not measured"
    first, blank, name = code.partition(" ")
    if blank and first in REASONS:
        return f"{REASONS[first]} {name}"
    head, colon, words = code.partition(":")
    if not re.fullmatch("[a-z][a-z0-9_]*", head):
        return code
    if head in SHORT:
        return SHORT[head]
    return (
        words.strip() if colon and words.strip() else REASONS.get(head) or STATUSES.get(head) or head.replace("_", " ")
    )


def status(code: str) -> str:
    """A status in words."""
    return STATUSES.get(code, code.replace("_", " "))


def kind(code: str | None) -> str:
    """Whose labels, in words."""
    return KINDS.get(code or "", (f"{code} labels", ""))[0] if code else "no labels"


def rule(code: str | None) -> str:
    """How several labels became one reference, in words."""
    if not code:
        return ""
    head, _, name = code.partition(":")
    if name:
        return f"annotator {name}" if head == "annotator" else f"column {name}"
    return RULES.get(code, code)


def slice_name(key: str) -> str:
    """A slice in words.

    Examples
    --------
    >>> slice_name("all"), slice_name("coherence=degenerate"), slice_name("mode=word_loop"), slice_name("col.model=a%26b")
    ('all outputs', 'degenerate', 'word loop', 'model: a&b')
    >>> slice_name("mode=word_loop&col.model=x")
    'word loop, model: x'
    """
    if key == "all":
        return "all outputs"
    return ", ".join(_one_slice(part) for part in key.split("&"))


def baseline_name(judge: str) -> str:
    """A judge's name without the mark of a baseline, which every table shows in its own way."""
    name = judge.removeprefix(BASELINE)
    return name if name == judge else name.replace("_", " ")


def in_sentence(judge: str) -> str:
    """A judge's name inside a sentence: quoted where it holds spaces and could be read as words of the sentence.

    Examples
    --------
    >>> in_sentence("guard"), in_sentence("no refusal is a breach")
    ('guard', '“no refusal is a breach”')
    """
    return f"“{judge}”" if " " in judge else judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a rubric's classes are spoken of: `called` is what a positive verdict says; `plain` where harm has words of its own."""

    called: str
    plain: bool

    def false_positives(self) -> str:
        """Heading of the false-positive table."""
        return "Harmless called harmful" if self.plain else f"Called {self.called}, labelled otherwise"

    def false_negatives(self) -> str:
        """Heading of the false-negative table."""
        return "Harmful called harmless" if self.plain else f"Labelled {self.called}, called otherwise"

    def negatives(self) -> str:
        """What a false-positive rate is a share of."""
        return "harmless" if self.plain else f"anything but {self.called}"

    def positives(self) -> str:
        """What a false-negative rate is a share of."""
        return "harmful" if self.plain else self.called


def wording(rubric: Mapping[str, Any]) -> Wording:
    """Harm has words of its own; any other rubric speaks of its positive value.

    Examples
    --------
    >>> wording({"name": "harm", "positive": ["1"]}).false_positives()
    'Harmless called harmful'
    >>> wording({"name": "refusal", "positive": ["yes"]}).false_positives()
    'Called “yes”, labelled otherwise'
    """
    name = str(rubric.get("name", "")).casefold()
    if ("harm" in name and "harmless" not in name) or "jailb" in name:
        return Wording(called="harmful", plain=True)
    return Wording(called=positive_word(list(rubric.get("positive") or ())), plain=False)


def positive_word(values: Sequence[str]) -> str:
    """The positive values as a reader sees them: quoted, joined by "or"."""
    if not values:
        return "positive"
    quoted = [f"“{v}”" for v in values]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def _one_slice(part: str) -> str:
    head, _, tail = part.partition("=")
    tail = unquote(tail)
    if head == "stratified":
        return f"within each {tail.removeprefix('col.')}"
    if head == "coherence":
        return tail
    if head == "mode":
        return tail.replace("_", " ")
    return f"{unquote(head.removeprefix('col.'))}: {tail}"
