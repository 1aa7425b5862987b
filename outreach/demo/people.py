"""Users, staff, depots and teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.accounts.actions import hashed
from outreach.accounts.models import User
from outreach.accounts.rules import DEMO_PASSWORD
from outreach.core.auth import Role
from outreach.core.i18n import sort_key
from outreach.demo.catalogue import Catalogue
from outreach.demo.names import Names
from outreach.demo.sizes import Member, TeamPlan
from outreach.demo.store import Store
from outreach.people.models import Absence, Depot, Staff, StaffSkill, Team, TeamDay, TeamMember

FIELD_LOGINS = 14
_DESK = (
    ("admin", "Adam Administrator", Role.ADMIN),
    ("admin2", "Anna Administrator", Role.ADMIN),
    ("koordinator", "Karen Koordinator", Role.COORDINATOR),
    ("valg", "Viggo Valgansvarlig", Role.ELECTION_OFFICER),
    ("laeser", "Laura Læser", Role.VIEWER),
    ("revisor", "Rasmus Revisor", Role.AUDITOR),
)


@dataclass(frozen=True, slots=True)
class SeedPerson:
    """A staff member who was stored, with the user who reports for her."""

    staff_id: str
    user_id: str
    name: str
    gender: str


@dataclass(frozen=True, slots=True)
class SeedTeam:
    """A team that was stored."""

    id: str
    letter: str
    depot: int
    skills: frozenset[str]
    people: tuple[SeedPerson, ...]


def demo_password() -> str:
    """The hash that all demo users share; it is made once, because each takes 0.1 s."""
    return hashed(DEMO_PASSWORD)


def store_desk(store: Store, password: str) -> dict[str, str]:
    """Keep the demo users who sit at a desk; gives ids by login."""
    return {login: store_user(store, login, name, role, password) for login, name, role in _DESK}


def store_user(store: Store, login: str, name: str, role: Role, password: str) -> str:
    """Keep a demo user; gives its id."""
    return store.add(
        User, email=f"{login}@example.dk", name=name, roles=[role.value], language="",
        password_hash=password, is_demo=True,
    )  # fmt: skip


def store_depots(store: Store, depots: Sequence[tuple[str, float, float]]) -> list[str]:
    """Keep the depots: name, latitude, longitude."""
    return [
        store.add(Depot, name=name, latitude=lat, longitude=lon) for name, lat, lon in depots
    ]  # fmt: skip


@dataclass(slots=True)
class Crew:
    """Makes staff and teams, one after the other.

    Attributes:
        desk: users by login; who has no login of their own reports as the coordinator.
    """

    store: Store
    catalogue: Catalogue
    names: Names
    desk: dict[str, str]
    password: str
    made: int = 0

    def team(self, plan: TeamPlan, depot_id: str) -> SeedTeam:
        """Keep a team with its people, Monday to Friday, eight to four."""
        people = tuple(self._person(member) for member in plan.members)
        team_id = self.store.add(
            Team, letter=plan.letter, depot_id=depot_id, profile=plan.profile,
            vehicle=plan.vehicle, grams_per_km=plan.grams_per_km, is_unmarked=plan.is_unmarked,
        )  # fmt: skip
        for weekday in range(5):
            self.store.add(TeamDay, team_id=team_id, weekday=weekday)
            for person in people:
                self.store.add(
                    TeamMember, team_id=team_id, staff_id=person.staff_id, weekday=weekday
                )
        skills = frozenset(skill for member in plan.members for skill in member.skills)
        return SeedTeam(team_id, plan.letter, plan.depot, skills, people)

    def _person(self, member: Member) -> SeedPerson:
        self.made += 1
        name = self.names.next(member.gender)
        user_id = None
        if self.made <= FIELD_LOGINS and self.desk:
            login = f"felt{self.made}"
            user_id = store_user(self.store, login, name, Role.FIELD, self.password)
        staff_id = self.store.add(
            Staff, name=name, initials="".join(part[0] for part in name.split()),
            sort_key=sort_key(name), phone=f"00 00 00 {self.made % 100:02d}",
            email=f"felt{self.made}@example.dk", user_id=user_id, gender=member.gender,
            employment="employee",
        )  # fmt: skip
        for skill in dict.fromkeys(member.skills):
            skill_id = self.catalogue.skill_ids[skill]
            self.store.add(StaffSkill, staff_id=staff_id, skill_id=skill_id)
        return SeedPerson(
            staff_id, user_id or self.desk.get("koordinator", ""), name, member.gender
        )


def store_absence(store: Store, person: SeedPerson, monday: date) -> None:
    """Somebody was away in the week before last."""
    first = monday - timedelta(days=14)
    store.add(Absence, staff_id=person.staff_id, from_day=first, to_day=first + timedelta(days=2))
