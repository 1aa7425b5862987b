"""Forms of signing in and of users."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, PasswordField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.core.auth import Role
from outreach.core.forms import EditForm, Form, at_most, options, required

ROLE_NAMES = {
    Role.ADMIN: _("Administrator"),
    Role.COORDINATOR: _("Coordinator"),
    Role.ELECTION_OFFICER: _("Election officer"),
    Role.FIELD: _("Field staff"),
    Role.VIEWER: _("Reader of figures"),
    Role.AUDITOR: _("Auditor"),
}


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(_("E-mail"), [required, at_most(200)])
    password = PasswordField(_("Password"), [required, at_most(128)])


class ChangedUserForm(EditForm):
    """What may be changed of a user."""

    name = StringField(_("Name"), [required, at_most(120)])
    roles = SelectMultipleField(
        _("Roles"),
        [required],
        choices=options((role.value, name) for role, name in ROLE_NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class NewPasswordForm(Form):
    """Another password for a user who has forgotten it."""

    password = PasswordField(_("Password (14 to 128 characters)"), [required, at_most(128)])


class UserForm(ChangedUserForm, NewPasswordForm):
    """A new user."""

    email = EmailField(_("E-mail"), [required, at_most(200)])
