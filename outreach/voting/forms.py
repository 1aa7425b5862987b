"""Forms of the sprint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.core.forms import EditForm, Form, MinuteOfDay, options, required
from outreach.voting.actions import Ask

_MOST_TEAMS, _MOST_SECONDS = 35, 120
AIMS = (
    ("fewest", _("These days, fewest teams")),
    ("earliest", _("These teams, earliest finish")),
)


class SprintForm(Form):
    """On which days, and what is sought."""

    days = SelectMultipleField(
        _("Days"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    aim = RadioField(_("What is sought"), [required], choices=options(AIMS), default="fewest")
    teams = IntegerField(
        _("Teams, at most"),
        [required, NumberRange(1, _MOST_TEAMS, message=_("From 1 to 35 teams."))], default=9,
    )  # fmt: skip
    seconds = IntegerField(
        _("Seconds to think"),
        [required, NumberRange(1, _MOST_SECONDS, message=_("From 1 to 120 seconds."))], default=10,
    )  # fmt: skip
    depot = SelectField(_("Teams start and end at"), [required])
    keep_teams = BooleanField(_("Keep the teams that are formed"), default=True)

    def offer(
        self, days: Sequence[tuple[str, str]], depots: Sequence[tuple[str, str]],
        chosen: Sequence[str],
    ) -> None:  # fmt: skip
        """Say what there is to choose from; ``chosen`` is ticked where nothing was sent."""
        self.days.choices = options(days)
        self.depot.choices = options(depots)
        if not self.is_submitted():
            self.days.data = list(chosen)

    def is_submitted(self) -> bool:
        """Whether the form was sent."""
        return any(field.raw_data for field in (self.aim, self.teams, self.seconds))

    def ask(self) -> Ask:
        """What was entered."""
        return Ask(
            tuple(date.fromisoformat(day) for day in self.days.data or []), self.aim.data,
            self.teams.data or 1, float(self.seconds.data or 1),
            keep_teams=bool(self.keep_teams.data), depot_id=self.depot.data or "",
        )  # fmt: skip


class SessionMoveForm(Form):
    """Where a session should go."""

    team = SelectField(_("Team"), [required])
    day = SelectField(_("Day"), [required])
    around = MinuteOfDay(_("Around this time"), [Optional()])


class TeamForm(EditForm):
    """Who rides."""

    members = SelectMultipleField(
        _("Who rides"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
