"""Pages of what happens at each site in an election."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.core.auth import May, requires
from outreach.core.errors import Conflict, Invalid
from outreach.core.http import page_number
from outreach.core.pages import render
from outreach.elections import deciding, pages, queries
from outreach.elections.blueprint import bp
from outreach.elections.deciding import DecisionFields
from outreach.elections.forms import KindForm, SiteDecisionForm
from outreach.elections.models import Election
from outreach.elections.queries import SiteRow
from outreach.elections.rules import expected_votes
from outreach.rulesets.facts import Outcome
from outreach.sites.pages import Pager, kind_name

_SHOWN = 50
_STATES = ("open", *Outcome)
_UNDO = "site-before"


@bp.get("/elections/<uuid:election_id>/sites")
@requires(May.ELECT)
def sites(election_id: str) -> ResponseReturnValue:
    """Every site that the law names, filtered."""
    return _list(queries.election_by_id(str(election_id)), None)


def _list(election: Election, form: KindForm | None) -> ResponseReturnValue:
    rows = queries.site_rows(election)
    search = {name: request.args.get(name, "")[:80].strip() for name in ("q", "kind", "state")}
    found = [row for row in rows if _fits(row, search)]
    pager = _pager(election, len(found), search)
    start = (pager.page - 1) * _SHOWN
    form = form or KindForm(formdata=None)
    _offer(form, rows)
    counts = Counter("open" if row.outcome is None else row.outcome.value for row in rows)
    page = pages.SitesPage(
        _("Sites"), pages.crumbs(election), election, tuple(found[start : start + _SHOWN]), pager,
        search, _kinds(rows), pages.outcome_words(), {one: counts[one] for one in _STATES},
        len(rows) - counts["open"], len(rows),
        sum(row.expected or 0 for row in rows if row.outcome is Outcome.SESSION), form,
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


def _kinds(rows: Sequence[SiteRow]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, kind_name(kind)) for kind in dict.fromkeys(row.kind for row in rows))


def _offer(form: KindForm, rows: Sequence[SiteRow]) -> None:
    """Kinds with how many sites are open, and what may be decided for any of them."""
    still_open = Counter(row.kind for row in rows if row.outcome is None)
    kinds = [(kind, f"{kind_name(kind)} ({count})") for kind, count in still_open.most_common()]
    may = {outcome for row in rows if row.outcome is None for outcome in row.outcomes}
    form.offer(kinds, [outcome for outcome in Outcome if outcome in may])


def _fits(row: SiteRow, search: dict[str, str]) -> bool:
    text = f"{row.label} {row.code} {row.area}".casefold()
    state = "open" if row.outcome is None else row.outcome.value
    return (
        all(word in text for word in search["q"].casefold().split())
        and search["kind"] in ("", row.kind)
        and search["state"] in ("", state)
    )


def _pager(election: Election, count: int, search: dict[str, str]) -> Pager:
    pages_in_all = max(1, -(-count // _SHOWN))
    page = min(page_number(), pages_in_all)
    kept: dict[str, Any] = {name: value for name, value in search.items() if value}

    def url(number: int) -> str:
        there = 1 <= number <= pages_in_all
        address = url_for("elections.sites", election_id=election.id, page=number, **kept)
        return address if there else ""

    return Pager(page, pages_in_all, count, url(page - 1), url(page + 1))


@bp.route("/elections/<uuid:election_id>/sites/<uuid:site_id>", methods=["GET", "POST"])
@requires(May.ELECT)
def site(election_id: str, site_id: str) -> ResponseReturnValue:
    """Decide for one site."""
    election = queries.election_by_id(str(election_id))
    row = queries.site_row(election, str(site_id))
    form = SiteDecisionForm(obj=row.decision)
    form.offer(row.outcomes)
    was = _as_stored(row)  # before the row is changed
    if form.validate_on_submit():
        try:
            deciding.decide_site(election, row, form.fields())
        except Invalid as error:
            for name, why in error.fields.items():
                form[name].errors = [why]
        else:
            return _decided(election, row, was)
    page = pages.SitePage(
        row.label, (*pages.crumbs(election), (_("Sites"), _list_url(election))), election, row,
        form, kind_name(row.kind), _hint(election, row),
    )  # fmt: skip
    return render(page), 422 if form.errors else 200


def _list_url(election: Election) -> str:
    return url_for("elections.sites", election_id=election.id)


def _hint(election: Election, row: SiteRow) -> str:
    if row.is_secret:
        said = _("The residents of a secret address are sealed. Type the number that you expect.")
    elif row.residents is None:
        said = _("It is not known how many live there. Type the number that you expect.")
    else:
        said = _(
            "Empty: %(percent)s %% of %(residents)s residents, %(votes)s votes.",
            percent=election.percent_voting, residents=row.residents,
            votes=expected_votes(row.residents, election.percent_voting),
        )  # fmt: skip
    return str(said)


def _decided(election: Election, row: SiteRow, was: dict[str, Any]) -> ResponseReturnValue:
    """Back to the list, or on to the next site that is open.

    What was decided before waits in the cookie: a reason may tell where a secret site is, and
    addresses are written down by whatever they pass.
    """
    session[_UNDO] = [election.id, row.id, was]
    back = url_for("elections.undo_site", election_id=election.id, site_id=row.id)
    text = _("%(site)s is decided.", site=row.label)
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    if request.form.get("then") == "next":
        rows = queries.site_rows(election)
        here = next((n for n, one in enumerate(rows) if one.id == row.id), 0)
        ahead = [one for one in (*rows[here + 1 :], *rows[:here]) if one.outcome is None]
        if ahead:
            return redirect(
                url_for("elections.site", election_id=election.id, site_id=ahead[0].id), 303
            )
    return redirect(_list_url(election), 303)


def _as_stored(row: SiteRow) -> dict[str, Any]:
    """What was decided before; nothing where nothing was."""
    if row.decision is None:
        return {}
    names = DecisionFields.__dataclass_fields__
    values = {name: getattr(row.decision, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@bp.post("/elections/<uuid:election_id>/sites/<uuid:site_id>/undo")
@requires(May.ELECT)
def undo_site(election_id: str, site_id: str) -> ResponseReturnValue:
    """What was decided before holds again, or nothing does."""
    election = queries.election_by_id(str(election_id))
    deciding.undo_site(election, str(site_id), _before(election.id, str(site_id)))
    flash(_("It was undone."), "done")
    return redirect(_list_url(election), 303)


def _before(election_id: str, site_id: str) -> DecisionFields | None:
    """What was decided for the site before it was decided last."""
    *whose, was = session.pop(_UNDO, ("", "", {}))
    if whose != [election_id, site_id]:
        raise Conflict
    return DecisionFields(**was) if was else None


@bp.post("/elections/<uuid:election_id>/sites/kinds")
@requires(May.ELECT)
def decide_kind(election_id: str) -> ResponseReturnValue:
    """Decide the same for every undecided site of a kind."""
    election, form = queries.election_by_id(str(election_id)), KindForm()
    _offer(form, queries.site_rows(election))
    if not form.validate():
        return _list(election, form)
    try:
        count, left, at = deciding.decide_kind(
            election, form.kind.data, form.outcome.data, (form.reason.data or "").strip()
        )
    except Invalid as error:
        for name, why in error.fields.items():
            form[name].errors = [why]
        return _list(election, form)
    if not count:
        form.kind.errors = [_("Their residents are not known: open each and type its number.")]
        return _list(election, form)
    back = url_for("elections.undo_kind", election_id=election.id, at=at.isoformat())
    text = ngettext("%(num)d site is decided.", "%(num)d sites are decided.", count)
    if left:
        text += " " + ngettext(
            "%(num)d needs a number of its own: its residents are not known.",
            "%(num)d need numbers of their own: their residents are not known.", left,
        )  # fmt: skip
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(_list_url(election), 303)


@bp.post("/elections/<uuid:election_id>/sites/kinds/undo")
@requires(May.ELECT)
def undo_kind(election_id: str) -> ResponseReturnValue:
    """Undo what was decided together."""
    election = queries.election_by_id(str(election_id))
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        raise Conflict from None
    deciding.undo_kind(election, at)
    flash(_("It was undone."), "done")
    return redirect(_list_url(election), 303)


def init_app(_app: Flask) -> None:
    """Look at sites that are opened again."""
    deciding.watch()
