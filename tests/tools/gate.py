"""``make test``: every gate in turn; the slow ones side by side. Says plainly what it skips."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.tools import postgres  # noqa: E402 - the root must be on the path first

BIN = ROOT / ".venv/bin"
STRICT = bool(os.environ.get("OUTREACH_STRICT"))
FAST = (
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "-q", "."]),
    ("mypy", [str(BIN / "mypy"), "--no-error-summary"]),
    ("imports", [str(BIN / "lint-imports")]),
    ("templates", [str(BIN / "djlint"), "templates", "--lint", "--profile=jinja", "--quiet"]),
    ("compile the core", [str(BIN / "python"), "-m", "solver", "warm"]),
    ("never-run tests", [str(BIN / "python"), "tests/tools/never_run.py"]),
)
PYTEST = [str(BIN / "python"), "-m", "pytest", "-p", "no:cacheprovider"]


def run(name: str, words: list[str], **more: str) -> None:
    """Run one gate; the first that fails ends everything."""
    start = time.monotonic()
    print(f"--- {name}", flush=True)  # noqa: T201 - this is a command
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **more}, check=False)
    print(f"    {name}: {time.monotonic() - start:.1f} s", flush=True)  # noqa: T201
    if done.returncode:
        sys.exit(f"{name} failed")


def skip(what: str) -> None:
    """Something is missing: say so, and fail where nothing may be skipped."""
    if STRICT:
        sys.exit(f"{what} is missing, and nothing may be skipped")
    print(f"--- NOT RUN: {what} is missing on this machine", flush=True)  # noqa: T201


def javascript() -> None:
    """Lint, types, format and tests of the browser's code."""
    if shutil.which("npm") is None:
        skip("npm (Node 20)")
        return
    tools = ROOT / "tests/js"
    if not (tools / "node_modules/.package-lock.json").exists():
        run("npm", ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools)])
    run("javascript", ["npm", "--silent", "--prefix", str(tools), "run", "check"])


def on_postgres() -> None:
    """The same tests on a real PostgreSQL."""
    binaries = postgres.programs()
    if binaries is None:
        skip("PostgreSQL")
        return
    with postgres.server(binaries) as address:
        chosen = ["tests", "-m", "not browser", "--ignore=tests/solver", "--ignore=tests/house"]
        run("pytest on PostgreSQL", [*PYTEST, "-n", "2", *chosen], OUTREACH_TEST_POSTGRES=address)


def main() -> None:
    """Run the gates."""
    if os.geteuid() == 0 and shutil.which("apt-get") and "--fast" not in sys.argv:
        run("system", [str(ROOT / ".ci/system")])
    for name, words in FAST:
        run(name, words)
    javascript()
    if "--fast" in sys.argv:
        return
    run("pytest on SQLite", [*PYTEST, "-n", "2", "tests", "-m", "not browser"])
    on_postgres()
    if shutil.which("chromium") is None and not os.environ.get("CHROMIUM"):
        skip("Chromium")
        return
    run("browser", [*PYTEST, "-n", "2", "tests", "-m", "browser"])


if __name__ == "__main__":
    main()
