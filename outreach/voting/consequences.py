"""Which sessions would break the law after other days or another local decision."""

from __future__ import annotations

from flask import Flask, current_app

from outreach.core.i18n import language
from outreach.elections.consequences import CONSEQUENCES, Consequence
from outreach.elections.models import Election
from outreach.rulesets.check import check
from outreach.rulesets.facts import Level
from outreach.rulesets.resolve import Law
from outreach.voting.queries import sessions_of

_BOARD = "voting.board"


def consequences(election: Election, before: Law, after: Law) -> tuple[Consequence, ...]:
    """Planned sessions that are lawful as things are, or broken otherwise, and what breaks them.

    Cost: eleven statements, at any size.
    """
    page = _BOARD if _BOARD in current_app.view_functions else ""
    found = []
    for session in sessions_of(election, before):
        was = {one.rule for one in check(session, before) if one.level is Level.BLOCK}
        found += [
            Consequence("session", one.da if language() == "da" else one.en, page)
            for one in check(session, after)
            if one.level is Level.BLOCK and one.rule not in was
        ]
    return tuple(found)


def init_app(_app: Flask) -> None:
    """Let elections ask before they change."""
    if consequences not in CONSEQUENCES:
        CONSEQUENCES.insert(0, consequences)
