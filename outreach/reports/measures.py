"""Every measure: what it is called, what it counts, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _


class Split(StrEnum):
    """How a report is divided."""

    KIND = "kind"
    AREA = "area"
    SERVICE = "service"


class Family(StrEnum):
    """What a measure is about: visits, sites, minutes, citizens or votes."""

    VISITS = "visits"
    SITES = "sites"
    MINUTES = "minutes"
    PEOPLE = "people"
    VOTES = "votes"


_EVERYWHERE = frozenset(Split)
_BY_SITE = frozenset({Split.KIND, Split.AREA})


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        unit: what is counted, or the unit of the number.
        splits: how it can be divided; a contact, say, belongs to no single service.
        is_share: a percentage that cannot be added up.
    """

    id: str
    name: Any
    unit: Any
    definition: Any
    family: Family
    splits: frozenset[Split] = _EVERYWHERE
    is_share: bool = False

    @property
    def counts_people(self) -> bool:
        """Whether the small-number rule holds for it."""
        return self.family in (Family.PEOPLE, Family.VOTES)


MEASURES = (
    Measure("due", _("Visits due"), _("visits"), _(
        "Visits that fell due, cancelled ones left out. A visit counts on the day on which it was "
        "carried out; otherwise on the last day on which it should have been."), Family.VISITS),
    Measure("done", _("Visits done"), _("visits"), _(
        "Visits that were carried out as planned."), Family.VISITS),
    Measure("partial", _("Visits done in part"), _("visits"), _(
        "Visits that were carried out, but not with everything that was planned."), Family.VISITS),
    Measure("no_access", _("Visits without access"), _("visits"), _(
        "Visits at which the team was not let in or met nobody."), Family.VISITS),
    Measure("minutes", _("Minutes on site"), _("minutes"), _(
        "Minutes from the team's mark on site to its mark done, of visits that were carried out; "
        "travel is left out."), Family.MINUTES, _BY_SITE),
    Measure("coverage", _("Coverage"), "%", _(
        "Of the sites at which a visit was due, the share at which at least one was carried out. "
        "Visits that are still to come are left out."), Family.SITES, _BY_SITE, is_share=True),
    Measure("unreached", _("Sites not reached"), _("sites"), _(
        "Sites at which a visit was due and none was carried out."), Family.SITES, _BY_SITE),
    Measure("contacts", _("Contacts"), _("citizens"), _(
        "Citizens whom the team talked to, whether or not they were served."),
        Family.PEOPLE, _BY_SITE),
    Measure("served", _("Served"), _("times"), _(
        "Times that a citizen got a service. Who got two services counts twice."), Family.PEOPLE),
    Measure("not_served", _("Not served"), _("times"), _(
        "Times that a citizen asked for a service and could not get it at the visit."),
        Family.PEOPLE),
    Measure("votes", _("Votes received"), _("votes"), _(
        "Advance votes that were received."), Family.VOTES, _BY_SITE),
    Measure("assisted", _("Votes with assistance"), _("votes"), _(
        "Votes at which the voter was assisted; they are among the votes received."),
        Family.VOTES, _BY_SITE),
    Measure("spoiled", _("Spoiled ballots"), _("ballots"), _(
        "Ballots that were spoiled and replaced."), Family.VOTES, _BY_SITE),
    Measure("refused", _("Votes refused"), _("voters"), _(
        "Voters whose vote could not be received."), Family.VOTES, _BY_SITE),
)  # fmt: skip

NOT_REACHED = Measure("not_reached", _("Visits not carried out"), _("visits"), _(
    "Visits that were due and not carried out, each with the reason. Visits that are still to come "
    "are left out."), Family.SITES, _BY_SITE)  # fmt: skip

BY_ID = {measure.id: measure for measure in MEASURES}


def measure_of_tally(name: str) -> tuple[str, str] | None:
    """The measure and the service of a tally such as mitid.served; None if it has no place."""
    service, mark, what = name.partition(".")
    if mark and what in ("served", "not_served"):
        return what, service.upper()
    if name == "contacts" or (name in BY_ID and BY_ID[name].family == Family.VOTES):
        return name, ""
    return None


def name_of(split: Split) -> str:
    """What a split is called."""
    return str({
        Split.KIND: _("Kind of site"), Split.AREA: _("Area"), Split.SERVICE: _("Service"),
    }[split])  # fmt: skip
