"""The bundle: all that a proof of an election needs, in one file that anybody may check.

It holds the law itself, what was decided, who receives, and what was planned and held. It names
nobody: receivers have codes, secret sites their alias. ``docs/election-bundle.schema.json`` is
made of these classes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

FORMAT: Final = "outreach-election-bundle"
VERSION: Final = 1

_YEARS = range(2000, 2101)


def _near(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("no moment from 2000 to 2100")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Code = Annotated[str, Field(pattern=r"^[\w.:/-]{1,60}$")]
Text = Annotated[str, Field(max_length=300)]
Number = Annotated[int, Field(ge=0, le=1_000_000)]


class Part(BaseModel):
    """What all parts have in common: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Law(Part):
    """The ruleset as it was when the election chose it.

    Attributes:
        document: the whole of it; the windows are worked out from this.
        ticked: fields that an officer compared with the law in force.
    """

    name: Annotated[str, Field(max_length=90)]
    document: dict[str, Any]
    ticked: tuple[Annotated[str, Field(max_length=160)], ...] = ()


class Decision(Part):
    """What the council decided within what the ruleset leaves open."""

    option: Code
    value: Annotated[str, Field(max_length=160)] = ""
    decided_on: date
    document: Annotated[str, Field(max_length=60)]


class Election(Part):
    """Which election it is."""

    id: Code
    title: Annotated[str, Field(max_length=120)]
    municipality: Annotated[str, Field(max_length=120)]
    day: date
    writ_day: date | None = None
    decisions: tuple[Decision, ...] = ()


class Site(Part):
    """A site that the ruleset names.

    Attributes:
        id: its code; label: its name, or the alias of a secret one.
        outcome: session, home, self_served, none; null is undecided.
        reason: why there is none; withheld for a secret site.
        expected: votes.
    """

    id: Code
    label: Annotated[str, Field(max_length=160)]
    kind: Code
    is_secret: bool = False
    outcome: Literal["session", "home", "self_served", "none"] | None = None
    reason: Text = ""
    expected: Number = 0


class Receiver(Part):
    """Somebody who may receive votes, by a code; the office keeps the name.

    Attributes:
        role: as in the ruleset; empty: takes part without an appointment.
        attributes: only what the ruleset wants distinct.
    """

    id: Code
    role: Annotated[str, Field(max_length=40)]
    flags: tuple[Code, ...] = ()
    attributes: dict[Code, Annotated[str, Field(max_length=60)]] = Field(default_factory=dict)
    appointed_on: date | None = None
    expires_on: date | None = None
    instructed_on: date | None = None


class Seat(Part):
    """A receiver of a planned session, and the vehicle that the person rides in."""

    receiver: Code
    vehicle: Annotated[str, Field(max_length=60)] = ""


class Planned(Part):
    """When a session is to be, and with whom; doors open to doors closed."""

    starts: Moment
    ends: Moment
    team: Annotated[str, Field(max_length=20)] = ""
    is_published: bool = True
    seats: tuple[Seat, ...]


class Counts(Part):
    """What was counted. Never who."""

    votes: Number = 0
    assisted: Number = 0
    spoiled: Number = 0
    refused: Number = 0


class Tablet(Part):
    """A tablet that took part.

    Attributes:
        seen_at: its last contact; pending: operations that it then still held.
        is_complete: all that it recorded of this session has come in.
    """

    id: Code
    seen_at: Moment | None = None
    pending: Number = 0
    is_complete: bool


class Held(Part):
    """How a session was held.

    Attributes:
        opened_by, closed_by: receivers who were named and confirmed; relieved_by: those who took
            over in between, each time anew.
        is_doubtful: the tablet's clock and the server's did not agree well enough.
        outside: how much of the counts was counted before the opening or after the closing.
    """

    opened_at: Moment
    closed_at: Moment | None = None
    opened_by: tuple[Code, ...]
    closed_by: tuple[Code, ...] = ()
    relieved_by: tuple[tuple[Code, ...], ...] = ()
    is_doubtful: bool = False
    counts: Counts = Counts()
    outside: Number = 0
    tablets: tuple[Tablet, ...] = ()


class Session(Part):
    """One session at a site; ``part`` of ``parts`` where the site is split."""

    id: Code
    site: Code
    channel: Code
    part: Annotated[int, Field(ge=1, le=99)] = 1
    parts: Annotated[int, Field(ge=1, le=99)] = 1
    expected: Number = 0
    planned: Planned | None = None
    held: Held | None = None


class Elsewhere(Part):
    """When people of this election are busy in another one; no more is told of it."""

    starts: Moment
    ends: Moment
    receivers: tuple[Code, ...]


class Totals(Part):
    """Sums over the parts, so that a part that was cut out is missed."""

    sites: Number
    receivers: Number
    sessions: Number
    held: Number
    votes: Number


class Bundle(Part):
    """Everything, with the digest that the rest of it must have."""

    format: Literal["outreach-election-bundle"] = FORMAT
    version: Literal[1] = VERSION
    product: Annotated[str, Field(max_length=40)]
    made_at: Moment
    law: Law
    election: Election
    sites: Annotated[tuple[Site, ...], Field(max_length=10_000)]
    receivers: Annotated[tuple[Receiver, ...], Field(max_length=10_000)]
    sessions: Annotated[tuple[Session, ...], Field(max_length=20_000)]
    elsewhere: Annotated[tuple[Elsewhere, ...], Field(max_length=20_000)] = ()
    totals: Totals
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document that its digest is of: all but the digest, names sorted, UTF-8."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical content."""
    return hashlib.sha256(canonical(document)).hexdigest()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the digest that it ought to have."""
    return {**document, "digest": digest(document)}


def totals(sites: int, receivers: int, sessions: tuple[Session, ...]) -> Totals:
    """The sums of a bundle's parts."""
    held = [one.held for one in sessions if one.held]
    return Totals(
        sites=sites, receivers=receivers, sessions=len(sessions), held=len(held),
        votes=sum(one.counts.votes for one in held),
    )  # fmt: skip


def written(document: Mapping[str, Any]) -> str:
    """A document as the file that is handed out, for people to read too."""
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def schema() -> dict[str, Any]:
    """The published JSON Schema. What no schema can say, the reader and the rules say."""
    made = Bundle.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": f"Outreach election bundle, version {VERSION}",
    }
