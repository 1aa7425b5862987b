"""Forms: what a person typed, checked; CPR-shaped text is refused in every text field."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from outreach.core import cpr


def no_cpr(_form: Any, field: Field) -> None:
    """Refuse text that holds something like a civil registration number."""
    if isinstance(field.data, str) and cpr.find(field.data):
        raise ValidationError(
            _("This looks like a civil registration number (CPR). Such numbers are never stored.")
        )


required = InputRequired(_("This must be filled in."))


def at_most(letters: int) -> Length:
    """A limit on the length of a text."""
    return Length(max=letters, message=_("At most %(max)d characters."))


class Form(FlaskForm):  # type: ignore[misc] # flask-wtf has no types
    """Base of every form; it checks each text field for CPR numbers by itself."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything can be used; if not, ``errors`` says what cannot."""
        found = dict(extra_validators or {})
        for name, field in self._fields.items():
            if isinstance(field, StringField):
                found.setdefault(name, []).append(no_cpr)
        return bool(super().validate(extra_validators=found))
