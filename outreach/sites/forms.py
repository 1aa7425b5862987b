"""Forms of sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from pydantic import BaseModel
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FloatField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional, Regexp

from outreach.core.forms import EditForm, Form, at_most, options, required
from outreach.sites.actions import SiteFields, Spans
from outreach.sites.models import Contact, Precision, Site, SiteKind, SiteStatus
from outreach.sites.sealed import SecretContact, Secrets

KINDS = {
    SiteKind.CARE_HOME: _("Care home"),
    SiteKind.CARE_HOUSING: _("Care housing"),
    SiteKind.SENIOR_HOUSING: _("Senior housing"),
    SiteKind.SHELTER: _("Shelter"),
    SiteKind.CRISIS_CENTRE: _("Crisis centre"),
    SiteKind.RESIDENTIAL_SUPPORT: _("Residential support"),
    SiteKind.DAY_CENTRE: _("Day centre"),
    SiteKind.DROP_IN: _("Drop-in centre"),
    SiteKind.LIBRARY: _("Library"),
    SiteKind.COMMUNITY_HOUSE: _("Community house"),
    SiteKind.HOSPITAL: _("Hospital"),
    SiteKind.PRISON: _("Prison"),
}
STATUSES = {
    SiteStatus.ACTIVE: _("Visited"),
    SiteStatus.PAUSED: _("Paused"),
    SiteStatus.CLOSED: _("Closed for good"),
}
PRECISIONS = {
    Precision.MANUAL: _("set by hand"),
    Precision.DOOR: _("at the door"),
    Precision.HOUSE: _("at the house"),
    Precision.STREET: _("on the street"),
    Precision.POSTCODE: _("centre of the postcode"),
    Precision.PLACE: _("centre of the place"),
    Precision.NONE: _("unknown"),
}
CLOSURE_REASONS = {
    "outbreak": _("Infection"),
    "holiday": _("Holiday"),
    "rebuild": _("Building work"),
    "other": _("Another reason"),
}
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"),
    _("Sunday"),
)  # fmt: skip
_SPAN = re.compile(r"(\d{1,2})[:.]?(\d\d)?\s*[-\u2013]\s*(\d{1,2})[:.]?(\d\d)?")
_PHONE = Regexp(r"^$|^[+\d][\d ]{5,18}$", message=_("A telephone number has digits only."))


def read_spans(text: str) -> list[tuple[int, int]]:
    """Times of a day such as ``10.00-12.00, 13-15``.

    Raises:
        ValueError: a part is no stretch of time.
    """
    spans = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(part)
        hours = [int(group or 0) for group in match.groups()]
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if not 0 <= start < end <= 24 * 60:
            raise ValueError(part)
        spans.append((start, end))
    return spans


def write_spans(spans: Iterable[tuple[int, int]]) -> str:
    """The same, as the form shows it."""
    return ", ".join(
        f"{a // 60:02d}.{a % 60:02d}-{b // 60:02d}.{b % 60:02d}" for a, b in sorted(spans)
    )


def spans(_form: Form, field: Field) -> None:
    """Refuse what is no stretch of time."""
    try:
        read_spans(field.data or "")
    except ValueError as error:
        raise ValidationError(
            _("Write times as 10.00-12.00, 13.00-15.00: %(part)s", part=str(error))
        ) from None


def _day(label: object) -> StringField:
    return StringField(label, [at_most(80), spans])  # type: ignore[arg-type]


class SiteForm(EditForm):
    """A site."""

    name = StringField(_("Name"), [required, at_most(160)])
    kind = SelectField(_("Kind"), choices=options(KINDS.items()))
    status = SelectField(_("State"), choices=options(STATUSES.items()))
    is_secret = BooleanField(_("The address is secret"))
    alias = StringField(_("Alias"), [at_most(60)])
    address = StringField(_("Address"), [at_most(200)])
    postcode = StringField(
        _("Postcode"), [Regexp(r"^(\d{4})?$", message=_("A postcode has four digits."))]
    )
    area = StringField(_("Area"), [at_most(80)])
    latitude = FloatField(_("Latitude"), [Optional(), NumberRange(54, 58.5)])
    longitude = FloatField(_("Longitude"), [Optional(), NumberRange(7, 16)])
    precision = StringField(_("How well the position is known"), [at_most(10)])
    residents = IntegerField(_("Residents"), [Optional(), NumberRange(0, 5000)])
    access_minutes = IntegerField(
        _("Minutes from parking to the room"), [Optional(), NumberRange(0, 60)], default=0
    )
    access_notes = TextAreaField(_("How to get in"), [at_most(500)])
    contact_name = StringField(_("Contact"), [at_most(120)])
    contact_role = StringField(_("Role of the contact"), [at_most(60)])
    contact_phone = TelField(_("Telephone"), [_PHONE])
    people = IntegerField(_("People that a visit needs"), [required, NumberRange(1, 6)], default=1)
    needs_clearance = BooleanField(_("Only people who are cleared for the site"))
    needs_women = BooleanField(_("At least one woman in the team"))
    needs_unmarked = BooleanField(_("Only a vehicle without a municipal sign"))
    open_0 = _day(WEEKDAYS[0])
    open_1 = _day(WEEKDAYS[1])
    open_2 = _day(WEEKDAYS[2])
    open_3 = _day(WEEKDAYS[3])
    open_4 = _day(WEEKDAYS[4])
    open_5 = _day(WEEKDAYS[5])
    open_6 = _day(WEEKDAYS[6])
    quiet = StringField(_("Quiet times on every day"), [at_most(80), spans])

    def days(self) -> list[Field]:
        """The opening hours, Monday first."""
        return [self[f"open_{day}"] for day in range(7)]

    def show(self, site: Site, secrets: Secrets | None) -> None:
        """Fill the form from a stored site; ``secrets`` where the reader may see them."""
        for day, field in enumerate(self.days()):
            field.data = write_spans((h.opens, h.closes) for h in site.hours if h.weekday == day)
        self.quiet.data = write_spans({(q.starts, q.ends) for q in site.quiet})
        contacts: Sequence[Contact | SecretContact] = secrets.contacts if secrets else site.contacts
        contact = next(iter(contacts), None)
        if contact is not None:
            self.contact_name.data, self.contact_role.data = contact.name, contact.role
            self.contact_phone.data = contact.phone
        if secrets is not None:
            for name in ("name", "address", "postcode", "area", "latitude", "longitude",
                         "residents", "access_notes"):  # fmt: skip
                self[name].data = getattr(secrets, name)

    def _hours(self) -> Spans:
        return tuple(
            (day, a, b)
            for day, field in enumerate(self.days())
            for a, b in read_spans(field.data or "")
        )

    def _quiet(self) -> Spans:
        times = read_spans(self.quiet.data or "")
        return tuple((day, a, b) for day in range(7) for a, b in times)

    def fields(self) -> SiteFields:
        """What was entered."""
        known = {precision.value for precision in Precision}
        precision = self.precision.data if self.precision.data in known else Precision.MANUAL
        return SiteFields(
            kind=self.kind.data, is_secret=self.is_secret.data,
            alias=(self.alias.data or "").strip(), name=(self.name.data or "").strip(),
            address=self.address.data or "", postcode=self.postcode.data or "",
            area=self.area.data or "", latitude=self.latitude.data,
            longitude=self.longitude.data, precision=precision or Precision.MANUAL,
            residents=self.residents.data, access_minutes=self.access_minutes.data or 0,
            access_notes=self.access_notes.data or "", people=self.people.data or 1,
            needs_clearance=self.needs_clearance.data, needs_women=self.needs_women.data,
            needs_unmarked=self.needs_unmarked.data, status=self.status.data,
            hours=self._hours(), quiet=self._quiet(),
            contact=(
                (self.contact_name.data or "").strip(), self.contact_role.data or "",
                self.contact_phone.data or "",
            ),
        )  # fmt: skip


class PlaceAsked(BaseModel):
    """An address to look up; what does not say clearly that it is public counts as secret."""

    address: str = ""
    secret: Any = None
    site: Any = None


class ClosureForm(Form):
    """Days on which a site takes no visit."""

    from_day = DateField(_("From"), [required])
    to_day = DateField(_("To and including"), [required])
    reason = SelectField(_("Reason"), choices=options(CLOSURE_REASONS.items()))


class RevealForm(Form):
    """Why somebody needs to see a secret address."""

    reason = StringField(_("Why do you need to see it?"), [required, at_most(200)])


class GrantForm(Form):
    """The right to reveal a secret site."""

    site_id = SelectField(_("Site"))
    user_id = SelectField(_("User"))
    expires_on = DateField(_("Until and including"), [Optional()])

    def offer(self, sites: list[tuple[str, str]], users: list[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.site_id.choices = options(sites)
        self.user_id.choices = options(users)


class StaffLinkForm(Form):
    """A person who is cleared for a site or kept away from it."""

    staff_id = SelectField(_("Staff member"))
    valid_to = DateField(_("Until and including"), [Optional()])
    what = SelectField(
        _("What"),
        choices=options((("clear", _("May be sent there")), ("exclude", _("Is kept away")))),
    )

    def offer(self, staff: list[tuple[str, str]]) -> None:
        """Say whom there is to choose from."""
        self.staff_id.choices = options(staff)
