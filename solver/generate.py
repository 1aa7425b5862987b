"""Invented weeks for tests and measurements; the same seed gives the same week."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from solver.problem import Break, Problem, Profile, Shift, Visit, Window

_SKILLS = ("mitid_ra", "passport_officer", "benefits", "library")
_DAYS = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")


def generate(
    visits: int, *, seed: int = 0, teams: int = 6, breaks: bool = False, pairs: bool = False,
    series: bool = False,
) -> Problem:  # fmt: skip
    """A week of five days with towns, skills, kits and windows."""
    dice = random.Random(seed)  # noqa: S311 - a generator, not a secret
    towns = [(dice.uniform(0, 30), dice.uniform(0, 30)) for _ in range(max(3, visits // 25))]
    points = [(15.0, 15.0)]
    for _ in range(visits):
        x, y = dice.choice(towns)
        points.append((x + dice.gauss(0, 2.5), y + dice.gauss(0, 2.5)))
    made = [_visit(dice, i) for i in range(visits)]
    if pairs:
        made = [replace(v, crews=2) if dice.random() < 0.1 else v for v in made]  # noqa: PLR2004
    if series:
        made = _in_series(dice, made)
    return Problem(
        days=_DAYS, profiles={"car": _profile(points)}, kits={"K-BIO": max(1, teams // 3)},
        shifts=tuple(_shift(t, d, breaks=breaks) for t in range(teams) for d in range(5)),
        visits=tuple(made),
    )  # fmt: skip


def _profile(points: list[tuple[float, float]]) -> Profile:
    metres = tuple(tuple(round(math.dist(a, b) * 1300) for b in points) for a in points)
    minutes = tuple(
        tuple(0 if m == 0 else math.ceil(2 + m / 1000 / 45 * 60) for m in row) for row in metres
    )
    return Profile(minutes, metres, 150)


def _shift(team: int, day: int, *, breaks: bool) -> Shift:
    letter = chr(65 + team % 26) + ("" if team < 26 else str(team // 26))  # noqa: PLR2004
    skills = _SKILLS if team % 3 == 0 else (*_SKILLS[:1], _SKILLS[1 + team % 3])
    return Shift(
        id=f"{letter}-{day}", team=letter, day=day, start=480, end=960, people=2,
        skills=skills, kit_slots=2, break_=Break(30, 660, 780) if breaks else None,
    )  # fmt: skip


def _visit(dice: random.Random, i: int) -> Visit:
    days = [d for d in range(5) if dice.random() < 0.7] or [dice.randrange(5)]  # noqa: PLR2004
    hours = dice.choice(
        [[(480, 960)], [(480, 960)], [(540, 690)], [(780, 930)], [(540, 690), (780, 930)]]
    )
    return Visit(
        id=f"V{i + 1}", location=i + 1, service_minutes=dice.choice([20, 30, 30, 45, 60, 90]),
        setup_minutes=dice.choice([0, 5, 10]),
        windows=tuple(Window(d, a, b) for d in days for a, b in hours),
        skills=(dice.choice(_SKILLS),) if dice.random() < 0.5 else (),  # noqa: PLR2004
        kits=("K-BIO",) if dice.random() < 0.15 else (),  # noqa: PLR2004
        priority=dice.choice([1, 2, 3, 3, 4]), skip_cost=dice.choice([400, 800, 1600]),
    )  # fmt: skip


def _in_series(dice: random.Random, visits: list[Visit]) -> list[Visit]:
    found = list(visits)
    chosen = dice.sample(range(len(visits)), len(visits) // 10 * 2)
    for n in range(0, len(chosen), 2):
        for i in chosen[n : n + 2]:
            found[i] = replace(found[i], series=f"S{n}", min_gap_days=2)
    return found
