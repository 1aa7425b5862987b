"""Forms of rulesets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from outreach.core.forms import Form, at_most, required

_LONGEST = 200_000


class DocumentForm(Form):
    """A ruleset in its JSON form.

    Attributes:
        version: of the stored draft when the form was opened.
    """

    text = TextAreaField(_("The ruleset in JSON"), [required, at_most(_LONGEST)])
    version = IntegerField(_("Version"), [required], widget=HiddenInput())


class VectorsForm(Form):
    """Dates that a ruleset must come to, in JSON."""

    text = TextAreaField(_("Dates of your own in JSON"), [required, at_most(_LONGEST)])
