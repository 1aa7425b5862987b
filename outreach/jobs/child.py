"""Started between worker and work: dies with the worker, yields to the web, has a limit.

``python -m outreach.jobs.child MODULE ARGUMENT…`` becomes ``python -m MODULE ARGUMENT…``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_MEMORY = 4 * 1024**3
_NICE = 10


def main() -> None:
    """Arrange, then become the work."""
    parent = int(os.read(0, 16).split()[0])
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # the worker died before the line above
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])  # noqa: S606 - our own words


if __name__ == "__main__":
    main()
