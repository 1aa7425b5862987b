"""Plans of a week with their rounds and stops, as stored."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Delete,
    LargeBinary,
    String,
    UniqueConstraint,
    Update,
    event,
    or_,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
)

from outreach.core.db import OrgRow, db, link, own
from outreach.people.models import Team
from outreach.visits.models import OUTREACH, Visit


class PlanState(StrEnum):
    """A plan is drafted, then published; a published one never changes."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Plan(OrgRow):
    """One version of one week's plan in one book.

    Attributes:
        book: empty for the weekly outreach; else the id of the election that it belongs to.
        engine: what made the plan that hand-made changes began with.
        number: 1, 2, 3 … within the week; the highest published one is what tablets get.
        cost: the amounts of the solver's ``cost``, in minutes, metres and grams.
        snapshot: the published plan as canonical JSON bytes, names included; None while a draft.
        snapshot_sha256: hex digest of these bytes.
        breaches: what a hand-made draft breaks: rule, visit, shift and amount each.
    """

    __table_args__ = own(UniqueConstraint("org_id", "monday", "book", "number"))

    monday: Mapped[date] = mapped_column(index=True)
    book: Mapped[str] = mapped_column(String(36), default=OUTREACH, index=True)
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
        team_id: None in an election's book, whose teams are formed day by day.
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
    team_id: Mapped[str | None] = mapped_column(String(36), index=True)
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
    team: Mapped[Team | None] = relationship(lazy="raise", viewonly=True)


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
@event.listens_for(Plan, "before_delete")
def _published_never_changes(_mapper: Mapper[Plan], connection: Connection, plan: Plan) -> None:
    """The stored state counts, whatever the row in memory says."""
    was = Plan.metadata.tables["plan"].c
    if connection.scalar(select(was.state).where(was.id == plan.id)) == PlanState.PUBLISHED:
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


def _none_by_the_hundred(given: ORMExecuteState) -> None:
    """Nor does one UPDATE or DELETE reach them; see ``_parts_never_change`` for single rows."""
    statement = given.statement
    if not isinstance(statement, Update | Delete) or given.bind_mapper is None:
        return
    part = given.bind_mapper.class_
    if part not in (Plan, Round, Stop, Unplanned):
        return
    meant = select(Plan.id).where(Plan.state == PlanState.PUBLISHED)
    if part is Stop:
        meant = meant.join(Round, Round.plan_id == Plan.id).join(Stop, Stop.round_id == Round.id)
    elif part is not Plan:
        meant = meant.join(part, part.plan_id == Plan.id)
    if statement.whereclause is not None:
        meant = meant.where(statement.whereclause)
    values = given.parameters if isinstance(given.parameters, dict) else {}
    if given.session.execute(meant.limit(1), values).first():
        _refuse()


def guard() -> None:
    """Let every session keep published plans as they are."""
    factory = db.session.session_factory
    if not event.contains(factory, "before_flush", _parts_never_change):
        event.listen(factory, "before_flush", _parts_never_change)
        event.listen(factory, "do_orm_execute", _none_by_the_hundred)
