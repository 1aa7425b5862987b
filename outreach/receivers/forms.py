"""Forms of appointments and of lists that are brought in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.core.forms import EditForm, Form, at_most, options, required
from outreach.core.i18n import short_day
from outreach.receivers.actions import AppointmentFields, NewPerson
from outreach.receivers.models import Appointment

_PHONE = Regexp(r"^$|^[+\d][\d ]{5,18}$", message=_("A telephone number has digits only."))


class AppointmentForm(EditForm):
    """An appointment of somebody who is known."""

    role = SelectField(_("Role"))
    appointed_on = DateField(_("Appointed on"), [Optional()])
    expires_on = DateField(_("Last day of the appointment"), [Optional()])
    instructed_on = DateField(_("Instructed on"), [Optional()])
    is_candidate = BooleanField(_("Stands as a candidate"))
    is_reserve = BooleanField(_("Reserve, called when somebody falls out"))
    attribute = StringField(_("Party"), [at_most(40)])
    source_ref = StringField(_("Number in the list of participants"), [at_most(40)])
    days = SelectMultipleField(
        _("Can come on"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, roles: Sequence[tuple[str, str]], days: Sequence[date], attribute: str) -> None:
        """Say what there is to choose from; without an attribute its field is gone."""
        self.role.choices = options(roles)
        self.days.choices = options([(day.isoformat(), short_day(day)) for day in days])
        if attribute:
            self.attribute.label.text = attribute
        else:
            del self.attribute

    def show(self, row: Appointment, attribute: str) -> None:
        """Fill in what is not a column of the same name."""
        self.days.data = row.days or []
        if "attribute" in self:
            self.attribute.data = row.attributes.get(attribute, "")

    def fields(self, attribute: str) -> AppointmentFields:
        """What was entered."""
        said = self.attribute.data.strip() if "attribute" in self and self.attribute.data else ""
        return AppointmentFields(
            role=self.role.data, appointed_on=self.appointed_on.data,
            expires_on=self.expires_on.data, instructed_on=self.instructed_on.data,
            is_candidate=self.is_candidate.data, is_reserve=self.is_reserve.data,
            days=self.days.data or None, source_ref=(self.source_ref.data or "").strip(),
            attributes={attribute: said} if said else {},
        )  # fmt: skip


class NewAppointmentForm(AppointmentForm):
    """An appointment of a staff member, or of somebody new."""

    staff_id = SelectField(_("Somebody on the staff list"), default="")
    name = StringField(_("Or a new person: name"), [at_most(120)])
    email = EmailField(_("E-mail"), [at_most(200)])
    phone = TelField(_("Telephone"), [_PHONE])

    def offer_staff(self, staff: Sequence[tuple[str, str]]) -> None:
        """Say who is on the staff list and not appointed yet."""
        self.staff_id.choices = options([("", _("Nobody of these")), *staff])

    def validate_name(self, field: StringField) -> None:
        """Exactly one of the two ways."""
        if bool((field.data or "").strip()) == bool(self.staff_id.data):
            raise ValidationError(_("Choose somebody, or give the name of a new person."))

    def who(self) -> str | NewPerson:
        """The chosen staff member's id, or the new person."""
        if self.staff_id.data:
            return str(self.staff_id.data)
        return NewPerson(
            " ".join((self.name.data or "").split()), self.email.data or "", self.phone.data or ""
        )


class InstructForm(Form):
    """Who was instructed, and when."""

    day = DateField(_("Instructed on"), [required])
    who = RadioField(
        _("Who"), [required], default="ticked",
        choices=options((("ticked", _("Those ticked in the list")),
                         ("all", _("Everybody who is not instructed yet")))),
    )  # fmt: skip
    ticked: frozenset[str] = frozenset()
    """Whom the list shows as ticked."""


class ListForm(Form):
    """A list of people to bring in."""

    list_file = FileField(
        _("Excel workbook (.xlsx) or CSV file"), [FileRequired(_("Choose a file."))]
    )
    default_role = SelectField(_("Role of those for whom the list names none"))

    def offer(self, roles: Sequence[tuple[str, str]]) -> None:
        """Say which roles there are."""
        self.default_role.choices = options(roles)


class ParcelForm(Form):
    """What the dry run showed."""

    parcel = HiddenField()
