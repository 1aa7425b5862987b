"""The product as a person starts it: a process of its own on an instance folder of its own."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 90
_BUSIEST = """
SELECT u.email, count(DISTINCT s.id) FROM plan p
  JOIN round r ON r.plan_id = p.id AND r.day = :day
  JOIN stop s ON s.round_id = r.id
  JOIN json_each(r.member_ids) m
  JOIN staff w ON w.id = m.value
  JOIN app_user u ON u.id = w.user_id
WHERE p.state = 'published' GROUP BY u.id ORDER BY 2 DESC, 1
"""


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
    _killed: threading.Event = field(default_factory=threading.Event)
    _gone: threading.Event = field(default_factory=threading.Event)

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

    def busiest(self, place: int = 0) -> str:
        """The e-mail of who has most stops today, or next to most; two stops at least.

        A team that a plan hardly needs may have one stop on a day, or none.
        """
        with sqlite3.connect(self.instance / "outreach.sqlite") as database:
            found = database.execute(_BUSIEST, {"day": self.now[:10]}).fetchall()
        email, stops = found[place]
        assert stops > 1
        return str(email)

    def start(self) -> None:
        """Start and wait until it answers."""
        self._killed.clear()
        with (self.instance / "server.log").open("ab") as log:
            process = self._process = subprocess.Popen(
                [sys.executable, "-m", "outreach.cli", "run"],
                env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while not (self._killed.is_set() or self.answers()):
            if process.poll() is not None or time.monotonic() > until:
                if self._killed.is_set():
                    return  # a waiting browser was faster than we
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
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(timeout=20)

    def kill(self) -> None:
        """End it as a power cut would; another thread may call this, even while it starts."""
        process, self._process = self._process, None
        if process is not None:
            self._killed.set()
            process.kill()
            process.wait(timeout=20)
            self._gone.set()

    def wait_until_killed(self, seconds: float) -> None:
        """Wait until another thread's ``kill`` is over."""
        assert self._gone.wait(seconds), "nobody killed the server in time"
        self._gone.clear()
