"""Store an election with one session today for two field users: ``python -m tests.browser.polls``.

It runs beside a served demo, as its own process, with the server's settings in the environment.
"""

from __future__ import annotations

import sys

from sqlalchemy import select

from outreach.accounts.models import User
from outreach.app import create_app
from outreach.core import clock, tenancy
from outreach.core.config import Settings
from outreach.core.db import db
from outreach.people.models import Staff
from outreach.sites.models import Site
from tests.field.voting import hold_polls


def main(*emails: str) -> None:
    """Print the id of the session's visit."""
    with create_app(Settings.from_env()).app_context():
        with tenancy.everywhere():
            users = {u.email: u for u in db.session.scalars(select(User))}
        with tenancy.acting_for(users[emails[0]].org_id):
            ids = [users[email].id for email in emails]
            staff = db.session.scalars(select(Staff).where(Staff.user_id.in_(ids))).all()
            pair = sorted(staff, key=lambda one: ids.index(one.user_id or ""))
            site = db.session.scalars(
                select(Site).where(Site.kind == "care_home", Site.residents > 0)
                .order_by(Site.code)
            ).first()  # fmt: skip
            assert site is not None
            sys.stdout.write(hold_polls(pair, site, clock.today()).visit.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
