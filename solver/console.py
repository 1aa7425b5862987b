"""What every command shares: words that are read, files that are written, signals, progress."""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Protocol

from solver.plan import Plan
from solver.problem import BadProblem
from solver.search import Progress
from solver.wire import plan_to_json

_BETWEEN_LINES, _BETWEEN_PLANS = 0.11, 0.5
"""Seconds: at most ten lines a second, the last one included, and two plans."""


class Parser(argparse.ArgumentParser):
    """Refuses a wrong word in one line, as a wrong problem is refused."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong."""
        raise BadProblem(message)


def count(least: int, most: float = math.inf) -> Callable[[str], int]:
    """Reads a whole number of the command line."""

    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            known = f"from {least} to {most}" if most < math.inf else f"of at least {least}"
            raise argparse.ArgumentTypeError(f"must be a whole number {known}, not {word!r}")
        return number

    return read


def seconds(word: str) -> float:
    """Reads how long a search may take."""
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number that is not negative, not {word!r}")
    return number


def read_text(name: str) -> str:
    """A whole file, or what comes in where the name is ``-``."""
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


def write_json(name: str, data: Any) -> None:
    """Write a whole file or none, or to the output where the name is ``-``."""
    text = json.dumps(data, ensure_ascii=False)
    if name == "-":
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        return
    file = Path(name)
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")  # a pipe or a device
        return
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def refuse_lost(name: str) -> None:
    """Say before a long search that its answer could not be written.

    Raises:
        BadProblem: there is no such folder, or nothing may be written there.
    """
    folder = Path(name).parent
    if name != "-" and (Path(name).is_dir() or not os.access(folder, os.W_OK)):
        raise BadProblem(f"-o: {name} cannot be written")


class _Told(Protocol):
    told: bool


@contextmanager
def stopped_by_signals(limit: _Told) -> Iterator[None]:
    """SIGTERM and the first Ctrl-C end the search with the best so far; the second ends all."""

    def tell(number: int, _frame: object) -> None:
        limit.told = True
        signal.signal(number, before[signal.Signals(number)])

    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    for one in before:
        signal.signal(one, tell)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def say(line: dict[str, Any]) -> None:
    """One line of JSON beside the answer."""
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()


class Reporter:
    """Prints how a search stands as NDJSON on stderr, but not too often."""

    def __init__(self, *, plans: bool) -> None:
        self._plans, self._begin = plans, time.monotonic()
        self._last_line = self._last_plan = -math.inf

    def __call__(self, progress: Progress) -> None:
        """Tell of a better plan."""
        now = time.monotonic() - self._begin
        if now - self._last_line < _BETWEEN_LINES:
            return
        self._last_line = now
        plan = progress.plan()
        self._line(now, progress.iterations, plan, progress.unserved)
        if self._plans and now - self._last_plan >= _BETWEEN_PLANS:
            self._last_plan = now
            say({"plan": plan_to_json(plan)})

    def end(self, plan: Plan) -> None:
        """Tell of the answer: the last line is what the plan says."""
        now = time.monotonic() - self._begin
        self._line(now, plan.iterations, plan, len(plan.unserved))

    @staticmethod
    def _line(now: float, iterations: int, plan: Plan, unserved: int) -> None:
        say({
            "t": round(now, 3), "iterations": iterations, "best": plan.cost["total"],
            "travel_minutes": plan.cost["travel_minutes"], "unserved": unserved,
        })  # fmt: skip
