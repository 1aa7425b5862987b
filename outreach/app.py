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
from outreach.field import views as field
from outreach.jobs import views as jobs
from outreach.overview import views as overview
from outreach.people import views as people
from outreach.reports import views as reports
from outreach.rounds import views as rounds
from outreach.sites import views as sites
from outreach.visits import models as _visits  # noqa: F401 - tables

FEATURES = (
    accounts, agreements, catalogue, field, jobs, overview, people, reports, rounds, sites,
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


def refuse_demo_logins(app: Flask) -> None:
    """Every door that serves real people asks this before it opens.

    Raises:
        BadSetting: it is production, and the database holds logins with the printed password.
    """
    with app.app_context():
        is_real = app.config["OUTREACH"].is_production and migrate.current() is not None
        is_open = is_real and users.demo_users_exist()
        db.db.session.remove()
        if is_open:
            db.db.engine.dispose()
            raise BadSetting(
                why="the database holds demo users; shut them out first: outreach user disable"
            )
