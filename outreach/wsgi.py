"""The door for a WSGI server: ``gunicorn outreach.wsgi:app``."""

from __future__ import annotations

from outreach.app import create_app, refuse_demo_logins

app = create_app()
refuse_demo_logins(app)
