"""How large the demo is: which sites, which teams, how much of the past."""

from __future__ import annotations

from dataclasses import dataclass

PLANTED = {
    "S0103": "no_cleared_staff",
    "S0117": "skill_gap",
    "S0118": "kit_conflict",
    "S0004": "window_too_short",
    "S0100": "shift_too_short",
    "S0005": "gap_rule",
    "S0120": "needs_two",
}
"""Sites of the municipality with a visit that no plan can hold, and the solver's reason for it."""

ALL = (
    "mitid_ra", "digital_help", "passport_officer", "citizen_service", "cpr", "benefits",
    "library", "vote_receiver",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a team: gender and skills."""

    gender: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team to be.

    Attributes:
        depot: number of the depot; the crisis centres near it are this team's, if it is cleared.
    """

    letter: str
    depot: int
    vehicle: str
    profile: str
    grams_per_km: float
    is_unmarked: bool
    members: tuple[Member, Member]


@dataclass(frozen=True, slots=True)
class Size:
    """One size of the demo.

    Attributes:
        weeks: how many weeks of the past have visits with counts; 0 means last visits only.
        is_dense: shorter intervals, so that few sites fill their teams.
        has_election: an election stands ahead, with receivers.
    """

    name: str
    weeks: int
    planted: dict[str, str]
    is_dense: bool = False
    has_election: bool = False


SIZES = {
    "small": Size("small", 26, {}, is_dense=True),
    "municipality": Size("municipality", 26, PLANTED, has_election=True),
    "region": Size("region", 26, {}),
    "nation": Size("nation", 0, {}),
}

_W, _M = "woman", "man"
_BASE = ("mitid_ra", "digital_help", "citizen_service")
_EV = ("Elbil", "car", 18.0)
_VAN = ("Varevogn, benzin", "car", 150.0)
_BIKE = ("Ladcykel", "bicycle", 2.5)

AARHUS_TEAMS = (
    TeamPlan("A", 0, *_EV, is_unmarked=True, members=(
        Member(_W, ("mitid_ra", "passport_officer", "cpr", "crisis")),
        Member(_W, ("digital_help", "citizen_service", "benefits", "cpr", "crisis")))),
    TeamPlan("B", 0, *_EV, is_unmarked=True, members=(
        Member(_W, ("mitid_ra", "passport_officer", "cpr", "crisis")),
        Member(_M, ("digital_help", "citizen_service", "benefits", "cpr", "crisis")))),
    TeamPlan("C", 0, *_EV, is_unmarked=False, members=(
        Member(_W, (*_BASE, "vote_receiver")), Member(_M, ("library", "cpr")))),
    TeamPlan("D", 1, *_EV, is_unmarked=False, members=(
        Member(_M, ("mitid_ra", "passport_officer", "cpr", "vote_receiver")),
        Member(_W, ("digital_help", "passport_officer", "citizen_service", "benefits")))),
    TeamPlan("E", 1, *_VAN, is_unmarked=False, members=(
        Member(_M, (*_BASE, "vote_receiver")), Member(_W, ("library", "benefits", "cpr")))),
    TeamPlan("F", 0, *_EV, is_unmarked=False, members=(
        Member(_W, _BASE), Member(_M, ("library", "cpr")))),
    TeamPlan("G", 0, *_BIKE, is_unmarked=False, members=(
        Member(_M, (*_BASE, "cpr")), Member(_W, ("digital_help", "library", "vote_receiver")))),
)  # fmt: skip


def _letter(number: int) -> str:
    return chr(65 + number) if number < 26 else "A" + chr(65 + number - 26)  # noqa: PLR2004


def all_round_teams(depots: list[int]) -> tuple[TeamPlan, ...]:
    """Teams that can do everything, one for each entry of ``depots``."""
    members = (Member(_W, (*ALL[:4], "crisis")), Member(_M, (*ALL[4:], "digital_help", "crisis")))
    return tuple(
        TeamPlan(_letter(number), depot, *_EV, is_unmarked=True, members=members)
        for number, depot in enumerate(depots)
    )
