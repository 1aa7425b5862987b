"""The start page of each role, and the health check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import Blueprint, Flask, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.auth import May, Role, requires, user
from outreach.core.pages import render
from outreach.overview import elections, queries
from outreach.reports import labels
from outreach.reports.periods import half_of

bp = Blueprint("overview", __name__)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """What a coordinator must know now; lists are cut to ``SHOWN`` lines."""

    day: date | None
    rounds: tuple[queries.RoundNow, ...]
    overdue: tuple[queries.Overdue, ...]
    next_week: queries.WeekAhead
    reasons: tuple[str, ...]
    troubles: tuple[queries.Trouble, ...]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """What needs the reader now; a part is None for those whom it does not concern."""

    template: ClassVar[str] = "overview/home.html"
    title: str
    today: date
    shown: int
    desk: Desk | None
    elections: elections.Elections | None
    mine: tuple[queries.MyRound, ...] | None
    household: queries.Household | None
    period: str
    audit_url: str


@bp.get("/")
@requires(May.SIGNED_IN)
def home() -> ResponseReturnValue:
    """The start page."""
    me, today = user(), clock.today()
    return render(
        OverviewPage(
            title=_("Overview"), today=today, shown=SHOWN,
            desk=_desk(today) if me.may(May.PLAN) else None,
            elections=elections.near() if me.may(May.ELECT) else None,
            mine=queries.my_rounds(me.id, today) if Role.FIELD in me.roles else None,
            household=queries.household() if me.may(May.ADMINISTER) else None,
            period=labels.period(half_of(today)),
            audit_url=_url("accounts.audit_log") if me.may(May.AUDIT) else "",
        )
    )  # fmt: skip


def _desk(today: date) -> Desk:
    monday = clock.monday_of(today)
    day = queries.next_day_with_rounds(today)
    ahead = queries.week_ahead(monday + timedelta(days=7))
    return Desk(
        day=day, rounds=queries.rounds_of(day) if day else (),
        overdue=queries.overdue(monday), next_week=ahead,
        reasons=tuple(labels.reason(f"unplanned.{one.why}") for one in ahead.left_out),
        troubles=queries.troubles(),
        links=_links(day, ahead.monday),
    )  # fmt: skip


def _links(day: date | None, next_monday: date) -> dict[str, str]:
    return {
        "week": _url("rounds.week", monday=next_monday),
        "day": _url("rounds.day", day=day) if day else "",
    }


def _url(endpoint: str, **values: Any) -> str:
    """Where a part of the product is; empty where it is not there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


@bp.get("/healthz")
@requires(May.PUBLIC)
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
