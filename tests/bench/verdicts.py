"""The goals of the planner, each beside what was measured: met, or missed by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench import schedule
from tests.bench.cases import SEEN
from tests.bench.figures import (
    Group,
    Run,
    gaps,
    group,
    less,
    losses,
    mean,
    median,
    sound,
)

NAMES = {"ours": "ours", "pyvrp": "PyVRP", "vroom": "VROOM", "ortools": "OR-Tools"}
LESS = {"pyvrp": {60: 4, 120: 12, 500: 27}, "vroom": {60: 7, 120: 8, 500: 18},
        "ortools": {120: 10, 500: 28}}  # fmt: skip
"""By how many percent less travel than a peer a generated week shall have."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One row: ``missed`` is by how much in the unit of the goal; None: nothing was measured."""

    what: str
    wanted: str
    measured: str
    missed: float | None = None
    unit: str = "points"

    def row(self) -> str:
        """As a line of a table."""
        if self.missed is None:
            end = "not measured"
        else:
            end = "met" if self.missed <= 0 else f"missed by {self.missed:.2f} {self.unit}"
        return f"| {self.what} | {self.wanted} | {self.measured} | {end} |"


def table(runs: Sequence[Run]) -> str:
    """All goals as markdown."""
    rows = [goal.row() for goal in all_goals(runs)]
    return "\n".join(["| goal | wanted | measured | |", "|---|---|---|---|", *rows]) + "\n"


def all_goals(runs: Sequence[Run]) -> Iterator[Goal]:
    """In the order of their importance."""
    for engine, sizes in LESS.items():
        for visits, wanted in sizes.items():
            yield _travel(runs, engine, visits, wanted)
    for visits in (60, 120, 500):
        yield _at_once(runs, visits)
    yield from _pairs(runs)
    yield from _public(runs)


def _travel(runs: Sequence[Run], engine: str, visits: int, wanted: float) -> Goal:
    """Travel against a peer in the usual time; a second beside it."""
    groups = [group(runs, f"week-{visits}", seconds) for seconds in (schedule.SHORT, 1.0)]
    found = [median(less(one.pairs(engine), "travel")) for one in groups]
    told = [
        f"{value:.1f} % less after {one.seconds:g} s"
        for one, value in zip(groups, found, strict=True)
        if value is not None
    ]
    usual = found[0]
    return Goal(
        f"week of {visits} visits, travel against {NAMES[engine]}", f"at least {wanted} % less",
        "; ".join(told), None if usual is None else wanted - usual,
    )  # fmt: skip


def _at_once(runs: Sequence[Run], visits: int) -> Goal:
    """Better than VROOM after a quarter of a second, however long that took."""
    pairs = group(runs, f"week-{visits}", schedule.QUARTER).pairs("vroom")
    lost = len(losses(pairs))
    amount = median(less(pairs, "travel"))
    more = "" if amount is None else f", travel {amount:.1f} % less in the median"
    told = f"better or as good in {len(pairs) - lost} of {len(pairs)} runs{more}" if pairs else ""
    return Goal(
        f"week of {visits} visits, better than VROOM after {schedule.QUARTER} s", "always", told,
        float(lost) if pairs else None, "runs",
    )  # fmt: skip


def _pairs(runs: Sequence[Run]) -> Iterator[Goal]:
    """Visits of two crews."""
    served = {name: _served(runs, name) for name in ("ours", "ortools", "routing")}
    told = [
        f"{words} {count} of {of}"
        for name, words in (
            ("ours", "ours"), ("ortools", "OR-Tools' recipe with linked variables"),
            ("routing", "OR-Tools within our appointments and repair"),
        )
        for count, of in [served[name]]
        if of
    ]  # fmt: skip
    count, of = served["ours"]
    yield Goal(
        f"visits of two crews, weeks of 60, 120 and 500, {schedule.RICH:g} s", "all served",
        "; ".join(told), float(of - count) if of else None, "visits",
    )  # fmt: skip
    large = [r for r in runs if r["family"] == "rich-2000" and sound(r)]
    left = sum(run["insertable"] for run in large)
    told = [
        f"{run['unserved']} left out, {run['insertable']} of them insertable; "
        f"{run['pairs'][0]} of {run['pairs'][1]} pairs"
        for run in large
    ]
    yield Goal(
        "2000 visits, 60 teams, about 200 pairs", "nothing insertable left out", "; ".join(told),
        float(left) if large else None, "visits",
    )  # fmt: skip


def _served(runs: Sequence[Run], engine: str) -> tuple[int, int]:
    """How many visits of two crews were served by sound plans, of all that were asked for."""
    mine = [r for r in runs if r["family"].startswith("pairs-") and r["engine"] == engine]
    asked = {r["family"]: r["pairs"][1] for r in runs if "pairs" in r}
    count = sum(run["pairs"][0] for run in mine if sound(run))
    return count, sum(asked.get(run["family"], 0) for run in mine)


def _public(runs: Sequence[Run]) -> Iterator[Goal]:
    """Families of public instances."""
    short, long = (group(runs, "solomon", s) for s in (schedule.SHORT, schedule.LONG))
    yield _gap("Solomon, 30 s, two workers", 0.15, gaps(long.doubled))
    yield _gap("Solomon, 5 s, two workers", 0.3, gaps(short.doubled))
    yield _beside(short)
    yield _beside(long)
    yield _gap("200 customers, 30 s", 0.2, gaps(group(runs, "200", schedule.LONG).ours))
    yield _gap("SDVRPTW, 30 s", 0.5, gaps(group(runs, "sdvrptw", schedule.LONG).ours))
    care = group(runs, "hhcrsp", schedule.CARE).ours
    for sizes, wanted in (((25, 50), 1.0), ((75, 100), 3.0)):
        some = [run for run in care if int(run["case"].split("_")[2]) in sizes]
        yield _gap(f"HHCRSP, {sizes[0]} and {sizes[1]} patients, 60 s", wanted, gaps(some))
    yield _gap("400 customers, 30 s", 0.8, gaps(group(runs, "400", schedule.LONG).ours))


def _gap(what: str, wanted: float, found: Sequence[float]) -> Goal:
    value = mean(found)
    told = "" if value is None else f"{value:.2f} %, worst {max(found):.2f} %; {len(found)} runs"
    missed = None if value is None else round(value - wanted, 2)
    return Goal(f"{what}: mean gap", f"at most {wanted:g} %", told, missed)


def _beside(one: Group) -> Goal:
    """Ours and PyVRP with one thread, on the instances that nobody tuned on."""
    fresh = [pair for pair in one.pairs("pyvrp") if pair[0]["case"] not in SEEN]
    ours, peer = mean(gaps(a for a, _ in fresh)), mean(gaps(b for _, b in fresh))
    what = f"Solomon, {one.seconds:g} s, one worker, instances not tuned on: mean gap"
    if ours is None or peer is None:
        return Goal(what, "not behind PyVRP", "")
    told = f"{ours:.2f} %, PyVRP {peer:.2f} %; {len(fresh)} runs"
    return Goal(what, "not behind PyVRP", told, round(ours - peer, 2))
