"""What the pages of sites show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.accounts.queries import organisation
from outreach.core import calendar, clock
from outreach.core.i18n import short_day
from outreach.sites import queries
from outreach.sites.forms import (
    CLOSURE_REASONS,
    KINDS,
    PRECISIONS,
    STATUSES,
    ClosureForm,
    GrantForm,
    RevealForm,
    SiteForm,
    StaffLinkForm,
)
from outreach.sites.models import Site, SiteClosure, SiteKind, SiteStatus
from outreach.sites.rules import Hours, windows
from outreach.sites.sealed import Secrets
from outreach.sites.sketch import MapPoint, SketchMap, sketch

Crumbs = tuple[tuple[str, str], ...]
Strip = tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site page that a feature above this one adds.

    Attributes:
        lines: text and address; an empty address is no link.
    """

    title: str
    icon: str
    lines: tuple[tuple[str, str], ...]
    action: tuple[str, str]


_SMALL = (320, 260)
_SECRET_KM = 12
"""How coarse a secret site is drawn: a municipality, whichever its true position."""
SECTIONS: list[Callable[[Site], Section]] = []


def kind_name(kind: str) -> str:
    """A kind of site in the language of the moment."""
    return str(KINDS[SiteKind(kind)])


@dataclass(frozen=True, slots=True)
class Pager:
    """Pages of a long list, as the macro wants them."""

    page: int
    pages: int
    total: int
    prev_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The register."""

    template: ClassVar[str] = "sites/index.html"
    title: str
    rows: tuple[queries.SiteRow, ...]
    search: queries.Search
    kinds: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    pager: Pager

    @property
    def area_choices(self) -> tuple[tuple[str, str], ...]:
        """Areas as value and text."""
        return tuple((area, area) for area in self.areas)


@dataclass(frozen=True, slots=True, repr=False)
class SitePage:
    """Everything about a site that its reader may see."""

    template: ClassVar[str] = "sites/site.html"
    title: str
    crumbs: Crumbs
    site: Site
    kind: str
    status: str
    precision: str
    secrets: Secrets | None
    may_reveal: bool
    reveal_form: RevealForm
    week: tuple[Strip, ...]
    closures: tuple[tuple[SiteClosure, str], ...]
    closure_form: ClosureForm
    cleared: tuple[queries.StaffLink, ...]
    excluded: tuple[queries.StaffLink, ...]
    link_form: StaffLinkForm
    map: SketchMap | None
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, repr=False)
class EditPage:
    """The form of a site."""

    template: ClassVar[str] = "sites/edit.html"
    title: str
    crumbs: Crumbs
    form: SiteForm
    map: SketchMap
    site_id: str
    action: str
    back: str


@dataclass(frozen=True, slots=True)
class GrantsPage:
    """Who may reveal which secret site."""

    template: ClassVar[str] = "sites/grants.html"
    title: str
    grants: tuple[queries.GrantRow, ...]
    form: GrantForm


def crumbs(site: Site | None = None) -> Crumbs:
    """The way to a page below the register."""
    top = ((_("Sites"), url_for("sites.index")),)
    if site is None:
        return top
    return (*top, (site.label, url_for("sites.site", site_id=site.id)))


def week_strip(site: Site) -> tuple[Strip, ...]:
    """The next two weeks: when it is open, and the quiet times in between."""
    first = clock.today()
    days = [first + timedelta(days=n) for n in range(14)]
    holidays = calendar.holidays_between(days[0], days[-1])
    hours = [Hours(h.weekday, h.opens, h.closes) for h in site.hours]
    shut = [(c.from_day, c.to_day) for c in site.closures]
    found = windows(hours, (), shut, holidays, days)
    return tuple(
        (
            short_day(day),
            tuple((w.starts, w.ends) for w in found if w.day == n),
            tuple(sorted(_quiet_on(site, day))) if any(w.day == n for w in found) else (),
        )
        for n, day in enumerate(days)
    )


def closures_ahead(site: Site) -> tuple[tuple[SiteClosure, str], ...]:
    """Closed days from today on, each with its reason in words."""
    today = clock.today()
    return tuple(
        (closure, str(CLOSURE_REASONS.get(closure.reason, CLOSURE_REASONS["other"])))
        for closure in site.closures
        if closure.to_day >= today
    )


def _quiet_on(site: Site, day: date) -> set[tuple[int, int]]:
    return {(q.starts, q.ends) for q in site.quiet if q.weekday in (None, day.weekday())}


def surroundings(site: Site | None = None) -> SketchMap:
    """The municipality's sites, for setting a pin; secret ones do not stand on it."""
    town = organisation()
    points = [MapPoint(town.latitude, town.longitude, "depot", town.name)]
    points += [
        MapPoint(s.latitude, s.longitude, s.kind, s.name)
        for s in queries.everywhere()
        if s.latitude is not None and s.longitude is not None and (site is None or s.id != site.id)
    ]
    return sketch(points)


def small_map(site: Site) -> SketchMap | None:
    """A site with its town; of a secret one only that it lies somewhere around the town.

    None where no position is known.
    """
    town = organisation()
    middle = MapPoint(town.latitude, town.longitude, "depot", town.name)
    if site.is_secret:
        around = MapPoint(
            town.latitude, town.longitude, site.kind, site.label, radius_km=_SECRET_KM
        )
        return sketch([middle, around], (), *_SMALL)
    if site.latitude is None or site.longitude is None:
        return None
    here = MapPoint(site.latitude, site.longitude, site.kind, site.name, is_here=True)
    return sketch([middle, here], (), *_SMALL)


def statuses() -> tuple[tuple[str, str], ...]:
    """States of a site in words."""
    return tuple((status.value, str(name)) for status, name in STATUSES.items())


def kinds() -> tuple[tuple[str, str], ...]:
    """Kinds of site in words."""
    return tuple((kind.value, str(name)) for kind, name in KINDS.items())


def status_name(site: Site) -> str:
    """A site's state in words."""
    return str(STATUSES[SiteStatus(site.status)])


def precision_name(precision: str) -> str:
    """How well a position is known, in words."""
    return str({p.value: name for p, name in PRECISIONS.items()}[precision])
