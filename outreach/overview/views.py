"""The start page and the health check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.pages import render

bp = Blueprint("overview", __name__)


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What needs the reader now."""

    template: ClassVar[str] = "overview/home.html"
    title: str


@bp.get("/")
@requires(May.SIGNED_IN)
def home() -> ResponseReturnValue:
    """The start page."""
    return render(OverviewPage(_("Overview")))


@bp.get("/healthz")
@requires(May.PUBLIC)
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
