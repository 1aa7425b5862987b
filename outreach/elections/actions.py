"""Writes: elections, their days, local decisions, and copies of earlier elections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import select

from outreach.core import audit, clock, cpr
from outreach.core.db import atomic, db
from outreach.core.errors import Conflict, Invalid
from outreach.core.forms import CPR_REFUSED
from outreach.elections.consequences import on_days
from outreach.elections.models import Election, LocalDecision, SiteDecision
from outreach.elections.queries import decisions_of, ruleset_of
from outreach.rulesets import facts
from outreach.rulesets.resolve import resolve
from outreach.rulesets.schema import Ruleset

COPIERS: list[Callable[[Election, Election], None]] = []
"""What features above add when an election is copied; given the old one and the new one."""
LONGEST_DOCUMENT, _LONGEST_VALUE = 60, 160
SETTINGS = (
    "setup_minutes", "pack_minutes", "seconds_per_vote", "percent_voting", "reserve_days",
    "first_minute", "last_minute", "break_minutes", "longest_minutes", "keeps_quiet",
)  # fmt: skip
_OF_SITE = ("site_id", "outcome", "reason", "expected", "desks", "split", "hours_from", "hours_to")


@dataclass(frozen=True, slots=True)
class Days:
    """When an election is held, and when it was called."""

    day: date
    writ_day: date | None


@atomic
def create(title: str, ruleset: Ruleset, days: Days) -> Election:
    """Make an election under a ruleset as it is now.

    Raises:
        Invalid: the days do not suit the ruleset; it says which.
    """
    _check(ruleset, days)
    made = Election(
        title=title, ruleset=ruleset.key, law=ruleset.document(), election_day=days.day,
        writ_day=days.writ_day, decisions=[],
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record("create", "election", made.id, ruleset=ruleset.key, day=days.day.isoformat())
    return made


def _check(ruleset: Ruleset, days: Days) -> None:
    if days.day < clock.today():
        raise Invalid({"election_day": _("The election day has passed.")})
    if ruleset.writ == "required" and days.writ_day is None:
        raise Invalid({"writ_day": _("When was the election called?")})
    if days.writ_day is not None and days.writ_day > clock.today():
        raise Invalid({"writ_day": _("An election is called today or was called before.")})
    resolve(ruleset, days.day, days.writ_day)


@atomic
def change_days(election: Election, days: Days, title: str) -> None:
    """Give an election other days; local decisions that do not suit them must be made anew.

    Raises:
        Invalid: the days do not suit each other.
    """
    _check(ruleset_of(election), days)
    _law, ended = on_days(election, days.day, days.writ_day)
    for decision in election.decisions:
        if decision.option in ended:
            decision.decided_on = None
    before = election.election_day
    election.title, election.election_day, election.writ_day = title, days.day, days.writ_day
    db.session.flush()
    audit.record(
        "change-days", "election", election.id, before=before.isoformat(),
        after=days.day.isoformat(), writ=days.writ_day.isoformat() if days.writ_day else "",
        ended=list(ended),
    )  # fmt: skip


@atomic
def change_settings(election: Election, given: Mapping[str, Any]) -> None:
    """How sessions of the election are reckoned.

    Raises:
        Invalid: a field contradicts another.
    """
    if given["last_minute"] <= given["first_minute"]:
        raise Invalid({"last_minute": _("The day ends before it begins.")})
    if given["longest_minutes"] <= given["setup_minutes"] + given["pack_minutes"]:
        raise Invalid({"longest_minutes": _("Nothing is left between set-up and packing.")})
    for name in SETTINGS:
        setattr(election, name, given[name])
    audit.record("change-settings", "election", election.id)


@atomic
def decide(election: Election, decision: facts.LocalDecision) -> None:
    """Note what the council decided; the same option again replaces what was noted.

    Raises:
        Invalid: the law does not leave this open, or the day lies in the future.
    """
    _refuse_odd(decision)
    others = [one for one in decisions_of(election) if one.option != decision.option]
    resolve(ruleset_of(election), election.election_day, election.writ_day, [*others, decision])
    row = _decision(election, decision.option)
    if row is None:
        row = LocalDecision(election_id=election.id, option=decision.option)
        election.decisions.append(row)
    row.value, row.document = decision.value, decision.document
    row.decided_on = decision.decided_on
    db.session.flush()
    audit.record(
        "decide", "election", election.id, option=decision.option, value=decision.value,
        document=decision.document,
    )  # fmt: skip


def _refuse_odd(decision: facts.LocalDecision) -> None:
    """What no form lets through, or no council says."""
    if decision.decided_on > clock.today():
        raise Invalid({"decided_on": _("The decision lies in the future.")})
    document, value = decision.document, decision.value
    if not document.strip():
        raise Invalid({"document": _("This must be filled in.")})
    if cpr.find(document) or cpr.find(value):
        raise Invalid({"document": CPR_REFUSED})
    if len(document) > LONGEST_DOCUMENT or len(value) > _LONGEST_VALUE:
        raise Invalid({"document": _("A text is too long.")})


@atomic
def take_back(election: Election, option: str) -> facts.LocalDecision | None:
    """Remove a local decision; gives what was noted, None where nobody had confirmed it."""
    row = _decision(election, option)
    if row is None:
        raise Conflict
    was = row.decided_on and facts.LocalDecision(option, row.decided_on, row.document, row.value)
    election.decisions.remove(row)
    db.session.flush()
    audit.record("take-back", "election", election.id, option=option)
    return was or None


def _decision(election: Election, option: str) -> LocalDecision | None:
    return next((one for one in election.decisions if one.option == option), None)


@atomic
def duplicate(old: Election, title: str, days: Days) -> Election:
    """Make an election like an earlier one, under the same ruleset.

    Settings and what was decided for sites are the same; local decisions must be confirmed with a
    new date; no date is taken over.

    Raises:
        Invalid: the days do not suit the ruleset.
    """
    made = create(title, ruleset_of(old), days)
    for name in SETTINGS:
        setattr(made, name, getattr(old, name))
    made.copied_from = old.id
    made.decisions.extend(
        LocalDecision(
            election_id=made.id, option=one.option, document=one.document, decided_on=None,
            value="" if _is_moment(old, one.option) else one.value,
        )
        for one in old.decisions
    )  # fmt: skip
    for one in db.session.scalars(select(SiteDecision).where(SiteDecision.election_id == old.id)):
        values = {name: getattr(one, name) for name in _OF_SITE}
        db.session.add(SiteDecision(election_id=made.id, **values))
    for copy in COPIERS:
        copy(old, made)
    db.session.flush()
    audit.record("duplicate", "election", made.id, of=old.id)
    return made


def _is_moment(election: Election, option: str) -> bool:
    known = ruleset_of(election).local_options.get(option)
    return known is not None and known.effect == "later"


@atomic
def renew_feed(election: Election) -> None:
    """Give the calendar another address; who has the old one gets nothing any more."""
    election.feed_key = str(uuid4())
    audit.record("renew-feed", "election", election.id)
