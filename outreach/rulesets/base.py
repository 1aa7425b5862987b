"""What every part of a ruleset is made of: strict parts, texts, citations."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from outreach.rulesets.facts import Level


class Kind(StrEnum):
    """The site kinds that a ruleset may name; the same as those of the sites."""

    CARE_HOME = "care_home"
    CARE_HOUSING = "care_housing"
    SENIOR_HOUSING = "senior_housing"
    SHELTER = "shelter"
    CRISIS_CENTRE = "crisis_centre"
    RESIDENTIAL_SUPPORT = "residential_support"
    DAY_CENTRE = "day_centre"
    DROP_IN = "drop_in"
    LIBRARY = "library"
    COMMUNITY_HOUSE = "community_house"
    HOSPITAL = "hospital"
    PRISON = "prison"


class Status(StrEnum):
    """How sure a field is: read in the law, seen in practice, or assumed by us."""

    LAW = "law"
    PRACTICE = "practice"
    ASSUMPTION = "assumption"


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing")
    return text


Said = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_said)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Count = Annotated[int, Field(ge=0, le=1000)]


class Part(BaseModel):
    """A part of a ruleset: never changed, nothing unknown in it, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(Part):
    """One text in both languages."""

    da: Said
    en: Said


class Cited(Part):
    """A field of the law.

    Attributes:
        cite: the paragraph; status: how sure we are; level: what a breach does.
        note: what a reader ought to know about it.
    """

    cite: Said
    status: Status
    level: Level = Level.BLOCK
    note: Words | None = None

    @model_validator(mode="after")
    def _law_blocks(self) -> Self:
        if self.status is Status.LAW and self.level is not Level.BLOCK:
            raise ValueError("a breach of the law always blocks")
        return self
