"""Staff, skills and teams, as stored."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.core.db import OrgRow, link, own


class Depot(OrgRow):
    """Where a team's day begins and ends."""

    name: Mapped[str] = mapped_column(String(120))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Skill(OrgRow):
    """Something that a person must be able or allowed to do, such as ``passport_officer``."""

    __table_args__ = own(UniqueConstraint("org_id", "code"))

    code: Mapped[str] = mapped_column(String(40))
    name_da: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))


class Staff(OrgRow):
    """Somebody who goes out. Never a citizen who is served.

    Attributes:
        employment: employee, appointed_voter, volunteer or interpreter.
        gender: self-declared, optional (``woman``, ``man`` or empty); only used where a site
            asks for women.
    """

    __table_args__ = own(link("user_id", "app_user"))

    name: Mapped[str] = mapped_column(String(120))
    initials: Mapped[str] = mapped_column(String(8))
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[str | None] = mapped_column(String(36), index=True)
    employment: Mapped[str] = mapped_column(String(20), default="employee")
    gender: Mapped[str] = mapped_column(String(10), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    skills: Mapped[list[StaffSkill]] = relationship(lazy="raise", cascade="all, delete-orphan")
    absences: Mapped[list[Absence]] = relationship(lazy="raise", cascade="all, delete-orphan")


class StaffSkill(OrgRow):
    """A person has a skill, perhaps only until a date."""

    __table_args__ = own(
        link("staff_id", "staff", ondelete="CASCADE"),
        link("skill_id", "skill"),
        UniqueConstraint("staff_id", "skill_id"),
    )

    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    skill_id: Mapped[str] = mapped_column(String(36), index=True)
    valid_to: Mapped[date | None]
    skill: Mapped[Skill] = relationship(lazy="raise", viewonly=True)


class Absence(OrgRow):
    """Whole days on which a person is away, both ends included."""

    __table_args__ = own(
        link("staff_id", "staff", ondelete="CASCADE"),
        CheckConstraint("from_day <= to_day", name="order"),
    )

    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]


class Team(OrgRow):
    """People who go out together in one vehicle; a shift of the planner is a team on a day.

    Attributes:
        letter: how the team is known on boards, A to Z.
        profile: how it travels: car, bicycle or foot.
        is_unmarked: no municipal sign on the vehicle.
        kit_slots: how many different pool kits it can take in a day; None means any number.
    """

    __table_args__ = own(link("depot_id", "depot"), UniqueConstraint("org_id", "letter"))

    letter: Mapped[str] = mapped_column(String(2))
    depot_id: Mapped[str] = mapped_column(String(36))
    profile: Mapped[str] = mapped_column(String(10), default="car")
    vehicle: Mapped[str] = mapped_column(String(60), default="")
    grams_per_km: Mapped[float] = mapped_column(default=150.0)
    is_unmarked: Mapped[bool] = mapped_column(default=False)
    kit_slots: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    days: Mapped[list[TeamDay]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="TeamDay.weekday"
    )
    members: Mapped[list[TeamMember]] = relationship(lazy="raise", cascade="all, delete-orphan")
    depot: Mapped[Depot] = relationship(lazy="raise", viewonly=True)


class TeamDay(OrgRow):
    """The shift of a team on a weekday. Minutes count from midnight.

    Attributes:
        weekday: 0 is Monday.
        break_minutes: 0 means no break.
        overtime: minutes after ``ends`` that are allowed.
    """

    __table_args__ = own(
        link("team_id", "team", ondelete="CASCADE"),
        UniqueConstraint("team_id", "weekday"),
        CheckConstraint("starts < ends", name="order"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
    )

    team_id: Mapped[str] = mapped_column(String(36), index=True)
    weekday: Mapped[int]
    starts: Mapped[int] = mapped_column(default=8 * 60)
    ends: Mapped[int] = mapped_column(default=16 * 60)
    break_minutes: Mapped[int] = mapped_column(default=30)
    break_from: Mapped[int] = mapped_column(default=11 * 60)
    break_to: Mapped[int] = mapped_column(default=14 * 60)
    overtime: Mapped[int] = mapped_column(default=0)


class TeamMember(OrgRow):
    """Who rides with a team on a weekday."""

    __table_args__ = own(
        link("team_id", "team", ondelete="CASCADE"),
        link("staff_id", "staff", ondelete="CASCADE"),
        UniqueConstraint("team_id", "staff_id", "weekday"),
    )

    team_id: Mapped[str] = mapped_column(String(36), index=True)
    staff_id: Mapped[str] = mapped_column(String(36), index=True)
    weekday: Mapped[int]
    staff: Mapped[Staff] = relationship(lazy="raise", viewonly=True)
