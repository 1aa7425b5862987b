"""Half a year of visits that were carried out, so that reports and intervals have a past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.agreements.models import VisitRequest
from outreach.demo.catalogue import Catalogue
from outreach.demo.facts import Carried, Reporter
from outreach.demo.people import SeedTeam
from outreach.demo.promises import Promised, past_visits
from outreach.demo.sites import SeedSite
from outreach.demo.store import Store
from outreach.sites.models import SiteClosure, SiteKind
from outreach.visits.models import NoAccess, Visit, VisitTask

_FAILED, _PARTIAL = 0.03, 0.02
_REASONS = tuple(reason.value for reason in NoAccess)
_OUTBREAK_CODE, _OUTBREAK_WEEKS = "S0003", (-9, -8)
_NEVER_CODE = "S0096"  # says no at the door each time, so that reports have a site not reached
_VOTING_WEEKS = (-6, -5)
_VOTING_KINDS = frozenset({SiteKind.CARE_HOME, SiteKind.SHELTER, SiteKind.PRISON})
_FIRST_START, _LAST_START, _BETWEEN = 9 * 60 + 30, 14 * 60 + 30, 20


@dataclass(frozen=True, slots=True)
class Past:
    """One visit of the past; ``reason`` is set where nobody got in."""

    site: SeedSite
    services: tuple[str, ...]
    minutes: int
    priority: int
    agreement_id: str | None
    day: date
    reason: str = ""


class History:
    """Keeps visits of the past with everything that was reported."""

    def __init__(
        self, store: Store, catalogue: Catalogue, teams: Sequence[SeedTeam], monday: date
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._teams = teams
        self._monday = monday
        self._facts = Reporter(store)
        self._next_start: dict[tuple[str, date], int] = {}
        self._load: Counter[tuple[str, date]] = Counter()

    def keep(self, promises: Iterable[Promised], sites: Sequence[SeedSite], weeks: int) -> None:
        """Keep what was done in the last ``weeks`` weeks; 0 means the last visits only."""
        visits = [
            visit
            for one in promises
            for visit in self._visits(one, -weeks)
            if one.ends_on is None or visit.day <= one.ends_on
        ]
        if weeks:
            visits += self._voting(sites)
            self._close_for_outbreak(sites)
        for visit in sorted(visits, key=lambda v: (v.day, v.site.code, v.services)):
            self._keep(visit, has_facts=bool(weeks))

    def _visits(self, one: Promised, first_week: int) -> list[Past]:
        weekdays = [self._store.dice.randrange(5) for _ in range(7)]
        past: list[Past] = []
        if one.site.code == _NEVER_CODE:
            days = past_visits(one, first_week, weekdays)
            return [self._past(one, self._day(w, d), NoAccess.REFUSED.value) for w, d, _ in days]
        for number, (week, weekday, got_in) in enumerate(past_visits(one, first_week, weekdays)):
            day = self._day(week, weekday)
            visit = self._past(one, day, "" if got_in else NoAccess.NO_HOST.value)
            reason = self._bad_luck(one, week) if got_in and number and week > first_week else ""
            if reason:
                past += [self._past(one, day, reason), self._past(one, day + timedelta(days=7))]
            else:
                past.append(visit)
        return past

    def _day(self, week: int, weekday: int) -> date:
        return self._monday + timedelta(weeks=week, days=weekday)

    def _past(self, one: Promised, day: date, reason: str = "") -> Past:
        return Past(one.site, one.services, one.minutes, one.priority, one.id, day, reason)

    def _bad_luck(self, one: Promised, week: int) -> str:
        if one.site.code == _OUTBREAK_CODE and week in _OUTBREAK_WEEKS:
            return NoAccess.OUTBREAK.value
        if one.cycle > 1 and self._store.dice.random() < _FAILED:
            return self._store.dice.choice(_REASONS)
        return ""

    def _voting(self, sites: Sequence[SeedSite]) -> list[Past]:
        chosen = [s for s in sites if s.kind in _VOTING_KINDS and s.is_open][::2]
        return [
            Past(
                site, ("VOTE",), 90, 1, None,
                self._monday + timedelta(weeks=_VOTING_WEEKS[number % 2], days=number % 5),
            )
            for number, site in enumerate(chosen)
        ]  # fmt: skip

    def _close_for_outbreak(self, sites: Sequence[SeedSite]) -> None:
        first, last = (self._monday + timedelta(weeks=week) for week in _OUTBREAK_WEEKS)
        for site in sites:
            if site.code == _OUTBREAK_CODE:
                self._store.add(
                    SiteClosure, site_id=site.id, from_day=first,
                    to_day=last + timedelta(days=6), reason="outbreak",
                )  # fmt: skip

    def _keep(self, past: Past, *, has_facts: bool) -> None:
        team = self._team(past)
        status = self._status(past, has_facts=has_facts)
        visit_id = self._visit(past, status)
        if not has_facts:
            return
        one = Carried(
            visit_id=visit_id, kind=past.site.kind.value, services=past.services,
            tasks=self._tasks(visit_id, past.services), day=past.day,
            start=self._start(team, past), minutes=past.minutes,
            person=self._store.dice.choice(team.people),
        )  # fmt: skip
        if past.reason:
            self._facts.no_access(one, past.reason)
        else:
            self._facts.done(one, status)

    def _status(self, past: Past, *, has_facts: bool) -> str:
        if past.reason:
            return "no_access"
        is_partial = has_facts and len(past.services) > 1 and self._store.dice.random() < _PARTIAL
        return "partial" if is_partial else "done"

    def _visit(self, past: Past, status: str) -> str:
        request_id = None if past.agreement_id else self._request(past)
        return self._store.add(
            Visit, site_id=past.site.id, agreement_id=past.agreement_id, request_id=request_id,
            monday=past.day - timedelta(days=past.day.weekday()), services=list(past.services),
            service_minutes=past.minutes,
            setup_minutes=max(self._catalogue.setup[code] for code in past.services),
            priority=past.priority, status=status, status_reason=past.reason,
            done_on=None if past.reason else past.day,
        )  # fmt: skip

    def _request(self, past: Past) -> str:
        return self._store.add(
            VisitRequest, site_id=past.site.id, services=list(past.services), earliest=past.day,
            latest=past.day, minutes=past.minutes, priority=past.priority, status="done",
        )  # fmt: skip

    def _tasks(self, visit_id: str, services: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
        tasks = [(code, task) for code in services for task in self._catalogue.tasks.get(code, ())]
        return tuple(
            (
                self._store.add(
                    VisitTask, visit_id=visit_id, seq=seq, service=code, text_da=task.text_da,
                    text_en=task.text_en, is_mandatory=task.is_mandatory,
                ),
                task.is_mandatory,
            )
            for seq, (code, task) in enumerate(tasks)
        )  # fmt: skip

    def _team(self, past: Past) -> SeedTeam:
        """The team with the skills that had the least to do that day."""
        needed = frozenset[str]().union(*(self._catalogue.skills[code] for code in past.services))
        able = [team for team in self._teams if needed <= team.skills]
        return min(able or self._teams, key=lambda t: (self._load[t.letter, past.day], t.letter))

    def _start(self, team: SeedTeam, past: Past) -> int:
        self._load[team.letter, past.day] += 1
        key = (team.letter, past.day)
        start = self._next_start.get(key, _FIRST_START)
        after = start + past.minutes + _BETWEEN
        self._next_start[key] = after if after < _LAST_START else _FIRST_START
        return start
