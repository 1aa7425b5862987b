"""Reads of staff, skills and teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from outreach.core import clock
from outreach.core.db import db
from outreach.core.errors import NotFound
from outreach.core.i18n import language
from outreach.people.models import Absence, Depot, Skill, Staff, StaffSkill, Team, TeamMember
from outreach.people.rules import Person


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A line of the staff list."""

    id: str
    name: str
    initials: str
    employment: str
    skills: tuple[str, ...]
    away_until: date | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A line of the list of teams.

    Attributes:
        weekdays: the days on which it goes out (0 is Monday).
        members: names, each once.
    """

    id: str
    letter: str
    vehicle: str
    profile: str
    depot: str
    weekdays: tuple[int, ...]
    starts: int | None
    ends: int | None
    members: tuple[str, ...]
    is_active: bool


def staff() -> tuple[StaffRow, ...]:
    """Everybody who goes out, by name. Cost: three statements."""
    found = db.session.scalars(
        select(Staff)
        .options(
            selectinload(Staff.skills).joinedload(StaffSkill.skill),
            selectinload(Staff.absences),
        )
        .order_by(Staff.sort_key)
    )
    today = clock.today()
    return tuple(
        StaffRow(
            s.id, s.name, s.initials, s.employment,
            tuple(sorted(skill_name(k.skill) for k in s.skills)),
            max((a.to_day for a in s.absences if a.from_day <= today <= a.to_day), default=None),
            s.is_active,
        )
        for s in found
    )  # fmt: skip


def teams() -> tuple[TeamRow, ...]:
    """Every team, by letter. Cost: three statements."""
    found = db.session.scalars(
        select(Team)
        .options(
            joinedload(Team.depot),
            selectinload(Team.days),
            selectinload(Team.members).joinedload(TeamMember.staff),
        )
        .order_by(Team.letter)
    )
    return tuple(_team_row(team) for team in found)


def _team_row(team: Team) -> TeamRow:
    return TeamRow(
        team.id, team.letter, team.vehicle, team.profile, team.depot.name,
        tuple(day.weekday for day in team.days),
        min((day.starts for day in team.days), default=None),
        max((day.ends for day in team.days), default=None),
        tuple(sorted({member.staff.name for member in team.members})), team.is_active,
    )  # fmt: skip


def skill_name(skill: Skill) -> str:
    """Its name in the language of the moment."""
    return skill.name_da if language() == "da" else skill.name_en


def skills() -> list[Skill]:
    """Every skill, by code. Cost: one statement."""
    return list(db.session.scalars(select(Skill).order_by(Skill.code)))


def skill_choices() -> list[tuple[str, str]]:
    """Code and name of every skill, for a form. Cost: one statement."""
    return [(skill.code, skill_name(skill)) for skill in skills()]


def staff_choices() -> list[tuple[str, str]]:
    """Id and name of everybody active, for a form. Cost: one statement."""
    found = db.session.scalars(select(Staff).where(Staff.is_active).order_by(Staff.sort_key))
    return [(one.id, one.name) for one in found]


def depots() -> list[tuple[str, str]]:
    """Id and name of every depot, for a form. Cost: one statement."""
    return [(d.id, d.name) for d in db.session.scalars(select(Depot).order_by(Depot.name))]


def depot_by_id(depot_id: str) -> Depot:
    """One depot. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Depot).where(Depot.id == depot_id)).first()
    if found is None:
        raise NotFound
    return found


def has_skill(code: str) -> bool:
    """Whether a skill has this code. Cost: one statement."""
    return db.session.scalars(select(Skill.id).where(Skill.code == code)).first() is not None


def skill_by_id(skill_id: str) -> Skill:
    """One skill. Cost: one statement.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Skill).where(Skill.id == skill_id)).first()
    if found is None:
        raise NotFound
    return found


def staff_by_id(staff_id: str) -> Staff:
    """One person with skills and absences.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Staff)
        .where(Staff.id == staff_id)
        .options(
            selectinload(Staff.skills).joinedload(StaffSkill.skill),
            selectinload(Staff.absences),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def absence_by_id(absence_id: str) -> Absence:
    """One absence.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(select(Absence).where(Absence.id == absence_id)).first()
    if found is None:
        raise NotFound
    return found


def team_by_id(team_id: str) -> Team:
    """One team with its days and members.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Team)
        .where(Team.id == team_id)
        .options(
            joinedload(Team.depot),
            selectinload(Team.days),
            selectinload(Team.members).joinedload(TeamMember.staff),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def people() -> dict[str, Person]:
    """Everybody as the planner sees them, by id. Cost: three statements."""
    found = db.session.scalars(
        select(Staff).options(
            selectinload(Staff.skills).joinedload(StaffSkill.skill),
            selectinload(Staff.absences),
        )
    )
    return {
        s.id: Person(
            s.id, s.name, s.gender, s.is_active,
            tuple((k.skill.code, k.valid_to) for k in s.skills),
            tuple((a.from_day, a.to_day) for a in s.absences),
        )
        for s in found
    }  # fmt: skip


def active_teams() -> list[Team]:
    """Teams with depot, days and members, by letter. Cost: three statements."""
    return list(
        db.session.scalars(
            select(Team)
            .where(Team.is_active)
            .options(joinedload(Team.depot), selectinload(Team.days), selectinload(Team.members))
            .order_by(Team.letter)
        )
    )
