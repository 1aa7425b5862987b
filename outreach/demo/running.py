"""The running week, planned and published; the week after, due."""

from __future__ import annotations

from datetime import date, timedelta

from outreach.agreements.actions import bring_due
from outreach.core import tenancy


def prepare(org_id: str, monday: date) -> None:
    """Bring both weeks' visits to life."""
    with tenancy.acting_for(org_id):
        bring_due(monday)
        bring_due(monday + timedelta(days=7))
