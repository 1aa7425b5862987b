"""Forms of agreements and requests."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.agreements.actions import AgreementFields, RequestFields
from outreach.core.forms import EditForm, MinuteOfDay, at_most, options, required

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
)
PRIORITIES = [(1, _("1, first")), (2, "2"), (3, _("3, usual")), (4, "4"), (5, _("5, last"))]


def _boxes(label: Any, **more: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **more
    )


class AgreementForm(EditForm):
    """An agreement."""

    site_id = SelectField(_("Site"), [required])
    services = _boxes(_("Services"))
    interval_days = IntegerField(_("Days between visits"), [Optional(), NumberRange(1, 730)])
    tolerance_days = IntegerField(
        _("May be early or late by"), [Optional(), NumberRange(0, 60)], default=3
    )
    rrule = StringField(_("Or a recurrence rule"), [at_most(200)])
    min_gap_days = IntegerField(
        _("At least so many days between two visits"), [Optional(), NumberRange(0, 365)], default=0
    )
    minutes = IntegerField(_("Minutes on site"), [Optional(), NumberRange(1, 600)])
    people = IntegerField(_("People in each team"), [required, NumberRange(1, 6)], default=1)
    crews = IntegerField(_("Teams at once"), [required, NumberRange(1, 2)], default=1)
    weekdays = _boxes(_("Only on"), coerce=int, choices=options(WEEKDAYS))
    earliest = MinuteOfDay(_("Not before"))
    latest = MinuteOfDay(_("Not after"))
    preferred_team = StringField(_("Preferred team"), [at_most(2)])
    priority = SelectField(_("Priority"), coerce=int, choices=options(PRIORITIES), default=3)
    starts_on = DateField(_("First day"), [required])
    ends_on = DateField(_("Last day"), [Optional()])
    is_active = BooleanField(_("In force"), default=True)

    def offer(self, sites: list[tuple[str, str]], services: list[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.site_id.choices = options(sites)
        self.services.choices = options(services)

    def fields(self) -> AgreementFields:
        """What was entered."""
        return AgreementFields(
            site_id=self.site_id.data, services=self.services.data or [],
            interval_days=self.interval_days.data, tolerance_days=self.tolerance_days.data or 0,
            rrule=(self.rrule.data or "").strip().upper(),
            min_gap_days=self.min_gap_days.data or 0, minutes=self.minutes.data,
            people=self.people.data or 1, crews=self.crews.data or 1,
            weekdays=self.weekdays.data or [], earliest=self.earliest.data,
            latest=self.latest.data, preferred_team=(self.preferred_team.data or "").upper(),
            priority=self.priority.data, starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data, is_active=self.is_active.data,
        )  # fmt: skip


class RequestForm(EditForm):
    """A single visit that somebody asked for."""

    site_id = SelectField(_("Site"), [required])
    services = _boxes(_("Services"))
    earliest = DateField(_("Not before"), [required])
    latest = DateField(_("Not after"), [required])
    minutes = IntegerField(_("Minutes on site"), [Optional(), NumberRange(1, 600)])
    priority = SelectField(_("Priority"), coerce=int, choices=options(PRIORITIES), default=3)

    def offer(self, sites: list[tuple[str, str]], services: list[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.site_id.choices = options(sites)
        self.services.choices = options(services)

    def fields(self) -> RequestFields:
        """What was entered."""
        return RequestFields(
            site_id=self.site_id.data, services=self.services.data or [],
            earliest=self.earliest.data or date.min,
            latest=self.latest.data or date.min, minutes=self.minutes.data,
            priority=self.priority.data,
        )  # fmt: skip
