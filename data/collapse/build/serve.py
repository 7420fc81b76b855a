"""A checkpoint behind the wire format of OpenAI, so that `judgeaudit collect` samples it like any other server.

Questions that wait are answered together: sixteen at once cost little more than one.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from network import answer

GATHER = 0.4
"""Seconds without a new question before those that wait are answered."""

Waiting = tuple[dict[str, Any], "queue.Queue[dict[str, Any]]"]


@contextmanager
def served(model: Any, tokenizer: Any) -> Iterator[str]:
    """Address of a server on a free port of this machine, until the block ends."""
    asked: queue.Queue[Waiting | None] = queue.Queue()
    worker = threading.Thread(target=_answer_all, args=(model, tokenizer, asked), daemon=True)
    worker.start()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told: queue.Queue[dict[str, Any]] = queue.Queue()
            asked.put((body, told))
            reply = json.dumps(told.get()).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_arguments: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        asked.put(None)
        worker.join()


def seed_of(body: dict[str, Any], question: str) -> int:
    """The seed of one answer: of the request's seed and its question, so that order does not matter."""
    return int.from_bytes(hashlib.sha256(f"{body.get('seed')} {question}".encode()).digest()[:6])


def _answer_all(model: Any, tokenizer: Any, asked: queue.Queue[Waiting | None]) -> None:
    while (first := asked.get()) is not None:
        waiting = [first]
        while True:
            try:
                more = asked.get(timeout=GATHER)
            except queue.Empty:
                break
            if more is None:
                return
            waiting.append(more)
        # Sorted, so that the same questions make the same batch whatever order they came in.
        waiting.sort(key=lambda pair: pair[0]["messages"][-1]["content"])
        _answer_some(model, tokenizer, waiting)


def _answer_some(model: Any, tokenizer: Any, waiting: list[Waiting]) -> None:
    bodies = [body for body, _ in waiting]
    questions = [body["messages"][-1]["content"] for body in bodies]
    answers = answer(
        model,
        tokenizer,
        questions,
        tokens=max(body.get("max_tokens") or body.get("max_completion_tokens") for body in bodies),
        temperature=bodies[0]["temperature"],
        seeds=[seed_of(body, question) for body, question in zip(bodies, questions, strict=True)],
    )
    for (body, told), (text, finish, count) in zip(waiting, answers, strict=True):
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        usage = {"prompt_tokens": 0, "completion_tokens": count, "total_tokens": count}
        told.put({
            "id": "1", "object": "chat.completion", "created": 0, "model": body["model"], "choices": [choice], "usage": usage,
        })  # fmt: skip
