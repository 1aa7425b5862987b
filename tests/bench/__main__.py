"""Speed, measured in one run: pages beside an empty signed-in page, travel, first plans.

And how far from the best known cost a few public instances end; the peers are in ``peers``.

``make bench`` prints a table and writes build/bench.json. Absolute times depend on the machine;
the ratios are what to compare.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from flask.testing import FlaskClient

from outreach.accounts.rules import DEMO_PASSWORD
from outreach.app import create_app
from outreach.core import clock, migrate
from outreach.core.config import Settings
from outreach.core.db import db
from outreach.demo import loader
from outreach.sites.travel import Point, matrix
from solver import After, Iterations, explain, generate, solve
from solver.bench import bench
from tests.bench.cases import FILES

THURSDAY = datetime(2026, 11, 19, 14, tzinfo=clock.DK)
INSTANCES = ("C103", "R104", "R112", "R208", "RC107", "RC204", "PR01")
SIZES = {"small": 25, "municipality": 120, "region": 500}
PAGES = ("/weeks/2026-W48", "/sites", "/days/2026-11-19", "/agreements", "/people", "/reports")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; ``ratio`` is to the empty page of the same run, where there is one."""

    what: str
    milliseconds: float
    ratio: float | None = None
    note: str = ""


def median_ms(work: Callable[[], object], times: int = 7) -> float:
    """The median of a few runs, the first left out."""
    work()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 2)


def pages(size: str) -> list[Measured]:
    """The pages of a demo of one size."""
    settings = Settings.from_env(env="demo", instance=tempfile.mkdtemp(), now=THURSDAY)
    app = create_app(settings)
    with app.app_context():
        migrate.upgrade()
        loader.load(size)
        db.session.remove()
    app.config["WTF_CSRF_ENABLED"] = False
    client: FlaskClient = app.test_client()
    form = {"email": "koordinator@example.dk", "password": DEMO_PASSWORD}
    client.post("/sign-in", data=form)

    def get(url: str) -> Callable[[], object]:
        def fetch() -> None:
            assert client.get(url).status_code == 200, url

        return fetch

    empty = median_ms(get("/agreements/new"))
    found = [Measured(f"{SIZES[size]} sites: empty page", empty, 1.0)]
    for url in PAGES:
        taken = median_ms(get(url))
        found.append(Measured(f"{SIZES[size]} sites: {url}", taken, round(taken / empty, 1)))
    return found


def travel() -> list[Measured]:
    """The crow's matrix."""
    dice = np.random.default_rng(1)
    places = [Point(56.1 + a, 10.1 + b) for a, b in dice.random((500, 2)) / 5]
    return [Measured("travel matrix 500 x 500", median_ms(lambda: matrix(places, "car")))]


def plans() -> list[Measured]:
    """First plans and what a few seconds more bring."""
    found = []
    for visits, teams in ((60, 4), (120, 7), (500, 25)):
        problem = generate(visits, seed=1, teams=teams, breaks=True)
        first = solve(problem, stop=Iterations(0))
        taken = median_ms(lambda p=problem: solve(p, stop=Iterations(0)), 3)  # type: ignore[misc]
        later = solve(problem, stop=After(3))
        note = (
            f"cost {first.cost['total']:.0f}, {len(first.unserved)} left out; after 3 s"
            f" {later.cost['total']:.0f}, {len(later.unserved)} left out"
        )
        found.append(Measured(f"first plan, {visits} visits", taken, None, note))
    return found


def explanations() -> list[Measured]:
    """Reasons and cures of a week that has too few teams; setting up is counted."""
    problem = generate(120, seed=1, teams=4, breaks=True)
    plan = solve(problem, stop=Iterations(20))
    taken = median_ms(lambda: explain(problem, plan), 3) / max(1, len(plan.unserved))
    note = f"{len(plan.unserved)} left out"
    return [Measured("explanation of a visit left out, of 120", round(taken, 2), None, note)]


def instances() -> list[Measured]:
    """A few public instances, five seconds each."""
    found = []
    for done in bench([str(FILES[name]) for name in INSTANCES], seconds=5, workers=1, seeds=(1,)):
        gap = f"cost {done['cost']:.1f}, {done['gap_percent']:+.2f} % to the best known"
        found.append(Measured(f"instance {done['instance']}", done["seconds"] * 1000, None, gap))
    return found


def main() -> None:
    """Measure and print."""
    found = [*travel(), *plans(), *explanations(), *instances()]
    for size in SIZES:
        found += pages(size)
    target = Path("build/bench.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(one) for one in found], indent=1))
    for one in found:
        ratio = "" if one.ratio is None else f"{one.ratio:6.1f} x"
        sys.stdout.write(f"{one.what:42} {one.milliseconds:9.1f} ms {ratio:9} {one.note}\n")


if __name__ == "__main__":
    main()
