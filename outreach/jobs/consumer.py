"""Huey carries word of new jobs to the workers; a reaper finds those that were forgotten."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from flask import Flask
from huey import SqliteHuey
from huey.consumer import Consumer

from outreach.core import audit, tenancy
from outreach.core.config import Settings
from outreach.core.errors import BadSetting
from outreach.jobs.queries import overdue
from outreach.jobs.runner import work_off

log = logging.getLogger("outreach.jobs")

_FILE = "sqlite:///"
_REAP = 2.0
_LONGEST_WAIT = 0.3


def init_app(app: Flask) -> None:
    """Open the queue of this application."""
    app.extensions["queue"] = _Queue(app)


class _Queue:
    def __init__(self, app: Flask) -> None:
        settings: Settings = app.config["OUTREACH"]
        if not settings.queue_url.startswith(_FILE):
            raise BadSetting(why="OUTREACH_QUEUE_URL must be an SQLite file: sqlite:///PATH")
        self.app = app
        self.huey: Any = SqliteHuey("outreach", filename=settings.queue_url.removeprefix(_FILE))
        self.task = self.huey.task(name="work_off")(self.work)

    def work(self, job_id: str, org_id: str) -> None:
        """Work off one job inside its organisation."""
        with self.app.app_context(), tenancy.acting_for(org_id):
            who = audit.actor.set("worker")
            try:
                work_off(job_id)
            finally:
                audit.actor.reset(who)


def announce(app: Flask, job_id: str, org_id: str) -> None:
    """Tell the workers of a job; if the word is lost, the reaper finds the row."""
    queue: _Queue = app.extensions["queue"]
    queue.task(job_id, org_id)


def _reap(app: Flask) -> None:
    while True:
        time.sleep(_REAP)
        try:
            with app.app_context():
                for job_id, org_id in overdue():
                    announce(app, job_id, org_id)
        except Exception:
            log.exception("the reaper stumbled")


def start(app: Flask) -> Consumer:
    """Work off jobs in threads of this process."""
    queue: _Queue = app.extensions["queue"]
    consumer = Consumer(
        queue.huey, workers=2, periodic=False, initial_delay=0.05, backoff=1.3,
        max_delay=_LONGEST_WAIT, worker_type="thread", check_worker_health=True,
    )  # fmt: skip
    consumer.start()
    threading.Thread(target=_reap, args=(app,), daemon=True).start()
    return consumer


def run_forever(app: Flask) -> None:
    """Work off jobs until the process is told to end.

    Raises:
        BadSetting: with SQLite jobs are worked off inside ``outreach run``; a second process on
            another machine could not reach the file.
    """
    settings: Settings = app.config["OUTREACH"]
    if settings.database_url.startswith("sqlite"):
        raise BadSetting(
            why="a worker of its own needs PostgreSQL; with SQLite `outreach run` does the work"
        )
    start(app)
    threading.Event().wait()
