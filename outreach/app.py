"""The application factory: a list of parts."""

from __future__ import annotations

from flask import Flask

from outreach.accounts import queries as users
from outreach.accounts import views as accounts
from outreach.agreements import views as agreements
from outreach.catalogue import views as catalogue
from outreach.core import (
    assets,
    auth,
    clock,
    crypto,
    db,
    guard,
    http,
    i18n,
    migrate,
    pages,
    tenancy,
)
from outreach.core.config import Settings
from outreach.core.errors import BadSetting
from outreach.elections import views as elections
from outreach.field import views as field
from outreach.jobs import views as jobs
from outreach.overview import views as overview
from outreach.people import views as people
from outreach.receivers import views as receivers
from outreach.reports import views as reports
from outreach.rounds import views as rounds
from outreach.rulesets import views as rulesets
from outreach.sites import queries as site_queries
from outreach.sites import views as sites
from outreach.visits import models as _visits  # noqa: F401 - tables
from outreach.voting import consequences
from outreach.voting import views as voting

FEATURES = (
    accounts, agreements, catalogue, consequences, elections, field, jobs, overview, people,
    receivers, reports, rounds, rulesets, sites, voting,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """Build one application; every test may build its own.

    Raises:
        BadSetting: a setting is unusable.
    """
    settings = settings or Settings.from_env()
    clock.move_to(settings.now)
    app = Flask("outreach", static_folder=None, template_folder=str(assets.TEMPLATES))
    app.config.from_mapping(settings.flask())
    app.config["OUTREACH"] = settings
    crypto.init_app(app, settings.keys_file)
    for part in (db, tenancy, guard, auth, assets, i18n, pages):
        part.init_app(app)
    http.init_app(app, settings)
    for feature in FEATURES:
        feature.init_app(app)
    return app


def refuse_unsafe_start(app: Flask) -> None:
    """Every door that serves people asks this before it opens.

    Raises:
        BadSetting: it is production, and the database holds logins with the printed password; or
            the keys are not those with which the secret addresses of the database were sealed.
    """
    with app.app_context():
        why = _unsafe(app) if migrate.current() is not None else ""
        db.db.session.remove()
        if why:
            db.db.engine.dispose()
            raise BadSetting(why=why)


def _unsafe(app: Flask) -> str:
    if app.config["OUTREACH"].is_production and users.demo_users_exist():
        return "the database holds demo users; shut them out first: outreach user disable"
    if site_queries.are_keys_lost():
        return (
            "OUTREACH_KEYS_FILE: the secret addresses of the database were sealed with other keys"
        )
    return ""
