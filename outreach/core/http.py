"""From errors to answers; headers and origin checks for every request."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any, ClassVar, TypeVar
from urllib.parse import unquote_plus

from flask import Flask, Request, Response, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, CSRFProtect
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter, Map
from werkzeug.routing import ValidationError as NoMatch

from outreach.core import cpr
from outreach.core.config import Settings
from outreach.core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutreachError,
    TooLarge,
    Unavailable,
)
from outreach.core.forms import CPR_REFUSED
from outreach.core.ids import is_id
from outreach.core.pages import render

log = logging.getLogger("outreach")
csrf = CSRFProtect()

_LARGEST = 2**31 - 1
_MOST_PAGES = 1_000_000
_SAFE = {"GET", "HEAD", "OPTIONS"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types outreach"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PlainRequest(Request):
    """A request whose uploaded files stay in memory: no list of people lies on a disk."""

    def _get_file_stream(self, *_given: Any, **_more: Any) -> BytesIO:
        return BytesIO()


class DayConverter(BaseConverter):
    """``<iso:day>`` in a route is a date, such as 2026-11-23."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """Read an address."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise NoMatch from None

    def to_url(self, value: date) -> str:
        """Write an address."""
        return value.isoformat()


class WeekConverter(BaseConverter):
    """``<week:monday>`` in a route is an ISO week, such as 2026-W48; the value is its Monday."""

    regex = r"\d{4}-W\d\d"

    def to_python(self, value: str) -> date:
        """Read an address."""
        try:
            return date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        except ValueError:
            raise NoMatch from None

    def to_url(self, value: date) -> str:
        """Write an address."""
        return f"{value:%G-W%V}"


class NumberConverter(IntegerConverter):
    """``<int:number>`` in a route fits into a column."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, max=_LARGEST)


def page_number() -> int:
    """Which page of a list the address asks for; the first one where it says nothing sensible."""
    return min(max(1, request.args.get("page", 1, type=int)), _MOST_PAGES)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The page of an error."""

    template: ClassVar[str] = "error.html"
    title: str
    sentence: str
    status: int
    code: str


def wants_json() -> bool:
    """Whether the client is a program."""
    return request.path.startswith("/api/") or (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def problem(error: OutreachError) -> Response:
    """The error as RFC 9457 problem details."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": HTTPStatus(error.status).phrase,
        "status": error.status, "code": error.code, "detail": error.sentence(),
    }  # fmt: skip
    if isinstance(error, Invalid):
        body["fields"] = {name: str(why) for name, why in error.fields.items()}
    response = jsonify(body)
    response.status_code = error.status
    response.mimetype = "application/problem+json"
    return response


def answer(error: OutreachError) -> ResponseReturnValue:
    """The error as JSON or as a page in the user's language, whatever else is broken."""
    try:
        return _shown(error)
    except SQLAlchemyError:
        g.pop("_login_user", None)  # who is signed in is what cannot be known
        g.setdefault("_login_user", AnonymousUserMixin())
        return _shown(error)


def _shown(error: OutreachError) -> ResponseReturnValue:
    if wants_json():
        return problem(error)
    if isinstance(error, NotSignedIn):
        target: str | None = request.full_path.rstrip("?")
        if request.method != "GET" or cpr.find(unquote_plus(request.full_path)):
            target = None
        return redirect(url_for("accounts.sign_in", next=target), 303)
    titles = {
        404: _("Page not found"), 403: _("No access"), 409: _("Changed in the meantime"),
        422: _("This cannot be done"), 429: _("Please wait"),
    }  # fmt: skip
    title = titles.get(error.status, _("Something went wrong"))
    return render(ErrorPage(title, error.sentence(), error.status, error.code)), error.status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    kinds: dict[int, type[OutreachError]] = {
        404: NotFound, 405: NotFound, 403: NotAllowed, 413: TooLarge, 503: Unavailable,
    }  # fmt: skip
    if error.code is not None and error.code < 400:  # noqa: PLR2004 - a redirect is an answer
        return error
    return answer(kinds.get(error.code or 500, BadRequest)())


class BadRequest(OutreachError):
    """A request that cannot be understood."""

    code, status = "bad-request", 400
    say = lazy_gettext("The request cannot be understood.")


class FormExpired(OutreachError):
    """The form's token is missing or belongs to another session."""

    code, status = "form-expired", 400
    say = lazy_gettext("The form has expired. Go back, load the page again and send it once more.")


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error", exc_info=error)
    return answer(OutreachError())


def _database_away(error: OperationalError) -> ResponseReturnValue:
    """Locked, full, restarting or gone: nothing was kept, and trying again may help."""
    log.error("the database does not answer", exc_info=error)
    response = make_response(answer(Unavailable()))
    response.headers["Retry-After"] = "5"
    return response


def _taken_meanwhile(error: IntegrityError) -> ResponseReturnValue:
    log.warning("the database refused a change", exc_info=error)
    return answer(Conflict())


M = TypeVar("M", bound=BaseModel)


def read_json(model: type[M]) -> M:
    """The request's JSON body, checked against ``model``.

    Raises:
        Invalid: it is no JSON, or a field is wrong or holds a CPR number.
    """
    if not request.is_json:
        raise Invalid({"body": _("The request must be JSON.")})
    try:
        found = model.model_validate_json(request.get_data())
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        raise Invalid(fields) from None
    for name, value in found.model_dump(mode="json").items():
        if isinstance(value, str) and _is_cpr(value):
            raise Invalid({name: CPR_REFUSED}, CPR_REFUSED)
    return found


def _is_cpr(text: str) -> bool:
    return not is_id(text) and cpr.find(text) is not None


def _plain_address() -> None:
    """Refuse an address with a CPR number, for logs keep addresses, or with a NUL.

    A form's fields are checked by the form; NUL is what PostgreSQL cannot store.
    """
    for text in (text for texts in request.args.listvalues() for text in texts):
        if _is_cpr(text):
            raise Invalid(say=CPR_REFUSED)
    given = (*request.args.listvalues(), *request.form.listvalues())
    if any("\0" in text for texts in given for text in texts):
        raise BadRequest


def _same_origin() -> None:
    """Refuse an unsafe request that another site made the browser send."""
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        raise NotAllowed
    origin = request.headers.get("Origin")
    # Under Referrer-Policy no-referrer a browser sends Origin: null with its own forms.
    own = (
        (None, request.host_url.rstrip("/"))
        if site is None
        else (None, "null", request.host_url.rstrip("/"))
    )
    if origin not in own:
        raise NotAllowed


def _finish(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = _POLICY
    if "Cache-Control" not in response.headers:
        response.cache_control.no_store = True
    return response


def init_app(app: Flask, settings: Settings) -> None:
    """Answer every error the same way everywhere; check and mark every request."""
    app.request_class = PlainRequest
    app.url_map.converters["int"] = NumberConverter
    app.url_map.converters["iso"] = DayConverter
    app.url_map.converters["week"] = WeekConverter
    csrf.init_app(app)
    app.before_request(_same_origin)
    app.before_request(_plain_address)
    app.after_request(_finish)
    app.register_error_handler(OutreachError, answer)
    app.register_error_handler(StaleDataError, lambda _error: answer(Conflict()))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(IntegrityError, _taken_meanwhile)
    app.register_error_handler(CSRFError, lambda _error: answer(FormExpired()))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    if settings.uses_https:
        app.after_request(_strict_transport)


def _strict_transport(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
