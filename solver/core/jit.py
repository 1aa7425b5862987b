"""How the core is compiled: by numba, once, into a folder that is named after its sources.

With ``NUMBA_DISABLE_JIT=1`` the same functions run interpreted: the same plan for the same number
of iterations, only much slower; where numba cannot be loaded, ``solve`` takes OR-Tools routing
instead. numba's own cache looks at the file of a function and not at what it calls, so the
folder's name covers every source of the core.

For whoever writes a function of the core:

- Only an entry has machine code of its own, with all that it calls in it (``whole.py``). Each
  further entry costs one to two seconds to compile, so have few of them.
- Every other function is ``compiled``, once, whoever calls it; 0.1 s for twenty lines. LLVM inlines
  by itself, so say ``inlined`` only where a measurement shows a gain: each copy costs time.
- Annotate every argument and the result; arrays by their dimensions (``Table``, not ``Ints``).
- Python must not call a part (a crash, not an error), and no part may raise.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import tempfile
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np


def _load_numba() -> Any:
    """numba, or None where it cannot be loaded: then the core runs interpreted."""
    try:
        return importlib.import_module("numba")
    except (ImportError, OSError):  # the latter where LLVM's library is missing
        return None


numba = _load_numba()

Function = TypeVar("Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_NO_DOOR: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def is_compiled() -> bool:
    """Whether the core runs as machine code."""
    return bool(numba and not numba.config.DISABLE_JIT)


def _fingerprint() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(_HERE.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where the machine code is kept: beside the sources, or else in a folder of this user."""
    name = f"core-{_fingerprint()}"
    if place := numba.config.CACHE_DIR:  # what NUMBA_CACHE_DIR says
        return Path(place) / name
    beside = _HERE / "__pycache__"
    if os.access(beside if beside.exists() else _HERE, os.W_OK):
        return beside / name
    return Path(tempfile.gettempdir()) / f"outreach-solver-{os.getuid()}" / name


def forget_older() -> None:
    """Delete what was compiled from earlier sources."""
    kept = Path(numba.config.CACHE_DIR) if numba else _HERE
    for folder in kept.parent.glob("core-*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> None:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid():  # machine code of somebody else is never loaded
        folder = Path(tempfile.mkdtemp(prefix="outreach-solver-"))
    numba.config.CACHE_DIR = str(folder)


if numba is not None:
    _prepare()
if is_compiled():
    from solver.core.whole import EntryCompiler, PartCompiler, waiting


def _signature(function: Callable[..., Any]) -> Any:
    """Numba's types of a function, read off its annotations.

    One signature each: an int32 from a column and a literal must not make two copies.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    result = _type_of(hints.pop("return"))
    return result(*(_type_of(hint) for hint in hints.values()))


def _type_of(hint: Any) -> Any:
    types = numba.types
    plain = {int: types.int64, float: types.float64, bool: types.boolean, type(None): types.void}
    if hint in plain:
        return plain[hint]
    if typing.get_origin(hint) is typing.Annotated:
        array, dimensions = typing.get_args(hint)
        element = typing.get_args(typing.get_args(array)[1])[0]
        return types.Array(numba.from_dtype(np.dtype(element)), dimensions, "C")
    if typing.get_origin(hint) is tuple:
        return types.Tuple([_type_of(part) for part in typing.get_args(hint)])
    fields = typing.get_type_hints(hint, include_extras=True)
    return types.NamedTuple([_type_of(field) for field in fields.values()], hint)


def entry(function: Function) -> Function:
    """A function of the core that Python calls."""
    if not is_compiled():
        return function
    make = numba.njit(_signature(function), cache=True, pipeline_class=EntryCompiler, **_OPTIONS)
    return cast("Function", make(function))


def compiled(function: Function) -> Function:
    """A function that only the core calls: it is compiled when an entry that calls it is."""
    return _part(function, {})


def inlined(function: Function) -> Function:
    """A part that is too small and too hot to be called."""
    return _part(function, {"forceinline": True})


def _part(function: Function, more: dict[str, bool]) -> Function:
    if not is_compiled():
        return function
    part = numba.njit(pipeline_class=PartCompiler, **_OPTIONS, **_NO_DOOR, **more)(function)
    waiting.append((part, _signature(function)))
    return cast("Function", part)
