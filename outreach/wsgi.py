"""The door for a WSGI server: ``gunicorn outreach.wsgi:app`` (without ``--preload``)."""

from __future__ import annotations

from outreach.app import create_app, refuse_unsafe_start
from outreach.jobs import consumer

app = create_app()
refuse_unsafe_start(app)
consumer.start_if_no_worker_can(app)
