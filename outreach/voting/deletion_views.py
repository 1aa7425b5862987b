"""The page on which an election is deleted, after it was said what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.core.auth import May, requires
from outreach.core.pages import render
from outreach.elections import pages
from outreach.elections.models import Election
from outreach.elections.queries import election_by_id
from outreach.voting import deletion

bp = Blueprint("deletion", __name__)


@dataclass(frozen=True, slots=True)
class DeletePage:
    """What goes, or why nothing goes."""

    template: ClassVar[str] = "voting/delete.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    election: Election
    content: deletion.Content


@bp.route("/elections/<uuid:election_id>/delete", methods=["GET", "POST"])
@requires(May.ELECT)
def remove(election_id: str) -> ResponseReturnValue:
    """Say what goes; then delete."""
    election = election_by_id(str(election_id))
    if request.method == "GET":
        title = _("Delete the election")
        held = deletion.content(election)
        return render(DeletePage(title, pages.crumbs(election), election, held))
    title = election.title
    deletion.remove(election)
    flash(_("%(title)s was deleted.", title=title), "done")
    return redirect(url_for("elections.index"), 303)
