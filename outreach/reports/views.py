"""Pages of figures, the visits behind them, and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, Flask, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from outreach.catalogue.queries import services
from outreach.core import clock
from outreach.core.auth import May, Role, requires, user
from outreach.core.errors import NotFound
from outreach.core.http import page_number
from outreach.core.pages import render
from outreach.reports import exports, labels, listing, present, queries
from outreach.reports.figures import Figures, Shown, Sight, collect, show
from outreach.reports.forms import PeriodForm, asked
from outreach.reports.measures import BY_ID, NOT_REACHED, Measure, Split, name_of
from outreach.reports.periods import Period, half_of

bp = Blueprint("reports", __name__)
LINES = 50


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The figures of a period, divided, and what was not reached.

    Attributes:
        splits: name, address, whether it is this one.
        choices: the measures that the chart can show, likewise.
        leaves_out: whether one or two secret sites are not counted.
    """

    template: ClassVar[str] = "reports/index.html"
    title: str
    form: PeriodForm
    scope: present.Scope
    period: str
    before: str
    figures: tuple[tuple[str, tuple[present.Figure, ...]], ...]
    splits: tuple[tuple[str, str, bool], ...]
    split: str
    measure: Measure
    choices: tuple[tuple[str, str, bool], ...]
    chart: tuple[present.ChartRow, ...]
    columns: tuple[Measure, ...]
    rows: tuple[present.TableRow, ...]
    reasons: tuple[present.Reason, ...]
    leaves_out: bool
    csv_url: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list."""

    page: int
    pages: int
    total: int
    prev_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """The visits behind one figure."""

    template: ClassVar[str] = "reports/visits.html"
    title: str
    crumbs: tuple[tuple[str, str], ...]
    measure: Measure
    about: str
    total: str
    rows: tuple[tuple[listing.ListRow, str, str, str, str], ...]
    pager: Pager
    csv_url: str


@bp.get("/reports")
@requires(May.REPORT)
def index() -> ResponseReturnValue:
    """The figures of a period."""
    form = asked(request.args, clock.today())
    period = form.chosen() or half_of(clock.today())
    scope = present.Scope(period, _split(), _service_names())
    return render(_report(form, scope)), 422 if form.errors else 200


def _report(form: PeriodForm, scope: present.Scope) -> ReportPage:
    period, before = scope.period, scope.period.before()
    visits = queries.visits(period)
    true = collect(visits, queries.counts(period), clock.today())
    now, past = show(true, _sight()), _shown(before)
    columns = present.columns(scope)
    measure = BY_ID.get(request.args.get("measure", ""), BY_ID["due"])
    measure = measure if measure in columns else BY_ID["due"]
    return ReportPage(
        title=_("Reports"), form=form, scope=scope, period=labels.period(period),
        before=labels.period(before), figures=present.key_figures(scope, now, past),
        splits=tuple((name_of(s), _here(scope, measure, s), s == scope.split) for s in Split),
        split=name_of(scope.split), measure=measure,
        choices=tuple((str(m.name), _here(scope, m), m is measure) for m in columns),
        chart=present.chart(scope, measure, now, past), columns=columns,
        rows=present.table(scope, now),
        reasons=present.reasons(scope, listing.not_reached(visits, clock.today())),
        leaves_out=_leaves_out(true),
        csv_url=url_for("reports.figures_csv", period=period.key),
    )  # fmt: skip


def _leaves_out(figures: Figures) -> bool:
    return bool(figures.without_secret)


def _here(scope: present.Scope, measure: Measure, split: Split | None = None) -> str:
    return url_for(
        "reports.index", period=scope.period.key, split=split or scope.split, measure=measure.id,
        _anchor="divided",
    )  # fmt: skip


def _shown(period: Period, sight: Sight | None = None) -> Shown:
    true = collect(queries.visits(period), queries.counts(period), clock.today())
    return show(true, sight or _sight())


def _sight() -> Sight:
    """Coordinators see small counts, election officers those of votes."""
    roles = user().roles
    return Sight(people=Role.COORDINATOR in roles, votes=Role.ELECTION_OFFICER in roles)


def _split() -> Split:
    try:
        return Split(request.args.get("split", Split.KIND))
    except ValueError:
        raise NotFound from None


def _service_names() -> dict[str, str]:
    return {row.code: row.name for row in services()}


def _period() -> Period:
    found = asked(request.args, clock.today()).chosen()
    if found is None:
        raise NotFound
    return found


@bp.get("/reports/figures.csv")
@requires(May.REPORT)
def figures_csv() -> ResponseReturnValue:
    """All figures of a period as a file; small counts are hidden."""
    period = _period()
    missed = listing.not_reached(queries.visits(period), clock.today())
    shown = _shown(period, Sight())
    return _file(exports.figures(period, shown, _service_names(), missed), period, "figures")


@bp.get("/reports/visits")
@requires(May.REPORT)
def visits() -> ResponseReturnValue:
    """The visits behind one figure."""
    period, wanted = _period(), _wanted()
    found = _listing(period, wanted)
    pager = _pager(len(found.rows))
    scope = present.Scope(period, wanted.split, _service_names())
    part = found.rows[(pager.page - 1) * LINES : pager.page * LINES]
    back = url_for("reports.index", period=period.key, split=wanted.split)
    return render(
        VisitsPage(
            title=str(wanted.measure.name), crumbs=((_("Reports"), back),), measure=wanted.measure,
            about=_about(scope, wanted), total=present.text(found.total),
            rows=tuple(_row(row) for row in part), pager=pager,
            csv_url=url_for("reports.visits_csv", **_same_list()),
        )
    )  # fmt: skip


@bp.get("/reports/visits.csv")
@requires(May.REPORT)
def visits_csv() -> ResponseReturnValue:
    """The visits behind one figure as a file."""
    period, wanted = _period(), _wanted()
    return _file(exports.visits(_listing(period, wanted)), period, wanted.measure.id)


def _wanted() -> listing.Wanted:
    name = request.args.get("measure", "")
    measure = NOT_REACHED if name == NOT_REACHED.id else BY_ID.get(name)
    split, group = _split(), request.args.get("group")
    if measure is None or (group is not None and split not in measure.splits):
        raise NotFound
    return listing.Wanted(measure, split, group, request.args.get("why", ""))


def _listing(period: Period, wanted: listing.Wanted) -> listing.Listing:
    if wanted.measure.counts_people:
        return listing.counts_behind(queries.amounts(period, wanted.measure.id), wanted)
    return listing.visits_behind(queries.visits(period), wanted, clock.today())


def _about(scope: present.Scope, wanted: listing.Wanted) -> str:
    parts = [labels.period(scope.period)]
    if wanted.group is not None:
        parts.append(labels.group(wanted.split, wanted.group, scope.services))
    if wanted.why:
        parts.append(labels.reason(wanted.why))
    return ", ".join(parts)


def _row(row: listing.ListRow) -> tuple[listing.ListRow, str, str, str, str]:
    return (
        row,
        labels.group(Split.KIND, row.kind, {}),
        str(labels.STATUSES.get(row.status, row.status)),
        labels.reason(row.why) if row.why else "",
        present.text(row.amount),
    )


def _pager(lines: int) -> Pager:
    pages = max(1, -(-lines // LINES))
    page = min(page_number(), pages)

    def url(number: int) -> str:
        if not 1 <= number <= pages:
            return ""
        return url_for("reports.visits", **_same_list(), page=number)

    return Pager(page, pages, lines, url(page - 1), url(page + 1))


def _same_list() -> dict[str, Any]:
    """The part of the address that says which list this is."""
    names = ("period", "first", "last", "split", "measure", "group", "why")
    return {name: request.args[name] for name in names if name in request.args}


def _file(content: bytes, period: Period, name: str) -> Response:
    answer = Response(content, mimetype="text/csv")
    file = f"outreach-{name}-{period.key.replace('..', '-')}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
