"""Shapes of the week's JSON."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Target(BaseModel):
    """Where to: a team and a day; ``before`` is the visit that it should stand before."""

    model_config = ConfigDict(extra="forbid")

    team: str = Field(max_length=2)
    day: date
    before: UUID | None = None


class MoveBody(BaseModel):
    """A visit and where it should go; no target takes it out of the plan."""

    model_config = ConfigDict(extra="forbid")

    visit: UUID
    target: Target | None = None
    steps: int = Field(default=0, ge=-1, le=1)
