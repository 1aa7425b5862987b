"""Which engine runs on what, for how long, and in which order: the most telling first.

A stop in the middle leaves a table of what was done; the core set is first and takes less than
ninety minutes of one core. Where several engines get one problem they take turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.cases import family, members

SEEDS = (1, 2, 3)
PEERS = ("pyvrp", "vroom", "ortools")
BLIND = {"vroom": ("seconds", "seed"), "ortools": ("seed",)}
"""What an engine takes no notice of; there it is 0, and the one answer stands for all."""
QUARTER, SHORT, LONG, CARE, RICH = 0.25, 5.0, 30.0, 60.0, 8.0
"""Seconds: a first look, usual, long, those of home care, those of weeks with everything."""
_LOADING, _LARGE = 2.5, 6.0
"""Seconds for starting a process, reading and judging: usual, and with 1000 visits or more."""
_VROOM = {"week-60": 1.0, "week-120": 4.0, "week-500": 105.0, "solomon": 4.0}
"""Seconds that VROOM takes by itself."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run.

    Attributes:
        seconds: of CPU time for each worker.
        is_core: whether it belongs to the set that takes less than ninety minutes.
    """

    case: str
    engine: str
    seconds: float
    seed: int
    workers: int = 1
    is_core: bool = True

    @property
    def key(self) -> tuple[str, str, float, int, int]:
        """What tells one run from another."""
        return self.case, self.engine, self.seconds, self.seed, self.workers

    @property
    def estimate(self) -> float:
        """Seconds of one core that it takes."""
        kind = family(self.case)
        is_large = kind in ("pcvrptw", "week-2000", "rich-2000")
        search = _VROOM.get(kind, LONG) if self.engine == "vroom" else self.seconds * self.workers
        return search + (_LARGE if is_large else _LOADING)


def seen(engine: str, seconds: float, seed: int) -> tuple[float, int]:
    """Seconds and seed as an engine sees them."""
    blind = BLIND.get(engine, ())
    return 0.0 if "seconds" in blind else seconds, 0 if "seed" in blind else seed


def jobs(*, is_short: bool = False) -> list[Job]:
    """All runs in their order, each once; the short form is for trying it out."""
    found: dict[tuple[str, str, float, int, int], Job] = {}
    for job in _short() if is_short else _all():
        found.setdefault(job.key, job)
    return list(found.values())


def _short() -> Iterator[Job]:
    """Something of everything, with little time."""
    yield from _turns(["week-60-1", "week-120-1"], ("ours", *PEERS), 0.5, SEEDS[:2])
    yield from _turns(["pairs-60-1"], ("ours", "ortools", "routing"), 1.0, SEEDS[:1])
    yield from _turns(["rich-60-1"], ("ours", "routing"), 1.0, SEEDS[:1])
    yield from _turns(["R104", "RC103"], ("ours", *PEERS), 0.5, SEEDS[:1])
    yield from _two_workers(["R104"], 0.5, SEEDS[:1])
    for kind in ("200", "sdvrptw", "mdvrptw", "pcvrptw"):
        yield from _turns(members(kind)[:1], ("ours", "pyvrp"), 0.5, SEEDS[:1])
    yield from _turns(members("hhcrsp")[:1], ("ours",), 0.5, SEEDS[:1])


def _all() -> Iterator[Job]:
    yield from _weeks(SEEDS[:1])
    yield from _turns(["week-2000-1"], ("ours", "pyvrp", "ortools"), SHORT, SEEDS[:1])
    yield from _rich_weeks()
    yield from _solomon(SEEDS[:1])
    yield from _families(SEEDS[:1])
    yield from _weeks(SEEDS[1:])
    yield from _turns(members("solomon"), ("ours", "pyvrp"), SHORT, SEEDS[1:])
    yield from _two_workers(members("solomon"), SHORT, SEEDS[1:])
    yield from _further()


def _weeks(weeks: Sequence[int]) -> Iterator[Job]:
    """The goals beside the peers: at equal CPU, and after a quarter of a second."""
    for visits in (60, 120, 500):
        names = [f"week-{visits}-{seed}" for seed in weeks]
        yield from _turns(names, ("ours", "pyvrp", "ortools"), SHORT, SEEDS)
        yield from _turns(names, ("ours",), QUARTER, SEEDS)
        yield from _turns(names, ("ours", "pyvrp", "ortools"), 1.0, SEEDS)
    for visits in (60, 120, *((500,) if weeks == SEEDS[:1] else ())):
        yield from _turns([f"week-{visits}-{seed}" for seed in weeks], ("vroom",), SHORT, SEEDS)


def _rich_weeks() -> Iterator[Job]:
    """Two crews, which OR-Tools can express; and what only our own use of its routing can."""
    for visits in (60, 120, 500):
        yield from _turns([f"pairs-{visits}-1"], ("ours", "ortools", "routing"), RICH, SEEDS[:1])
    for visits in (60, 120, 500):
        yield from _turns([f"rich-{visits}-1"], ("ours", "routing"), RICH, SEEDS[:1])
    yield from _turns(["rich-2000-1"], ("ours",), LONG, SEEDS[:1])


def _solomon(seeds: Sequence[int]) -> Iterator[Job]:
    names = members("solomon")
    yield from _turns(names, ("ours", "pyvrp"), SHORT, seeds)
    yield from _two_workers(names, SHORT, seeds)
    yield from _two_workers(names, LONG, seeds)
    yield from _turns(names, ("ours", "pyvrp"), LONG, seeds)
    yield from _turns(names, ("vroom", "ortools"), SHORT, seeds)


def _families(seeds: Sequence[int], *, is_core: bool = True) -> Iterator[Job]:
    pair = ("ours", "pyvrp")
    for kind in ("200", "sdvrptw"):
        yield from _turns(members(kind), pair, LONG, seeds, is_core=is_core)
    yield from _turns(members("hhcrsp"), ("ours",), CARE, seeds, is_core=is_core)
    for kind in ("400", "mdvrptw", "pcvrptw"):
        yield from _turns(members(kind), pair, LONG, seeds, is_core=is_core)


def _further() -> Iterator[Job]:
    """Beyond the core: three seeds for what takes long, and short looks at it."""
    rest = SEEDS[1:]
    yield from _two_workers(members("solomon"), LONG, rest, is_core=False)
    yield from _turns(members("solomon"), ("ours", "pyvrp"), LONG, rest, is_core=False)
    yield from _families(rest, is_core=False)
    for kind in ("200", "400", "sdvrptw", "mdvrptw", "pcvrptw"):
        yield from _turns(members(kind), ("ours", "pyvrp"), SHORT, SEEDS, is_core=False)
    names = [f"rich-{visits}-{seed}" for seed in rest for visits in (60, 120, 500)]
    yield from _turns(names, ("ours", "routing"), RICH, SEEDS[:1], is_core=False)
    large = [f"week-500-{seed}" for seed in rest]
    yield from _turns(large, ("vroom",), SHORT, SEEDS[:1], is_core=False)
    yield from _turns(["week-2000-1"], ("ours", "pyvrp"), LONG, SEEDS[:1], is_core=False)


def _turns(
    names: Sequence[str], engines: Sequence[str], seconds: float, seeds: Sequence[int], *,
    is_core: bool = True,
) -> Iterator[Job]:  # fmt: skip
    """The engines in turn on each case and seed."""
    for name in names:
        for seed in seeds:
            for engine in engines:
                yield Job(name, engine, *seen(engine, seconds, seed), is_core=is_core)


def _two_workers(
    names: Sequence[str], seconds: float, seeds: Sequence[int], *, is_core: bool = True
) -> Iterator[Job]:
    for name in names:
        for seed in seeds:
            yield Job(name, "ours", seconds, seed, workers=2, is_core=is_core)
