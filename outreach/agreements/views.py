"""Pages of agreements and requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from outreach.agreements import actions, queries
from outreach.agreements.forms import AgreementForm, RequestForm
from outreach.agreements.models import Agreement, VisitRequest
from outreach.agreements.words import rhythm
from outreach.catalogue.queries import service_choices
from outreach.core import clock
from outreach.core.auth import May, requires
from outreach.core.errors import Invalid
from outreach.core.i18n import short_day
from outreach.core.pages import render
from outreach.sites.models import Site
from outreach.sites.pages import SECTIONS, Pager, Section

bp = Blueprint("agreements", __name__)


Line = tuple[queries.AgreementRow, str]
"""An agreement and how often it promises a visit, in words."""
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """A page of the agreements that fit the words, and open requests."""

    template: ClassVar[str] = "agreements/index.html"
    title: str
    words: str
    agreements: tuple[Line, ...]
    pager: Pager
    requests: tuple[queries.RequestRow, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The form of an agreement, with the next days that it promises."""

    template: ClassVar[str] = "agreements/agreement.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: AgreementForm
    next_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The form of a single visit."""

    template: ClassVar[str] = "agreements/request.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    form: RequestForm
    request_id: str


def _crumbs() -> tuple[tuple[str, str], ...]:
    return ((_("Agreements"), url_for("agreements.index")),)


@bp.get("/agreements")
@requires(May.PLAN)
def index() -> ResponseReturnValue:
    """The list of agreements."""
    words = request.args.get("q", "")[:80].strip()
    found = [line for line in _lines() if _fits(line, words)]
    pages = max(1, -(-len(found) // _SHOWN))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)

    def url(number: int) -> str:
        there = 1 <= number <= pages
        return url_for("agreements.index", q=words or None, page=number) if there else ""

    pager = Pager(page, pages, len(found), url(page - 1), url(page + 1))
    shown = tuple(found[(page - 1) * _SHOWN : page * _SHOWN])
    requests = queries.open_requests()
    return render(AgreementsPage(_("Agreements"), words, shown, pager, requests))


def _lines() -> list[Line]:
    return [(row, rhythm(row.interval_days, row.rrule)) for row in queries.agreements()]


def _fits(line: Line, words: str) -> bool:
    row, how_often = line
    text = " ".join((row.site_label, *row.services, how_often)).casefold()
    return all(word in text for word in words.casefold().split())


@bp.route("/agreements/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_agreement() -> ResponseReturnValue:
    """Make an agreement."""
    form = AgreementForm(starts_on=clock.today(), site_id=request.args.get("site"))
    return _agreement_form(form, None)


@bp.route("/agreements/<uuid:agreement_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def agreement(agreement_id: str) -> ResponseReturnValue:
    """See and change an agreement."""
    found = queries.agreement_by_id(str(agreement_id))
    return _agreement_form(AgreementForm(obj=found), found)


def _agreement_form(form: AgreementForm, found: Agreement | None) -> ResponseReturnValue:
    form.offer(
        queries.site_choices(found.site_id if found else None),
        service_choices(found.services if found else ()),
    )
    if form.validate_on_submit():
        try:
            actions.save(form.fields(), found)
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("The agreement was saved."), "done")
            return redirect(url_for("agreements.index"), 303)
    title = found.site.label if found else _("New agreement")
    days = queries.next_days(found) if found else ()
    page = AgreementPage(title, _crumbs(), form, days)
    return render(page), 422 if form.errors else 200


@bp.route("/requests/new", methods=["GET", "POST"])
@requires(May.PLAN)
def new_request() -> ResponseReturnValue:
    """Note a single visit that somebody asked for."""
    return _request_form(
        RequestForm(earliest=clock.today(), site_id=request.args.get("site")), None
    )


@bp.route("/requests/<uuid:request_id>", methods=["GET", "POST"])
@requires(May.PLAN)
def single_visit(request_id: str) -> ResponseReturnValue:
    """See and change a single visit that was asked for."""
    found = queries.request_by_id(str(request_id))
    return _request_form(RequestForm(obj=found), found)


def _request_form(form: RequestForm, found: VisitRequest | None) -> ResponseReturnValue:
    form.offer(
        queries.site_choices(found.site_id if found else None),
        service_choices(found.services if found else ()),
    )
    if form.validate_on_submit():
        try:
            actions.save_request(form.fields(), found)
        except Invalid as error:
            _show_errors(form, error)
        else:
            flash(_("The visit will be due in the week of its last day."), "done")
            return redirect(url_for("agreements.index"), 303)
    title = found.site.label if found else _("New single visit")
    page = RequestPage(title, _crumbs(), form, found.id if found else "")
    return render(page), 422 if form.errors else 200


@bp.post("/requests/<uuid:request_id>/withdraw")
@requires(May.PLAN)
def withdraw(request_id: str) -> ResponseReturnValue:
    """Owe a single visit no more."""
    found = queries.request_by_id(str(request_id))
    actions.withdraw(found)
    back = url_for("agreements.reopen", request_id=found.id)
    text = _("The visit to %(site)s is not asked for any more.", site=found.site.label)
    flash((text, back), "undo")  # type: ignore[arg-type] # docs/design-system.md: text and address
    return redirect(url_for("agreements.index"), 303)


@bp.post("/requests/<uuid:request_id>/reopen")
@requires(May.PLAN)
def reopen(request_id: str) -> ResponseReturnValue:
    """Owe it again."""
    actions.withdraw(queries.request_by_id(str(request_id)), is_withdrawn=False)
    flash(_("The visit is asked for again."), "done")
    return redirect(url_for("agreements.index"), 303)


def _show_errors(form: AgreementForm | RequestForm, error: Invalid) -> None:
    for name, why in error.fields.items():
        form[name].errors = [why]


def _on_one_line(row: queries.AgreementRow) -> str:
    said = [f"{', '.join(row.services)}: {rhythm(row.interval_days, row.rrule)}"]
    if not row.is_active:
        said.append(_("not in force"))
    elif row.last_visit is not None:
        said.append(_("last visit %(day)s", day=short_day(row.last_visit)))
        days = (clock.today() - row.last_visit).days
        if days > 0:
            said.append(ngettext("%(num)d day ago", "%(num)d days ago", days))
    return ", ".join(said)


def _on_site_page(site: Site) -> Section:
    """The site's agreements, shown on its page."""
    lines = tuple(
        (_on_one_line(row), url_for("agreements.agreement", agreement_id=row.id))
        for row in queries.agreements(site.id)
    )
    new = (_("New agreement"), url_for("agreements.new_agreement", site=site.id))
    return Section(_("Agreements"), "repeat", lines, new)


def init_app(app: Flask) -> None:
    """Add the pages, and a section to the page of each site."""
    if _on_site_page not in SECTIONS:
        SECTIONS.append(_on_site_page)
    app.register_blueprint(bp)
