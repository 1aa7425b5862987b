"""The product as a person starts it: a process of its own on an instance folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 90


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """``outreach run`` on a folder; it can be stopped, killed and started again.

    Attributes:
        now: where the clock starts, ISO 8601; it moves on by itself.
    """

    instance: Path
    now: str
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """The variables that the product reads."""
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("OUTREACH_")},
            "OUTREACH_ENV": "demo",
            "OUTREACH_INSTANCE": str(self.instance),
            "OUTREACH_NOW": self.now,
            "PORT": str(self.port),
        }

    def command(self, *words: str) -> str:
        """Run one ``outreach`` command and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "outreach.cli", *words],
            env=self.environment(), capture_output=True, text=True, check=True, timeout=180,
        )  # fmt: skip
        return done.stdout

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.instance / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "outreach.cli", "run"],
                env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.instance / "server.log").read_text()[-2000:])
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether /healthz answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        """End it as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None
