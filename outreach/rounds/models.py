"""Plans of a week with their rounds and stops, as stored."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    inspect,
    or_,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, relationship

from outreach.core.db import OrgRow, db, link, own
from outreach.people.models import Team
from outreach.visits.models import Visit


class PlanState(StrEnum):
    """A plan is drafted, then published; a published one never changes."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Plan(OrgRow):
    """One version of one week's plan.

    Attributes:
        number: 1, 2, 3 … within the week; the highest published one is what tablets get.
        cost: the amounts of the solver's ``cost``, in minutes, metres and grams.
        snapshot: the published plan as canonical JSON bytes, names included; None while a draft.
        snapshot_sha256: hex digest of these bytes.
        breaches: what a hand-made draft breaks: rule, visit, shift and amount each.
    """

    __table_args__ = own(UniqueConstraint("org_id", "monday", "number"))

    monday: Mapped[date] = mapped_column(index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=PlanState.DRAFT)
    engine: Mapped[str] = mapped_column(String(40), default="")
    job_id: Mapped[str | None] = mapped_column(String(36))
    cost: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(36))
    snapshot: Mapped[bytes | None] = mapped_column(LargeBinary)
    snapshot_sha256: Mapped[str] = mapped_column(String(64), default="")
    breaches: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rounds: Mapped[list[Round]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="(Round.day, Round.team_letter)"
    )
    unplanned: Mapped[list[Unplanned]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Round(OrgRow):
    """One team's day in a plan. Times are minutes from midnight of the day.

    Attributes:
        members: names of the people who ride, as they were when the plan was made.
        leaves, returns: at the depot.
        kits: pool kits to take along.
    """

    __table_args__ = own(
        link("plan_id", "plan", ondelete="CASCADE"),
        link("team_id", "team"),
        UniqueConstraint("plan_id", "team_id", "day"),
    )

    plan_id: Mapped[str] = mapped_column(String(36), index=True)
    team_id: Mapped[str] = mapped_column(String(36), index=True)
    team_letter: Mapped[str] = mapped_column(String(2))
    day: Mapped[date] = mapped_column(index=True)
    member_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    members: Mapped[list[str]] = mapped_column(JSON, default=list)
    vehicle: Mapped[str] = mapped_column(String(60), default="")
    kits: Mapped[list[str]] = mapped_column(JSON, default=list)
    leaves: Mapped[int]
    returns: Mapped[int]
    break_starts: Mapped[int | None]
    break_ends: Mapped[int | None]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    metres: Mapped[int] = mapped_column(default=0)
    grams_co2: Mapped[int] = mapped_column(default=0)
    stops: Mapped[list[Stop]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Stop.seq"
    )
    team: Mapped[Team] = relationship(lazy="raise", viewonly=True)


class Stop(OrgRow):
    """A visit's place in a round. A visit of two crews has two stops."""

    __table_args__ = own(
        link("round_id", "round", ondelete="CASCADE"),
        link("visit_id", "visit"),
        UniqueConstraint("round_id", "visit_id"),
    )

    round_id: Mapped[str] = mapped_column(String(36), index=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    seq: Mapped[int]
    arrives: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    visit: Mapped[Visit] = relationship(lazy="raise", viewonly=True)


class Unplanned(OrgRow):
    """A due visit that the plan leaves out, with the solver's verified reasons.

    Attributes:
        reasons: as in the solver's explanation: code and detail.
        cures: as in the solver's explanation: code, patch and price.
    """

    __table_args__ = own(
        link("plan_id", "plan", ondelete="CASCADE"),
        link("visit_id", "visit"),
        UniqueConstraint("plan_id", "visit_id"),
    )

    plan_id: Mapped[str] = mapped_column(String(36), index=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    cures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    visit: Mapped[Visit] = relationship(lazy="raise", viewonly=True)


def _refuse(*_args: object) -> None:
    raise RuntimeError("a published plan never changes")


@event.listens_for(Plan, "before_update")
def _published_never_changes(_mapper: Mapper[Plan], _connection: Connection, plan: Plan) -> None:
    history = inspect(plan).attrs.state.history
    was = history.deleted[0] if history.deleted else plan.state
    if was == PlanState.PUBLISHED:
        _refuse()


@event.listens_for(Plan, "before_delete")
def _published_stays(_mapper: Mapper[Plan], _connection: Connection, plan: Plan) -> None:
    if plan.state == PlanState.PUBLISHED:
        _refuse()


def _parts_never_change(session: Session, _context: object, _instances: object) -> None:
    """Neither do its rounds, stops and list of what was left out; nor are any added."""
    changed = [row for row in (*session.new, *session.dirty, *session.deleted)
               if isinstance(row, Round | Stop | Unplanned)]  # fmt: skip
    rounds = {row.round_id for row in changed if isinstance(row, Stop) and row.round_id}
    plans = {row.plan_id for row in changed if isinstance(row, Round | Unplanned) and row.plan_id}
    if not rounds and not plans:
        return
    found = session.execute(
        select(Plan.id).where(
            Plan.state == PlanState.PUBLISHED,
            or_(Plan.id.in_(plans), Plan.id.in_(select(Round.plan_id).where(Round.id.in_(rounds)))),
        )
    )
    if found.first():
        _refuse()


def guard() -> None:
    """Let every session keep published plans as they are."""
    factory = db.session.session_factory
    if not event.contains(factory, "before_flush", _parts_never_change):
        event.listen(factory, "before_flush", _parts_never_change)
