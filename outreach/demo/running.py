"""The running week, planned, published and carried out up to yesterday; the week after, due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from outreach.accounts.queries import user_by_email
from outreach.agreements.actions import bring_due
from outreach.core import audit, clock, tenancy
from outreach.core.db import atomic
from outreach.demo.facts import Reporter
from outreach.demo.passed import carried_out
from outreach.demo.store import SEED, Store
from outreach.rounds import actions as rounds

SECONDS = 5.0
_THURSDAY_BEFORE = timedelta(days=-4)
_NOON = time(12)


def prepare(org_id: str, monday: date, seconds: float = SECONDS) -> None:
    """Plan and publish the running week as if on the Thursday before, then live it until today."""
    as_of = datetime.combine(monday + _THURSDAY_BEFORE, _NOON, clock.DK)
    coordinator = user_by_email("koordinator@example.dk")
    by_id = coordinator.id if coordinator else None
    with tenancy.acting_for(org_id):
        rounds.plan_now(monday, seconds, SEED, as_of=as_of)
        rounds.publish(monday, by_id, force_now=as_of)
        _live(org_id, clock.today())
        bring_due(monday + timedelta(days=7))


@atomic
def _live(org_id: str, today: date) -> None:
    """Report the rounds of the days that are over."""
    dice = Random(SEED)  # noqa: S311 - the same demo each time
    store = Store(org_id, dice)
    reporter = Reporter(store)
    for one in carried_out(clock.monday_of(today), today):
        reporter.done(one)
    store.flush()
    audit.record("carry-out", "demo", org_id)
