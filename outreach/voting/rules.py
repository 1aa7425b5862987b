"""What the marks of a voting session add up to; pure, and the same in whatever order they arrive.

A session goes from planned to open to closed, and never back. Two tablets may both open it: the
earliest opening holds. Two may both close it: it is over when the last one has closed. Whatever
was counted is kept; what was counted before the opening or after the end is only said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FEWEST = 2
"""Nobody receives votes alone, whatever a ruleset says."""
SLACK = timedelta(minutes=2)
"""By how much the clocks of two tablets may differ although both were set right."""


class State(StrEnum):
    """How far a voting session is."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class MarkKind(StrEnum):
    """What a mark says; ``swap``: from now on these receive."""

    OPEN = "open"
    SWAP = "swap"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark that nobody took back.

    Attributes:
        op_id: decides between two marks of the same moment.
        receivers: staff ids that were named and confirmed.
        is_doubtful: the tablet's clock and the server's did not agree well enough to be sure.
    """

    op_id: str
    kind: str
    at: datetime
    receivers: tuple[str, ...]
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a session is, since when, and with whom.

    Attributes:
        here: who receives votes now, after swaps; or did when it was closed.
        is_doubtful: the time of the opening or of the closing is not sure.
    """

    state: State = State.PLANNED
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    opened_by: tuple[str, ...] = ()
    closed_by: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    is_doubtful: bool = False


def fold(marks: Iterable[Mark]) -> Standing:
    """The standing of a session from its marks, in any order and however often each comes."""
    known = sorted({m.op_id: m for m in marks}.values(), key=lambda m: (m.at, m.op_id))
    opens = [m for m in known if m.kind == MarkKind.OPEN]
    if not opens:
        return Standing()
    closes = [m for m in known if m.kind == MarkKind.CLOSE]
    closing = closes[-1] if closes else None
    ahead = known[: known.index(closing)] if closing else known
    here = ([m for m in ahead if m.kind != MarkKind.CLOSE] or opens)[-1]
    ends = [opens[0], *closes[-1:]]
    return Standing(
        state=State.CLOSED if closing else State.OPEN,
        opened_at=opens[0].at, closed_at=closing.at if closing else None,
        opened_by=opens[0].receivers, closed_by=closing.receivers if closing else (),
        here=here.receivers, is_doubtful=any(m.is_doubtful for m in ends),
    )  # fmt: skip


def confirmed(named: Sequence[str], taps: Iterable[str]) -> tuple[str, ...]:
    """The different people who were named and confirmed it themselves, in a fixed order."""
    return tuple(sorted(set(named) & set(taps)))


def outside(at: datetime, standing: Standing) -> str:
    """Why something counted at this moment does not lie within the session; empty where it does."""
    if standing.opened_at is None:
        return "not_open"
    if at < standing.opened_at - SLACK:
        return "before_open"
    if standing.closed_at is not None and at > standing.closed_at + SLACK:
        return "after_close"
    return ""
