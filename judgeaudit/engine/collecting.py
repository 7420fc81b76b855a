"""Outputs collected: prompts x models x samples, through the same runner as judging."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from judgeaudit.config import Limits, Price, Settings
from judgeaudit.engine.calls import Job, Lane, Progress, Runner, Tally
from judgeaudit.engine.judging import finish
from judgeaudit.engine.loop import run_to_end
from judgeaudit.engine.plan import Plan, Send, tokens
from judgeaudit.errors import ConfigError
from judgeaudit.model import Output, Usage, digest
from judgeaudit.models._chat import CallError, Chat, Completion, Request, Session
from judgeaudit.store import Store, Writer

KEY = "collected"
"""Where in an output's meta stands what it was collected by."""

_UNTOLD_ANSWER = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt; `meta` is kept with every output it leads to."""

    id: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One model to collect from, with its settings; `strip` lists regular expressions cut out of its responses."""

    name: str
    chat: Chat
    settings: Settings = field(default_factory=Settings)
    system: str | None = None
    strip: Sequence[str] = ()
    price: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One sample to draw: its item id is the same in every run, ``PROMPT/MODEL/SAMPLE``."""

    prompt: Prompt
    source: Source
    sample: int

    @property
    def item_id(self) -> str:
        """Stable id of the output."""
        return f"{self.prompt.id}/{self.source.name}/{self.sample}"

    @property
    def seed(self) -> int | None:
        """Seed of this sample; None where the settings leave it to the server."""
        base = self.source.settings.seed
        return None if base is None else base + self.sample - 1

    @property
    def fingerprint(self) -> str:
        """Of everything that the output depends on; an output of another fingerprint is collected anew."""
        source, settings = self.source, self.source.settings.model_dump()
        return digest(
            [self.prompt.text, source.chat.identity, settings, source.system, list(source.strip), self.sample]
        )

    @property
    def request(self) -> Request:
        """The completion to ask for."""
        source, settings = self.source, self.source.settings
        system = [("system", source.system)] if source.system is not None else []
        return Request(
            messages=[*system, ("user", self.prompt.text)],
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            top_p=settings.top_p,
            seed=self.seed,
            stop=settings.stop,
            extra=settings.extra,
        )

    @property
    def estimate(self) -> Usage:
        """Roughly the tokens that it will use."""
        given = len(self.prompt.text) + len(self.source.system or "")
        return Usage(input_tokens=tokens(given), output_tokens=self.source.settings.max_tokens or _UNTOLD_ANSWER)


def draws(prompts: Sequence[Prompt], sources: Sequence[Source], samples: int) -> list[Draw]:
    """All samples: for each model all prompts, for each prompt all samples.

    Raises
    ------
    ConfigError
        Two samples would have one item id.
    """
    made = [
        Draw(prompt=prompt, source=source, sample=sample)
        for source in sources
        for prompt in prompts
        for sample in range(1, samples + 1)
    ]
    seen: set[str] = set()
    for draw in made:
        if draw.item_id in seen:
            step = "give prompts ids, and models names, that differ and have no slash"
            raise ConfigError("two samples of one id", got=repr(draw.item_id), next_step=step)
        seen.add(draw.item_id)
    return made


def missing(store: Store, wanted: Sequence[Draw]) -> list[Draw]:
    """Those that the store does not hold, or holds by other settings."""
    have = {
        output.item_id: output.meta[KEY].get("fingerprint")
        for output in store.outputs()
        if isinstance(output.meta.get(KEY), dict)
    }
    return [draw for draw in wanted if have.get(draw.item_id) != draw.fingerprint]


def plan_collecting(store: Store, wanted: Sequence[Draw]) -> Plan:
    """What `collect` would send."""
    left = missing(store, wanted)
    sends = []
    for source in dict.fromkeys(draw.source.name for draw in wanted):
        mine = [draw for draw in left if draw.source.name == source]
        asked = [draw for draw in wanted if draw.source.name == source]
        sends.append(
            Send(
                name=source,
                task="collect",
                host=asked[0].source.chat.host,
                calls=len(mine),
                reused=len(asked) - len(mine),
                texts=len({draw.prompt.id for draw in mine}),
                usage=Usage(
                    input_tokens=sum(draw.estimate.input_tokens or 0 for draw in mine),
                    output_tokens=sum(draw.estimate.output_tokens or 0 for draw in mine),
                    requests=len(mine),
                ),
                price=asked[0].source.price,
            )
        )
    return Plan(sends=sends)


def collect(
    store: Store,
    wanted: Sequence[Draw],
    *,
    limits: Limits | None = None,
    seed: int = 0,
    announce: Callable[[Plan], None] | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Plan:
    """Draw every sample that the store does not hold yet; each output is in the store before its worker goes on.

    A call that finally fails leaves no output, so that the next run asks again. What the server filtered, refused or cut
    off is an output: its finish reason says so.

    Raises
    ------
    ConfigError, ProviderError, BudgetError, StoreError
        As `judgeaudit.engine.judging.judge`.
    """
    limits = limits or Limits()
    plan = plan_collecting(store, wanted)
    plan.check(limits)
    if announce is not None:
        announce(plan)
    left = missing(store, wanted)
    if left:
        finish(run_to_end(_call(store, left, limits, seed, watch)), limits)
    return plan


async def _call(
    store: Store, left: Sequence[Draw], limits: Limits, seed: int, watch: Callable[[Progress], None] | None
) -> Tally:
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(Writer[Output](store.add_outputs))
        lanes: dict[str, list[Job[_Drawn]]] = {}
        # Models that differ only in their settings share one session: a local one has its weights in memory.
        sessions: list[tuple[Chat, Session]] = []
        for name in dict.fromkeys(draw.source.name for draw in left):
            mine = [draw for draw in left if draw.source.name == name]
            chat = mine[0].source.chat
            session = next((opened for known, opened in sessions if known == chat), None)
            if session is None:
                session = await stack.enter_async_context(chat.open())
                sessions.append((chat, session))
            lanes.setdefault(chat.host, []).extend(_job(draw, session) for draw in mine)

        async def keep(drawn: _Drawn) -> None:
            await writer.put(output_of(drawn.draw, drawn.completion))

        runner = Runner[_Drawn](limits, keep=keep, total=len(left), watch=watch, seed=seed)
        return await runner.run([Lane(host=host, jobs=iter(jobs)) for host, jobs in lanes.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    draw: Draw
    completion: Completion


def _job(draw: Draw, session: Session) -> Job[_Drawn]:
    async def attempt() -> _Drawn:
        return _Drawn(draw=draw, completion=await session.complete(draw.request))

    return Job(
        attempt=attempt,
        finish=lambda outcome, _attempts: _filtered(draw, outcome) if isinstance(outcome, CallError) else outcome,
        usage=lambda drawn: Usage(
            input_tokens=drawn.completion.input_tokens, output_tokens=drawn.completion.output_tokens
        ),
        estimate=draw.estimate,
        price=draw.source.price,
    )


def _filtered(draw: Draw, error: CallError) -> _Drawn | None:
    """A prompt that the server's filter turned down leads to an empty response; any other failure to nothing."""
    if error.kind != "filtered":
        return None
    return _Drawn(draw=draw, completion=Completion(text="", finish_reason="filter", raw=error.message))


def output_of(draw: Draw, completion: Completion) -> Output:
    """The output that a completion leads to, with how it came about in its meta.

    `meta["collected"]` has the fingerprint, prompt id, sample, seed, settings, system prompt, model identity, the model that
    the server says it used, finish reason and token counts; `raw_text` where post-processing changed the text, `reasoning` and
    `refusal` where the server gave them.
    """
    source = draw.source
    raw = completion.text or completion.refusal or ""
    response = raw
    for pattern in source.strip:
        response = re.sub(pattern, "", response)
    collected: dict[str, Any] = {
        "fingerprint": draw.fingerprint,
        "prompt_id": draw.prompt.id,
        "sample": draw.sample,
        "seed": draw.seed,
        "settings": source.settings.model_dump(mode="json", exclude={"seed"}),
        "system": source.system,
        "identity": dict(source.chat.identity),
        "served_model": completion.model,
        "input_tokens": completion.input_tokens,
        "output_tokens": completion.output_tokens,
    }
    if source.strip:
        collected |= {"strip": list(source.strip), "raw_text": raw}
    if completion.reasoning:
        collected["reasoning"] = completion.reasoning
    if completion.refusal is not None:
        collected["refusal"] = completion.refusal
    return Output(
        item_id=draw.item_id,
        prompt=draw.prompt.text,
        response=response,
        model=source.name,
        meta={**draw.prompt.meta, "finish_reason": completion.finish_reason, KEY: collected},
    )
