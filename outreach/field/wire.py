"""The wire between server and tablet. ``static/js/tablet/wire.d.ts`` is printed from these.

Minutes count from midnight of the day; moments are milliseconds since 1970 UTC; days are
ISO dates. Source: sync.md §2.0 of the design.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from outreach.core import cpr

PROTO = 1
MOST_OPS = 200

Status = Literal["applied", "merged", "noop", "conflict", "rejected", "failed"]
OpKind = Literal[
    "visit.status", "visit.check", "visit.uncheck", "count.add", "note.add", "op.void",
    "session.open", "session.swap", "session.close",
]  # fmt: skip
Id = Annotated[str, AfterValidator(lambda text: str(UUID(text)))]


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("one line of plain text, please")
    return text.strip()


def _no_cpr(text: str) -> str:
    if not text or cpr.find(text):
        raise ValueError("empty, or it looks like a civil registration number")
    return text


OneLine = Annotated[str, AfterValidator(_line)]


class Wire(BaseModel):
    """Base of everything on the wire; the tablet may be newer and say more."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class EnrolRequest(Wire):
    """A tablet shows its one-time code."""

    code: str = Field(min_length=1, max_length=40)
    device_name: Annotated[OneLine, AfterValidator(_no_cpr)] = Field(max_length=60)


class EnrolledUser(Wire):
    """Whose tablet it is."""

    id: str
    name: str


class EnrolAnswer(Wire):
    """The tablet belongs to the user from now on."""

    device: str
    token: str
    epoch: int
    user: EnrolledUser


class Operation(Wire):
    """One thing that somebody did on the tablet; nothing of it but ``dseq`` ever changes."""

    op: Id
    dseq: int = Field(ge=1, le=2**53)
    t: str = Field(max_length=40)
    v: int
    target: tuple[str, str]
    args: dict[str, Any]
    base: int | None = None
    fbase: dict[str, int] | None = None
    user: str | None = None
    hlc: str | None = Field(default=None, max_length=80)
    at: int | None = None
    off: int | None = None


class SyncRequest(Wire):
    """What the tablet has not sent yet, and which view it holds."""

    proto: int
    layout: int = Field(alias="schema")
    app: OneLine = Field(max_length=40)
    device: Id
    line: Id
    epoch: int
    view: str | None
    rid: Id
    now: int
    pending: int = Field(ge=0, le=2**31 - 1)
    ops: list[Operation]


class Result(Wire):
    """What became of one operation."""

    op: str
    status: Status
    code: str | None = None
    conflict: dict[str, Any] | None = None


class TwoTexts(Wire):
    """A text in both languages."""

    da: str
    en: str


class RoundBody(Wire):
    """A team's day; ``visits`` are ids in their order."""

    day: str
    team: str
    members: list[str]
    vehicle: str
    start: int
    end: int
    visits: list[str]
    version: int


class TaskBody(Wire):
    """A line of a check list; ``ops`` are the living checks."""

    id: str
    text: TwoTexts
    mandatory: bool
    done: bool
    by: str | None
    ops: list[str]


class NoteBody(Wire):
    """A remark; its id is the operation's."""

    id: str
    text: str
    by: str
    at: int


class Moved(Wire):
    """Where a visit went that the tablet keeps because it is under way there."""

    team: str
    day: str


class MarkBody(Wire):
    """Somebody opened or closed a session, or others receive from then on; never taken back."""

    op: str
    kind: Literal["open", "swap", "close"]
    at: int
    receivers: list[str]
    doubtful: bool


class ReceiverBody(Wire):
    """Somebody who may be named at a session; two who share a group may not receive together."""

    id: str
    name: str
    initials: str
    role: str
    groups: list[str]
    member: bool
    why_not: TwoTexts | None


class RoleBody(Wire):
    """How many of those who receive must have a role, and may."""

    role: str
    min: int
    max: int | None


class CrewBody(Wire):
    """Who must be there; ``min`` is two at least."""

    min: int
    max: int | None
    roles: list[RoleBody]


class SessionBody(Wire):
    """A voting session: what the law says of it, resolved, and what tablets reported of it.

    ``opens`` and ``shuts`` are the ends of the legal window, null where the law knows no such
    session; ``hours`` the minutes of the day between which it may be held; ``doors`` what is
    planned; ``least`` how many minutes it must last, 0 where nothing is said.
    """

    title: str
    channel: str
    opens: int | None
    shuts: int | None
    hours: tuple[int, int] | None
    cite: str
    doors: tuple[int, int]
    least: int
    crew: CrewBody
    receivers: list[ReceiverBody]
    expected: int
    desks: int
    part: int
    parts: int
    marks: list[MarkBody]


class VisitBody(Wire):
    """A visit; ``round`` is null and ``moved_to`` set where it left this team's rounds."""

    round: str | None
    site: str
    day: str
    start: int
    end: int
    status: str
    reason: str
    services: list[str]
    tasks: list[TaskBody]
    counts: dict[str, int]
    notes: list[NoteBody]
    seq: int
    moved_to: Moved | None
    session: SessionBody | None = None


class ContactBody(Wire):
    """Somebody to ask for at a site."""

    name: str
    role: str
    phone: str


class SiteBody(Wire):
    """A site; of a secret one only the alias is here."""

    name: str
    address: str
    area: str
    access_notes: str
    contacts: list[ContactBody]
    secret: bool


class MeasureBody(Wire):
    """Something that is counted."""

    id: str
    name: TwoTexts


class ServiceBody(Wire):
    """A service; ``bring`` names the kits to take along."""

    code: str
    name: TwoTexts
    measures: list[MeasureBody]
    bring: list[TwoTexts]


Body = RoundBody | VisitBody | SiteBody | ServiceBody


class Put(Wire):
    """A row that is new on the tablet or has changed; the latest whole body."""

    k: Literal["round", "visit", "site", "service"]
    id: str
    ver: int
    body: Body


class SyncAnswer(Wire):
    """Results first; then, unless ``reset``, ``fork`` or ``wipe``, the difference to ``base``."""

    rid: str
    epoch: int
    now: int
    results: list[Result]
    base: str | None
    view: str | None
    head: int
    safe: int | None
    put: list[Put] | None = None
    del_: list[tuple[str, str]] | None = Field(default=None, alias="del")
    reset: bool | None = None
    fork: bool | None = None
    token: str | None = None
    min_app: str | None = None
    wipe: bool | None = None
