"""The windows of a ruleset by their names, and what they come to for an election."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from outreach.rulesets.calendar import Days
from outreach.rulesets.expressions import Anchors, Point, evaluate
from outreach.rulesets.shape import Ruleset, Window


def windows_of(ruleset: Ruleset) -> dict[str, tuple[str, Window]]:
    """Every window with its path: one for each channel, one for each application."""
    found: dict[str, tuple[str, Window]] = {}
    for name, channel in ruleset.channels.items():
        found[name] = (f"channels.{name}.window", channel.window)
        if channel.application:
            found[f"{name}_application"] = (f"channels.{name}.application", channel.application)
    return found


@dataclass(frozen=True, slots=True)
class Windows:
    """The ends of windows for one election; each is worked out once."""

    ruleset: Ruleset
    election_day: date
    writ_day: date | None
    known: dict[tuple[str, str], Point | None] = field(default_factory=dict)

    def end(self, name: str, side: str) -> Point | None:
        """One end of a window; None where it needs a writ that is not known."""
        key = (name, side)
        if key not in self.known:
            window = windows_of(self.ruleset)[name][1]
            expression = window.from_ if side == "from" else window.to
            self.known[key] = evaluate(expression, self.anchors(), self.days())
        return self.known[key]

    def anchors(self) -> Anchors:
        """What expressions start from."""
        return Anchors(self.election_day, self.writ_day, self.end)

    def days(self) -> Days:
        """The calendar."""
        return Days(self.ruleset.calendar)

    def latest(self, point: Point) -> Point:
        """The last minute that a point at the end of a window lets in."""
        return Point(point.day, point.time or "23:59")


def moment_of(point: Point, zone: ZoneInfo, otherwise: time) -> datetime:
    """A point on the wall clock; ``otherwise`` where it is only a day."""
    clock = time.fromisoformat(point.time) if point.time else otherwise
    return datetime.combine(point.day, clock, zone)
