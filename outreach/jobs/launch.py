"""Starts a child so that it can neither outlive nor starve its worker, then becomes it.

``python launch.py PARENT MEGABYTES MODULE …``. What must happen after fork and before exec is done
here, because ``preexec_fn`` is unsafe in a process with threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, megabytes: int, module: list[str]) -> None:
    """Never returns."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # the worker died before it could be tied to it
    try:
        import resource  # noqa: PLC0415 - not on every system

        limit = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ImportError, ValueError):
        pass
    os.execv(sys.executable, [sys.executable, "-m", *module])  # noqa: S606 - our own words


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
