"""An election to come, so that every window is still ahead; receivers, and a few decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.core import clock
from outreach.core.auth import Role
from outreach.core.i18n import sort_key
from outreach.demo.names import Names
from outreach.demo.people import store_user
from outreach.demo.sites import SeedSite
from outreach.demo.store import Store
from outreach.elections.models import Election, LocalDecision, SiteDecision
from outreach.people.models import Staff
from outreach.receivers.models import Appointment
from outreach.receivers.rules import initials
from outreach.rulesets import library

RECEIVER_LOGINS = 4
TITLE = "Demovalg \N{EN DASH} kommunal- og regionalvalg"
_AHEAD, _TUESDAY = timedelta(days=35), 1
_VOTERS, _RESERVES, _EMPLOYEES = 54, 10, 6
_CANDIDATES, _UNINSTRUCTED, _EXPIRED, _SOME_DAYS = {9, 31}, {7, 8, 22, 40, 47}, {17}, {12, 26, 36}
"""Numbers of voters with whom something is the matter; the first four have tablets."""
_HOMES = 6
"""So many care homes are decided already."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What all appointments of the demo have in common."""

    election_id: str
    election_day: date
    password: str


def election_day(today: date) -> date:
    """The first Tuesday that is at least five weeks ahead."""
    earliest = today + _AHEAD
    return earliest + timedelta(days=(_TUESDAY - earliest.weekday()) % 7)


def store_election(store: Store, sites: Sequence[SeedSite], names: Names, password: str) -> None:
    """Keep the election of a municipality with its receivers."""
    today = clock.today()
    day = election_day(today)
    ruleset = library.choose("dk-kv", day, library.shipped().values())
    election_id = store.add(
        Election, title=TITLE, ruleset=ruleset.key, law=ruleset.document(), election_day=day
    )
    store.add(
        LocalDecision, election_id=election_id, option="one_employee", document="26/014523",
        decided_on=today - timedelta(days=30),
    )  # fmt: skip
    _decide(store, election_id, sites)
    terms = _Terms(election_id, day, password)
    for number in range(_VOTERS):
        _voter(store, terms, names, number)
    for number in range(_EMPLOYEES):
        _employee(store, terms, names, number)


def _decide(store: Store, election_id: str, sites: Sequence[SeedSite]) -> None:
    """Hospital and prison see to it themselves; a few care homes have a session."""
    homes = [site for site in sites if site.kind == "care_home" and site.is_open]
    own = [site for site in sites if site.kind in ("hospital", "prison") and site.is_open]
    for outcome, chosen in (("self_served", own), ("session", homes[:_HOMES])):
        for site in chosen:
            store.add(SiteDecision, election_id=election_id, site_id=site.id, outcome=outcome)


def _voter(store: Store, terms: _Terms, names: Names, number: int) -> None:
    """Somebody whom the council appointed; some cannot be planned, each for a reason."""
    login = f"modtager{number + 1}" if number < RECEIVER_LOGINS else ""
    name = names.next("woman" if number % 2 == 0 else "man")
    staff_id = _staff(store, terms, name, f"tilforordnet{number + 1}", login=login)
    window = [terms.election_day - timedelta(days=n) for n in range(8, 3, -1)]
    _appoint(
        store, terms, staff_id, role="appointed_voter",
        instructed=number not in _UNINSTRUCTED, is_candidate=number in _CANDIDATES,
        is_reserve=number >= _VOTERS - _RESERVES,
        expires_on=terms.election_day - timedelta(days=10) if number in _EXPIRED else None,
        days=[day.isoformat() for day in window[:2]] if number in _SOME_DAYS else None,
        source_ref=f"D{1001 + number}",
    )  # fmt: skip


def _employee(store: Store, terms: _Terms, names: Names, number: int) -> None:
    """Somebody of the election office; with the council's decision one may be on a team."""
    name = names.next("man" if number % 2 == 0 else "woman")
    staff_id = _staff(store, terms, name, f"valgkontor{number + 1}", employment="employee")
    _appoint(
        store, terms, staff_id, role="municipal_employee", instructed=True, is_candidate=False,
        is_reserve=False, expires_on=None, days=None, source_ref=f"M{number + 1}",
    )  # fmt: skip


def _staff(
    store: Store, terms: _Terms, name: str, mail: str, *, login: str = "",
    employment: str = "appointed_voter",
) -> str:  # fmt: skip
    user_id = store_user(store, login, name, Role.FIELD, terms.password) if login else None
    return store.add(
        Staff, name=name, initials=initials(name), sort_key=sort_key(name), phone="00 00 00 00",
        email=f"{login or mail}@example.dk", user_id=user_id, gender="", employment=employment,
    )  # fmt: skip


def _appoint(
    store: Store, terms: _Terms, staff_id: str, *, instructed: bool, **more: object
) -> None:
    today = clock.today()
    store.add(
        Appointment, election_id=terms.election_id, staff_id=staff_id,
        appointed_on=today - timedelta(days=28),
        instructed_on=today - timedelta(days=5) if instructed else None, **more,
    )  # fmt: skip
