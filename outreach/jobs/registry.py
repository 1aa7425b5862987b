"""Who does which kind of job. Features enter their handlers; jobs know no feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Store = Callable[[], dict[str, Any]]
"""Writes inside the transaction that also ends the job; returns its result."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a child process is to read, and what becomes of its answers.

    Attributes:
        stdin: what it reads; it exists nowhere else.
        preview: from a plan so far to what shows it.
        finish: from the child's answer to what keeps it; slow work is done before it returns.
    """

    stdin: bytes
    preview: Callable[[dict[str, Any]], Store]
    finish: Callable[[dict[str, Any]], Store]


@dataclass(frozen=True, slots=True)
class Work:
    """What a child process is to do.

    Attributes:
        module: the Python module to run, with its arguments.
        prepare: reads what the child is to work on, while it starts.
    """

    module: tuple[str, ...]
    prepare: Callable[[], Task]


Handler = Callable[[str, Mapping[str, Any]], Work]
"""From the job's id and params to its work."""

_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Let ``handler`` do the jobs of this kind."""
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind.

    Raises:
        KeyError: nobody has entered one.
    """
    return _handlers[kind]
