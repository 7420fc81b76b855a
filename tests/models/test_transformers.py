from __future__ import annotations

import asyncio
import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from judgeaudit.errors import ConfigError
from judgeaudit.models import transformers
from judgeaudit.models._chat import CallError, Completion, Request

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None or find_spec("transformers") is None, reason="the extra `transformers` is not installed"
)
WORDS = ["<unk>", "<s>", "</s>", "tea", "is", "a", "warm", "drink", "."]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with random weights, saved as a real checkpoint."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = LlamaConfig(
        vocab_size=len(WORDS),
        max_position_embeddings=64,
        bos_token_id=1,
        eos_token_id=2,
        num_key_value_heads=2,
        **shape,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")
    fast.chat_template = "{% for m in messages %}{{ m.content }} {% endfor %}is"
    fast.save_pretrained(folder)
    return folder


def complete(folder: Path, *requests: Request) -> list[Completion]:
    async def all_of_them() -> list[Completion]:
        chat = transformers.build("t", transformers.Params(path=str(folder), device="cpu"))
        async with chat.open() as session:
            return list(await asyncio.gather(*(session.complete(request) for request in requests)))

    return asyncio.run(all_of_them())


@needs_torch
def test_a_checkpoint_answers_reproducibly(checkpoint: Path) -> None:
    request = Request(messages=[("user", "tea")], max_tokens=8, temperature=1.0, seed=5, logprobs=True)
    other = Request(messages=[("user", "tea")], max_tokens=8, temperature=1.0, seed=6)
    first, second, third = complete(checkpoint, request, request, other)
    assert first.text == second.text != third.text
    assert first.input_tokens == 2, "the template adds a word to the prompt's one"
    assert first.output_tokens is not None
    assert first.finish_reason == ("length" if first.output_tokens == 8 else "stop")
    assert first.logprobs is not None
    assert all(token in seen and all(p <= 0 for p in seen.values()) for token, seen in first.logprobs)
    assert set(first.raw.split()) <= set(WORDS)


@needs_torch
def test_a_stop_word_ends_the_text_and_is_not_in_it(checkpoint: Path) -> None:
    (whole,) = complete(checkpoint, Request(messages=[("user", "a")], max_tokens=8, temperature=0.0))
    word = whole.text.split()[1]
    (cut,) = complete(checkpoint, Request(messages=[("user", "a")], max_tokens=8, temperature=0.0, stop=[word]))
    assert cut.text == whole.text[: whole.text.index(word)]
    assert cut.finish_reason == "stop"


@needs_torch
def test_a_prompt_beyond_the_context(checkpoint: Path) -> None:
    with pytest.raises(CallError) as caught:
        complete(checkpoint, Request(messages=[("user", "tea " * 80)]))
    assert caught.value.kind == "context_length"


@needs_torch
def test_the_identity_follows_the_weights(checkpoint: Path, tmp_path: Path) -> None:
    before = transformers.contents(checkpoint)
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert transformers.contents(tmp_path) == before
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert transformers.contents(tmp_path) != before


@needs_torch
def test_a_broken_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama"}))
    with pytest.raises(ConfigError, match="cannot be loaded"):
        complete(tmp_path, Request(messages=[("user", "tea")]))


@needs_torch
def test_a_folder_that_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.json"):
        transformers.build("t", transformers.Params(path=str(tmp_path)))


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("judgeaudit.models._endpoint.find_spec", lambda package: None)
    with pytest.raises(ConfigError, match=r"judgeaudit\[transformers\]"):
        transformers.build("t", transformers.Params(path=str(tmp_path)))
