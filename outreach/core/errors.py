"""Every error that the application raises on purpose, with code, status and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _


class OutreachError(Exception):
    """Something a person can be told about.

    Attributes:
        code: stable machine name, listed in docs/errors.md.
        status: HTTP status of the answer.
        say: the sentence, translated when it is shown.
        details: values of the sentence and for machines.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    say: Any = _("Something went wrong.")

    def __init__(self, say: Any = None, **details: Any) -> None:
        self.details: Mapping[str, Any] = details
        if say is not None:
            self.say = say
        super().__init__(self.code)

    def sentence(self) -> str:
        """The sentence in the language of the moment."""
        text = str(self.say)
        return text % self.details if self.details and "%(" in text else text


class BadSetting(OutreachError):
    """The server is configured wrongly; it must not start."""

    code = "bad-setting"
    say = "A setting is wrong: %(why)s"

    def __str__(self) -> str:
        return self.sentence()


class Invalid(OutreachError):
    """The input cannot be used.

    Attributes:
        fields: what is wrong, by field name.
    """

    code, status = "invalid", 422
    say = _("Some of what you entered cannot be used.")

    def __init__(self, fields: Mapping[str, Any] | None = None, say: Any = None) -> None:
        super().__init__(say)
        self.fields = dict(fields or {})


class RuleBroken(OutreachError):
    """A rule of the domain says no.

    Attributes:
        rule: the rule's id, as listed in docs/rules.md.
    """

    code, status = "rule-broken", 422
    say = _("A rule does not allow this.")

    def __init__(self, rule: str, say: Any = None, **details: Any) -> None:
        super().__init__(say, **details)
        self.rule = rule


class NotSignedIn(OutreachError):
    """Nobody is signed in, or the session has ended."""

    code, status = "not-signed-in", 401
    say = _("Please sign in.")


class NotAllowed(OutreachError):
    """The person may know that it exists, but not do this."""

    code, status = "not-allowed", 403
    say = _("You do not have access to this.")


class NotFound(OutreachError):
    """No such thing, or none that this person may know of: the same answer."""

    code, status = "not-found", 404
    say = _("This page does not exist, or you do not have access to it.")


class Conflict(OutreachError):
    """Someone else changed it first, or its state does not allow the change."""

    code, status = "conflict", 409
    say = _("Somebody else changed this in the meantime. Load the page again and try once more.")


class Gone(OutreachError):
    """It was there and is not any more, such as a withdrawn device."""

    code, status = "gone", 410
    say = _("This no longer exists.")


class TooLarge(OutreachError):
    """More than the server takes in one request."""

    code, status = "too-large", 413
    say = _("This is more than can be received at once.")


class TooMany(OutreachError):
    """Too many attempts in a short time."""

    code, status = "too-many", 429
    say = _("Too many attempts. Wait a little and try again.")


class Unavailable(OutreachError):
    """A part of the system cannot answer now."""

    code, status = "unavailable", 503
    say = _("This cannot be done right now. Try again in a little while.")
