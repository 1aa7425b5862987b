"""Elections for tests: one like the local elections of 2021, and one of Minnesota."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from outreach.core import clock
from outreach.core.db import db, writing
from outreach.elections import actions
from outreach.elections.actions import Days
from outreach.elections.models import Election
from outreach.elections.queries import election_by_id, rulesets
from outreach.receivers.actions import AppointmentFields, NewPerson, appoint
from outreach.receivers.models import Appointment
from outreach.sites.models import Site

KV21_TODAY = datetime(2021, 10, 15, 9, 0, tzinfo=clock.DK)
KV21, E2 = date(2021, 11, 16), date(2021, 10, 1)
KINDS = {
    "H1": ("care_home", 40), "H2": ("care_home", 125), "H3": ("care_home", None),
    "S1": ("shelter", 20), "D1": ("day_centre", 30), "P1": ("prison", 60), "L1": ("library", None),
}  # fmt: skip


def make_site(code: str, kind: str, residents: int | None = None, **more: Any) -> Site:
    """A stored site; a secret one has only its alias."""
    is_secret = more.pop("is_secret", False)
    name = "" if is_secret else f"{kind} {code}"
    made = Site(
        code=code, kind=kind, name=name, sort_key=code.lower(), is_secret=is_secret,
        alias=f"K-{code}" if is_secret else "", residents=None if is_secret else residents, **more,
    )  # fmt: skip
    with writing():
        db.session.add(made)
    return made


def make_sites() -> dict[str, Site]:
    """Five that the Danish rulesets name with a session, one self-served, one that none names."""
    made = {code: make_site(code, kind, number) for code, (kind, number) in KINDS.items()}
    return {**made, "K1": make_site("K1", "crisis_centre", is_secret=True)}


def make_election(
    ruleset: str = "dk-kv", day: date = KV21, writ: date | None = None, title: str = "Valg"
) -> Election:
    """A stored election, read back as a page would."""
    known = rulesets()
    key = next(key for key in known if key.split("@")[0] == ruleset)
    made = actions.create(title, known[key], Days(day, writ))
    return election_by_id(made.id)


def kv21() -> Election:
    """The local elections of 16 November 2021, a month before."""
    clock.move_to(KV21_TODAY)
    return make_election(title="Kommunal- og regionalvalg 2021")


def minnesota() -> Election:
    """An election in which the judges of a team are of different parties and ride together."""
    clock.move_to(datetime(2026, 10, 1, 9, 0, tzinfo=clock.DK))
    return make_election("us-mn", date(2026, 11, 3), title="General election")


def make_receiver(election: Election, name: str, **more: Any) -> Appointment:
    """Somebody who may be planned, unless ``more`` says otherwise."""
    today = clock.today()
    given = {"role": "appointed_voter", "appointed_on": today, "instructed_on": today, **more}
    return appoint(election, NewPerson(name), AppointmentFields(**given))
