"""Every date of an election for its time line and its calendar feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from zoneinfo import ZoneInfo

from outreach.rulesets.base import Status
from outreach.rulesets.expressions import Point, evaluate
from outreach.rulesets.law import Deadline, Window
from outreach.rulesets.sentences import DUE, ELECTION_DAY, FIRST, LAST, WRIT_DAY, Both
from outreach.rulesets.shape import Ruleset
from outreach.rulesets.windows import Windows, moment_of


def deadlines_of(worked_out: Windows, windows: Mapping[str, Window]) -> tuple[Deadline, ...]:
    """The ends of all windows, the ruleset's own milestones, writ and election day, in order."""
    found = [
        *_of_windows(worked_out.ruleset, windows),
        *_milestones(worked_out),
        *_fixed(worked_out),
    ]
    return tuple(sorted(found, key=lambda one: one.at))


def _of_windows(ruleset: Ruleset, windows: Mapping[str, Window]) -> Iterator[Deadline]:
    for name, window in windows.items():
        title, due = _title(ruleset, name), DUE if window.has_time_to else LAST
        law = (window.cite, window.status)
        yield Deadline(
            f"{name}.from", window.first, window.has_time_from,
            f"{title.da}: {FIRST.da}", f"{title.en}: {FIRST.en}", *law,
        )  # fmt: skip
        yield Deadline(
            f"{name}.to", window.last, window.has_time_to,
            f"{title.da}: {due.da}", f"{title.en}: {due.en}", *law,
        )  # fmt: skip


def _milestones(worked_out: Windows) -> Iterator[Deadline]:
    zone = ZoneInfo(worked_out.ruleset.tz)
    for code, milestone in worked_out.ruleset.milestones.items():
        point = evaluate(milestone.at, worked_out.anchors(), worked_out.days())
        if point:
            yield Deadline(
                code, moment_of(point, zone, time()), bool(point.time), milestone.title.da,
                milestone.title.en, milestone.cite, milestone.status.value,
            )  # fmt: skip


def _fixed(worked_out: Windows) -> Iterator[Deadline]:
    zone = ZoneInfo(worked_out.ruleset.tz)
    for code, day, words in (
        ("writ", worked_out.writ_day, WRIT_DAY),
        ("election", worked_out.election_day, ELECTION_DAY),
    ):
        if day:
            at = moment_of(Point(day), zone, time())
            yield Deadline(
                code, at, has_time=False, da=words.da, en=words.en, cite="",
                status=Status.LAW.value,
            )  # fmt: skip


def _title(ruleset: Ruleset, name: str) -> Both:
    """What a window is called: its channel, or the application for it."""
    channel = ruleset.channels.get(name)
    if channel is not None:
        return Both(channel.title.da, channel.title.en)
    about = ruleset.channels[name.removesuffix("_application")].title
    return Both(f"Ansøgning, {about.da.lower()}", f"Application, {about.en.lower()}")
