"""The form in which a reader chooses a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from outreach.core.forms import Form, options
from outreach.reports import labels
from outreach.reports.periods import Period, days, half_of, parse, recent

DAYS = "days"


class PeriodForm(Form):
    """A half-year, a week, or any days from one to another."""

    class Meta:
        """Asking for figures changes nothing, so no token is needed."""

        csrf = False

    period = SelectField(_("Period"))
    first = DateField(_("From"), [Optional()])
    last = DateField(_("To"), [Optional()])

    def chosen(self) -> Period | None:
        """The period, or None where the answers name none; ``errors`` says why."""
        if not self.validate():
            return None
        if self.period.data != DAYS:
            return parse(self.period.data)
        if self.first.data is None or self.last.data is None:
            self.first.errors = [_("Give the first and the last day.")]
            return None
        try:
            return days(self.first.data, self.last.data)
        except ValueError:
            self.last.errors = [_("The last day must follow the first, within three years.")]
            return None


def asked(args: Mapping[str, str], today: date) -> PeriodForm:
    """The form as the address fills it in; without an answer, the running half-year."""
    key = args.get("period") or half_of(today).key
    answers: dict[str, Any] = {"period": key, **_given(args)}
    offered = list(recent(today))
    if key != DAYS:
        try:
            found = parse(key)
        except ValueError:
            found = offered[0]
        if found.is_week or found.is_half_year:
            offered += [found] if found not in offered else []
        else:
            answers = {"period": DAYS, "first": str(found.first), "last": str(found.last)}
    form = PeriodForm(MultiDict(answers))
    named = [(one.key, labels.period(one)) for one in offered]
    form.period.choices = options([*named, (DAYS, _("Other days"))])
    return form


def _given(args: Mapping[str, str]) -> dict[str, str]:
    return {name: args[name] for name in ("first", "last") if args.get(name)}
