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
VERSE_COPIES = 12
"""Copies of a unit that count as ordered where the prompt asks for a repetition without a number, and for a song."""

_NUMBERS = (
    "two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|several"
)
_TIMES = re.compile(r"\b(\d{1,6})[ -]?(?:times|copies|lines|repetitions|rows|x)\b|\bx ?(\d{1,6})\b", re.IGNORECASE)
_REPETITION = re.compile(
    rf"\b(?:repeat\w*|repetitions?|repetitive|over and over|again and again|twice|thrice|(?:{_NUMBERS}) times|times in a row|"
    r"copies of|googol\w*|decimals?|digits|zeros|zeroes|(?:fill|flood)\w* with|(?:row|line|string) of|ascii|divider|"
    r"separator|matrix|placeholder)\b",
    re.IGNORECASE,
)
_VERSE = re.compile(
    r"\b(?:lyrics?|songs?|chorus|refrain|chant|mantra|nursery rhyme|lullaby|poems?|verses?)\b", re.IGNORECASE
)
_CIPHER = re.compile(
    r"\b(?:base-?\d{2}|md5|sha-?\d{1,3}|rot-?13|caesar|vigen\w+|cipher\w*|encod(?:e|ed|ing)|encrypt (?:this|the|it)|anagrams?|"
    r"scrambl\w+|unscrambl\w+|jumbl\w+|gibberish|nonsense|made-up words?|invented? (?:a )?(?:words?|languages?)|conlang|"
    r"constructed language|random (?:\w+ )?(?:strings?|letters?|characters?|words?|text|passwords?|keys?|tokens?)|"
    r"passwords? (?:generator|list|ideas)|generate (?:\w+ ){0,3}passwords?|lorem|brainf\w+|regex\w*|regular expressions?|"
    r"abbreviations?|acronyms?)\b",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"\b(?:translat\w+|transliterat\w+|languages?|multilingual|alphabets?|kanji|hiragana|katakana|hanzi|pinyin|hangul|cyrillic|"
    r"devanagari|unicode|greetings?|word for|proverbs?|etymology|arabic|armenian|bengali|bulgarian|burmese|cantonese|chinese|"
    r"ethiopic|amharic|farsi|georgian|greek|gujarati|hebrew|hindi|japanese|kannada|kazakh|khmer|korean|lao|macedonian|"
    r"malayalam|mandarin|marathi|mongolian|nepali|pashto|persian|punjabi|russian|sanskrit|serbian|sinhala|tamil|telugu|"
    r"thai|tibetan|tigrinya|ukrainian|urdu|yiddish)\b",
    re.IGNORECASE,
)
_DIALOGUE = re.compile(
    r"\b(?:dialogues?|dialogs?|conversations?|transcripts?|scripts?|screenplay|skit|interviews?|chats?|chatbot|role-?play\w*|"
    r"q ?(?:&|and) ?a|faq|questions? and answers?|quiz|flash ?cards?|few-shot|data ?sets?|training data|prompts?|templates?)\b",
    re.IGNORECASE,
)
_TEXT = (
    r"(?:the|this|these|my|following) (?:\w+ )?"
    r"(?:text|sentences?|paragraph|passage|words?|lines?|errors?|mistakes?|essay|poem|code|list)"
)
_COPY = re.compile(
    r"\b(?:repeat|copy|rewrite|re-?word|rephrase|paraphrase|proof-?read|translate|quote|verbatim|transcribe|echo|summari[sz]e|"
    r"grammar|punctuat\w+|capitali[sz]e|upper-?case|lower-?case|spell\w*|fill in|highlight|extract|read back|"
    rf"(?:correct|fix|edit|format|complete|continue|convert|sort|say|print|output|type|write down) {_TEXT})\b",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"\b(?:special tokens?|tokeni[sz]\w+|token ids?|chat ?ml|chat templates?|prompt (?:format|template)s?|html|xml|svg|"
    r"strike-?through|end[- ]of[- ](?:sequence|text|turn)|mask(?:ed)? (?:token|language))\b",
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
    if _REPETITION.search(prompt):
        return DEFAULT_COPIES
    return VERSE_COPIES if _VERSE.search(prompt) else 0
