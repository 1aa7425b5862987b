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
from pathlib import Path
from typing import IO, Any

from outreach.jobs.registry import Work

_LAUNCH = Path(__file__).with_name("launch.py")
_HOME = Path(__file__).resolve().parents[2]
_MEGABYTES = 4096


class Child:
    """A running child. Its process group dies with it.

    Attributes:
        said: JSON objects from its stderr, in order.
    """

    def __init__(self, work: Work) -> None:
        self.said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._answer = b""
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, str(_LAUNCH), str(os.getpid()), str(_MEGABYTES), *work.module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, cwd=_HOME,
        )  # fmt: skip
        self._threads = [
            threading.Thread(target=run, args=args, daemon=True)
            for run, args in (
                (self._write, (self._process.stdin, work.stdin)),
                (self._collect, (self._process.stdout,)),
                (self._listen, (self._process.stderr,)),
            )
        ]
        for thread in self._threads:
            thread.start()

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

    def answer(self) -> dict[str, Any]:
        """What it wrote.

        Raises:
            ValueError: it is no JSON object.
        """
        found = json.loads(self._answer)
        if not isinstance(found, dict):
            raise ValueError("the child's answer is no object")  # noqa: TRY004 - as json says it
        return found
