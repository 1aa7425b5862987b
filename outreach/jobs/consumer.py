"""The threads that work off jobs, inside ``outreach run`` or in a process of their own."""

from __future__ import annotations

import logging
import threading
import time

from flask import Flask

from outreach.core.errors import BadSetting
from outreach.jobs import ledger, transport, worker

log = logging.getLogger("outreach.jobs")

_LOOK_S = 0.1
_REAP_S = 3.0
_WORKERS = 1


class Consumer:
    """Workers and the reaper of one process."""

    def __init__(self, app: Flask, workers: int = _WORKERS) -> None:
        self._app = app
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, daemon=True, name=f"jobs-{n}")
            for n in range(workers)
        ]
        self._threads.append(threading.Thread(target=self._reap, daemon=True, name="jobs-reaper"))

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no more jobs; a running one is finished first."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        queue = transport.queue_of(self._app)
        while not self._over.is_set():
            try:
                job_id = queue.receive()
                again = worker.do(self._app, job_id) if job_id else None
            except Exception:
                log.exception("a job could not be worked off")
                job_id, again = "", None
            if again:
                queue.send(again)
            if not job_id:
                self._over.wait(_LOOK_S)

    def _reap(self) -> None:
        queue = transport.queue_of(self._app)
        while not self._over.wait(_REAP_S):
            try:
                with self._app.app_context():
                    found = ledger.reap()
                for job_id in found:
                    queue.send(job_id)
            except Exception:
                log.exception("the reaper failed")


def start(app: Flask) -> Consumer:
    """Work off jobs beside the pages of the same process."""
    made = Consumer(app)
    made.start()
    return made


def _stays_here(app: Flask) -> bool:
    """Whether queue or database is an SQLite file, which no other machine can share."""
    settings = app.config["OUTREACH"]
    return any(url.startswith("sqlite") for url in (settings.queue_url, settings.database_url))


def start_if_no_worker_can(app: Flask) -> Consumer | None:
    """Work off jobs beside the pages where ``outreach worker`` would refuse to."""
    return start(app) if _stays_here(app) else None


def run_forever(app: Flask) -> None:
    """Work off jobs in a process of its own.

    Raises:
        BadSetting: the queue or the database is an SQLite file.
    """
    if _stays_here(app):
        raise BadSetting(
            why="a worker of its own needs PostgreSQL for OUTREACH_DATABASE_URL and "
            "OUTREACH_QUEUE_URL; with SQLite, the server works off the jobs itself"
        )
    made = start(app)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        made.stop()
