"""The form that gives a tablet to somebody."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from outreach.core.forms import Form, options, required
from outreach.field.queries import FieldUser


class CodeForm(Form):
    """Who gets the tablet."""

    user = SelectField(_("Field worker"), validators=[required])

    def offer(self, users: tuple[FieldUser, ...]) -> None:
        """Let one of these be chosen."""
        self.user.choices = options((u.email, u.name) for u in users)
