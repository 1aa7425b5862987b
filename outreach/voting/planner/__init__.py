"""The door to the solver: an election's sprint becomes a problem, its plan becomes our own data."""

from outreach.voting.planner.crews import crews, is_legal
from outreach.voting.planner.sprint import Sprint

__all__ = ["Sprint", "crews", "is_legal"]
