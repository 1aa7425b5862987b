"""The checker of one voting session. Pure; nobody can override what it blocks.

Pages, planner, publishing, tablet and ``verify`` all ask it. Each rule is one small function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from outreach.rulesets import people_rules, session_rules, team_rules
from outreach.rulesets.facts import Finding, Receiver, Session
from outreach.rulesets.judging import Result, Rule, judge
from outreach.rulesets.law import Law
from outreach.rulesets.people_rules import OnDay


def check(session: Session, law: Law) -> tuple[Finding, ...]:
    """Everything that speaks against a session, planned or held."""
    return tuple(finding for result in results(session, law) for finding in result.findings)


def results(session: Session, law: Law) -> tuple[Result, ...]:
    """What each rule says of a session."""
    return judge(RULES, session, law)


def check_receiver(receiver: Receiver, day: date, law: Law, channel: str) -> tuple[Finding, ...]:
    """Everything that speaks against somebody receiving votes on a day."""
    if law.channel(channel) is None:
        return ()
    return tuple(
        finding for result in judge(people_rules.RULES, OnDay(receiver, day, channel), law)
        for finding in result.findings
    )  # fmt: skip


def _of_each(rule: Rule[OnDay]) -> Rule[Session]:
    """A rule about one person, asked of everybody at a session."""

    def find(session: Session, law: Law) -> Iterator[Finding]:
        if law.channel(session.channel) is None:
            return
        day = session.starts.astimezone(law.tz).date()
        for receiver in {one.id: one for one in session.receivers}.values():
            for finding in rule.find(OnDay(receiver, day, session.channel), law):
                yield replace(finding, session=session.id, site=session.site)

    return Rule(rule.id, rule.da, rule.en, find)


RULES: tuple[Rule[Session], ...] = (
    *session_rules.RULES,
    *team_rules.RULES,
    *(_of_each(rule) for rule in people_rules.RULES),
)
