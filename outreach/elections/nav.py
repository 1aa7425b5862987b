"""The pages of one election, for the tabs that stand on each of them."""

from __future__ import annotations

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _

TABS = (
    (_("Overview"), "proof.dashboard", (
        "proof.dashboard", "proof.progress", "proof.evaluation")),
    (_("Time line"), "elections.timeline", (
        "elections.timeline", "elections.days", "elections.settings", "elections.duplicate",
        "deletion.")),
    (_("Local decisions"), "elections.decisions", ("elections.decisions", "elections.decision")),
    (_("Sites"), "elections.sites", (
        "elections.sites", "elections.site", "elections.decide_kind")),
    (_("Receivers"), "receivers.index", ("receivers.",)),
    (_("Sessions"), "voting.board", ("voting.",)),
    (_("Certificate"), "proof.certificate", ("proof.certificate",)),
)  # fmt: skip
"""Words, the page that they lead to, and the endpoints (or their beginnings) that belong to it."""


def election_tabs(election_id: str) -> list[tuple[str, str, bool]]:
    """Words, address and whether it is this page; pages that do not exist are left out."""
    here, known = request.endpoint or "", current_app.view_functions
    return [
        (str(label), url_for(endpoint, election_id=election_id), here.startswith(own))
        for label, endpoint, own in TABS
        if endpoint in known
    ]


def election_url(election_id: str) -> str:
    """The page that an election begins with."""
    return election_tabs(election_id)[0][1]
