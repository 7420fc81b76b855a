"""A language model as a judge, whatever it is reached by: prompt, call, reading, score."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from judgeaudit.errors import ConfigError
from judgeaudit.judges import _parse
from judgeaudit.judges._judge import Ask, CallJudge
from judgeaudit.judges._parse import Reading
from judgeaudit.judges._prompt import INSTRUCTIONS, Shown, Wording, check_template, schema, show
from judgeaudit.judges._score import measured
from judgeaudit.model import ConfidenceSource, Judgement, Output, Rubric, Status, Usage, digest
from judgeaudit.models._chat import CallError, Chat, Completion, Request, Session

PROMPT_VERSION = "1"
_NOT_OFFERED = (
    "response_format",
    "json_schema",
    "output_config",
    "output_format",
    "structured output",
    "grammar",
    "guided",
)


class Options(BaseModel):
    """How the model is asked, whoever serves it.

    Parameters
    ----------
    temperature
        None: the server's own (reasoning models refuse any other).
    max_tokens
        Of the whole reply, reasoning included; too few of them give the status truncated.
    seed
        Sent where the server takes one.
    structured
        ``auto``: a JSON Schema is sent, and left out for the rest of the run where the server refuses it; ``off``: never.
    prompt
        Replaces the instructions; placeholders {question} {values} {cannot_judge} {mark} {format}.
    option_order
        Order in which the scale's values are listed, for measuring what that order does.
    rationale
        Ask for a rationale before the verdict.
    confidence
        ``logprobs``: measured on the verdict's tokens; ``self_reported``: the judge's own number; ``none``.
    max_chars
        Of prompt and of response, each; longer ones are shown by head and tail, and the judgement says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int = Field(default=4096, ge=1)
    seed: int | None = None
    structured: Literal["auto", "off"] = "auto"
    prompt: str | None = None
    option_order: Literal["as_given", "reversed"] = "as_given"
    rationale: bool = True
    confidence: Literal["none", "logprobs", "self_reported"] = "none"
    max_chars: int = Field(default=40_000, ge=100)

    @property
    def wording(self) -> Wording:
        """The part of the options that the prompt is made from."""
        return Wording(
            template=self.prompt if self.prompt is not None else INSTRUCTIONS,
            reverse=self.option_order == "reversed",
            rationale=self.rationale,
            numbers=self.confidence == "self_reported",
            max_chars=self.max_chars,
        )


# Not frozen: the attributes of the `CallJudge` protocol are declared settable.
@dataclass(slots=True, kw_only=True)
class LlmJudge:
    """A `CallJudge` over a `Chat`."""

    name: str
    kind: str
    host: str
    chat: Chat
    options: Options

    def fingerprint(self, rubric: Rubric) -> str:
        """Hash over the model's identity, options, prompt, rubric and parser; not over kind, SDK, address or key."""
        wording = self.options.wording
        settings = self.options.model_dump(include=set(Options.model_fields) - {"prompt"})
        return digest(
            {
                "model": dict(self.chat.identity),
                "options": settings,
                "prompt": [PROMPT_VERSION, wording.template],
                "rubric": rubric.version,
                "parser": _parse.VERSION,
            }
        )

    def open(self) -> AbstractAsyncContextManager[Ask]:
        """Open for the running event loop."""
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Ask]:
        async with self.chat.open() as session:
            yield Asking(judge=self, session=session, structured=self.options.structured == "auto")


@dataclass(slots=True, kw_only=True)
class Asking:
    """An open judge. `structured` turns false once the server has refused a schema."""

    judge: LlmJudge
    session: Session
    structured: bool
    known: tuple[Rubric, str, str] | None = None  # hashing the rubric for every call would cost more than the prompt

    async def ask(self, output: Output, rubric: Rubric, trial: int) -> Judgement:
        """Judge once, without retrying; raises `CallError` where the call itself failed."""
        fingerprint, version = self._hashes(rubric)
        # All trials see the same mark: what differs between them must not be the prompt.
        shown = show(output, rubric, self.judge.options.wording, fingerprint)
        completion, requests = await self._complete(shown, rubric)
        reading = _parse.read(completion, rubric, shown.judged)
        told = f"{reading.method}" if self.structured or not reading.method else f"{reading.method} (no schema)"
        blank = Judgement(
            item_id=output.item_id,
            judge=self.judge.name,
            rubric=rubric.name,
            trial=trial,
            status=reading.status,
            verdict=reading.verdict,
            rationale=reading.rationale,
            raw=_raw(completion),
            parse_method=told,
            detail="; ".join(part for part in (reading.detail, shown.cut) if part),
            usage=Usage(
                input_tokens=completion.input_tokens, output_tokens=completion.output_tokens, requests=requests
            ),
            seconds=completion.seconds,
            fingerprint=fingerprint,
            output_hash=output.hash,
            rubric_version=version,
        )
        return scored(blank, reading, completion, rubric, self.judge.options.confidence)

    def _hashes(self, rubric: Rubric) -> tuple[str, str]:
        if self.known is None or self.known[0] is not rubric:
            if not rubric.offered:
                raise ConfigError("the rubric has no values", where=rubric.name, next_step="give them as `values:`")
            self.known = (rubric, self.judge.fingerprint(rubric), rubric.version)
        return self.known[1:]

    async def _complete(self, shown: Shown, rubric: Rubric) -> tuple[Completion, int]:
        """The reply and how many requests it took: a refused schema is left out, and never sent again."""
        if self.structured:
            try:
                return await self.session.complete(self._request(shown, rubric, structured=True)), 1
            except CallError as error:
                if error.kind != "bad_request" or not any(word in error.message.lower() for word in _NOT_OFFERED):
                    raise
                self.structured = False
                return await self.session.complete(self._request(shown, rubric, structured=False)), 2
        return await self.session.complete(self._request(shown, rubric, structured=False)), 1

    def _request(self, shown: Shown, rubric: Rubric, *, structured: bool) -> Request:
        options = self.judge.options
        return Request(
            messages=shown.messages,
            max_tokens=options.max_tokens,
            temperature=options.temperature,
            seed=options.seed,
            schema=schema(rubric, options.wording) if structured else None,
            logprobs=options.confidence == "logprobs",
        )


def build_judge(name: str, kind: str, chat: Chat, options: Options) -> CallJudge:
    """The judge; raises `ConfigError` where its prompt has an unknown placeholder."""
    check_template(name, options.wording.template)
    return LlmJudge(name=name, kind=kind, host=chat.host, chat=chat, options=options)


def scored(
    judgement: Judgement, reading: Reading, completion: Completion, rubric: Rubric, confidence: str
) -> Judgement:
    """The judgement with score and confidence from one source, the one that was asked for; never from another.

    A judge whose own probability speaks against its verdict contradicts itself, and has no verdict.
    """
    if judgement.status is not Status.OK or judgement.verdict is None or confidence == "none":
        return judgement
    if confidence == "logprobs":
        found = measured(completion.logprobs, judgement.verdict, rubric) if completion.logprobs else None
        if found is None:
            why = "the verdict was not found in them" if completion.logprobs else "none were given"
            return _noted(judgement, f"no score from log-probabilities: {why}")
        return _with(judgement, found.score, found.confidence, "measured")
    return _self_reported(judgement, reading, rubric)


def _self_reported(judgement: Judgement, reading: Reading, rubric: Rubric) -> Judgement:
    if not rubric.positive:
        if reading.confidence is None:
            return _noted(judgement, "no confidence was reported")
        return _with(judgement, None, reading.confidence, "self_reported")
    p = reading.probability
    if p is None:
        return _noted(judgement, "no probability was reported")
    if judgement.verdict == rubric.cannot_judge:
        return judgement
    positive = judgement.verdict in rubric.positive
    if (p < 0.5) if positive else (p > 0.5):
        detail = f"fields contradict: verdict {judgement.verdict!r}, probability of positive {p:g}"
        broken = replace(judgement, status=Status.UNPARSABLE, verdict=None)
        return _noted(broken, detail)
    return _with(judgement, p, p if positive else 1 - p, "self_reported")


def _with(judgement: Judgement, score: float | None, confidence: float, source: ConfidenceSource) -> Judgement:
    return replace(judgement, score=score, confidence=confidence, confidence_source=source)


def _noted(judgement: Judgement, note: str) -> Judgement:
    return replace(judgement, detail="; ".join(part for part in (judgement.detail, note) if part))


def _raw(completion: Completion) -> str:
    """The reply as text, from which the verdict can be read again: a separate reasoning stands before it in a block."""
    told: list[Any] = []
    if completion.reasoning:
        told.append(f"<think>{completion.reasoning}</think>\n")
    told.append(completion.text or completion.refusal or "")
    return "".join(told)
