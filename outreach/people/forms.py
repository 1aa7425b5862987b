"""Forms of staff and teams."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FloatField,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.core.forms import (
    EditForm,
    Form,
    MinuteOfDay,
    Part,
    at_most,
    options,
    required,
)
from outreach.people.actions import DayFields, StaffFields, TeamFields
from outreach.people.models import Staff, Team, TeamDay

EMPLOYMENTS = (
    ("employee", _("Employee")),
    ("appointed_voter", _("Appointed polling assistant")),
    ("volunteer", _("Volunteer")),
    ("interpreter", _("Interpreter")),
)
_PHONE = Regexp(r"^$|^[+\d][\d ]{5,18}$", message=_("A telephone number has digits only."))
_WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"))
_BREAK = 30


class StaffForm(EditForm):
    """A staff member."""

    name = StringField(_("Name"), [required, at_most(120)])
    initials = StringField(_("Initials"), [required, at_most(8)])
    phone = TelField(_("Telephone"), [_PHONE])
    email = EmailField(_("E-mail"), [at_most(200)])
    employment = SelectField(_("Employment"), choices=options(EMPLOYMENTS))
    gender = SelectField(
        _("Gender, if stated by the person; only used where a site asks for women"),
        choices=options((("", _("Not stated")), ("woman", _("Woman")), ("man", _("Man")))),
    )
    skills = SelectMultipleField(
        _("Skills"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    user_id = SelectField(_("Signs in as"), default="")
    is_active = BooleanField(_("Goes out"), default=True)

    def offer(self, skills: list[tuple[str, str]], users: list[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.skills.choices = options(skills)
        self.user_id.choices = options([("", _("Nobody")), *users])

    def fields(self, staff: Staff | None) -> StaffFields:
        """What was entered; a skill that was there keeps its last day."""
        ends = {link.skill.code: link.valid_to for link in staff.skills} if staff else {}
        return StaffFields(
            name=self.name.data or "", initials=self.initials.data or "",
            phone=self.phone.data or "", email=self.email.data or "",
            employment=self.employment.data, gender=self.gender.data,
            is_active=self.is_active.data,
            skills={code: ends.get(code) for code in self.skills.data or []},
            user_id=self.user_id.data or "",
        )  # fmt: skip


class AbsenceForm(Form):
    """Days away."""

    from_day = DateField(_("From"), [required])
    to_day = DateField(_("To and including"), [required])


class DepotForm(EditForm):
    """Where teams begin and end their day."""

    name = StringField(_("Name"), [required, at_most(120)])
    latitude = FloatField(_("Latitude"), [required, NumberRange(54, 58.5)])
    longitude = FloatField(_("Longitude"), [required, NumberRange(7.5, 15.5)])


class SkillForm(EditForm):
    """Something that services ask for and people have."""

    code = StringField(
        _("Code"),
        [
            required, at_most(40),
            Regexp("^[a-z][a-z0-9_]*$", message=_("Small letters, digits and _ only.")),
        ],
    )  # fmt: skip
    name_da = StringField(_("Danish name"), [required, at_most(120)])
    name_en = StringField(_("English name"), [required, at_most(120)])


class DayForm(Part):
    """A weekday of a team."""

    goes_out = BooleanField(_("Goes out"))
    starts = MinuteOfDay(_("From"), [Optional()], default=8 * 60)
    ends = MinuteOfDay(_("To"), [Optional()], default=16 * 60)
    break_minutes = IntegerField(_("Break"), [Optional(), NumberRange(0, 120)], default=_BREAK)
    overtime = IntegerField(_("Overtime"), [Optional(), NumberRange(0, 240)], default=0)
    first = SelectField(_("First person"))
    second = SelectField(_("Second person"))
    third = SelectField(_("Third person"), default="")

    def validate_ends(self, field: MinuteOfDay) -> None:
        """The end lies after the start."""
        if self.goes_out.data and (field.data or 0) <= (self.starts.data or 0):
            raise ValidationError(_("The shift ends before it starts."))


class TeamForm(EditForm):
    """A team with its five weekdays."""

    letter = StringField(
        _("Letter"), [required, Regexp("^[A-Z]{1,2}$", message=_("One or two capital letters."))]
    )
    depot_id = SelectField(_("Starts and ends at"))
    profile = SelectField(
        _("Travels by"),
        choices=options((("car", _("Car")), ("bicycle", _("Bicycle")), ("foot", _("On foot")))),
    )
    vehicle = StringField(_("Vehicle"), [at_most(60)])
    grams_per_km = FloatField(
        _("Grams of CO2 a kilometre"), [required, NumberRange(0, 1000)], default=150
    )
    is_unmarked = BooleanField(_("The vehicle shows no municipal sign"))
    is_active = BooleanField(_("In use"), default=True)
    day_0 = FormField(DayForm, label=_WEEKDAYS[0])
    day_1 = FormField(DayForm, label=_WEEKDAYS[1])
    day_2 = FormField(DayForm, label=_WEEKDAYS[2])
    day_3 = FormField(DayForm, label=_WEEKDAYS[3])
    day_4 = FormField(DayForm, label=_WEEKDAYS[4])

    def days(self) -> list[FormField[DayForm]]:
        """The weekday parts, Monday first."""
        return [self.day_0, self.day_1, self.day_2, self.day_3, self.day_4]

    def offer(self, depots: list[tuple[str, str]], staff: list[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.depot_id.choices = options(depots)
        for part in self.days():
            for person in (part.form.first, part.form.second, part.form.third):
                person.choices = options([("", _("Nobody")), *staff])

    def show(self, team: Team) -> None:
        """Fill the weekday parts from a stored team."""
        for day in (_stored(team, one) for one in team.days):
            if day.weekday >= len(self.days()):
                continue
            part = self.days()[day.weekday].form
            part.goes_out.data = True
            part.starts.data, part.ends.data = day.starts, day.ends
            part.break_minutes.data, part.overtime.data = day.break_minutes, day.overtime
            part.first.data, part.second.data, part.third.data = (*day.members, "", "", "")[:3]

    def fields(self, team: Team | None) -> TeamFields:
        """What was entered; what the form does not show stays as it was."""
        return TeamFields(
            letter=self.letter.data or "", depot_id=self.depot_id.data,
            profile=self.profile.data, vehicle=self.vehicle.data or "",
            grams_per_km=self.grams_per_km.data or 0.0, is_unmarked=self.is_unmarked.data,
            is_active=self.is_active.data,
            days=self._days(team),
        )  # fmt: skip

    def _days(self, team: Team | None) -> tuple[DayFields, ...]:
        known = {day.weekday: _stored(team, day) for day in team.days} if team else {}
        shown = tuple(
            _day(part.form, known.get(weekday, DayFields(weekday, 0, 0, 0, 0, ())))
            for weekday, part in enumerate(self.days())
            if part.form.goes_out.data
        )
        return (*shown, *(day for n, day in known.items() if n >= len(self.days())))


def _stored(team: Team, day: TeamDay) -> DayFields:
    return DayFields(
        day.weekday, day.starts, day.ends, day.break_minutes, day.overtime,
        tuple(m.staff_id for m in team.members if m.weekday == day.weekday),
        day.break_from, day.break_to,
    )  # fmt: skip


def _day(part: DayForm, known: DayFields) -> DayFields:
    """A weekday as entered; the form shows three riders and no time of the break."""
    shown = (part.first.data, part.second.data, part.third.data)
    riders = (*shown, *known.members[len(shown) :])
    return replace(
        known, starts=part.starts.data, ends=part.ends.data,
        break_minutes=part.break_minutes.data or 0, overtime=part.overtime.data or 0,
        members=tuple(dict.fromkeys(filter(None, riders))),
    )  # fmt: skip
