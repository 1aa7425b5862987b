"""Tests that never run: functions under tests/ that nobody calls and pytest does not collect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """List what vulture finds; attributes that a test sets are not meant."""
    vulture = Path(sys.executable).parent / "vulture"
    done = subprocess.run([str(vulture)], capture_output=True, text=True, check=False)
    lost = [line for line in done.stdout.splitlines() if "unused function" in line]
    sys.stdout.writelines(f"{line}\n" for line in [*lost, done.stderr])
    return 1 if lost or done.stderr else 0


if __name__ == "__main__":
    sys.exit(main())
