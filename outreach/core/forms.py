"""Forms: what a person typed, checked; CPR-shaped text is refused in every text field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, StringField, ValidationError
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than the types
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput, TimeInput

from outreach.core import cpr
from outreach.core.errors import Conflict

_YEARS = range(2000, 2101)
CPR_REFUSED = _("This looks like a civil registration number (CPR). Such numbers are never stored.")


def no_cpr(_form: Any, field: Field) -> None:
    """Refuse text that holds something like a civil registration number."""
    if isinstance(field.data, str) and cpr.find(field.data):
        raise ValidationError(CPR_REFUSED)


def in_reach(_form: Any, field: Field) -> None:
    """Refuse a day with which nobody can reckon."""
    if isinstance(field.data, date) and field.data.year not in _YEARS:
        raise ValidationError(_("Give a day from 2000 to 2100."))


required = InputRequired(_("This must be filled in."))


def at_most(letters: int) -> Length:
    """A limit on the length of a text."""
    return Length(max=letters, message=_("At most %(max)d characters."))


_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)|24[:.]00")


def options(pairs: Iterable[tuple[Any, Any]]) -> Any:
    """The choices of a select field from values and labels, as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


class MinuteOfDay(Field):
    """A time of the day; the value is minutes from midnight, None where it was left empty."""

    widget = TimeInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 60:02d}:{self.data % 60:02d}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read 09:30 or 9.30."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not _CLOCK.fullmatch(text):
            raise ValueError(_("Write a time, such as 09:30."))
        hours, minutes = text.replace(".", ":").split(":")
        self.data = int(hours) * 60 + int(minutes)


_CHOOSE, _WHOLE = _("Choose one of the list."), _("Write a whole number.")
_OURS = {
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "'%(value)s' are not valid choices for this field.": _CHOOSE,
    "Not a valid integer value.": _WHOLE,
    "Not a valid float value.": _("Write a number."),
    "Not a valid date value.": _("Write a day of the calendar."),
    "Number must be between %(min)s and %(max)s.": _("From %(min)s to %(max)s is possible."),
}


class _Words:
    """What WTForms says by itself, in our words and the language of the moment."""

    def gettext(self, text: str) -> str:
        """One message; its placeholders are filled in later."""
        return str(_OURS.get(text, text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """A message about a number of things."""
        return self.gettext(one if count == 1 else many)


class Part(PlainForm):
    """A part of a form, such as a weekday of a team."""

    class Meta:
        """How WTForms speaks."""

        def get_translations(self, _form: object) -> _Words:
            """Our words."""
            return _Words()


class Form(FlaskForm):  # type: ignore[misc] # flask-wtf has no types
    """Base of every form; it checks each text for CPR numbers and each day by itself."""

    class Meta(Part.Meta):
        """How WTForms speaks."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be used; if not, ``errors`` says what cannot."""
        found = dict(extra_validators or {})
        for name, field in self._fields.items():
            if isinstance(field, StringField):
                found.setdefault(name, []).append(no_cpr)
            if isinstance(field, DateField):
                found.setdefault(name, []).append(in_reach)
        return bool(super().validate(extra_validators=found))


class EditForm(Form):
    """A form that changes a stored row, or makes one: the last tab does not win silently.

    Attributes:
        seen: the version of the row that the page showed, 0 where there was none. Whoever sends
            none asks for no look.
    """

    seen = IntegerField(_("Version"), [Optional()], widget=HiddenInput())

    def __init__(self, *args: Any, obj: Any = None, **more: Any) -> None:
        super().__init__(*args, obj=obj, **more)
        self._version = 0 if obj is None else obj.version
        if self.seen.raw_data is None:
            self.seen.data = self._version

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be used, and nobody changed the row since it was shown."""
        is_good = super().validate(extra_validators)
        return self.is_fresh() and is_good

    def is_fresh(self) -> bool:
        """Whether nobody changed the row since it was shown; ``errors`` says so if not."""
        if self.seen.data in (None, self._version):
            return True
        self.form_errors.append(Conflict.say)
        return False
