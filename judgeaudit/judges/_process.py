"""Talking to a process by lines without a deadlock: one thread writes, one reads, one listens to its complaints."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from judgeaudit.text import clip, visible

LONGEST_LINE = 16 * 2**20
_TAIL = 2_000
_SHOWN = 300
_GRACE = 1.0
_SECRET_NAMES = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the process ended.

    `fault`: what went wrong, "" where it ended by itself with code 0. `stderr`: the end of what it complained of.
    """

    fault: str = ""
    stderr: str = ""

    def sentence(self, what: str = "") -> str:
        """One line for `detail`."""
        said = f"stderr ends: {self.stderr}" if self.stderr else ""
        return "; ".join(part for part in (what, self.fault, said) if part)


def run(
    command: tuple[str, ...], lines: Iterable[bytes], take: Callable[[bytes], bool], folder: Path, timeout: float
) -> Ended:
    """Send the lines, hand every line that comes back to `take` until it says False, and wait for the end.

    Whatever the process does (reads nothing, writes without end, leaves children behind), this returns soon after `timeout`
    seconds, and the process with its children is gone.

    Raises
    ------
    OSError
        The process cannot be started.
    """
    group = os.name == "posix"
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=group,
    )
    deadline = time.monotonic() + timeout
    session = _Session(process, take)
    try:
        session.start(lines)
        return session.wait(deadline)
    finally:
        session.kill(group)


class _Session:
    def __init__(self, process: subprocess.Popen[bytes], take: Callable[[bytes], bool]) -> None:
        self.process, self.take = process, take
        self.fault = ""
        self.tail = b""
        self.closed = threading.Event()  # nobody listens any more
        self.threads: list[threading.Thread] = []

    def start(self, lines: Iterable[bytes]) -> None:
        stdin, stdout, stderr = self.process.stdin, self.process.stdout, self.process.stderr
        assert stdin is not None
        assert stdout is not None
        assert stderr is not None
        self.threads = [
            threading.Thread(target=self._write, args=(stdin, lines), daemon=True),
            threading.Thread(target=self._read, args=(stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(stderr,), daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def wait(self, deadline: float) -> Ended:
        _, reader, listener = self.threads
        while reader.is_alive() and time.monotonic() < deadline:
            reader.join(min(0.1, max(deadline - time.monotonic(), 0)))
            if reader.is_alive() and self.process.poll() is not None:
                # It has ended, but a child of it holds its standard output: what is in the pipe is soon read.
                deadline = min(deadline, time.monotonic() + _GRACE)
                reader.join(_GRACE)
                break
        if not self.fault:
            try:
                self.fault = _ending(self.process.wait(max(deadline - time.monotonic(), 0.0)))
            except subprocess.TimeoutExpired:
                self.fault = "killed: time was up"
        listener.join(0.2)
        self.closed.set()
        return Ended(fault=self.fault, stderr=_complaint(self.tail))

    def kill(self, group: bool) -> None:
        self.closed.set()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        streams = (self.process.stdin, self.process.stdout, self.process.stderr)
        for thread, stream in zip(self.threads, streams, strict=False):
            thread.join(1)
            # A child that left the group may still hold the other end; closing under a blocked thread would block us too.
            if not thread.is_alive() and stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()

    def _write(self, stdin: IO[bytes], lines: Iterable[bytes]) -> None:
        # A process may well end before it has read all; its exit code tells whether that was meant.
        with contextlib.suppress(OSError, ValueError):
            for line in lines:
                if self.closed.is_set():
                    return
                stdin.write(line)
            stdin.close()

    def _read(self, stdout: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (line := stdout.readline(LONGEST_LINE)) and not self.closed.is_set():
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    self.fault = f"killed: a line of more than {LONGEST_LINE} bytes"
                    return
                if not self.take(line):
                    self.fault = "killed: too many lines that make no sense"
                    return

    def _listen(self, stderr: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(stderr.fileno(), 65_536):
                self.tail = (self.tail + chunk)[-_TAIL:]


def _ending(code: int) -> str:
    if code == 0:
        return ""
    if code > 0:
        return f"the process ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"the process was ended by {signal.Signals(-code).name}"
    return f"the process was ended by signal {-code}"


def _complaint(tail: bytes) -> str:
    text = " ".join(tail.decode("utf-8", "replace").split())
    # A program that prints its environment must not carry keys into an artefact.
    for name, value in os.environ.items():
        if len(value) >= 8 and any(word in name.upper() for word in _SECRET_NAMES):
            text = text.replace(value, "***")
    return clip(visible(text[-_SHOWN:]), _SHOWN)
