"""A transformers checkpoint folder on this machine, run by PyTorch (extra `transformers`); no key, no network."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from judgeaudit.errors import ConfigError
from judgeaudit.models._chat import CallError, Chat, Completion, FinishReason, Request, Session
from judgeaudit.models._endpoint import need
from judgeaudit.models._sdk import sendable
from judgeaudit.models.gguf import revision

DEFAULT_MAX_TOKENS = 1024
TOP_LOGPROBS = 20


class Params(BaseModel):
    """Which checkpoint, and how to run it.

    `path`: a folder with config.json, tokenizer and weights. `device` and `dtype` as PyTorch names them; ``auto`` takes an
    accelerator where there is one, and the type that the weights are stored in. Requests are served one after the other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformersChat:
    """A `Chat` that loads its weights when it is opened."""

    params: Params
    folder: Path

    @property
    def host(self) -> str:
        """Where texts are sent."""
        return "this machine"

    @property
    def identity(self) -> Mapping[str, Any]:
        """The folder's name, a hash that tells its contents apart, and the type computed in."""
        return {"model": self.folder.name, "revision": contents(self.folder), "dtype": self.params.dtype}

    def open(self) -> AbstractAsyncContextManager[Session]:
        """A session for the running event loop; imports PyTorch and loads the weights."""
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Session]:
        # One thread: PyTorch uses all cores for one request, and seeds are process-wide.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="transformers") as thread:
            loop = asyncio.get_running_loop()
            tokenizer, model = await loop.run_in_executor(thread, load, self.folder, self.params)
            session = LocalSession(tokenizer=tokenizer, model=model, name=self.folder.name, thread=thread)
            try:
                yield session
            finally:
                session.ended.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSession:
    """Loaded weights; implements `Session`. `ended` stops a generation that nobody waits for any more."""

    tokenizer: Any
    model: Any
    name: str
    thread: ThreadPoolExecutor
    ended: threading.Event = field(default_factory=threading.Event)

    async def complete(self, request: Request) -> Completion:
        """Generate once; raises `CallError` where the prompt does not fit."""
        dropped = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.thread, self.generate, request, dropped)
        except asyncio.CancelledError:
            dropped.set()
            raise

    def generate(self, request: Request, dropped: threading.Event) -> Completion:
        """The blocking work of `complete`."""
        import torch
        from transformers import StoppingCriteriaList

        started = time.perf_counter()
        inputs = encode(self.tokenizer, request).to(self.model.device)
        asked = int(inputs["input_ids"].shape[1])
        room = self._room(asked)
        limit = min(request.max_tokens or DEFAULT_MAX_TOKENS, room)

        tail = max((len(word) for word in request.stop), default=0) + 8  # a token is at least about one character

        def stop(ids: Any, _scores: Any, **_more: Any) -> Any:
            over = dropped.is_set() or self.ended.is_set()
            if request.stop and not over:
                text = self.tokenizer.decode(ids[0, asked:][-tail:], skip_special_tokens=True)
                over = any(word in text for word in request.stop)
            return torch.full((ids.shape[0],), over, dtype=torch.bool, device=ids.device)

        with torch.random.fork_rng(), torch.inference_mode():
            if request.seed is not None:
                torch.manual_seed(request.seed)
            try:
                made = self.model.generate(
                    **inputs,
                    **sampling(request),
                    max_new_tokens=limit,
                    stopping_criteria=StoppingCriteriaList([stop]),
                    return_dict_in_generate=True,
                    output_logits=request.logprobs,
                    pad_token_id=self._pad(),
                )
            except torch.OutOfMemoryError as error:
                raise CallError("bad_request", "the accelerator's memory does not hold this request") from error
        ids = made.sequences[0, asked:].tolist()
        return self._completion(request, ids, asked, limit, made, started)

    def _completion(
        self, request: Request, ids: list[int], asked: int, limit: int, made: Any, started: float
    ) -> Completion:
        ends = self.model.generation_config.eos_token_id
        eos = set(ends if isinstance(ends, list) else [ends])
        text = self.tokenizer.decode(ids, skip_special_tokens=True)
        cut = min((at for word in request.stop if (at := text.find(word)) >= 0), default=None)
        at_end = bool(ids) and ids[-1] in eos
        finish: FinishReason = "stop" if at_end or cut is not None else "length" if len(ids) >= limit else "other"
        return Completion(
            text=text if cut is None else text[:cut],
            finish_reason=finish,
            input_tokens=asked,
            output_tokens=len(ids),
            model=self.name,
            logprobs=self._logprobs(ids, made.logits, eos) if request.logprobs else None,
            raw=self.tokenizer.decode(ids, skip_special_tokens=False),
            seconds=time.perf_counter() - started,
        )

    def _logprobs(self, ids: list[int], logits: Any, eos: set[int]) -> Sequence[tuple[str, Mapping[str, float]]]:
        """Before temperature and cuts, as the hosted providers tell them; the token that ends the text left out."""
        import torch

        told = []
        for token, row in zip(ids, logits, strict=True):
            if token in eos:
                break
            logprobs = torch.log_softmax(row[0].float(), dim=-1)
            top = logprobs.topk(min(TOP_LOGPROBS, logprobs.shape[0]))
            seen: dict[str, float] = {}
            for p, i in [(float(logprobs[token]), token), *zip(top.values.tolist(), top.indices.tolist(), strict=True)]:
                seen.setdefault(self.tokenizer.decode([i]), p)
            told.append((self.tokenizer.decode([token]), seen))
        return told

    def _room(self, asked: int) -> int:
        """Tokens that the context still holds after the prompt."""
        most = getattr(self.model.config, "max_position_embeddings", None)
        room = most - asked if isinstance(most, int) else DEFAULT_MAX_TOKENS
        if room < 1:
            raise CallError("context_length", f"the prompt has {asked} tokens, the model's context {most}")
        return room

    def _pad(self) -> int | None:
        ends = self.model.generation_config.eos_token_id
        first = ends[0] if isinstance(ends, list) else ends
        own: int | None = self.tokenizer.pad_token_id
        return first if own is None else own


def build(name: str, params: Params) -> Chat:
    """A source of completions; raises `ConfigError` where the folder or the extra is missing."""
    for package in ("torch", "transformers"):
        need(name, package, extra="transformers")
    folder = Path(params.path).expanduser()
    if not (folder / "config.json").is_file():
        raise ConfigError(
            "no checkpoint", where=name, got=repr(params.path), expected="a folder that holds config.json"
        )
    return TransformersChat(params=params, folder=folder.resolve())


def contents(folder: Path) -> str:
    """16 hex digits over the names, sizes and ends of a checkpoint's files."""
    files = sorted(
        p for p in folder.iterdir() if p.suffix in {".json", ".safetensors", ".bin", ".model", ".jinja", ".txt"}
    )
    return hashlib.sha256("\n".join(f"{p.name} {revision(p)}" for p in files).encode()).hexdigest()[:16]


def load(folder: Path, params: Params) -> tuple[Any, Any]:
    """Tokenizer and model, on their device; no code of the checkpoint is run, nothing is fetched."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=params.dtype, **safe)
        device = params.device
        if device == "auto":
            device = (
                str(torch.accelerator.current_accelerator() or "cpu") if torch.accelerator.is_available() else "cpu"
            )
        return tokenizer, model.to(device).eval()
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise ConfigError("the checkpoint cannot be loaded", where=folder.name, got=str(error)[:300]) from error


def encode(tokenizer: Any, request: Request) -> Any:
    """The prompt in the checkpoint's chat template; for one without a template, the messages' texts, blank lines between."""
    messages = [{"role": role, "content": sendable(content)} for role, content in request.messages]
    if tokenizer.chat_template:
        return tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
    return tokenizer("\n\n".join(m["content"] for m in messages), return_tensors="pt")


def sampling(request: Request) -> dict[str, Any]:
    """Arguments of `generate`.

    Where a temperature is given nothing else cuts the distribution: the library's own default would keep 50 tokens only.

    Examples
    --------
    >>> sampling(Request(messages=[], temperature=0))
    {'do_sample': False}
    >>> sampling(Request(messages=[], temperature=1.5))
    {'do_sample': True, 'temperature': 1.5, 'top_p': 1.0, 'top_k': 0}
    """
    made: dict[str, Any] = {}
    if request.temperature is not None:
        made["do_sample"] = request.temperature > 0
    if made.get("do_sample"):
        top_p = 1.0 if request.top_p is None else request.top_p
        made.update(temperature=request.temperature, top_p=top_p, top_k=0)
    return {**made, **request.extra}
