"""What is measured: generated weeks and public instances, each found by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from solver import Plan, Problem, generate
from solver.instances import Instance, read

DATA = Path(__file__).parent / "data"
FILES = {
    file.stem: file
    for file in sorted(DATA.glob("*/*"))
    if file.suffix in (".txt", ".vrp", ".json") and not file.name.startswith("sol-")
}
TEAMS = {12: 2, 60: 4, 120: 7, 500: 25, 2000: 60}
"""How many teams a generated week of so many visits has; the smallest is for tests."""
SEEN = ("C103", "R104", "R112", "R208", "RC107", "RC204")
"""The instances of Solomon's that the search may have been tuned on."""
GENERATED = ("week-", "pairs-", "rich-")


@dataclass(frozen=True, slots=True)
class Case:
    """A problem under a name; a public instance knows its best known cost."""

    name: str
    problem: Problem
    instance: Instance | None = None

    def cost(self, plan: Plan) -> float:
        """What a plan costs by the convention of its family."""
        return plan.cost["total"] if self.instance is None else self.instance.cost(plan)

    def gap(self, plan: Plan) -> float | None:
        """How far it is above the best known cost, in percent."""
        return None if self.instance is None else self.instance.gap(plan)


def week(visits: int, teams: int, seed: int) -> Problem:
    """A generated week without what some peer cannot express: a pool of kits, breaks, pairs."""
    return _without_kits(generate(visits, seed=seed, teams=teams))


def pairs_week(visits: int, teams: int, seed: int) -> Problem:
    """The same, but a tenth of the visits want two crews at once."""
    return _without_kits(generate(visits, seed=seed, teams=teams, pairs=True))


def rich_week(visits: int, teams: int, seed: int) -> Problem:
    """A generated week with all of it: kits, breaks, visits of two crews, series."""
    return generate(visits, seed=seed, teams=teams, breaks=True, pairs=True, series=True)


def _without_kits(made: Problem) -> Problem:
    plain = tuple(replace(visit, kits=()) for visit in made.visits)
    return replace(made, kits={}, visits=plain)


_MAKERS = {"week": week, "pairs": pairs_week, "rich": rich_week}


@lru_cache(maxsize=4)
def load(name: str) -> Case:
    """The case of a name: ``week-VISITS-SEED``, also ``pairs`` and ``rich``, or a file's stem."""
    if name.startswith(GENERATED):
        kind, visits, seed = name.split("-")
        return Case(name, _MAKERS[kind](int(visits), TEAMS[int(visits)], int(seed)))
    instance = read(str(FILES[name]))
    return Case(name, instance.problem, instance)


def family(name: str) -> str:
    """What a case is counted with: weeks of one size, instances of one folder."""
    if name.startswith(GENERATED):
        return name.rpartition("-")[0]
    folder = FILES[name].parent.name
    return f"{name.split('_')[1]}00" if folder == "gehring_homberger" else folder


def members(wanted: str) -> list[str]:
    """The public instances of a family, in the order of their names."""
    return [name for name in FILES if family(name) == wanted]
