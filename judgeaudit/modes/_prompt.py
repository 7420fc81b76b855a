"""What a prompt asks for that would otherwise look like a mode: a repetition, a cipher, another language, a dialogue.

Patterns of English requests, defaults of our own. They err towards "asked": a missed mode in an answer to such a prompt
is a lesser fault than calling degenerate what was ordered. `times` bounds a requested repetition, so that a flood of
thousands in answer to "repeat it twice" is still found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_COPIES = 200

_TIMES = re.compile(r"\b(\d{1,6})[ -]?(?:times|copies|lines|repetitions|rows|x)\b|\bx ?(\d{1,6})\b", re.IGNORECASE)
_REPETITION = re.compile(
    r"\b(?:repeat\w*|repetition\w*|over and over|again and again|(?:twice|thrice)|\w+ times|times in a row|copies of|"
    r"lyrics?|chorus|refrain|chant|mantra|song|nursery rhyme|googol\w*|decimals?|digits?|zeros?|zeroes|ones|"
    r"(?:fill|flood)\w* with|row of|line of|string of|ascii|divider|separator|matrix|placeholder|lorem)\b",
    re.IGNORECASE,
)
_CIPHER = re.compile(
    r"\b(?:base-?\d{2}|md5|sha-?\d{1,3}|hash(?:es)?|checksum|rot-?13|caesar|vigen\w+|cipher\w*|ciphertext|encod\w+|decod\w+|"
    r"anagrams?|scrambl\w+|unscrambl\w+|jumbl\w+|gibberish|nonsense|made-up words?|invented? words?|conlang|"
    r"constructed language|random (?:\w+ )?(?:string|letters|characters|words|text|password|key|tokens?)s?|"
    r"passwords? (?:generator|list|ideas)|generate \w* ?\w* ?passwords?|keyboard|lorem|ascii|brainf\w+|regex\w*|"
    r"regular expression|hexadecimal|hex|dna|rna|protein|sequence|smiles|inchi|abbreviations?|acronyms?|onomatopoeia)\b",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"\b(?:translat\w+|transliterat\w+|languages?|multilingual|alphabets?|script|characters?|symbols?|letters?|kanji|hiragana|"
    r"katakana|hanzi|pinyin|hangul|cyrillic|devanagari|unicode|greetings?|word for|say \w+|proverbs?|etymology|"
    r"arabic|armenian|bengali|bulgarian|burmese|cantonese|chinese|english|ethiopic|amharic|farsi|georgian|greek|gujarati|"
    r"hebrew|hindi|japanese|kannada|kazakh|khmer|korean|lao|macedonian|malayalam|mandarin|marathi|mongolian|nepali|pashto|"
    r"persian|punjabi|russian|sanskrit|serbian|sinhala|tamil|telugu|thai|tibetan|tigrinya|ukrainian|urdu|yiddish|"
    r"china|japan|korea|russia|ukraine|india|greece|israel|iran|thailand)\b",
    re.IGNORECASE,
)
_DIALOGUE = re.compile(
    r"\b(?:dialogues?|dialogs?|conversations?|transcripts?|scripts?|screenplay|skit|scenes?|sketch|interviews?|chats?|chatbot|"
    r"role-?play\w*|play the|q ?(?:&|and) ?a|faq|questions? and answers?|quiz|flash ?cards?|few-shot|examples?|data ?set|"
    r"training data|prompts?|templates?|exchange|debate|story|messages?|messaging|forum|thread)\b",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"\b(?:repeat|copy|rewrite|re-?word|rephrase|paraphrase|proof-?read|correct|fix|translate|quote|verbatim|transcribe|"
    r"echo|summari[sz]e|format|edit|spell\w*|grammar|punctuat\w+|capitali[sz]e|upper-?case|lower-?case|complete|continue|"
    r"fill in|extract|highlight|parse|convert|encode|sort|reverse|tokeni[sz]e|say|print|output|type|write down|read back)\b",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"\b(?:special tokens?|token\w*|chat ?ml|chat templates?|prompt (?:format|template)s?|html|xml|svg|strike-?through|markup|"
    r"end[- ]of[- ](?:sequence|text|turn)|mask\w*|bert|llama|mistral)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a prompt asks for; `copies`: the most copies of a unit that count as ordered, 0 where none was."""

    copies: int = 0
    cipher: bool = False
    language: bool = False
    dialogue: bool = False
    copying: bool = False
    tokens: bool = False


NOTHING = Asked()


@lru_cache(maxsize=4096)
def asked(prompt: str | None) -> Asked:
    """What the prompt asks for; without a prompt nothing.

    Examples
    --------
    >>> asked("Write 'stone' 20 times.").copies
    50
    >>> asked("Why is the sky blue?") == NOTHING
    True
    """
    if not prompt:
        return NOTHING
    return Asked(
        copies=_copies(prompt),
        cipher=_CIPHER.search(prompt) is not None,
        language=_LANGUAGE.search(prompt) is not None,
        dialogue=_DIALOGUE.search(prompt) is not None,
        copying=_COPY.search(prompt) is not None,
        tokens=_TOKENS.search(prompt) is not None,
    )


def _copies(prompt: str) -> int:
    named = [int(a or b) for a, b in _TIMES.findall(prompt)]
    if named:
        return 2 * max(named) + 10
    return DEFAULT_COPIES if _REPETITION.search(prompt) else 0
