"""Brings together what is stored of an election: for its bundle, its certificate and its pages."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from outreach.core import clock
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.proof import exporting, queries
from outreach.receivers import queries as receivers
from outreach.voting import queries as voting

_PACKAGE = "outreach-togo"


def stored(election: Election) -> exporting.Stored:
    """Everything. Cost: 27 statements, and twelve for each other election."""
    law = elections.law_of(election)
    return exporting.Stored(
        election=election, law=law, municipality=queries.municipality(),
        ticked=elections.verified(election), sites=elections.site_rows(election, law),
        appointments=receivers.appointments(election.id),
        sessions=queries.sessions(election, law), others=voting.others_of(election),
    )  # fmt: skip


def bundle_of(found: exporting.Stored) -> dict[str, Any]:
    """The bundle, sealed."""
    return exporting.document(found, clock.local(), product())


def product() -> str:
    """The version of the product; a checkout that was not installed has none."""
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        return "checkout"
