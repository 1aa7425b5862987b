"""What ``outreach run`` asks of its web server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import waitress
from click.testing import CliRunner

from outreach import cli
from outreach.core.config import MOST_BYTES
from outreach.core.db import db
from outreach.jobs import consumer


@pytest.mark.parametrize("proxies", [0, 1])
def test_bodies_are_bounded_and_proxies_are_believed_only_where_there_are_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: int
) -> None:
    asked: dict[str, Any] = {}

    def serve(app: Any, **options: Any) -> None:
        asked.update(options)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    monkeypatch.setattr(waitress, "serve", serve)
    monkeypatch.setattr(consumer, "start", lambda _app: None)
    for name, value in {"ENV": "test", "INSTANCE": str(tmp_path), "PROXIES": str(proxies)}.items():
        monkeypatch.setenv(f"OUTREACH_{name}", value)
    monkeypatch.setenv("PORT", "0")
    done = CliRunner().invoke(cli.main, ["run"])
    assert done.exit_code == 0, done.output
    assert asked["host"] == "127.0.0.1"
    assert asked["max_request_body_size"] <= 8 * MOST_BYTES
    assert asked["clear_untrusted_proxy_headers"] is (proxies == 0)
