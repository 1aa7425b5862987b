"""Forms of the week."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from outreach.core.forms import Form, MinuteOfDay, options, required

LOCKS = (
    ("none", _("Not locked")),
    ("day", _("Keep the day")),
    ("team", _("Keep the day and the team")),
    ("time", _("Keep the day, the team and the time")),
)


class PlanForm(Form):
    """How long to think, and what to keep."""

    seconds = IntegerField(
        _("Seconds to think"),
        validators=[required, NumberRange(1, 120, message=_("From 1 to 120 seconds."))],
        default=5,
    )
    keep = BooleanField(_("Keep what is published, where that is good"), default=True)


class MoveForm(Form):
    """Where a visit should go."""

    team = SelectField(_("Team"), validators=[required])
    second = SelectField(_("Second team"), validators=[Optional()], validate_choice=False)
    day = SelectField(_("Day"), validators=[required])
    around = MinuteOfDay(_("Around this time"), validators=[Optional()])


class LockForm(Form):
    """What must stay when the week is planned again."""

    level = SelectField(_("Lock"), choices=options(LOCKS), validators=[required])
