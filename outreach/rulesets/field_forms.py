"""The form of one field of the law: its citation and status, and its values by its kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from outreach.core.forms import Form, MinuteOfDay, at_most, options, required
from outreach.rulesets import words
from outreach.rulesets.base import Cited
from outreach.rulesets.shape import (
    Application,
    At,
    Hours,
    Milestone,
    Minutes,
    RoleLimit,
    Size,
    Visits,
    Window,
    YesNo,
)


class DateExpression(TextAreaField):
    """A date expression in JSON."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return json.dumps(self.data, ensure_ascii=False) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read JSON."""
        try:
            self.data = json.loads(valuelist[0]) if valuelist else None
        except (ValueError, RecursionError):
            raise ValueError(_("This is no JSON.")) from None


class FieldForm(Form):
    """What every field of the law has; the names are those of the JSON form."""

    cite = StringField(_("Paragraph"), [required, at_most(400)])
    status = SelectField(_("Status"), choices=options(words.STATUSES.items()))
    level = SelectField(
        _("What a breach does"), choices=options([("block", _("It blocks")), *words.LEVELS.items()])
    )
    version = IntegerField(_("Version"), [required], widget=HiddenInput())


class YesNoForm(FieldForm):
    """Whether something is so."""

    value = BooleanField(_("Yes"))


class NumberForm(FieldForm):
    """A number of minutes."""

    value = IntegerField(_("Minutes"), [required])


class ClockForm(FieldForm):
    """A time of the day."""

    value = MinuteOfDay(_("Time"), [required])


class HoursForm(FieldForm):
    """From when to when on the clock."""

    from_ = MinuteOfDay(_("From"), [required])
    to = MinuteOfDay(_("To"), [required])


class LimitsForm(FieldForm):
    """The least and the most of something."""

    min = IntegerField(_("At least"), [required])
    max = IntegerField(_("At most"), [Optional()])


class VisitsForm(LimitsForm):
    """On how many days, and how far apart."""

    min_gap_days = IntegerField(_("Days between"), [Optional()])


class WindowForm(FieldForm):
    """From when to when something is lawful."""

    from_ = DateExpression(_("From"), [required])
    to = DateExpression(_("To"), [required])


class MilestoneForm(FieldForm):
    """A date."""

    at = DateExpression(_("Date"), [required])


_FORMS: dict[type[Cited], type[FieldForm]] = {
    YesNo: YesNoForm, Minutes: NumberForm, At: ClockForm, Hours: HoursForm, Size: LimitsForm,
    RoleLimit: LimitsForm, Visits: VisitsForm, Window: WindowForm, Application: WindowForm,
    Milestone: MilestoneForm,
}  # fmt: skip


def form_of(field: Cited, version: int) -> FieldForm:
    """The form of a field, filled with what it says now."""
    kind = _FORMS.get(type(field), FieldForm)
    whole = field.model_dump(mode="json", by_alias=True, exclude_none=True)
    given = whole | field.model_dump(mode="json", by_alias=True, exclude_unset=True)
    shown = {name: _shown(value) for name, value in given.items()}
    if "from" in shown:
        shown["from_"] = shown["from"]
    return kind(data={**shown, "version": version})


def _shown(value: Any) -> Any:
    """A time of the day as minutes, as its field holds it."""
    is_clock = isinstance(value, str) and len(value) == len("09:00") and value[2] == ":"
    return 60 * int(value[:2]) + int(value[3:]) if is_clock else value


def values_of(form: FieldForm) -> Mapping[str, Any]:
    """What was entered, by the names of the JSON form; None takes a name away."""
    found: dict[str, Any] = {}
    for name, field in form._fields.items():
        if name in ("version", "csrf_token"):
            continue
        is_clock = isinstance(field, MinuteOfDay)
        clock = f"{field.data // 60:02d}:{field.data % 60:02d}" if is_clock else ""
        found[name.rstrip("_")] = clock or field.data
    return found
