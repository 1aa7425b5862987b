"""Measures the planning of Aarhus' homes: ``python -m tests.bench.sprint [--teams 9] [--days 3]``.

The 48 care homes of the demo's register with their residents, two receivers in each team, and the
law as shipped. Everything is done as the office does it, in an empty database in memory.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from outreach.accounts import actions as accounts
from outreach.app import create_app
from outreach.core import clock, tenancy
from outreach.core.config import Settings
from outreach.core.db import db
from outreach.demo.sites import seed
from outreach.demo.source import lines
from outreach.elections.models import Election
from outreach.elections.queries import law_of
from outreach.rulesets.facts import Level
from outreach.voting import judging, sessions, sprint, teams
from outreach.voting.planner import Sprint
from tests.voting.world import make_election, make_home, make_receivers

NOW = datetime(2026, 11, 24, 9, tzinfo=clock.DK)


@contextmanager
def organisation() -> Iterator[None]:
    """An application with one organisation and nothing in it."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        settings = Settings(env="test", instance=Path(folder), database_url=url, now=NOW)
        app = create_app(settings.completed())
        with app.test_request_context():
            db.create_all()
            with tenancy.acting_for(accounts.create_organisation("Aarhus Kommune").id):
                yield


def aarhus() -> Election:
    """The homes with a session each, and 54 receivers."""
    election = make_election()
    for n, line in enumerate(lines("demo_municipality")):
        one = seed(line, str(n))
        if one.kind == "care_home" and not one.is_secret and one.is_open:
            make_home(
                election, one.code, one.residents or 0, opens=one.hours[0], closes=one.hours[1],
                latitude=one.latitude, longitude=one.longitude,
            )  # fmt: skip
    make_receivers(election, 54)
    return election


def main() -> None:
    """Print one line for each way to ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=9)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    with organisation():
        election = aarhus()
        days = [d for d in sprint.sprint_days(election, law_of(election)) if d.weekday() < 5]
        for aim in ("fewest", "earliest"):
            begin = time.perf_counter()
            sessions.in_step(election)
            formed = teams.form(
                election, days[-given.days :], given.teams, sprint.team_depots()[0], keep=False
            )
            made = Sprint(sprint.read(election, formed.shifts))
            ready = time.perf_counter() - begin
            answer, about = made.searched(aim, given.seconds)
            found = judging.findings(made.facts, [t.placed for t in answer.rounds])
            sys.stdout.write(
                f"{aim}: {len(made.facts.sites)} homes, {len(made.facts.sessions)} sessions, "
                f"{sum(one.votes for one in made.facts.sessions)} votes; "
                f"{about['teams']} teams of at least {about['bound']}, {about['days']} days; "
                f"{len(answer.left)} left out, "
                f"{sum(one.level is Level.BLOCK for one in found)} findings that block; "
                f"last end {max(t.placed.stops[-1].ends for t in answer.rounds)}; "
                f"travel {answer.cost['travel_minutes']:.0f} min; "
                f"{ready:.1f} s to read, {time.perf_counter() - begin:.1f} s in all\n"
            )


if __name__ == "__main__":
    main()
