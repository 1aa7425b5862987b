"""A child process: it gets its task by a pipe and tells how it goes on another."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

_LAUNCH = Path(__file__).with_name("launch.py")
_HOME = Path(__file__).resolve().parents[2]
_MEGABYTES = 4096
_NICE = 10


class Child:
    """A running child. Its process group dies with it.

    It loads its libraries while its task is still being prepared, and reads it when it is fed.

    Attributes:
        said: JSON objects from its stderr, in order.
    """

    def __init__(self, module: Sequence[str]) -> None:
        self.said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._answer = b""
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, str(_LAUNCH), str(os.getpid()), str(_MEGABYTES), *module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, cwd=_HOME,
        )  # fmt: skip
        self._threads = [
            _started(self._collect, self._process.stdout),
            _started(self._listen, self._process.stderr),
        ]

    def feed(self, text: bytes) -> None:
        """Give it its task."""
        self._threads.append(_started(self._write, self._process.stdin, text))

    def step_back(self) -> None:
        """Let it yield to pages from now on; until there is something to see, somebody waits."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self._process.pid, _NICE)

    @staticmethod
    def _write(pipe: IO[bytes], text: bytes) -> None:
        with contextlib.suppress(BrokenPipeError), pipe:
            pipe.write(text)

    def _collect(self, pipe: IO[bytes]) -> None:
        with pipe:
            self._answer = pipe.read()

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                with contextlib.suppress(ValueError):
                    found = json.loads(line)
                    if isinstance(found, dict):
                        self.said.put(found)

    @property
    def pid(self) -> int:
        """The child's process id, which is also its group's."""
        return self._process.pid

    def ended(self) -> int | None:
        """Its exit status; None while it runs."""
        status = self._process.poll()
        if status is not None:
            for thread in self._threads:
                thread.join(timeout=5)
        return status

    def ask_to_stop(self) -> None:
        """Let it answer with the best so far."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=5)
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()  # it may never have been fed

    def answer(self) -> dict[str, Any]:
        """What it wrote.

        Raises:
            ValueError: it is no JSON object.
        """
        found = json.loads(self._answer)
        if not isinstance(found, dict):
            raise ValueError("the child's answer is no object")  # noqa: TRY004 - as json says it
        return found


def _started(run: Callable[..., None], *given: Any) -> threading.Thread:
    thread = threading.Thread(target=run, args=given, daemon=True)
    thread.start()
    return thread
