"""How the core is compiled: by numba, once, into a folder that is named after its sources.

Without numba the same functions run interpreted: the same plan for the same number of iterations,
only slower. numba's own cache looks at the file of a function and not at what it calls, so the
folder's name covers every source of the core.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

try:
    import numba
except ImportError:  # the interpreted core is the fallback
    numba = None

Function = TypeVar("Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent


def is_compiled() -> bool:
    """Whether the core runs as machine code."""
    return numba is not None and not numba.config.DISABLE_JIT


def _fingerprint() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where the machine code is kept: beside the sources, or else in a folder of this user."""
    name = f"core-{_fingerprint()}"
    if place := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(place) / name
    beside = _HERE / "__pycache__"
    if os.access(beside if beside.exists() else _HERE, os.W_OK):
        return beside / name
    return Path(tempfile.gettempdir()) / f"outreach-solver-{os.getuid()}" / name


def _prepare() -> None:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid():  # machine code of somebody else is never loaded
        folder = Path(tempfile.mkdtemp(prefix="outreach-solver-"))
    numba.config.CACHE_DIR = str(folder)


if numba is not None:
    _prepare()


def compiled(function: Function) -> Function:
    """A function of the core that is called."""
    if numba is None:
        return function
    return cast("Function", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """A function of the core that is too small and too hot to be called."""
    if numba is None:
        return function
    return cast("Function", numba.njit(nogil=True, error_model="numpy", inline="always")(function))
