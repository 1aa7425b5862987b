"""Sentences on the board of a sprint: the law, broken rules, what the last search found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core.i18n import language, short_day
from outreach.jobs.models import Job, JobState
from outreach.rounds import elsewhere, words
from outreach.rounds.models import Plan, PlanState
from outreach.rulesets.facts import Finding, Level
from outreach.rulesets.law import Law
from outreach.voting.models import VotingSession


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the checker with its paragraph."""

    text: str
    blocks: bool


def findings(found: Iterable[Finding], plans: Sequence[Plan]) -> tuple[Line, ...]:
    """What the law says of what is planned; before there is a plan only of the sites."""
    codes = set() if plans else {"site-session", "site-parts"}
    lines = [
        Line(one.da if language() == "da" else one.en, one.level is Level.BLOCK)
        for one in found if one.level is not Level.INFO and one.code not in codes
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: not line.blocks))


def breaches(plans: Iterable[Plan], known: Iterable[VotingSession]) -> tuple[str, ...]:
    """What the drafts break, and who would ride in two books on a day."""
    sites = {one.visit_id: one.visit.site.label for one in known}
    lines: list[str] = []
    for plan in plans:
        if plan.state != PlanState.DRAFT:
            continue
        lines += elsewhere.lines(elsewhere.clashes(plan.rounds, plan.book))
        for one in plan.breaches:
            said = words.rule(one["rule"], one["amount"])
            lines.append(breach_line(sites.get(one["visit_id"] or "", ""), one["shift"], said))
    return tuple(lines)


def breach_line(site: str, shift: str | None, said: str) -> str:
    """Where a rule of the plan is broken, and by whom."""
    where = [site]
    if shift:
        letter, day = shift.split("-", 1)
        where += [_("team %(letter)s", letter=letter), short_day(date.fromisoformat(day))]
    return f"{', '.join(filter(None, where))}: {said}"


def said_by(job: Job | None, law: Law) -> tuple[str, ...]:
    """What the last search found: how few teams or days, and what stands in the way of more."""
    if job is None or job.state != JobState.DONE or not job.result:
        return ()
    found = job.result
    lines = []
    if found.get("aim") == "fewest" and found.get("complete"):
        lines.append(
            _("%(teams)s teams are enough; by working time alone at least %(bound)s are needed.",
              teams=found["teams"], bound=found["bound"])
        )  # fmt: skip
    if found.get("aim") == "earliest" and found.get("complete"):
        lines.append(
            ngettext("Everything is held in %(num)d day.", "Everything is held in %(num)d days.",
                     found["days"])
        )  # fmt: skip
    return (*map(str, lines), *dict.fromkeys(_lack(one, law) for one in found.get("lacks", ())))


def _lack(one: Mapping[str, Any], law: Law) -> str:
    """Why there are fewer teams on a day than were asked for."""
    role = law.roles.get(one["name"])
    name = (role.da if language() == "da" else role.en) if role else one["name"]
    day = short_day(date.fromisoformat(one["day"]))
    why = {
        "people": _("%(has)s people can come, %(needs)s are needed",
                    has=one["has"], needs=one["needs"]),
        "role": _("%(has)s can come as %(role)s, %(needs)s are needed",
                  has=one["has"], role=name, needs=one["needs"]),
        "role_most": _("too many of those who can come are %(role)s", role=name),
        "distinct": _("too few differ in %(name)s", name=name),
        "vehicle": _("too few can ride in the same vehicle"),
        "size": _("the law allows no team of that size"),
    }[one["code"]]  # fmt: skip
    return str(
        _("%(day)s: %(made)s of %(asked)s teams: %(why)s.",
          day=day, made=one["made"], asked=one["asked"], why=why)
    )  # fmt: skip
