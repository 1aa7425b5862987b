"""The table of docs/benchmarks.md from what was measured: medians, worst cases, losses."""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Run = dict[str, Any]
NAMES = {"ours": "ours", "pyvrp": "PyVRP", "vroom": "VROOM", "ortools": "OR-Tools"}
_HEAD = (
    "| engine | against ours: median (least to most) | above best known: median (least to most)"
    " | left out | better than ours | CPU s, median | failed |"
)
_QUIET = 1.5
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def table(measured: dict[str, Any]) -> str:
    """All that was measured, as markdown."""
    today = datetime.now(ZoneInfo("Europe/Copenhagen")).date()
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    machine = f"{os.cpu_count()} cores ({_processor()})"
    head = f"Measured {today} on {machine}; {versions}. {_quiet(measured)}\n"
    groups: dict[tuple[str, float], list[Run]] = defaultdict(list)
    for run in measured["runs"]:
        groups[_kind(run), run["seconds"]].append(run)
    return "\n".join([head, *(_group(*name, runs) for name, runs in groups.items())])


def into(page: str, text: str) -> str:
    """The page with the measured part anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"


def _quiet(measured: dict[str, Any]) -> str:
    loads = [run["load"] for run in measured["runs"] if "load" in run]
    if not loads:
        return ""
    if max(loads) <= _QUIET:
        return "The machine was quiet."
    return (
        "The machine was not quiet: other work ran on it, the load was"
        f" {statistics.median(loads):.1f} in the median and up to {max(loads):.1f}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "unknown")


def _kind(run: Run) -> str:
    return run["case"].rpartition("-")[0] if run["case"].startswith("week") else "Solomon"


def _group(kind: str, seconds: float, runs: list[Run]) -> str:
    what = f"Generated weeks of {kind[5:]} visits" if kind.startswith("week") else "Solomon"
    lines = [
        f"### {what}, {seconds:g} s",
        "",
        _HEAD,
        "|---|---|---|---|---|---|---|",
        *(_row(engine, runs) for engine in NAMES),
    ]
    return "\n".join(lines) + "\n"


def _row(engine: str, runs: list[Run]) -> str:
    mine = [run for run in runs if run["engine"] == engine]
    good = [run for run in mine if "error" not in run and not run["breaches"]]
    ours = {_place(run): run for run in runs if run["engine"] == "ours"}
    alike = [run for run in good if run["unserved"] == ours[_place(run)]["unserved"]]
    to_ours = [100 * (run["total"] / ours[_place(run)]["total"] - 1) for run in alike]
    gaps = [
        100 * (run["total"] / run["best_known"] - 1)
        for run in good
        if run["best_known"] and not run["unserved"]
    ]
    lost = sum(more < 0 for more in to_ours)
    cells = [
        NAMES[engine],
        "" if engine == "ours" else _spread(to_ours),
        _spread(gaps),
        str(sum(run["unserved"] for run in good)),
        "" if engine == "ours" else f"{lost} of {len(to_ours)}",
        f"{statistics.median(run['cpu_seconds'] for run in good):.1f}" if good else "",
        f"{len(mine) - len(good)} of {len(mine)}",
    ]
    return "| " + " | ".join(cells) + " |"


def _place(run: Run) -> tuple[str, int]:
    return run["case"], run["seed"]


def _spread(values: Iterable[float]) -> str:
    found = list(values)
    if not found:
        return ""
    return f"{statistics.median(found):+.2f} % ({min(found):+.2f} to {max(found):+.2f})"
