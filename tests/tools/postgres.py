"""A PostgreSQL server of the tests' own: private folder, private port, an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import free_port


def programs() -> Path | None:
    """Where initdb and pg_ctl are; None on a machine without a server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_user(words: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Start a server and give its address."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    port, data = free_port(), folder / "data"
    subprocess.run(
        _as_user([str(binaries / "initdb"), "-D", str(data), "-U", "outreach", "-A", "trust",
                  "-E", "UTF8", "--no-sync"]), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
    control = [str(binaries / "pg_ctl"), "-D", str(data)]
    subprocess.run(
        _as_user([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"]),
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"postgresql+psycopg://outreach@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            _as_user([*control, "-m", "immediate", "stop"]), check=True, stdout=subprocess.DEVNULL
        )
        shutil.rmtree(folder, ignore_errors=True)
