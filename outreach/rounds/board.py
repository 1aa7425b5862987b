"""The week as it stands on the screen, made of a picture of its plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core import clock
from outreach.core.i18n import clock_time, duration, language, number, short_day
from outreach.rounds import words
from outreach.rounds.picture import Picture, ShownRound, ShownStop, ShownVisit

_WEEKDAYS = 5
VEHICLES = {"car": "car", "bicycle": "bike", "foot": "foot"}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a team's day: ``kind`` is visit, gap or pause.

    Attributes:
        minutes, wait: of a gap.
        lock: none, day, team or time.
    """

    kind: str
    starts: str = ""
    ends: str = ""
    minutes: int = 0
    wait: int = 0
    id: str = ""
    url: str = ""
    site: str = ""
    site_kind: str = ""
    services: str = ""
    is_secret: bool = False
    lock: str = "none"
    state: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class DayCell:
    """A team on a day."""

    iso: str
    label: str
    off: str
    note: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team's week."""

    letter: str
    people: str
    vehicle: str
    vehicle_label: str
    days: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """Something that would help a visit that is not planned.

    Attributes:
        key: by which the page says which one was meant; empty where it is only told.
        url: where to do it, or else where to see to it.
    """

    text: str
    price: str
    key: str
    url: str


@dataclass(frozen=True, slots=True)
class TrayItem:
    """A visit that is not planned."""

    id: str
    url: str
    site: str
    site_kind: str
    services: str
    reason: str
    is_secret: bool
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure."""

    label: str
    value: str
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of a plan that a page shows."""

    days: tuple[tuple[str, str, bool], ...]
    teams: tuple[TeamLine, ...]
    tray: tuple[TrayItem, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """A team that may go out: its people and the weekdays on which it does."""

    letter: str
    people: tuple[str, ...]
    profile: str
    vehicle: str
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Live:
    """What is known beside the picture; a published version from its snapshot has none of it.

    Attributes:
        locks: level by visit.
        statuses: what is reported, by visit.
        breaches: rule, visit, shift and amount each.
        url: the address of a visit's page.
        homes: the team whose card carries the visit's own id.
        fixes: what would help, by visit.
    """

    crews: tuple[Crew, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    breaches: tuple[Mapping[str, Any], ...] = ()
    url: Callable[[str], str] = "#visit-{}".format
    homes: Mapping[str, str] = field(default_factory=dict)
    fixes: Mapping[str, tuple[Fix, ...]] = field(default_factory=dict)


def board(picture: Picture, live: Live) -> Board:
    """The picture as a board."""
    days = _days(picture, live)
    live = replace(live, homes=_homes(picture))
    rounds = {(r.letter, r.day): r for r in picture.rounds}
    return Board(
        tuple((short_day(day), live.holidays.get(day, ""), day == clock.today()) for day in days),
        tuple(_line(crew, days, rounds, live) for crew in _crews(picture, live)),
        tuple(
            _tray_item(one.visit, live, words.reasons(one.reasons, picture.names))
            for one in picture.left
        ),
        figures(picture),
    )


def _homes(picture: Picture) -> dict[str, str]:
    """The first team of each visit: a visit of two crews stands on the page twice."""
    homes: dict[str, str] = {}
    for round_ in picture.rounds:
        for stop in round_.stops:
            homes.setdefault(stop.visit.visit_id, round_.letter)
    return homes


def _days(picture: Picture, live: Live) -> list[date]:
    """Monday to Friday, and the weekend as far as somebody goes out."""
    out = {r.day.weekday() for r in picture.rounds}
    out |= {weekday for crew in live.crews for weekday in crew.weekdays}
    count = max(_WEEKDAYS, *(weekday + 1 for weekday in out)) if out else _WEEKDAYS
    return [picture.monday + timedelta(days=n) for n in range(count)]


def _crews(picture: Picture, live: Live) -> list[Crew]:
    """The teams of today, and those that only the plan knows."""
    known = {crew.letter: crew for crew in live.crews}
    gone = defaultdict(list)
    for round_ in picture.rounds:
        if round_.letter not in known:
            gone[round_.letter].append(round_)
    for letter, rounds in gone.items():
        people = dict.fromkeys(name for r in rounds for name in r.members)
        weekdays = frozenset(r.day.weekday() for r in rounds)
        known[letter] = Crew(letter, tuple(people), "car", rounds[0].vehicle, weekdays)
    return [known[letter] for letter in sorted(known)]


def _line(
    crew: Crew, days: Iterable[date], rounds: Mapping[tuple[str, date], ShownRound], live: Live
) -> TeamLine:
    return TeamLine(
        crew.letter,
        ", ".join(crew.people),
        VEHICLES.get(crew.profile, "car"),
        crew.vehicle,
        tuple(_cell(crew, day, rounds.get((crew.letter, day)), live) for day in days),
    )


def _cell(crew: Crew, day: date, round_: ShownRound | None, live: Live) -> DayCell:
    if round_ is not None:
        who = ", ".join(round_.members)
        long = duration(round_.returns - round_.leaves)
        note = long if set(round_.members) == set(crew.people) else f"{long} · {who}"
        return DayCell(day.isoformat(), short_day(day), "", note, tuple(_items(round_, live)))
    off = "" if day.weekday() in crew.weekdays else _("Not out")
    off = live.holidays.get(day, off)
    return DayCell(day.isoformat(), short_day(day), off, "", ())


def _items(round_: ShownRound, live: Live) -> list[Item]:
    """Ways, visits and the break in the order of the day."""
    items: list[Item] = []
    rest = round_.rest
    for stop in round_.stops:
        if rest is not None and rest[0] < stop.starts:
            items.append(_pause(rest))
        pause = rest if rest is not None and rest[0] < stop.starts else None
        rest = None if pause else rest
        items.append(Item("gap", minutes=stop.travel_minutes, wait=_wait(stop, pause)))
        items.append(_visit_item(stop, round_, live))
    if rest is not None and round_.stops and rest[0] < round_.returns:
        items.append(_pause(rest))
    home = round_.travel_minutes - sum(stop.travel_minutes for stop in round_.stops)
    return [*items, Item("gap", minutes=home)] if round_.stops else items


def _pause(rest: tuple[int, int]) -> Item:
    return Item("pause", clock_time(rest[0]), clock_time(rest[1]))


def _wait(stop: ShownStop, pause: tuple[int, int] | None) -> int:
    wait = stop.starts - stop.arrives
    if pause is not None:
        wait -= max(0, min(pause[1], stop.starts) - max(pause[0], stop.arrives))
    return max(0, wait)


def _visit_item(stop: ShownStop, round_: ShownRound, live: Live) -> Item:
    visit = stop.visit
    why = breaches_of(live.breaches, visit.visit_id)
    status = status_word(live.statuses.get(visit.visit_id, ""))
    services = services_text(visit)
    is_first = live.homes.get(visit.visit_id, round_.letter) == round_.letter
    return Item(
        "visit", clock_time(stop.starts), clock_time(stop.ends),
        id=visit.visit_id if is_first else f"{visit.visit_id}-{round_.letter}",
        url=live.url(visit.visit_id), site=visit.site, site_kind=visit.kind,
        services=" · ".join(filter(None, (status, services))), is_secret=visit.is_secret,
        lock=live.locks.get(visit.visit_id, "none"), state="alert" if why else "", why=why,
    )  # fmt: skip


def services_text(visit: ShownVisit) -> str:
    """The services' names in the language of the moment."""
    return ", ".join(pair[0 if language() == "da" else 1] for pair in visit.services)


def status_word(status: str) -> str:
    """What is reported about a visit; nothing while it is only planned."""
    known = {
        "en_route": _("On the way"), "in_progress": _("Begun"), "done": _("Done"),
        "partial": _("Partly done"), "no_access": _("No access"), "no_show": _("Nobody there"),
        "cancelled": _("Called off"),
    }  # fmt: skip
    return str(known.get(status, ""))


def breaches_of(breaches: Iterable[Mapping[str, Any]], visit_id: str) -> str:
    """What a visit breaks, as one text."""
    found = [words.rule(b["rule"], b["amount"]) for b in breaches if b["visit_id"] == visit_id]
    return "; ".join(found)


def breach_lines(
    breaches: Iterable[Mapping[str, Any]], sites: Mapping[str, str], monday: date
) -> tuple[str, ...]:
    """Each broken rule as a line: where and what."""
    lines = []
    for one in breaches:
        where = [sites.get(one["visit_id"] or "", "")]
        if one["shift"]:
            letter, weekday = one["shift"].rsplit("-", 1)
            where.append(_("team %(letter)s", letter=letter))
            where.append(short_day(monday + timedelta(days=int(weekday))))
        lines.append(f"{', '.join(filter(None, where))}: {words.rule(one['rule'], one['amount'])}")
    return tuple(lines)


def _tray_item(visit: ShownVisit, live: Live, reason: str) -> TrayItem:
    return TrayItem(
        visit.visit_id, live.url(visit.visit_id), visit.site, visit.kind, services_text(visit),
        reason, visit.is_secret, live.fixes.get(visit.visit_id, ()),
    )  # fmt: skip


def figures(picture: Picture) -> tuple[Figure, ...]:
    """Planned of due, travel share, kilometres, CO2 and overtime."""
    planned = {s.visit.visit_id for r in picture.rounds for s in r.stops}
    due = len(planned | {one.visit.visit_id for one in picture.left})
    travel = sum(r.travel_minutes for r in picture.rounds)
    work = sum(r.returns - r.leaves for r in picture.rounds)
    overtime = picture.overtime_minutes
    return (
        Figure(
            _("Planned"), number(len(planned)),
            ngettext("of %(num)d due", "of %(num)d due", due),
            "" if len(planned) == due else "warn",
        ),
        Figure(_("Travel"), f"{number(100 * travel / work if work else 0)} %", _("of the time")),
        Figure(_("Distance"), number(sum(r.metres for r in picture.rounds) / 1000), "km"),
        Figure(_("CO2"), number(sum(r.grams_co2 for r in picture.rounds) / 1000, 1), "kg"),
        Figure(_("Overtime"), duration(overtime), "", "warn" if overtime else ""),
    )  # fmt: skip


def lock_of(pin: tuple[date | None, str | None, int | None]) -> str:
    """The level of a lock."""
    day, team, start = pin
    if day is None:
        return "none"
    if team is None:
        return "day"
    return "team" if start is None else "time"
