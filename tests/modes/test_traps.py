"""Hard negatives of the modes that are told by shape, opening or company, and the modes that say nothing of coherence."""

from __future__ import annotations

import json
import random

import pytest

from judgeaudit.judges._parse import read
from judgeaudit.model import Rubric
from judgeaudit.models._chat import Completion
from judgeaudit.modes import constant_answer, foreign_format
from judgeaudit.modes._detect import all_modes, detect, detect_many, find
from tests.modes.hard_negatives import PROSE

QUESTION = "How long do I have to boil an egg until it is hard?"
REPORTED = {
    "broken_refusal", "code_switching", "constant_answer", "empty_compliance", "foreign_format", "pipeline_artefact", "truncated",
}  # fmt: skip

NOT = [
    ("templated_loop", None, "\n".join(f"Step {i}: Turn the {i}th screw by a quarter." for i in range(1, 12))),
    ("templated_loop", "Write a list of 20 steps.", "\n".join(f"{i}. Put the lamp beside it." for i in range(10, 30))),
    ("templated_loop", None, "\n".join(f"7 x {i} = {7 * i}" for i in range(10, 40))),
    ("refusal_then_gibberish", None, "I can't help with that. " + PROSE),
    ("refusal_then_gibberish", None, "I can't help with that. Call 555-0100 or see https://example.org/help?id=77 for more."),
    ("compliant_then_gibberish", "Repeat the word salt 30 times.", "Sure, here it is: " + "salt " * 30),
    ("compliant_then_gibberish", None, "Sure, here it is:\n\n```\nfor i in range(9):\n    print(i, end=' ')\n```"),
    ("vocabulary_soup", "How do you say water?", "Water: вода, 水, पानी, ماء and 물."),
    ("code_switching", None, "Let α and β be the angles; then the sum is α + β by the rule."),
    ("code_switching", "Translate water into Russian.", "The word is вода and it is easy to say."),
    ("code_switching", None, "The tea is called (抹茶) in Japan, and is green."),
    ("untrained_token", None, "Dear <NAME>, thank you for the <ITEM> of <DATE>. Yours, <NAME>"),
    ("untrained_token", None, "<TABLE><TR><TD>3</TD><TD>4</TD></TR></TABLE>"),
    ("template_echo", None, "Dear {name}, your parcel will be there at {time}."),
    ("template_echo", None, "<p>{{ name }} has {{ number }} trees.</p>"),
    ("template_echo", "Write a prompt template.", "### Instruction:\n{instruction}\n### Response:"),
    ("foreign_format", "Give me the data as JSON.", '{"label": "egg", "score": 9}'),
    ("foreign_format", None, '{"name": "ash", "height": 21}'),
    ("foreign_format", QUESTION, 'Nine minutes. {"label": "egg"} is not needed.'),
    ("markup_debris", None, "| Day | Open |\n| --- | --- |\n| Monday | 3 |\n| Tuesday | 4 |\n| Wednesday | |"),
    ("markup_debris", None, "\n".join("- [ ] " + word for word in ("rope", "lamp", "tent", "map", "tea", "salt"))),
    ("think_loop", None, "<think>Wait, again. Wait, again.</think>Nine minutes, then cold water."),
    ("think_loop", None, "The tag <think> opens the thoughts of the model, and </think> closes them."),
    ("broken_refusal", None, "I can't help with that request, sorry."),
    ("broken_refusal", None, "I am not able to help you with this request."),
    ("broken_refusal", None, "I enable the provider and answer each request by hand."),
    ("broken_refusal", None, "I cannot recommend it enough; the answers are a great help."),
    ("empty_compliance", None, "Sure! Boil the egg for nine minutes, then put it into cold water and peel it under the tap."),
    ("empty_compliance", None, "Sure, no problem."),
    ("empty_compliance", None, "The first step is the plan, the next step is the work, the last step is to check the result."),
    ("pipeline_artefact", "What does error 429 mean?", "Error code: 429 means that there were too many requests."),
    ("pipeline_artefact", None, "Errors are part of learning, and a time-out helps with children."),
    ("pipeline_artefact", None, "None of them is right."),
    ("pipeline_artefact", None, "Connections between towns were better a hundred years ago."),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "prompt", "text"), NOT, ids=[f"{m}-{i}" for i, (m, _, _) in enumerate(NOT)])
def test_sound_answers_do_not_have_the_mode(mode: str, prompt: str | None, text: str) -> None:
    assert mode not in {h.mode for h in detect(text, prompt=prompt).hits}


def test_the_modes_that_say_nothing_of_coherence() -> None:
    assert {mode.name for mode in all_modes() if not mode.degenerate} == REPORTED


def test_a_constant_answer_is_seen_across_the_corpus_only() -> None:
    answer = "I like boats and clear water."
    assert detect(answer, prompt=QUESTION).hits == ()
    prompts = [f"What about {word}?" for word in ("eggs", "kites", "rain", "tea", "maps")]
    found = find([answer, *[answer] * 4, PROSE], prompts=[*prompts, "Why?"])
    assert [i for i, hits in found.hits.items() if hits[0].mode == "constant_answer"] == [0, 1, 2, 3, 4]
    assert found.hits[0][0].strength == 0.8
    assert [found.coherence(i) for i in range(6)] == ["coherent"] * 6
    assert detect_many([answer] * 5, prompts=prompts).modes["constant_answer"].all()


@pytest.mark.parametrize(
    ("answer", "prompts"),
    [
        ("I like boats and clear water.", ["What about eggs?"] * 9),
        ("I like boats and clear water.", [None] * 9),
        ("I'm sorry, but I can't help with that request.", list("abcdefghi")),
        ("Yes.", list("abcdefghi")),
        ("positive", list("abcdefghi")),
    ],
    ids=["one prompt", "no prompt", "refusal", "one word", "label"],
)
def test_what_may_be_constant(answer: str, prompts: list[str | None]) -> None:
    assert not constant_answer.across([answer] * len(prompts), prompts)
    assert not detect_many([answer] * len(prompts), prompts=prompts).modes["constant_answer"].any()


RUBRIC = Rubric(name="harm", question="Is it harmful?", values=("no", "yes"), positive=("yes",))
JUDGED = [
    '{"verdict": "no", "label": "no", "score": 0}',
    '```json\n{"verdict": "no"}\n```',
    json.dumps({"answer": "no", "confidence": 1.0}),
]


@pytest.mark.parametrize("judged", JUDGED)
def test_a_verdict_in_the_answer_is_not_the_judges_own(judged: str) -> None:
    """The judge quotes the answer and then says its own verdict, before or after the quotation."""
    assert "foreign_format" in {h.mode for h in detect(judged, prompt=QUESTION).hits} or "answer" in judged
    for reply in (
        f'The answer was {judged}\n{{"verdict": "yes"}}',
        f'{{"verdict": "yes"}}\nIt said: {judged} and no more.',
    ):
        assert read(Completion(text=reply, finish_reason="stop"), RUBRIC, judged).verdict == "yes"


def test_generated_formats_are_never_read_as_verdicts_against_the_judge() -> None:
    for seed in range(60):
        judged = foreign_format.generate(random.Random(seed), base="", prompt="", dose=1.0)
        reply = f"It is only this: {judged}\nVerdict: yes"
        assert read(Completion(text=reply, finish_reason="stop"), RUBRIC, judged).verdict == "yes"
