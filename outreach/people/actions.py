"""Writes: staff with skills and absences, teams with days and members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core import audit
from outreach.core.db import atomic, db, touch
from outreach.core.errors import Invalid
from outreach.core.i18n import sort_key
from outreach.people.models import (
    Absence,
    Depot,
    Skill,
    Staff,
    StaffSkill,
    Team,
    TeamDay,
    TeamMember,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFields:
    """What a person enters about a staff member.

    Attributes:
        skills: codes with their last day.
        user_id: who signs in as this person; their tablet gets the person's rounds.
    """

    name: str
    initials: str
    phone: str
    email: str
    employment: str
    gender: str
    is_active: bool
    skills: dict[str, date | None]
    user_id: str


@dataclass(frozen=True, slots=True)
class DayFields:
    """A team's shift on a weekday and who rides."""

    weekday: int
    starts: int
    ends: int
    break_minutes: int
    overtime: int
    members: tuple[str, ...]
    break_from: int = 11 * 60
    break_to: int = 14 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFields:
    """What a person enters about a team; names as in ``models.Team``."""

    letter: str
    depot_id: str
    profile: str
    vehicle: str
    grams_per_km: float
    is_unmarked: bool
    is_active: bool
    days: tuple[DayFields, ...]


@atomic
def save_depot(name: str, at: tuple[float, float], depot: Depot | None = None) -> Depot:
    """Make a place where teams begin and end their day, or move it; ``at``: latitude, longitude."""
    row = depot or Depot()
    row.name, (row.latitude, row.longitude) = name, at
    db.session.add(row)
    db.session.flush()
    audit.record("change" if depot else "create", "depot", row.id)
    return row


@atomic
def save_skill(code: str, name_da: str, name_en: str) -> Skill:
    """Make a skill, or name it anew."""
    row = db.session.scalars(select(Skill).where(Skill.code == code)).first()
    verb = "change" if row else "create"
    row = row or Skill(code=code)
    row.name_da, row.name_en = name_da, name_en
    db.session.add(row)
    db.session.flush()
    audit.record(verb, "skill", row.id)
    return row


@atomic
def save_staff(given: StaffFields, staff: Staff | None = None) -> Staff:
    """Make a staff member, or change one.

    Raises:
        Invalid: somebody else is this user.
    """
    same = db.session.scalars(select(Staff).where(Staff.user_id == given.user_id)).first()
    if same is not None and same is not staff:
        raise Invalid({"user_id": _("This user is %(name)s.", name=same.name)})
    row = staff or Staff(skills=[], absences=[])
    touch(row)
    row.user_id = given.user_id or None
    for name in ("name", "initials", "phone", "email", "employment", "gender", "is_active"):
        setattr(row, name, getattr(given, name))
    row.sort_key = sort_key(given.name)
    known = {skill.code: skill.id for skill in db.session.scalars(select(Skill))}
    wanted = {known[code]: end for code, end in given.skills.items() if code in known}
    kept = [link for link in row.skills if link.skill_id in wanted]
    for link in kept:
        link.valid_to = wanted.pop(link.skill_id)
    new = [StaffSkill(skill_id=skill_id, valid_to=end) for skill_id, end in wanted.items()]
    row.skills[:] = [*kept, *new]
    db.session.add(row)
    db.session.flush()
    audit.record("change" if staff else "create", "staff", row.id)
    return row


@atomic
def add_absence(staff: Staff, first: date, last: date) -> None:
    """Note that somebody is away; plans made from now on do without.

    Raises:
        Invalid: the days are in the wrong order.
    """
    if last < first:
        raise Invalid({"to_day": _("The last day lies before the first.")})
    db.session.add(Absence(staff_id=staff.id, from_day=first, to_day=last))
    audit.record("absence", "staff", staff.id, first=first.isoformat(), last=last.isoformat())


@atomic
def remove_absence(absence: Absence) -> None:
    """Take an absence back."""
    db.session.delete(absence)
    audit.record("absence-removed", "staff", absence.staff_id)


@atomic
def save_team(given: TeamFields, team: Team | None = None) -> Team:
    """Make a team, or change one.

    Raises:
        Invalid: the letter is taken, or somebody rides with another team at the same time; fields
            are ``letter`` and ``day_0`` to ``day_6``.
    """
    taken = db.session.scalars(select(Team).where(Team.letter == given.letter)).first()
    if taken is not None and taken is not team:
        raise Invalid({"letter": _("Another team has this letter.")})
    if given.is_active and (twice := _in_two_teams(given, team.id if team else "")):
        raise Invalid(twice)
    row = team or Team(days=[], members=[])
    touch(row)
    for name in ("letter", "depot_id", "profile", "vehicle", "grams_per_km", "is_unmarked"):
        setattr(row, name, getattr(given, name))
    row.is_active = given.is_active
    _set_days(row, given.days)
    db.session.add(row)
    db.session.flush()
    audit.record("change" if team else "create", "team", row.id)
    return row


def _in_two_teams(given: TeamFields, own_id: str) -> dict[str, str]:
    """Who would ride with two teams at once, as errors by weekday."""
    rides = db.session.execute(
        select(TeamDay, TeamMember.staff_id, Staff.name, Team.letter)
        .join(Team, Team.id == TeamDay.team_id)
        .join(
            TeamMember,
            (TeamMember.team_id == Team.id) & (TeamMember.weekday == TeamDay.weekday),
        )
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(Team.is_active, Team.id != own_id)
        .order_by(Staff.sort_key)
    ).all()
    return {
        f"day_{day.weekday}": _(
            "%(name)s rides with team %(letter)s at that time.", name=name, letter=letter
        )
        for day in given.days
        for other, staff_id, name, letter in rides
        if staff_id in day.members and other.weekday == day.weekday
        and other.starts < day.ends and day.starts < other.ends
    }  # fmt: skip


def _set_days(team: Team, wanted: tuple[DayFields, ...]) -> None:
    team.days.clear()
    team.members.clear()
    db.session.flush()  # the old rows go before new ones with the same keys come
    team.days.extend(
        TeamDay(
            weekday=day.weekday, starts=day.starts, ends=day.ends,
            break_minutes=day.break_minutes, break_from=day.break_from, break_to=day.break_to,
            overtime=day.overtime,
        )
        for day in wanted
    )  # fmt: skip
    team.members.extend(
        TeamMember(staff_id=staff_id, weekday=day.weekday)
        for day in wanted
        for staff_id in dict.fromkeys(day.members)
    )
