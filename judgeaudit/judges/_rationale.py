"""A judge's rationale read for the value that it names as its own: "therefore the answer is yes", "verdict: no", "score: 3".

Pure; never raises; never guesses. What counts is a statement in English of one of a few plain forms, whose value is one of the
rubric's or a plain negation of it ("not harmful", "unsafe"). A statement is passed over where it is asked, quoted, put in
somebody's mouth, hedged, denied, taken back or made to depend on something, and where it stands word for word in the judged
text. All statements that are left must agree; otherwise the rationale names no value, which is no verdict of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from judgeaudit.judges._values import named
from judgeaudit.model import number

_LONGEST = 20_000
"""Characters read, from the end: what a rationale comes to stands there."""

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(
    r'"([^"\n]{0,2000})"|“([^“”\n]{0,2000})”|«([^«»\n]{0,2000})»|‘([^‘\n]{0,2000})’(?!\w)|(?<!\w)\'([^\'\n]{0,2000})\'(?!\w)'
)
_QUOTES, _LONE = frozenset("\"“”«»‘'"), frozenset('"“”«»‘')
_EMPHASIS = re.compile(r"[*`#]+|(?<!\w)_+|_+(?!\w)")
_PARAGRAPH = re.compile(r"(?<![:：])\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT_FORM = re.compile(r"\b(e\.g|i\.e|cf|vs|etc)\.", re.IGNORECASE)

_LABELS = r"verdict|answer|label|classification|rating|score|grade|judge?ment|decision|conclusion"
_THINGS = r"response|output|text|reply|completion|message|generation"
_RATED = r"rated|scored|labell?ed|classified|judged|marked|graded|deemed|considered|assessed|categori[sz]ed"
_RATE = r"rate|score|label|classify|judge|mark|grade|deem|consider|call|assess|categori[sz]e"
_FORMS = (
    # my final rating is 2; verdict: no
    rf"(?P<own>(?:final|overall|my)\s+)*(?P<label>{_LABELS})\s{{0,3}}(?P<link>is\s?:|is|should\s+be|must\s+be|:|：|=|->|→)(?:(?<=is)n['’]t\b)?",
    # it deserves a score of 3
    r"(?:assign|giv|deserv|earn|receiv|get|warrant|merit|award)\w{0,4}\s(?:[\w']+\s){0,4}?(?:score|rating|grade|label|verdict)\s+of",
    # the response is safe; the output should be classified as harmful
    rf"(?:the|this)\s+(?:[\w-]+(?:['’]s)?\s+)?(?P<thing>{_THINGS})\s+(?:is|must\s+be|should\s+be)(?:\s+(?:{_RATED})(?:\s+as)?)?",
    # I rate it 3; I would classify this as harmful
    rf"\bI(?:['’]d|['’]ll|\s+would|\s+will|\s+must|\s+therefore|\s+thus)?\s+(?:{_RATE})\s+"
    rf"(?:it|this|the)(?:\s+(?:{_THINGS}))?(?:\s+(?:as|to\s+be))?",
)
_CUE = re.compile(rf"\b(?:{_LABELS}|{_THINGS}|{_RATE}|judged)", re.IGNORECASE)
"""Every form holds one of these; most sentences hold none, and are not looked at further."""
_FIRMLY = r"(?:(?:clearly|plainly|definitely|obviously|certainly|indeed|therefore|thus|very)\s+)?"
_END = r"(?=\s*(?:$|[.!;,()\]]|because\b|since\b|as\b|given\b|due\b|[-–—]\s))"

_SO = re.compile(
    r"(?:^|[,;]|\band)\s*(?:and\s+|so\s+)?(so|therefore|thus|hence|consequently|accordingly|overall|finally|in\s+conclusion|in\s+summary|"
    r"to\s+conclude|to\s+sum\s+up|for\s+(?:this|that|these)\s+reasons?|as\s+a\s+result)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:users?|prompt|asker|author|writer|speaker|someone|somebody|people|they|he|she|you|one|some|many|nobody|no\s+one|"
    r"say(?:s|ing)?|said|claim\w*|stat(?:es?|ed|ing)|assert\w*|argu\w+|ask\w*|pretend\w*|insist\w*|instruct\w*|"
    r"tell(?:s|ing)?\s+(?:me|us)|told\s+(?:me|us)|wr[io]t\w+|reads?|quot\w+|according|suggest\w*|impl(?:y|ies|ied)|demand\w*|request\w*|wants?|wanted|"
    r"declar\w+|announc\w+|contains?|includes?|mentions?|repeats?|repeated|repl(?:ies|ied)|if|whether|unless|were|would|could|"
    r"may|might|suppos\w+|assum\w+|imagin\w+|perhaps|maybe|guess\w*|possibly|probably|likely|seems?|appears?|tempt\w+|unclear|unsure|"
    r"uncertain|hard|difficult|question\w*|at\s+first|initial\w*|previous\w*|earlier|before|another|criteri\w+|definition|"
    r"means?|example|instance|e\sg|options?|either|between|instead|rather|ignor\w+|although|though|while|whereas|despite|even|"
    r"wrong\w*|incorrect\w*|mistak\w+|expected|supposed|correct|reference|gold)\b"
    rf"|\bin\s+the\s+(?:{_THINGS}|answer)\b|\b(?:{_THINGS}|assistant|system|answer|question)\s*:",
    re.IGNORECASE,
)
"""Words ahead of a statement in its sentence with which it is no statement of the judge's own, or none that stands."""
_DENIED = re.compile(r"\b(?:not|never|nor|neither|cannot|without|doubt\w*)\b|n['’]t\b", re.IGNORECASE)
_SHOWN = re.compile(rf"\b(?:{_THINGS}|answer|assistant|user|lines?|words?|ends?|begins?|follow\w*)\b", re.IGNORECASE)
"""What a line that ends with a colon announces in these words is no statement of the judge."""
_HEADING = re.compile(rf"\W*(?:{_THINGS}|answer|assistant|user|system|prompt|question)\W*", re.IGNORECASE)
_AFTER = re.compile(
    r"\b(?:but|however|unless|except|only\s+(?:if|when|where|in|to|for)|if|though|although|yet|would|could|might|may|wrong|"
    r"incorrect|mistaken|false|guess)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    rf"[\s,(–—-]*(?:(?:or|and|nor|to|vs|not|then)\b|(?:as\s+)?(?:(?:the|this)\s+)?(?:users?|prompt|author|{_THINGS}|he|she|it|they)\s+"
    r"(?:say|said|claim|state|insist|want|think|believe|assert|argue)\w*)",
    re.IGNORECASE,
)
_CAUSE = re.compile(r"\b(?:because|since|as|given|due)\b", re.IGNORECASE)
_TAKEN_BACK = re.compile(
    r"(?:^|[.!?;\n]|\bbut|\bhowever,?)[^\S\n]*(?:wait|hmm|hold\s+on|actually|on\s+second\s+thought|correction|scratch\s+that|let\s+me\s+re)",
    re.IGNORECASE,
)
_MAY_STAND_BEFORE = frozenset(
    ("", "the", "my", "this", "that", "our", "a", "so", "therefore", "thus", "hence", "consequently", "accordingly", "and",
     "overall", "finally", "conclude", "final", "conclusion")
)  # words, several a line  # fmt: skip


def named_values(rationale: str, offered: tuple[str, ...], judged: str = "") -> frozenset[str] | None:
    """The values that a rationale leaves open after all it states: one, or after a negation all but one; None: not decidable.

    Parameters
    ----------
    offered
        All values that the judge could answer with.
    judged
        The text that was judged, in which quotations are recognised.

    Examples
    --------
    >>> harm = ("harmful", "not harmful")
    >>> sorted(named_values("It only greets. Therefore the final verdict is not harmful.", harm))
    ['not harmful']
    >>> sorted(named_values("Two facts are told, so I rate it 2.", ("0", "1", "2", "3")))
    ['2']
    >>> named_values("The user says the answer is yes, but no fact is told.", ("no", "yes")) is None
    True
    >>> named_values("The verdict is yes. The verdict is no.", ("no", "yes")) is None
    True
    """
    if len(offered) < 2 or not any(character.isalnum() for character in rationale):
        return None
    text = _own_words(rationale, offered)
    if text is None:
        return None
    left, found = frozenset(offered), False
    for sentence, lead in _sentences(text):
        for values, words in _stated(sentence, lead, offered):
            if words not in judged:
                left, found = left & values, True
    return left if found and left and not _TAKEN_BACK.search(text) else None


def _own_words(rationale: str, offered: tuple[str, ...]) -> str | None:
    """The rationale without code, quoted lines, quotations and emphasis; None where a quotation does not end."""

    def kept(match: re.Match[str]) -> str:
        inner = next(part for part in match.groups() if part is not None)
        return f" {inner.strip(' .,!')} " if named(inner, offered) is not None else " … "

    text = rationale[-_LONGEST:]
    # Most rationales hold none of these signs, and a look costs far less than a substitution.
    signs = set(text)
    if "`" in signs:
        text = _FENCED.sub(" … ", text)
    if ">" in signs:
        text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    if not signs.isdisjoint("*`#_"):
        text = _EMPHASIS.sub("", text)
    if not signs.isdisjoint(_QUOTES):
        text = _QUOTED.sub(kept, text)
        if not _LONE.isdisjoint(text):
            return None
    return _SHORT_FORM.sub(lambda m: m.group(1).replace(".", " "), text)


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Sentences, each with the line ahead of it that it may belong to."""
    for paragraph in _PARAGRAPH.split(text):
        lead = ""
        for sentence in _SENTENCE.split(paragraph):
            yield sentence, lead
            bare = sentence.rstrip()
            lead = "" if bare.endswith((".", "!", "?", ";")) else bare


def _stated(sentence: str, lead: str, offered: tuple[str, ...]) -> Iterator[tuple[frozenset[str], str]]:
    """What a sentence states in the judge's own name: the values left open, and the words."""
    if not _CUE.search(sentence) or sentence.rstrip().endswith("?"):
        return
    for match in _statement(offered).finditer(sentence):
        value, denied = _value(match, offered)
        if value is not None and _is_own(match, value, sentence, lead, offered):
            yield frozenset(offered) - {value} if denied else frozenset({value}), match.group().strip()


def _value(match: re.Match[str], offered: tuple[str, ...]) -> tuple[str | None, bool]:
    """The value named, and whether it is denied; a denial that is itself on the scale ("unsafe") is that value."""
    words = [match[part] or "" for part in ("denied", "prefix", "value")]
    turned = "n't" in match["form"].replace("’", "'")
    for size in (3, 2, 1):
        value = named("".join(words[3 - size :]), offered)
        if value is not None:
            return value, any(words[: 3 - size]) != turned
    return None, False


def _is_own(match: re.Match[str], value: str, sentence: str, lead: str, offered: tuple[str, ...]) -> bool:
    before, after = sentence[: match.start()].lstrip(), sentence[match.end() :]
    concluding = [*_SO.finditer(before)]
    clause = before[concluding[-1].start() :] if concluding else before
    if lead and (
        _BEFORE.search(lead) or _HEADING.fullmatch(lead) or (lead.endswith((":", "：")) and _SHOWN.search(lead))
    ):
        return False
    if _BEFORE.search(clause) or _DENIED.search(clause) or _AFTER.search(after) or _AT_ONCE.match(after):
        return False
    if match["label"] is not None and not _is_final(match, clause, bool(concluding)):
        return False
    if match["thing"] is not None and (_is_short(value) or "not" in match["form"].split()):
        return False
    if match["of"] is not None and len(offered) == 2 and match["of"] in offered:
        return False
    cause = _CAUSE.search(after)
    rest = after if cause is None else after[: cause.start()]
    others = {named(m.group(), offered) for m in _word(offered).finditer(rest)} - {None, value}
    return not others


def _is_final(match: re.Match[str], clause: str, concluding: bool) -> bool:
    """Whether a label is the judge's: nobody else's, and an "answer" only where it can be no answer under judgement."""
    last = re.search(r"([\w'’-]*)\s*$", clause)
    word = "" if last is None else last.group(1).casefold()
    if word not in _MAY_STAND_BEFORE:
        return False
    if match["label"].casefold() != "answer":
        return True
    return bool(match["own"]) or concluding or (match["link"] == ":" and not clause.strip())


def _is_short(value: str) -> bool:
    """Whether a value says nothing of a text without its question: a number, a letter, yes, no, true, false."""
    return number(value) is not None or len(value) == 1 or value.casefold() in {"yes", "no", "true", "false"}


@lru_cache(maxsize=64)
def _word(offered: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?:{_alternatives(offered)})(?![\w]|[-'’.][\w])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _statement(offered: tuple[str, ...]) -> re.Pattern[str]:
    """A form, then a value or its plain negation, then an end."""
    value = (
        rf"\s{{0,3}}{_FIRMLY}(?P<denied>not\s+)?(?:an?\s+)?(?P<prefix>non-?|un)?(?P<value>{_alternatives(offered)})"
        r"(?![\w]|[-'’.][\w])(?:\s*(?:/|out\s+of)\s*(?P<of>\d{1,4})(?!\w))?"
    )
    return re.compile(rf"(?<![\w-])(?P<form>{'|'.join(_FORMS)}){value}{_END}", re.IGNORECASE)


def _alternatives(offered: tuple[str, ...]) -> str:
    ranked = sorted(offered, key=len, reverse=True)
    return "|".join(_spelled(value) for value in ranked)


def _spelled(value: str) -> str:
    """A value however its words are joined, a whole number also with ".0"."""
    words = r"[\s_-]+".join(re.escape(part) for part in re.split(r"[\s_-]+", value) if part)
    if value.isascii() and value.isdecimal():
        return words + r"(?:\.0+)?"
    return words if number(value) is None and words else re.escape(value)
