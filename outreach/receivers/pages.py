"""What the pages of receivers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from outreach.core import clock
from outreach.core.i18n import language, short_day
from outreach.elections.consequences import Consequence, role_name
from outreach.elections.models import Election
from outreach.elections.nav import election_url
from outreach.elections.queries import law_of
from outreach.receivers import queries
from outreach.receivers.forms import (
    AppointmentForm,
    InstructForm,
    ListForm,
    NewAppointmentForm,
    ParcelForm,
)
from outreach.receivers.lists import Terms, Understood, folded_head
from outreach.receivers.matching import DryRun
from outreach.receivers.models import Appointment
from outreach.rulesets.resolve import Law
from outreach.sites.pages import Pager

Crumbs = tuple[tuple[str, str], ...]
_USUAL = {
    "appointed_voter": ("tilforordnet", "tilforordnetvaelger", "brevstemmemodtager",
                        "stemmemodtager", "valgtilforordnet"),
    "municipal_employee": ("kommunalmedarbejder", "medarbejder", "ansat", "kommunaltansat",
                           "employee", "staff"),
}  # fmt: skip
"""What lists call the roles besides the words of the ruleset."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of receivers.

    Attributes:
        why: what speaks against planning the person at all, in sentences.
        some_days: the days on which the person can come, where these are not all.
        also: other elections to come for which the person is appointed.
    """

    id: str
    name: str
    role: str
    appointed_on: date | None
    expires_on: date | None
    instructed_on: date | None
    is_candidate: bool
    is_reserve: bool
    some_days: str
    why: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiversPage:
    """Everybody appointed for an election."""

    template: ClassVar[str] = "receivers/index.html"
    title: str
    crumbs: Crumbs
    election: Election
    lines: tuple[Line, ...]
    pager: Pager
    words: str
    state: str
    ready: int
    everybody: int
    reserves: int
    form: InstructForm


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """The form of an appointment."""

    template: ClassVar[str] = "receivers/appointment.html"
    title: str
    crumbs: Crumbs
    election: Election
    form: AppointmentForm | NewAppointmentForm
    appointment_id: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """Choose a list."""

    template: ClassVar[str] = "receivers/list.html"
    title: str
    crumbs: Crumbs
    election: Election
    form: ListForm
    wants_party: bool
    understood: Understood | None


@dataclass(frozen=True, slots=True, repr=False)
class DryRunPage:
    """What a list would do."""

    template: ClassVar[str] = "receivers/dry_run.html"
    title: str
    crumbs: Crumbs
    election: Election
    understood: Understood
    run: DryRun
    field_names: dict[str, str]
    form: ParcelForm


def crumbs(election: Election) -> Crumbs:
    """The way to a page below the receivers."""
    return (
        (_("Elections"), url_for("elections.index")),
        (election.title, election_url(election.id)),
        (_("Receivers"), url_for("receivers.index", election_id=election.id)),
    )


def days_of(row: Appointment, days: Sequence[date]) -> tuple[date, ...]:
    """The days of the window on which a person is judged: those to come that the person named.

    The last day of the window where none is left.
    """
    named = {date.fromisoformat(day) for day in row.days or ()}
    ahead = tuple(d for d in days if d >= clock.today() and (not named or d in named))
    return ahead or tuple(days[-1:]) or (clock.today(),)


def window_days(law: Law) -> tuple[date, ...]:
    """The days of the window in which receivers go out."""
    window = law.windows[queries.going_out(law)]
    first, last = window.first.date(), window.last.date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def line(row: Appointment, law: Law, days: Sequence[date], also: tuple[str, ...] = ()) -> Line:
    """One appointment as the list shows it."""
    return Line(
        row.id, row.staff.name, role_name(law, row.role), row.appointed_on, row.expires_on,
        row.instructed_on, row.is_candidate, row.is_reserve,
        ", ".join(short_day(date.fromisoformat(day)) for day in row.days or ()),
        why_not(row, law, days), also,
    )  # fmt: skip


def why_not(row: Appointment, law: Law, days: Sequence[date]) -> tuple[str, ...]:
    """Why somebody can be planned on no day, in sentences with their paragraphs."""
    channel, first = queries.going_out(law), None
    for day in days_of(row, days):
        found = queries.judged(row, day, law, channel)
        if found.may:
            return ()
        first = first or found
    return () if first is None else first.why


def roles(law: Law) -> list[tuple[str, str]]:
    """The roles of the ruleset, for a form."""
    return [(role, role_name(law, role)) for role in law.roles]


def attribute_name(law: Law) -> str:
    """What people must differ in, in the language of the moment; empty where nothing is asked."""
    words = law.ruleset.attributes.get(queries.attribute_of(law))
    return "" if words is None else (words.da if language() == "da" else words.en)


def terms(law: Law, default_role: str) -> Terms:
    """What is known before a list is read."""
    names = {
        folded_head(word): role
        for role, words in law.roles.items()
        for word in (role, words.da, words.en, *_USUAL.get(role, ()))
    }
    return Terms(clock.today(), names, default_role, bool(queries.attribute_of(law)))


def field_names() -> dict[str, str]:
    """What a list may change, in words."""
    return {
        "name": _("name"), "email": _("e-mail address"), "phone": _("telephone"),
        "number": _("number"), "role": _("role"), "appointed": _("appointed"),
        "expires": _("expiry"), "instructed": _("instruction"), "candidate": _("candidate"),
        "reserve": _("being on reserve"), "days": _("days"), "party": _("party"),
    }  # fmt: skip


def consequences(election: Election, before: Law, after: Law) -> tuple[Consequence, ...]:
    """Who could be planned as things are, and could not after a change."""
    old, new = window_days(before), window_days(after)
    found = []
    for row in queries.appointments(election.id):
        if why_not(row, before, old):
            continue
        ends = () if _gone(row, old) else _gone(row, new)
        found += [_consequence(row, one) for one in (ends or why_not(row, after, new))[:1]]
    return tuple(found)


def _consequence(row: Appointment, said: str) -> Consequence:
    name = row.staff.name
    text = said if name in said else f"{name}: {said}"
    return Consequence("appointment", text, "receivers.index")


def _gone(row: Appointment, days: Sequence[date]) -> tuple[str, ...]:
    """The appointment, or every day that the person named, ends before the window does."""
    if row.expires_on is not None and row.expires_on < days[-1]:
        return (
            _("The appointment of %(name)s ends %(day)s, before the window does.",
              name=row.staff.name, day=short_day(row.expires_on)),
        )  # fmt: skip
    named = {date.fromisoformat(day) for day in row.days or ()}
    if named and not named & set(days):
        return (_("%(name)s has named no day of the window.", name=row.staff.name),)
    return ()


def law_and_days(election: Election) -> tuple[Law, tuple[date, ...]]:
    """The law of an election and the days of its window."""
    law = law_of(election)
    return law, window_days(law)
