"""Forms of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.catalogue.actions import ServiceFields, TaskLine
from outreach.catalogue.models import Service
from outreach.core.forms import EditForm, Form, at_most, options, required

_CODE = Regexp(r"[A-Z][A-Z0-9-]*$", message=_("Capital letters, digits and dashes only."))
_OPTIONAL_MARK = "?"


def read_tasks(text: str) -> list[TaskLine]:
    """Lines of ``dansk | English``; a question mark in front makes a task optional.

    Raises:
        ValueError: a line has not both languages.
    """
    lines = []
    for line in filter(None, map(str.strip, text.splitlines())):
        danish, bar, english = line.removeprefix(_OPTIONAL_MARK).partition("|")
        if not bar or not danish.strip() or not english.strip():
            raise ValueError(line)
        lines.append(
            TaskLine(danish.strip()[:160], english.strip()[:160], line[0] != _OPTIONAL_MARK)
        )
    return lines


def write_tasks(service: Service) -> str:
    """The check list as the form shows it."""
    return "\n".join(
        f"{'' if item.is_mandatory else _OPTIONAL_MARK}{item.text_da} | {item.text_en}"
        for item in service.checklist
    )


class ServiceForm(EditForm):
    """A service."""

    code = StringField(_("Code"), [required, at_most(20), _CODE])
    name_da = StringField(_("Danish name"), [required, at_most(120)])
    name_en = StringField(_("English name"), [required, at_most(120)])
    minutes = IntegerField(_("Minutes on site"), [required, NumberRange(1, 600)])
    setup_minutes = IntegerField(
        _("Minutes of setting up, once a stop"), [Optional(), NumberRange(0, 240)], default=0
    )
    kits = SelectMultipleField(
        _("Equipment"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    skills = SelectMultipleField(
        _("Skills"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    is_authority_task = BooleanField(_("Only employees may do it"))
    needs_network = BooleanField(_("Needs a network connection"))
    is_active = BooleanField(_("In use"), default=True)
    tasks = TextAreaField(_("Check list"), [at_most(4000)])

    def offer(self, kits: Sequence[tuple[str, str]], skills: Sequence[tuple[str, str]]) -> None:
        """Say what there is to choose from."""
        self.kits.choices = options(kits)
        self.skills.choices = options(skills)

    def validate_tasks(self, field: Field) -> None:
        """Every line needs both languages."""
        try:
            read_tasks(field.data or "")
        except ValueError as error:
            raise ValidationError(
                _("Write each task as Danish | English: %(line)s", line=str(error))
            ) from None

    def fields(self) -> ServiceFields:
        """What was entered."""
        return ServiceFields(
            code=self.code.data or "", name_da=self.name_da.data or "",
            name_en=self.name_en.data or "", minutes=self.minutes.data or 1,
            setup_minutes=self.setup_minutes.data or 0, kits=self.kits.data or [],
            skills=self.skills.data or [], is_authority_task=self.is_authority_task.data,
            needs_network=self.needs_network.data, is_active=self.is_active.data,
            checklist=read_tasks(self.tasks.data or ""),
        )  # fmt: skip


class KitForm(Form):
    """A kit."""

    code = StringField(_("Code"), [required, at_most(20), _CODE])
    name_da = StringField(_("Danish name"), [required, at_most(120)])
    name_en = StringField(_("English name"), [required, at_most(120)])
    amount = IntegerField(_("How many there are"), [required, NumberRange(0, 500)], default=1)


class AmountForm(EditForm):
    """How many of a kit there are."""

    amount = IntegerField(_("How many there are"), [required, NumberRange(0, 500)])
