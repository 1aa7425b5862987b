"""Forms of elections, local decisions and what is decided for sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.core import clock
from outreach.core.forms import EditForm, Form, MinuteOfDay, at_most, options, required
from outreach.elections.actions import SETTINGS, Days
from outreach.elections.deciding import (
    LONGEST_REASON,
    MOST_DESKS,
    MOST_VOTES,
    SPLITS,
    DecisionFields,
)
from outreach.rulesets.facts import LocalDecision, Outcome
from outreach.rulesets.schema import Ruleset

OUTCOMES = {
    Outcome.SESSION: _("Session on site"),
    Outcome.HOME: _("As at home, on application"),
    Outcome.SELF_SERVED: _("The institution's own staff"),
    Outcome.NONE: _("No voting there"),
}
_SPLITS = tuple(zip(SPLITS, (_("Several teams on one day"), _("Several days")), strict=True))


class TypeForm(Form):
    """Under which rules an election is held."""

    class Meta(Form.Meta):
        """It is asked for by an address, which changes nothing."""

        csrf = False

    ruleset = SelectField(_("Type of election"))


class ElectionForm(EditForm):
    """The days of an election."""

    title = StringField(_("Title"), [required, at_most(120)])
    election_day = DateField(_("Election day"), [required])
    writ_day = DateField(_("Called on"), [required], default=clock.today)
    previewed = HiddenField()

    def ask(self, ruleset: Ruleset) -> None:
        """Ask for the day of the call only where the ruleset needs it."""
        if ruleset.writ != "required":
            del self.writ_day

    def days(self) -> Days:
        """What was entered."""
        writ = self.writ_day.data if "writ_day" in self else None
        return Days(self.election_day.data or date.min, writ)


class LocalForm(EditForm):
    """A local decision; the fields that the option does not need are removed."""

    kinds = SelectMultipleField(
        _("For these kinds of site"), widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip
    later_day = DateField(_("New last day"), [required])
    later_minute = MinuteOfDay(_("New last time"), [required])
    decided_on = DateField(_("Decided on"), [required])
    document = StringField(_("Document number"), [required, at_most(60)])
    previewed = HiddenField()

    def ask(self, effect: str, kinds: Sequence[tuple[str, str]]) -> None:
        """Keep the fields that the option needs."""
        self.kinds.choices = options(kinds)
        if effect != "outcome":
            del self.kinds
        if effect != "later":
            del self.later_day
            del self.later_minute

    def validate_kinds(self, field: Any) -> None:
        """At least one kind."""
        if not field.data:
            raise ValidationError(_("Choose at least one."))

    def show(self, value: str) -> None:
        """Fill in what was decided."""
        if "kinds" in self:
            everything = [choice.data for choice in self.kinds]
            self.kinds.data = value.split(",") if value else everything
        elif "later_day" in self and value:
            day, _t, clock = value.partition("T")
            self.later_day.data = date.fromisoformat(day)
            self.later_minute.data = int(clock[:2]) * 60 + int(clock[3:5])

    def decision(self, option: str) -> LocalDecision:
        """What was entered."""
        return LocalDecision(
            option, self.decided_on.data or date.min, (self.document.data or "").strip(),
            self._value(),
        )  # fmt: skip

    def _value(self) -> str:
        if "kinds" in self:
            return ",".join(self.kinds.data or [])
        if "later_day" in self and self.later_day.data:
            hours, minutes = divmod(self.later_minute.data or 0, 60)
            return f"{self.later_day.data.isoformat()}T{hours:02d}:{minutes:02d}"
        return ""


class SettingsForm(EditForm):
    """How sessions are reckoned; names as in ``models.Election``."""

    setup_minutes = IntegerField(_("Set-up"), [required, NumberRange(0, 180)])
    pack_minutes = IntegerField(_("Packing"), [required, NumberRange(0, 180)])
    seconds_per_vote = IntegerField(_("A vote takes"), [required, NumberRange(30, 3600)])
    percent_voting = IntegerField(_("Share of residents who vote"), [required, NumberRange(1, 100)])
    longest_minutes = IntegerField(_("A session is split above"), [required, NumberRange(30, 720)])
    reserve_days = IntegerField(_("Working days to be left free"), [required, NumberRange(0, 10)])
    first_minute = MinuteOfDay(_("A team's day begins"), [required])
    last_minute = MinuteOfDay(_("A team's day ends"), [required])
    break_minutes = IntegerField(_("Break"), [required, NumberRange(0, 120)])
    keeps_quiet = BooleanField(_("Sessions keep out of the sites' quiet times"))

    def fields(self) -> dict[str, Any]:
        """What was entered."""
        return {name: self[name].data for name in SETTINGS}


class SiteDecisionForm(EditForm):
    """What happens at a site."""

    outcome = RadioField(_("What happens there"), [required])
    reason = StringField(_("Reason"), [at_most(LONGEST_REASON)])
    expected = IntegerField(_("Expected votes"), [Optional(), NumberRange(0, MOST_VOTES)])
    desks = IntegerField(
        _("Desks at the same time"), [required, NumberRange(1, MOST_DESKS)], default=1
    )
    split = SelectField(
        _("If it takes too long for one session"), choices=options(_SPLITS), default="crews"
    )
    hours_from = MinuteOfDay(_("Agreed with the host: from"))
    hours_to = MinuteOfDay(_("Agreed with the host: to"))

    def offer(self, outcomes: Sequence[Outcome]) -> None:
        """Say what the law leaves open."""
        self.outcome.choices = options([(one.value, OUTCOMES[one]) for one in outcomes])

    def fields(self) -> DecisionFields:
        """What was entered."""
        return DecisionFields(
            outcome=self.outcome.data or "", reason=(self.reason.data or "").strip(),
            expected=self.expected.data, desks=self.desks.data or 1, split=self.split.data,
            hours_from=self.hours_from.data, hours_to=self.hours_to.data,
        )  # fmt: skip


class KindForm(Form):
    """The same for every undecided site of a kind."""

    kind = SelectField(_("All undecided"))
    outcome = SelectField(_("What happens there"))
    reason = StringField(_("Reason"), [at_most(LONGEST_REASON)])

    def offer(self, kinds: Sequence[tuple[str, str]], outcomes: Sequence[Outcome]) -> None:
        """Say what there is to choose from."""
        self.kind.choices = options(kinds)
        self.outcome.choices = options([(one.value, OUTCOMES[one]) for one in outcomes])
