"""What the audit log says, in the language of the moment."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

VERBS = {
    "absence": _("noted an absence"),
    "absence-removed": _("removed an absence"),
    "activate": _("activated"),
    "appoint": _("appointed somebody"),
    "call-off": _("called sessions off"),
    "cancel": _("cancelled"),
    "carry-out": _("carried out"),
    "change": _("changed"),
    "change-appointment": _("changed an appointment"),
    "change-days": _("changed the days"),
    "change-settings": _("changed the settings"),
    "change-team": _("changed a team"),
    "clear": _("cleared somebody"),
    "close": _("closed for some days"),
    "confirm-grant": _("confirmed a right"),
    "copy": _("copied"),
    "create": _("made"),
    "cure": _("carried out what helps"),
    "decide": _("decided"),
    "decide-kind": _("decided for a kind of site"),
    "decide-site": _("decided for a site"),
    "delete": _("deleted"),
    "device-code": _("made a one-time code"),
    "device-code-refused": _("refused a one-time code"),
    "disable": _("shut out"),
    "drop": _("dropped"),
    "duplicate": _("made one like it"),
    "enable": _("let in again"),
    "enrol": _("enrolled"),
    "exclude": _("kept somebody away"),
    "export": _("wrote the bundle"),
    "form-teams": _("formed teams"),
    "grant": _("gave a right"),
    "import": _("brought a list in"),
    "instruct": _("noted an instruction"),
    "load": _("loaded"),
    "lock": _("locked or unlocked"),
    "move": _("moved"),
    "password": _("gave a new password"),
    "plan": _("planned"),
    "publish": _("published"),
    "renew-feed": _("gave the calendar another address"),
    "reopen": _("opened again"),
    "restore": _("took back"),
    "retire": _("put away"),
    "reveal": _("looked at a secret address"),
    "roles": _("gave other roles"),
    "sessions": _("brought the sessions in step"),
    "sign-in": _("signed in"),
    "sign-out": _("signed out"),
    "start": _("started"),
    "stop": _("stopped"),
    "take-back": _("took a decision back"),
    "tick": _("ticked off"),
    "undo-instruct": _("took an instruction back"),
    "undo-kind": _("took back what was decided for a kind of site"),
    "undo-site": _("took back what was decided for a site"),
    "unlink": _("took back who may come"),
    "untick": _("took a tick back"),
    "withdraw": _("withdrew"),
    "withdraw-grant": _("withdrew a right"),
}
KINDS = {
    "agreement": _("agreement"),
    "demo": _("demonstration"),
    "depot": _("depot"),
    "device": _("tablet"),
    "election": _("election"),
    "job": _("planning job"),
    "kit": _("kit"),
    "plan": _("plan"),
    "request": _("single visit"),
    "ruleset": _("ruleset"),
    "service": _("service"),
    "session": _("session"),
    "site": _("site"),
    "skill": _("skill"),
    "staff": _("staff member"),
    "team": _("team"),
    "user": _("user"),
    "visit": _("visit"),
}


def actor(code: str) -> str:
    """Who did it, where it was no user."""
    return str(_("the system")) if code == "system" else code


def verb(code: str) -> str:
    """What was done."""
    return str(VERBS.get(code, code))


def kind(code: str) -> str:
    """With what it was done."""
    return str(KINDS.get(code, code))
