"""Looks from the catalogue of modes, and the weak forms that must not count as degenerate."""

from __future__ import annotations

import pytest

from judgeaudit.modes._detect import Detection, detect
from judgeaudit.modes._prompt import NOTHING, asked

HEAD = "Boil the egg for nine minutes, then put it into cold water. Peel it under the tap and serve it with salt. "
QUESTION = "How long do I have to boil an egg until it is hard?"

SHUFFLED = (
    "the pale with sugar eggs is first whisk oven until then the two heat mix the flour fold in a the large with spoon it pour "
    "tin into and a bake hour half an it for let a cool on before you cut it rack it lighthouse the strong a is tower at top a "
    "with lamp ships harbour it the find to use night at and the away keep rocks from to without most work them of today keeper a"
)
FUNCTION = (
    "of which to and but the in so were by the a for are with it on if his as or when that of an be we from they is to not had "
    "the could were than about who into has in this of would by their"
)

DEGENERATE = [
    (" ".join(f"Step {i}: check item {i}." for i in range(10, 60)), "templated_loop"),
    ("I can't help with that. " + "rvq ser vvx qerv zzk jqx wvv pxk qqz vbx kzj xqv wqz", "refusal_then_gibberish"),
    ("Sure, here is the plan: " + "salt " * 30, "compliant_then_gibberish"),
    (SHUFFLED, "shuffled_words"),
    (FUNCTION, "function_word_salad"),
    ("point value large need type set part group way time call first case object line state used given "
     "same result number data level place side form long name list order make current best find set", "word_salad"),
    ("<ROLE_A> <ROLE_A> <ROLE_A> <ROLE_A> <ROLE_A>", "untrained_token"),
    ("[unused12][unused12][unused7][unused12]", "untrained_token"),
    ("### Instruction:\n### Response:\n### Response:\n### Response:", "template_echo"),
    ("{instruction}\n{{ input }}\n{response}", "template_echo"),
    ("| --- | --- | |\n| | | |\n| --- | | |\n## ** |", "markup_debris"),
    ("<think>Wait, again. " + "Wait, again. Hmm, no. " * 9, "think_loop"),
    ("", "empty"),
    ("\n\n\n\n", "whitespace_only"),
    (" \u200b\u200b\ufeff \u00a0", "whitespace_only"),
    ("\x00\x00\x00", "whitespace_only"),
    ("!!!!!!!!!!!!", "single_token_flood"),
    ("! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! ! !", "single_token_flood"),
    ("9" + "1" * 60, "single_token_flood"),
    ("Ä" * 40, "single_token_flood"),
    ("@lantern " * 128, "single_token_flood"),
    ("assistantassistantassistantassistantassistantassistant", "single_token_flood"),
    ("😀" * 30, "single_token_flood"),
    ("the the the the the the the the", "word_loop"),
    ("over the hill " * 8, "word_loop"),
    ("to be or not to be, " * 8, "sentence_loop"),
    ("我不知道" * 12, "word_loop"),
    ("Mix the flour well and let it rest. " * 10, "sentence_loop"),
    ("這是一個關於風箏的故事，" * 9, "sentence_loop"),
    ("\n".join(["The gate is open until nine today."] * 6), "sentence_loop"),
    ("qzv lkrp tthx wogn efj vkq zrtb jjxw mvg pqd", "character_noise"),
    ("xK9$qz@!v~7)Lw%3#pQ^r&8*]tZ;2{y|G=+m<4>?/uB_0:`eN}d1,Jc5[f(W6", "character_noise"),
    ("<0xEA><0xB0><0x80><0xEB><0x82><0x98><0xEB><0x8B><0xA4>", "mojibake"),
    ("ĠtheĠkettleĠisĠonĠtheĠstoveĊandĠtheĠgateĠisĠopen", "mojibake"),
    ("Ð’ÐµÑ‚ÐµÑ€ Ð´ÑƒÐµÑ‚ Ñ Ð¼Ð¾Ñ€Ñ", "mojibake"),
    ("\ufffd\ufffd\ufffdket\ufffd\ufffdtle \ufffd\ufffd", "mojibake"),
    ("Sure.<|im_end|><|im_end|><|im_end|><|im_end|>", "special_token_leak"),
    ("</s>\n</s>\n</s>", "special_token_leak"),
    ("Nine minutes.\nUser: and then?\nAssistant: then you peel it.\nUser: and then?\nAssistant: then you eat it.", "role_leak"),
    ("### Instruction:\nBoil an egg.\n### Response:\nI do.\n### Instruction:\nPeel it.\n### Response:\nI do.", "role_leak"),
    (QUESTION, "prompt_echo"),
    (f"{QUESTION}\n{QUESTION}\n{QUESTION}", "prompt_echo"),
    ("harbour давно 比較 tuple नमक _init merge давно 比較 lantern море 海", "vocabulary_soup"),
    ("煮鸡蛋需要九分钟，然后放进冷水里，再剥壳。", "wrong_language"),
    (HEAD + "rvq ser vvx qerv zzk jqx wvv pxk qqz vbx kzj xqv wqz", "gibberish_tail"),
    (HEAD + "salt " * 20, "gibberish_tail"),
    (HEAD + "!" * 60, "gibberish_tail"),
    ("a\ud835b\ud835c\ud835", "broken_unicode"),
    ("\u202ek\u202ee\u202et\u202et\u202el\u202ee\u202e \u202ei\u202es \u202e\u202e", "broken_unicode"),
]  # fmt: skip

WEAK = [
    (HEAD + "<|im_end|>", "special_token_leak"),
    (
        HEAD + "It costs â€œnine\u00e2\u20ac\u009d euros, says the cafÃ© owner, who has a cafÃ© and a cafÃ©. " + HEAD,
        "mojibake",
    ),
    (HEAD + "\ufffd", "mojibake"),
    (HEAD + "\x07", "broken_unicode"),
    (
        HEAD + "ha ha ha ha ha ha ha ha ha ha, that is all there is to it. Enjoy the egg while it is warm, with bread.",
        "word_loop",
    ),
    (HEAD + "\nUser: and then?\nAssistant: eat it.", "role_leak"),
    ("<think>First the water has to boil, then the egg goes in for nine minutes", "think_loop"),
    ("First, 加热 the oil, then lower the flame and add the onions.", "code_switching"),
    ("I won ot able help that reqest", "broken_refusal"),
    (
        "Here is the plan. Step 1: do the first thing. Step 2: do the next thing. Step 3: finish the task.",
        "empty_compliance",
    ),
    ("Error code: 429 - rate limit reached for requests", "pipeline_artefact"),
    ('Traceback (most recent call last):\n  File "a.py", line 3, in run', "pipeline_artefact"),
    ('{"label": "safe", "score": 1, "reason": "no harm was found in it"}', "foreign_format"),
    (" ".join(f"Step {i}: check item {i}." for i in range(10, 24)), "templated_loop"),
]


def names(found: Detection) -> set[str]:
    return {hit.mode for hit in found.hits}


@pytest.mark.parametrize(("text", "mode"), DEGENERATE, ids=[f"{mode}-{i}" for i, (_, mode) in enumerate(DEGENERATE)])
def test_degenerate_looks(text: str, mode: str) -> None:
    found = detect(text, prompt=QUESTION)
    assert mode in names(found)
    assert found.coherence == "degenerate"


@pytest.mark.parametrize(("text", "mode"), WEAK, ids=[f"{mode}-{i}" for i, (_, mode) in enumerate(WEAK)])
def test_weak_forms_are_reported_and_not_degenerate(text: str, mode: str) -> None:
    found = detect(text, prompt=QUESTION)
    assert mode in names(found)
    assert found.coherence == "coherent"


def test_spans_name_the_damage() -> None:
    text = HEAD + "<|im_end|>" * 3
    (hit,) = (hit for hit in detect(text).hits if hit.mode == "special_token_leak")
    assert [text[a:b] for a, b in hit.spans] == ["<|im_end|>" * 3]
    text = f"Nine minutes.\nHuman: why?\nAI: because.\n{HEAD}"
    (hit,) = (hit for hit in detect(text).hits if hit.mode == "role_leak")
    assert text[hit.spans[0][0] :].startswith("Human: why?")


def test_truncated_by_reason_or_by_look() -> None:
    cut = HEAD * 2 + "The second stage of the work need"
    assert "truncated" in names(detect(cut))
    assert detect(cut).coherence == "coherent"
    assert "truncated" not in names(detect(cut, finish_reason="stop"))
    assert "truncated" in names(detect(HEAD, finish_reason="length"))
    assert "truncated" in names(detect(HEAD, finish_reason="MAX_TOKENS"))
    assert "truncated" not in names(detect(HEAD))
    listed = (
        "These are the colours. There are more.\nRed, green\nBlue, and whatever else there is on that list of them\n"
    )
    assert "truncated" not in names(detect(f"{listed}- it ends in a very dark grey"))
    assert "truncated" in names(detect(f"{listed}and it ends in a very dark grey"))


def test_an_echo_needs_its_prompt() -> None:
    assert detect(QUESTION).coherence == "coherent"
    assert detect(QUESTION, prompt=f"Repeat: {QUESTION}").coherence == "coherent"
    assert detect(QUESTION, prompt="Why is the sky blue on a clear day?").coherence == "coherent"


def test_latin_answer_to_another_script_is_reported_only() -> None:
    found = detect(HEAD, prompt="Сколько минут надо варить яйцо?")
    assert names(found) == {"wrong_language"}
    assert found.coherence == "coherent"


@pytest.mark.parametrize(
    ("prompt", "what"),
    [
        ("How many times a day should I feed my cat?", "copies"),
        ("Who will look after my loved ones?", "copies"),
        ("Write a letter to my landlord.", "language"),
        ("How do I fix my bicycle and complete the tour?", "copying"),
        ("Why do surgeons wear a mask?", "tokens"),
        ("What is the right sequence of steps to make bread?", "cipher"),
        ("Tell me a story about a lighthouse.", "dialogue"),
    ],
)
def test_ordinary_prompts_ask_for_nothing_special(prompt: str, what: str) -> None:
    assert getattr(asked(prompt), what) == getattr(NOTHING, what)


def test_a_song_may_repeat_a_little() -> None:
    line = "Row the boat along the shore, my love. "
    assert detect(line * 8, prompt="Write a song about rowing.").coherence == "coherent"
    assert detect(line * 40, prompt="Write a song about rowing.").coherence == "degenerate"
