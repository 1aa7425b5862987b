"""The form of a ruleset: every field of the law with its value, its citation and how sure it is.

Source: domain.md §2.1 of the design. What no single field can say of itself (known names, cycles,
windows that end before they begin) is said by ``sound``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from outreach.rulesets.base import (
    Cited,
    Clock,
    Code,
    Count,
    Day,
    Kind,
    Name,
    Part,
    Said,
    Weekday,
    Words,
)
from outreach.rulesets.dates import DayType, Expression
from outreach.rulesets.facts import Outcome


class Window(Cited):
    """From when to when something is lawful."""

    from_: Annotated[Expression, Field(alias="from")]
    to: Expression


class Application(Window):
    """When and how a voter applies for a visit at home."""

    channels: tuple[Literal["phone", "mail", "in_person", "email", "any"], ...]


class YesNo(Cited):
    """Whether something is so."""

    value: bool


class Minutes(Cited):
    """A number of minutes."""

    value: Count


class Hours(Cited):
    """From when to when on the clock."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock


class At(Cited):
    """A time of the day."""

    value: Clock


class Outcomes(Cited):
    """What may be decided for a site."""

    value: Annotated[tuple[Outcome, ...], Field(min_length=1)]


class Eligible(Cited):
    """Who may vote there."""

    value: Literal["residents", "patients", "inmates_and_patients", "applicants", "everybody"]


class Size(Cited):
    """How many people receive votes together."""

    min: Annotated[int, Field(ge=1, le=20)]
    max: Annotated[int, Field(ge=1, le=20)] | None = None


class RoleLimit(Cited):
    """How many of a team have a role.

    Attributes:
        requires_decision: the local option without which nobody with the role is on the team.
    """

    min: Count = 0
    max: Count | None = None
    requires_decision: Name | None = None


class Visits(Cited):
    """On how many days a site is visited."""

    min: Annotated[int, Field(ge=1, le=100)] = 1
    max: Annotated[int, Field(ge=1, le=100)] | None = None
    min_gap_days: Count = 0


class Team(Part):
    """Who receives votes."""

    size: Size
    roles: Annotated[dict[Name, RoleLimit], Field(min_length=1)]
    distinct: dict[Name, Cited] = Field(default_factory=dict)
    exclude_flags: dict[Name, Cited] = Field(default_factory=dict)
    same_vehicle: YesNo | None = None
    appointment: Cited
    instruction: YesNo


class SessionLimits(Part):
    """What a session must be like."""

    min_minutes: Minutes
    hours: Hours | None = None
    last_day_hours: Hours | None = None
    bedside: YesNo | None = None
    continuous: YesNo | None = None


class Notice(Cited):
    """How a session is announced."""

    lead_days: Count
    day_type: DayType
    channels: Annotated[
        tuple[Literal["on_site_poster", "host_message", "website", "local_paper"], ...],
        Field(min_length=1),
    ]
    audience: Literal["public", "on_site_only", "nobody"]
    confidential_audience: Literal["on_site_only", "nobody"]


class Custody(Part):
    """What happens to the votes."""

    sealed_container: YesNo | None = None
    same_day_return: YesNo | None = None
    return_by: At | None = None
    two_signatures: YesNo | None = None


class Channel(Part):
    """One way of voting in advance."""

    title: Words
    site_kinds: dict[Kind, Cited] = Field(default_factory=dict)
    outcomes: Outcomes | None = None
    window: Window
    team: Team
    session: SessionLimits
    visits: Visits
    eligible: Eligible | None = None
    application: Application | None = None
    notice: Notice | None = None
    custody: Custody | None = None


class Option(Cited):
    """Something that the council may decide.

    Attributes:
        effect: ``role`` lets in the roles that require it; ``outcome`` lets in ``outcome`` for
            ``site_kinds`` (or some of them); ``later`` moves the end of ``window``.
    """

    title: Words
    effect: Literal["role", "outcome", "later"]
    outcome: Outcome | None = None
    site_kinds: tuple[Kind, ...] = ()
    window: Name | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.effect == "outcome") != (self.outcome is not None and bool(self.site_kinds)):
            raise ValueError("the effect outcome goes with an outcome and site kinds")
        if (self.effect == "later") != (self.window is not None):
            raise ValueError("the effect later goes with a window")
        return self


class Milestone(Cited):
    """Another date for the time line."""

    title: Words
    at: Expression


class General(Part):
    """What holds for the election as a whole."""

    decide_every_site: Cited
    hold_what_is_decided: Cited
    all_parts: Cited
    one_place_at_a_time: Cited
    not_before_writ: Cited


class Calendar(Part):
    """Which days are public holidays and working days."""

    holidays: Annotated[str, Field(min_length=2, max_length=10)]
    subdivision: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    working: Annotated[tuple[Weekday, ...], Field(min_length=1)]


class Ballot(Part):
    """One of the ballots that are voted with."""

    code: Annotated[str, Field(min_length=1, max_length=10)]
    title: Words


class Source(Part):
    """Where something was read."""

    title: Said
    read: date


class Ruleset(Part):
    """The law of one kind of election.

    Attributes:
        writ: whether the election has a day on which it is called.
        roles, flags, attributes: the words of what teams are made of.
    """

    format: Literal[1]
    id: Code
    version: Code
    valid_from: Day
    valid_to: Day | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    tz: Said
    title: Words
    calendar: Calendar
    writ: Literal["none", "required"]
    ballots: Annotated[tuple[Ballot, ...], Field(min_length=1)]
    roles: Annotated[dict[Name, Words], Field(min_length=1)]
    flags: dict[Name, Words] = Field(default_factory=dict)
    attributes: dict[Name, Words] = Field(default_factory=dict)
    channels: Annotated[dict[Name, Channel], Field(min_length=1)]
    local_options: dict[Name, Option] = Field(default_factory=dict)
    milestones: dict[Name, Milestone] = Field(default_factory=dict)
    general: General
    sources: tuple[Source, ...] = ()

    @property
    def key(self) -> str:
        """Id and version, such as ``dk-kv@2025-01``."""
        return f"{self.id}@{self.version}"

    def document(self) -> dict[str, Any]:
        """The JSON form; what was left out stays left out."""
        found: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return found


def fields(part: Part, path: str = "") -> list[tuple[str, Cited]]:
    """Every field of the law in a part, by its path."""
    found: list[tuple[str, Cited]] = [(path, part)] if isinstance(part, Cited) else []
    for name in type(part).model_fields:
        value = getattr(part, name)
        inside = value.items() if isinstance(value, dict) else [("", value)]
        for key, one in inside:
            if isinstance(one, Part):
                found += fields(one, ".".join(filter(None, (path, name, str(key)))))
    return found
