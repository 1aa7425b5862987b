"""The tables of docs/benchmarks.md from what was measured: goals, medians, worst cases, losses."""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench import verdicts
from tests.bench.figures import (
    Group,
    Pair,
    Run,
    alike,
    gaps,
    group,
    less,
    losses,
    sound,
)
from tests.bench.verdicts import NAMES

_TITLES = {
    "solomon": "Solomon, 100 customers", "200": "Gehring and Homberger, 200 customers",
    "400": "Gehring and Homberger, 400 customers", "sdvrptw": "SDVRPTW", "mdvrptw": "MDVRPTW",
    "pcvrptw": "PCVRPTW, 1000 customers", "hhcrsp": "HHCRSP",
}  # fmt: skip
_WEEK = (
    "| engine | our travel is less by: median (least to most) | our cost is less by"
    " | visits left out | serves fewer / more | better than ours | CPU s, median | failed |"
)
_GAPS = (
    "| engine | gap: mean | median | worst | better than ours | left out | CPU s, median | failed |"
)
_ALONE = "| week | engine | cost | visits left out | two-crew visits served | CPU s | broken |"
_MORE = ("pairs-", "rich-")
_QUIET = 0.5
"""What may run beside the benchmark's own processes, as load."""
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def table(measured: dict[str, Any]) -> str:
    """All that was measured, as markdown."""
    runs: list[Run] = measured["runs"]
    parts = [_head(measured), "### Goals\n", verdicts.table(runs)]
    mine = {(run["family"], run["seconds"]) for run in runs if run["engine"] == "ours"}
    budgets = sorted((one for one in mine if not one[0].startswith(_MORE)), key=_rank)
    parts += [_section(group(runs, *budget)) for budget in budgets]
    parts += [_weeks_with_more(runs), _all_losses(runs, budgets)]
    return "\n".join(part for part in parts if part)


def into(page: str, text: str) -> str:
    """The page with the measured part anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"


def _rank(budget: tuple[str, float]) -> tuple[int, int, float]:
    """Weeks by size, then the families as they are listed."""
    family, seconds = budget
    if family in _TITLES:
        return 1, list(_TITLES).index(family), seconds
    return 0, int(family.rpartition("-")[2]), seconds


# What it was measured on


def _head(measured: dict[str, Any]) -> str:
    today = datetime.now(ZoneInfo("Europe/Copenhagen")).date()
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    machine = f"{os.cpu_count()} cores ({_processor()})"
    runs = measured["runs"]
    said = [f"Measured {today} on {machine}; {versions}.", _at_once(runs), _quiet(runs)]
    sources = {run["source"] for run in runs if run["engine"] == "ours" and "source" in run}
    if len(sources) > 1:
        said.append(f"The planner was changed in between: {len(sources)} versions of it.")
    return " ".join(filter(None, said)) + "\n"


def _at_once(runs: Sequence[Run]) -> str:
    if max((run.get("jobs", 1) for run in runs), default=1) == 1:
        return "One run at a time."
    return "Up to two runs at once, each on a core of its own."


def _quiet(runs: Sequence[Run]) -> str:
    """What ran beside the runs and what they themselves may use."""
    loads = [run["load"] - max(run["jobs"], run["workers"]) for run in runs if "load" in run]
    if not loads:
        return ""
    if statistics.median(loads) <= _QUIET:
        return "The machine was quiet."
    return (
        "The machine was not quiet: beside it other work made a load of"
        f" {statistics.median(loads):.1f} in the median and up to {max(loads):.1f}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


# One family with one budget


def _section(one: Group) -> str:
    is_week = one.family.startswith("week-")
    size = one.family.rpartition("-")[2]
    what = f"Generated weeks of {size} visits" if is_week else _TITLES[one.family]
    head, row = (_WEEK, _week_row) if is_week else (_GAPS, _gap_row)
    engines = [name for name in NAMES if name == "ours" or one.of(name)]
    rows = [row(engine, one) for engine in engines]
    if one.doubled:
        rows.append(_gap_cells("ours, two workers", list(one.doubled), []))
    columns = head.count("|") - 1
    return "\n".join(
        [f"### {what}, {one.seconds:g} s", "", head, "|---" * columns + "|", *rows, ""]
    )


def _week_row(engine: str, one: Group) -> str:
    runs = list(one.ours) if engine == "ours" else one.of(engine)
    pairs = [] if engine == "ours" else one.pairs(engine)
    fewer = sum(a["unserved"] < b["unserved"] for a, b in pairs)
    return _cells(
        NAMES[engine], _spread(less(pairs, "travel")), _spread(less(pairs, "total")),
        sum(run["unserved"] for run in runs if sound(run)),
        f"{fewer} / {len(pairs) - len(alike(pairs)) - fewer}" if pairs else "",
        _lost(pairs), _cpu(runs), _failed(runs),
    )  # fmt: skip


def _gap_row(engine: str, one: Group) -> str:
    if engine == "ours":
        return _gap_cells("ours", list(one.ours), [])
    return _gap_cells(NAMES[engine], one.of(engine), one.pairs(engine))


def _gap_cells(name: str, runs: list[Run], pairs: list[Pair]) -> str:
    found = gaps(runs)
    worst = next((run["case"] for run in runs if found and run.get("gap") == max(found)), "")
    middle = (statistics.mean, statistics.median)
    return _cells(
        name, *(f"{of(found):.2f} %" if found else "" for of in middle),
        f"{max(found):.2f} % ({worst})" if found else "", _lost(pairs),
        sum(run["unserved"] for run in runs if sound(run)), _cpu(runs), _failed(runs),
    )  # fmt: skip


def _cells(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _lost(pairs: Sequence[Pair]) -> str:
    return f"{len(losses(pairs))} of {len(pairs)}" if pairs else ""


def _cpu(runs: Sequence[Run]) -> str:
    good = [run["cpu_seconds"] for run in runs if sound(run)]
    return f"{statistics.median(good):.1f}" if good else ""


def _failed(runs: Sequence[Run]) -> str:
    return f"{sum(not sound(run) for run in runs)} of {len(runs)}"


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    middle = statistics.median(values)
    return f"{middle:.2f} % ({min(values):.2f} to {max(values):.2f})"


# What no peer can follow, and what was lost


def _weeks_with_more(runs: Sequence[Run]) -> str:
    some = [run for run in runs if run["family"].startswith(_MORE)]
    if not some:
        return ""
    names = NAMES | {"routing": "OR-Tools within our appointments and repair"}
    rows = [
        _cells(
            run["case"], names[run["engine"]], *_more(run), run.get("cpu_seconds", ""), _why(run)
        )
        for run in sorted(some, key=lambda run: _place(run, list(names)))
    ]
    head = ["### Weeks with visits of two crews; with breaks, kits and series too (rich)", ""]
    return "\n".join([*head, _ALONE, "|---|---|---|---|---|---|---|", *rows, ""])


def _place(run: Run, engines: list[str]) -> tuple[str, int, str, int]:
    """Where a week stands in its table: by kind, size, name and engine."""
    kind, _, size = run["family"].partition("-")
    return kind, int(size), run["case"], engines.index(run["engine"])


def _more(run: Run) -> tuple[str, str, str]:
    if "error" in run:
        return "", "", ""
    served, of = run["pairs"]
    left = f"{run['unserved']}"
    if run.get("insertable"):
        left += f", {run['insertable']} of them insertable"
    return f"{run['total']:.0f}", left, f"{served} of {of}"


def _why(run: Run) -> str:
    if "error" in run:
        return str(run["error"])
    return f"{len(run['breaches'])} rules" if run["breaches"] else ""


def _all_losses(runs: Sequence[Run], budgets: Sequence[tuple[str, float]]) -> str:
    """Each case on which a peer did better, and by how much in the worst run."""
    found = list(_lost_cases(runs, budgets))
    if not found:
        return ""
    head = "| case | s | engine | runs lost | at most dearer than the peer by |"
    return "\n".join(["### Where a peer did better", "", head, "|---|---|---|---|---|", *found, ""])


def _lost_cases(runs: Sequence[Run], budgets: Sequence[tuple[str, float]]) -> Iterator[str]:
    for family, seconds in budgets:
        one = group(runs, family, seconds)
        for engine in list(NAMES)[1:]:
            by_case: dict[str, list[Pair]] = defaultdict(list)
            for pair in one.pairs(engine):
                by_case[pair[0]["case"]].append(pair)
            for case, pairs in by_case.items():
                lost = losses(pairs)
                if lost:
                    most = max((-value for value in less(lost, "total")), default=None)
                    by = "serves more" if most is None else f"{most:.2f} %"
                    yield _cells(
                        case, f"{seconds:g}", NAMES[engine], f"{len(lost)} of {len(pairs)}", by
                    )
