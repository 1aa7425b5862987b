"""Does one job: claims it, runs its child, keeps the ledger true."""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import Any

from flask import Flask

from outreach.core import audit, tenancy
from outreach.core.db import db, writing
from outreach.core.errors import OutreachError, RuleBroken
from outreach.jobs import ledger
from outreach.jobs.child import Child
from outreach.jobs.ledger import Claim, Lost
from outreach.jobs.models import JobState
from outreach.jobs.registry import Store, Task, Work, handler_of

log = logging.getLogger("outreach.jobs")

_LOOK_S = 0.05
_WRITE_S = 0.25
_STILL_S = 1.0
"""After so long without a better plan the falling line is drawn on, level."""
_PATIENCE_S = 1.0
"""A child that was asked to stop is killed after so long; the best that it told of is kept."""
_HASTE_S = 3.0
"""So long a child without a plan to show has the processor as pages have it."""
_UNREADABLE = 2


def do(app: Flask, job_id: str) -> str | None:
    """Do a job if it is free; the id of the job if it should be queued again."""
    with app.app_context():
        claimed = ledger.claim(job_id)
        if claimed is None:
            return None
        token = audit.actor.set(claimed.by_id)
        try:
            with tenancy.acting_for(claimed.org_id):
                return _Run(app, claimed).run()
        except Lost:
            log.warning("job %s was lost to another worker", job_id)
        finally:
            audit.actor.reset(token)
            db.session.remove()
    return None


class _Heart(threading.Thread):
    """Extends the lease while the job is done; says when the token no longer holds."""

    def __init__(self, app: Flask, claimed: Claim) -> None:
        super().__init__(daemon=True, name=f"heart-{claimed.id[-6:]}")
        self._app, self._claimed = app, claimed
        self._over = threading.Event()
        self.lost = threading.Event()

    def run(self) -> None:
        """Beat three times a lease."""
        while not self._over.wait(ledger.LEASE.total_seconds() / 3):
            with self._app.app_context():
                try:
                    ledger.beat(self._claimed)
                except Lost:
                    self.lost.set()
                    return

    def stop(self) -> None:
        """Beat no more."""
        self._over.set()
        self.join(timeout=5)


class _Run:
    """One attempt."""

    def __init__(self, app: Flask, claimed: Claim) -> None:
        self._claimed = claimed
        self._heart = _Heart(app, claimed)
        self._points: list[list[float]] = []
        self._shown = 0
        self._asked_at: float | None = None
        self._told_at = self._written_at = 0.0
        self._began_at, self._is_held_back = time.monotonic(), False
        self._best: dict[str, Any] | None = None

    def run(self) -> str | None:
        """From the handler's work to the end of the job."""
        self._heart.start()
        try:
            work = handler_of(self._claimed.kind)(self._claimed.id, self._claimed.params)
            return self._follow(work)
        except OutreachError as error:
            log.warning("job %s failed: %s", self._claimed.id, error.sentence())
            reason = error.rule if isinstance(error, RuleBroken) else error.code
            ledger.end(self._claimed, JobState.FAILED, reason)
        except Lost:
            raise
        except Exception:
            log.exception("job %s failed", self._claimed.id)
            ledger.end(self._claimed, JobState.FAILED, "unexpected")
        finally:
            self._heart.stop()
        return None

    def _follow(self, work: Work) -> str | None:
        child = Child(work.module)
        try:
            task = work.prepare()
            db.session.rollback()
            child.feed(task.stdin)
            while (status := child.ended()) is None:
                if self._look(child, task):
                    return None
                time.sleep(_LOOK_S)
            self._listen(child, task)
        finally:
            child.kill()
        if self._asked_at is not None and status < 0 and self._best is not None:
            self._store(task.finish(self._best), is_last=True)
            return None
        return self._ended(child, status, task)

    def _look(self, child: Child, task: Task) -> bool:
        """Hear the child and its readers once; True if the job was called off."""
        if self._heart.lost.is_set():
            raise Lost
        self._listen(child, task)
        self._hold_back(child)
        wishes = ledger.wishes(self._claimed)
        if wishes.cancel:
            child.kill()
            ledger.end(self._claimed, JobState.CANCELLED)
            return True
        if wishes.stop and self._shown:
            self._ask_to_stop(child)
        return False

    def _ask_to_stop(self, child: Child) -> None:
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            child.ask_to_stop()
        elif time.monotonic() - self._asked_at > _PATIENCE_S:
            child.kill()

    def _hold_back(self, child: Child) -> None:
        """Nobody waits any more who sees a plan, or has waited long."""
        is_due = self._shown or time.monotonic() - self._began_at > _HASTE_S
        if is_due and not self._is_held_back:
            self._is_held_back = True
            child.step_back()

    def _listen(self, child: Child, task: Task) -> None:
        try:
            while True:
                self._hear(child.said.get_nowait(), task)
        except queue.Empty:
            pass
        now = time.monotonic()
        if self._points and now - self._told_at > _STILL_S:
            at, best, left = self._points[-1]
            self._points.append([round(at + now - self._told_at, 3), best, left])
            self._told_at = now
        if self._points and now - self._written_at > _WRITE_S:
            self._written_at = now
            ledger.write(self._claimed, progress=ledger.thinned(self._points))

    def _hear(self, line: dict[str, Any], task: Task) -> None:
        if "best" in line:
            self._points.append([line["t"], line["best"], line["unserved"]])
            self._told_at = time.monotonic()
        elif "plan" in line:
            self._best = line["plan"]
            if not self._shown:
                self._store(task.preview(line["plan"]))
                self._shown = 1

    def _store(self, store: Store, *, is_last: bool = False) -> None:
        """Keep what the handler has made, if the token still holds: both or neither."""
        with writing():
            ledger.write(
                self._claimed, progress=ledger.thinned(self._points), shown=self._shown + 1
            )
            result = store()
            if is_last:
                ledger.end(self._claimed, JobState.DONE, result=result)

    def _ended(self, child: Child, status: int, task: Task) -> str | None:
        if status == _UNREADABLE:
            ledger.end(self._claimed, JobState.FAILED, "bad-problem")
            return None
        if status != 0:
            again = ledger.put_back(self._claimed, "crashed")
            return self._claimed.id if again else None
        self._store(task.finish(child.answer()), is_last=True)
        return None
