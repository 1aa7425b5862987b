"""Works off one job: a killable child does the work, this process watches and keeps the ledger."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from outreach.core.errors import OutreachError
from outreach.jobs import actions
from outreach.jobs.actions import Claim, Orders
from outreach.jobs.models import JobState

log = logging.getLogger("outreach.jobs")

_BEAT = 0.5
_LOOK = 0.05
_GRACE = 1.0


class Handler(Protocol):
    """What a kind of job does. Its methods run in the worker, inside the organisation."""

    def prepare(self, claim: Claim) -> tuple[list[str], bytes]:
        """Module and arguments of the child, and what it reads on its standard input."""

    def partial(self, claim: Claim, plan: dict[str, Any]) -> None:
        """Keep a first result while the work goes on."""

    def finish(self, claim: Claim, output: bytes) -> None:
        """Keep the result."""


HANDLERS: dict[str, Callable[[], Handler]] = {}


def register(kind: str, make: Callable[[], Handler]) -> None:
    """Say who works off a kind of job."""
    HANDLERS[kind] = make


@dataclass
class _Watched:
    """What the child has said so far."""

    costs: list[list[float]] = field(default_factory=list)
    unserved: int | None = None
    first: dict[str, Any] | None = None
    output: bytes = b""
    complaint: str = ""


def work_off(job_id: str) -> None:
    """Run a job if it is free; every way that it can end is written into the ledger."""
    claim = actions.claim(job_id)
    if claim is None:
        return
    try:
        state = _run(claim, HANDLERS[claim.kind]())
    except OutreachError as error:
        log.warning("job %s failed: %s", job_id, error.code)
        actions.finish(claim, JobState.FAILED, error.code)
    except Exception:
        actions.finish(claim, JobState.FAILED, "error")
        raise
    else:
        if state is not None:
            actions.finish(claim, state)


def _run(claim: Claim, handler: Handler) -> JobState | None:
    words, given = handler.prepare(claim)
    child = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "outreach.jobs.child", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    seen = _Watched()
    threads = [threading.Thread(target=read, args=(child, seen)) for read in (_errors, _output)]
    for thread in threads:
        thread.start()
    threading.Thread(target=_feed, args=(child, given), daemon=True).start()
    try:
        state = _watch(claim, handler, child, seen)
    finally:
        _kill(child)
        for thread in threads:
            thread.join()
    if state is not None:
        return state
    if child.returncode != 0:
        log.warning("the child of job %s ended with %s: %s", claim.job_id, child.returncode,
                    seen.complaint[-300:])  # fmt: skip
        return JobState.FAILED
    handler.finish(claim, seen.output)
    return JobState.DONE


def _feed(child: subprocess.Popen[bytes], given: bytes) -> None:
    assert child.stdin is not None  # noqa: S101 - it was opened as a pipe
    try:
        child.stdin.write(f"{os.getpid():<15}\n".encode())
        child.stdin.flush()
        child.stdin.write(given)
        child.stdin.close()
    except BrokenPipeError:
        log.warning("the child ended before it had read its input")


def _output(child: subprocess.Popen[bytes], seen: _Watched) -> None:
    assert child.stdout is not None  # noqa: S101 - it was opened as a pipe
    seen.output = child.stdout.read()


def _errors(child: subprocess.Popen[bytes], seen: _Watched) -> None:
    assert child.stderr is not None  # noqa: S101 - it was opened as a pipe
    for raw in child.stderr:
        try:
            line = json.loads(raw)
        except ValueError:
            seen.complaint += raw.decode(errors="replace")
            continue
        if "plan" in line:
            seen.first = seen.first or line["plan"]
        elif "best" in line:
            seen.costs = [*seen.costs, [line["t"], line["best"]]][-200:]
            seen.unserved = line["unserved"]


def _watch(
    claim: Claim, handler: Handler, child: subprocess.Popen[bytes], seen: _Watched
) -> JobState | None:
    """Keep the lease until the child ends; a state if the result must not be kept."""
    results, beat, stopping = 0, 0.0, 0.0
    while child.poll() is None:
        time.sleep(_LOOK)
        if seen.first is not None and not results:
            handler.partial(claim, seen.first)
            results, beat = 1, 0.0
        if time.monotonic() - beat < _BEAT:
            continue
        beat = time.monotonic()
        orders = actions.heartbeat(claim, seen.costs, seen.unserved, results)
        if orders is None:
            return JobState.STOPPED  # somebody else has the job; the ledger refuses our word
        if orders.cancel:
            return JobState.STOPPED
        stopping = _ask_to_stop(child, orders, stopping)
    return None


def _ask_to_stop(child: subprocess.Popen[bytes], orders: Orders, since: float) -> float:
    if not orders.stop:
        return 0.0
    if not since:
        child.send_signal(signal.SIGTERM)
        return time.monotonic()
    if time.monotonic() - since > _GRACE:
        _kill(child)
    return since


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
