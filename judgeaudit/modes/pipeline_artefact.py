"""Not the model's words: an error message, a stack trace, an error page or an empty value of the program around it.

Cause: time-outs, rate limits, filters and crashes whose text was stored as if it were the response. Found by the first words
of the text: HTTP errors, stack traces, JSON with an error in it, HTML error pages, `None`, `nan`, `null`. Strength 1. It says
nothing of the model's coherence, so it does not make the output degenerate: collect the output again, or leave it out. List of
ours, from messages of the common servers and clients.

Traps: read as a refusal or as safe; an error message as the subject of the answer ("Error 429 means ...": text follows that is
no message), code that handles errors, a prompt that asks for an error message.

References
----------
Failed calls that were counted as scores: https://github.com/lm-sys/FastChat/pull/2074, https://github.com/Azure/azureml-assets/pull/2382.
"""

from __future__ import annotations

import random
import re

from judgeaudit.model import ModeHit
from judgeaudit.modes._mode import Mode, Signal, TextView, hit
from judgeaudit.modes._openings import opens

LONGEST = 4000
SHORT = 300
_WHOLE = re.compile(
    r"\s*(?:none|null|nan|undefined|n/a|\[object object\]|<no response>|\[no response\])\s*\Z", re.IGNORECASE
)
_START = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|\{\s*\"(?:error|detail|errors|message)\"\s*:|<(?:!doctype )?html\b[^>]*>\s*"
    r"(?:<[^>]+>\s*){0,4}(?:4|5)\d\d |Error code: \d{3}\b|(?:HTTP(?:/\d\.\d)? )?[45]\d\d (?:Bad Gateway|Service Unavailable|"
    r"Internal Server Error|Gateway Time-?out|Too Many Requests|Client Error|Server Error|Unauthorized|Forbidden)|"
    r"upstream (?:connect error|request timeout)|(?:\w+\.)*\w+(?:Error|Exception): )",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"\s*(?:error: |internal server error|service (?:temporarily )?unavailable|bad gateway|gateway time-?out|too many requests|"
    r"rate limit (?:exceeded|reached)|(?:the )?request (?:timed out|failed|was aborted)|"
    r"connection (?:error|refused|reset|aborted|timed out)|"
    r"read timed out|timeout(?:error)?\b|context length exceeded|content (?:filter|was filtered)|api (?:error|key)|"
    r"model (?:overloaded|not found|is overloaded)|(?:an )?exception occurred)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:errors?|exceptions?|traceback|http|status|log|json|null|none|nan|undefined|timeout|code|api)\b",
    re.IGNORECASE,
)
ARTEFACTS = (
    "Error code: {code} - rate limit reached for requests, retry after {n} s", "Request timed out after {n} seconds.",
    "{code} Too Many Requests", "HTTP 502 Bad Gateway (request {n})",
    "Traceback (most recent call last):\n  File \"run.py\", line {n}",
    "{{\"error\": {{\"message\": \"overloaded\", \"code\": {code}, \"request\": {n}}}}}", "Connection refused (attempt {n})",
    "<html><head><title>504 Gateway Timeout</title></head><body>{n}</body></html>", "Internal Server Error {n}",
)  # fmt: skip


def detect(view: TextView) -> ModeHit | None:
    """The whole text, if it opens like a message of a program."""
    text = view.text
    if len(text) > LONGEST or not opens(text) or (view.prompt and _ABOUT.search(view.prompt)):
        return None
    if _WHOLE.match(text) or _START.match(text) or (len(text) <= SHORT and _MESSAGE.match(text)):
        return hit("pipeline_artefact", 1.0, [view.body])
    return None


def generate(rng: random.Random, *, base: str, prompt: str, dose: float) -> str:
    """An artefact instead of the base: any dose over 0 is all of it."""
    if dose <= 0:
        return base
    return rng.choice(ARTEFACTS).format(code=rng.choice([429, 500, 503]), n=rng.randint(2, 600))


MODE = Mode(name="pipeline_artefact", degenerate=False, detect=detect, generate=generate, signals=Signal.OPENING)
