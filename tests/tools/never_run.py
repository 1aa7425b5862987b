"""Tests that never run: functions that nobody calls, and tests where pytest does not look."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_TEST = re.compile(r"^\s*(async )?def test_\w+", re.MULTILINE)


def overlooked(folder: Path) -> list[str]:
    """Files with tests whose names pytest does not collect."""
    return [
        f"{path}: holds tests, but pytest collects test_*.py alone"
        for path in sorted(folder.rglob("*.py"))
        if not path.name.startswith("test_") and "node_modules" not in path.parts
        if _TEST.search(path.read_text())
    ]


def main() -> int:
    """List what vulture finds; attributes that a test sets are not meant."""
    vulture = Path(sys.executable).parent / "vulture"
    done = subprocess.run([str(vulture)], capture_output=True, text=True, check=False)
    lost = [line for line in done.stdout.splitlines() if "unused function" in line]
    lost += overlooked(Path("tests"))
    sys.stdout.writelines(f"{line}\n" for line in [*lost, done.stderr])
    return 1 if lost or done.stderr else 0


if __name__ == "__main__":
    sys.exit(main())
