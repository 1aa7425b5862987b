"""Fills an empty database with the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import fmean

from outreach.accounts import actions as accounts
from outreach.accounts import queries as users
from outreach.core import audit, clock, tenancy
from outreach.core.db import atomic
from outreach.core.errors import Conflict
from outreach.demo import running
from outreach.demo.catalogue import store_catalogue
from outreach.demo.elections import store_election
from outreach.demo.history import History
from outreach.demo.names import Names
from outreach.demo.people import Crew, SeedTeam, demo_password, store_absence, store_depots
from outreach.demo.people import store_desk as store_users
from outreach.demo.promises import Terms, store_impossible, store_promises
from outreach.demo.running import SECONDS
from outreach.demo.secrets import ENDED_WEEKS, store_secrets
from outreach.demo.sites import SeedSite, seed, store_sites
from outreach.demo.sizes import AARHUS_TEAMS, SIZES, Size, TeamPlan, all_round_teams
from outreach.demo.source import lines
from outreach.demo.store import SEED, Store

SITES_PER_TEAM = 16
AARHUS = "Aarhus Kommune (demo)"
_AARHUS_DEPOTS = (("Dokk1", 56.1537, 10.2142), ("Viby", 56.127, 10.162))
_SMALL_TEAMS = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """One organisation to be."""

    name: str
    size: Size
    sites: tuple[SeedSite, ...]
    depots: tuple[tuple[str, float, float], ...]
    teams: tuple[TeamPlan, ...]
    has_logins: bool


def load(size: str = "municipality", *, plan: bool = True, seconds: float = SECONDS) -> None:
    """Fill an empty database. ``size``: small, municipality, region or nation.

    ``plan`` also plans the running week for so many ``seconds``, publishes it, and brings the next
    one to life; a nation is never planned.

    Raises:
        Conflict: the database holds something already.
    """
    if not users.is_empty():
        raise Conflict("The database is not empty; the demo is only ever loaded into an empty one.")
    wanted, dice = SIZES[size], Random(SEED)  # noqa: S311 - the same demo each time
    monday = first_week()
    password = demo_password()
    for one in _plans(wanted, dice):
        org_id = _store(one, Store("", dice), monday, password)
        if plan and wanted.weeks:
            running.prepare(org_id, monday, seconds)


def first_week() -> date:
    """The Monday of the running week; on a weekend, of the coming one."""
    today = clock.today()
    coming = today.weekday() > 4  # noqa: PLR2004 - Saturday and Sunday
    return clock.monday_of(today) + timedelta(days=7 if coming else 0)


@atomic
def _store(plan: Plan, store: Store, monday: date, password: str) -> str:
    store.org_id = accounts.create_organisation(plan.name).id
    with tenancy.acting_for(store.org_id):
        desk = store_users(store, password) if plan.has_logins else {}
        names = Names(Random(SEED))  # noqa: S311 - the same demo each time
        amounts = {"K-PHOTO": 0} if plan.size.planted else {}
        catalogue = store_catalogue(store, amounts, len(plan.teams))
        depots = store_depots(store, plan.depots)
        crew = Crew(store, catalogue, names, desk, password)
        teams = [crew.team(team, depots[team.depot]) for team in plan.teams]
        _store_places(store, plan, teams, names, monday)
        active = [site for site in plan.sites if site.is_open]
        promises = store_promises(store, active, _terms(plan, monday))
        History(store, catalogue, teams, monday).keep(promises, active, plan.size.weeks)
        if plan.size.has_election:
            store_election(store, plan.sites, names, password)
        store.flush()
        audit.record("load", "demo", store.org_id, size=plan.size.name)
    return store.org_id


def _terms(plan: Plan, monday: date) -> Terms:
    """Where nobody may go any more, the usual agreements ended with the last clearance."""
    ended = monday - timedelta(weeks=ENDED_WEEKS)
    shut = ("no_cleared_staff", "needs_two")
    return Terms(
        starts_on=monday - timedelta(weeks=max(plan.size.weeks, 9)),
        is_dense=plan.size.is_dense,
        ends_on={code: ended for code, why in plan.size.planted.items() if why in shut},
    )


def _store_places(
    store: Store, plan: Plan, teams: Sequence[SeedTeam], names: Names, monday: date
) -> None:
    store_sites(store, plan.sites, names)
    store_secrets(store, plan.sites, teams, plan.size.planted, monday)
    store_impossible(store, plan.sites, plan.size.planted, monday)
    if len(teams) > _SMALL_TEAMS:
        store_absence(store, teams[-2].people[1], monday)


def _plans(size: Size, dice: Random) -> list[Plan]:
    maker = Store("", dice)
    sites = tuple(
        _round_the_clock(seed(line, maker.new_id()), size) for line in lines(f"demo_{size.name}")
    )
    if size.name == "nation":
        groups = _by_municipality(sites)
        return [
            _plan(f"{name} Kommune (demo)", size, group, has_logins=number == 0)
            for number, (name, group) in enumerate(sorted(groups.items()))
        ]
    if size.name == "region":
        return [_plan("Region Midtjylland (demo)", size, sites, has_logins=True)]
    teams = AARHUS_TEAMS if size.name == "municipality" else all_round_teams([0, 1])
    return [Plan(AARHUS, size, sites, _AARHUS_DEPOTS, teams, has_logins=True)]


def _round_the_clock(site: SeedSite, size: Size) -> SeedSite:
    """Where only the shift is too short for the planted visit, the site is always open."""
    if size.planted.get(site.code) != "shift_too_short":
        return site
    return replace(site, hours=(0, 24 * 60), quiet=None)


def _by_municipality(sites: Sequence[SeedSite]) -> dict[str, tuple[SeedSite, ...]]:
    names = dict.fromkeys(site.municipality for site in sites)
    return {name: tuple(s for s in sites if s.municipality == name) for name in names}


def _plan(name: str, size: Size, sites: tuple[SeedSite, ...], *, has_logins: bool) -> Plan:
    """Teams in proportion to the sites, each at a depot in the middle of its municipality."""
    groups = sorted(_by_municipality(sites).items(), key=lambda group: -len(group[1]))
    depots = tuple(
        (town, fmean(s.latitude for s in group), fmean(s.longitude for s in group))
        for town, group in groups
    )
    shares = [max(1, round(len(group) / SITES_PER_TEAM)) for _, group in groups]
    teams = all_round_teams([n for n, share in enumerate(shares) for _ in range(share)])
    return Plan(name, size, sites, depots, teams, has_logins)
