"""The commands that need the application: its settings, its database, its server."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import sys
from datetime import date
from typing import Any

import click
from flask import Flask

from outreach.accounts import actions as accounts
from outreach.accounts import queries as users
from outreach.accounts.rules import DEMO_PASSWORD
from outreach.app import create_app, refuse_unsafe_start
from outreach.core import doctor as checks
from outreach.core import migrate, tenancy
from outreach.core.auth import Role
from outreach.core.config import MOST_BYTES, Settings
from outreach.core.errors import BadSetting, NotFound
from outreach.people import actions as people


@click.group()
def rest() -> None:
    """What ``outreach.cli`` loads only when it is asked for."""


def _app(**given: Any) -> Flask:
    return create_app(Settings.from_env(**given))


def _settings() -> Settings:
    """The environment; a developer's first start is a demonstration."""
    settings = Settings.from_env()
    return Settings.from_env(env="demo") if settings.env == "development" else settings


@rest.command()
def run() -> None:
    """Migrate, load the demo into an empty database, serve, and work off jobs."""
    from waitress import serve  # noqa: PLC0415 - only this command serves

    from outreach.jobs import consumer  # noqa: PLC0415 - starts threads

    settings = _settings()
    _refuse_taken(settings.port)
    app = create_app(settings)
    refuse_unsafe_start(app)
    with app.app_context():
        migrate.upgrade()
        if settings.env == "demo" and users.is_empty():
            _load_demo("municipality")
    consumer.start(app)
    _say_where(settings)
    serve(
        app, host="127.0.0.1", port=settings.port, threads=8, ident=None,
        max_request_body_size=8 * MOST_BYTES,  # what is a little too much, the product refuses
        clear_untrusted_proxy_headers=not settings.proxies,
    )  # fmt: skip


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise BadSetting(why=f"port {port} is taken; choose another: PORT=8080") from None


def _say_where(settings: Settings) -> None:
    click.echo(f"Outreach: http://127.0.0.1:{settings.port}/")
    if settings.env == "demo":
        logins = "koordinator laeser valg admin revisor felt1 … felt14 modtager1 … modtager4"
        click.echo(f"Demo logins: {logins}, each @example.dk, password {DEMO_PASSWORD}")


def _load_demo(size: str) -> None:
    from outreach.demo import loader  # noqa: PLC0415 - brings its data along

    click.echo(f"Loading the demonstration ({size}) …")
    loader.load(size)


@rest.command()
def worker() -> None:
    """Work off jobs in a process of its own."""
    from outreach.jobs import consumer  # noqa: PLC0415 - starts threads

    app = _app()
    refuse_unsafe_start(app)
    consumer.run_forever(app)


@rest.command()
@click.option("--size", type=click.Choice(["small", "municipality", "region", "nation"]),
              default="municipality")  # fmt: skip
def demo(size: str) -> None:
    """Fill an empty database with invented data."""
    settings = _settings()
    if settings.is_production:
        raise BadSetting(why="production takes no demonstration; its password is printed")
    with create_app(settings).app_context():
        migrate.upgrade()
        if not users.is_empty():
            raise BadSetting(why="the database is not empty")
        _load_demo(size)


@rest.group()
def db() -> None:
    """The database's form."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring it to a revision (default: the newest)."""
    with _app().app_context():
        migrate.upgrade(revision)


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take it back to a revision."""
    with _app().app_context():
        migrate.downgrade(revision)


@db.command()
def check() -> None:
    """Say whether it is as this version of the product needs it."""
    with _app().app_context():
        found = migrate.differences()
    for line in found:
        click.echo(line)
    sys.exit(1 if found else 0)


@rest.group()
def add() -> None:
    """What everything else of an organisation builds on."""


_PLACE = click.option(
    "--at", type=(float, float), required=True, help="latitude and longitude, such as 56.15 10.21"
)
_OF = click.option("--organisation", default="", help="its name, if there are several")


@add.command()
@click.argument("name")
@_PLACE
def organisation(name: str, at: tuple[float, float]) -> None:
    """Make a municipality; teams can start at its town hall."""
    with _app().app_context():
        made = accounts.create_organisation(name, at)
        with tenancy.acting_for(made.id):
            people.save_depot(name, at)


@add.command()
@click.argument("name")
@_PLACE
@_OF
def depot(name: str, at: tuple[float, float], organisation: str) -> None:
    """Make another place where teams start."""
    with _app().app_context(), tenancy.acting_for(users.organisation_id(organisation)):
        people.save_depot(name, at)


@add.command()
@click.argument("code")
@click.option("--da", required=True, help="its Danish name")
@click.option("--en", required=True, help="its English name")
@_OF
def skill(code: str, da: str, en: str, organisation: str) -> None:
    """Make a skill that services ask for and people have, or name it anew."""
    with _app().app_context(), tenancy.acting_for(users.organisation_id(organisation)):
        people.save_skill(code, da, en)


@rest.group()
def user() -> None:
    """People who can sign in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True,
              type=click.Choice([role.value for role in Role]))  # fmt: skip
@click.option("--organisation", default="")
def create(email: str, name: str, roles: tuple[str, ...], organisation: str) -> None:
    """Make a user and print a first password."""
    with _app().app_context():
        password = secrets.token_urlsafe(15)
        with tenancy.acting_for(users.organisation_id(organisation)):
            accounts.create_user(email, name, [Role(role) for role in roles], password)
    click.echo(password)


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shut a user out at once."""
    with _app().app_context():
        found = _user(email)
        with tenancy.acting_for(found.org_id):
            accounts.disable(found)


@user.command()
@click.argument("email")
def password(email: str) -> None:
    """Give a user a new password and print it; all sessions end."""
    with _app().app_context():
        found, new = _user(email), secrets.token_urlsafe(15)
        with tenancy.acting_for(found.org_id):
            accounts.set_password(found, new)
    click.echo(new)


def _user(email: str) -> Any:
    found = users.user_by_email(email)
    if found is None:
        raise NotFound("No user has this e-mail address.")
    return found


@rest.command("device-code")
@click.option("--user", "email", required=True)
def device_code(email: str) -> None:
    """Print a one-time code with which a tablet is enrolled for a user."""
    from outreach.field import actions as field  # noqa: PLC0415

    with _app().app_context(), tenancy.acting_for(_user(email).org_id):
        code = field.make_code(email)
    click.echo(code)


@rest.command()
@click.option("--week", required=True, help="ISO week, such as 2026-W48")
@click.option("--seconds", type=float, default=5.0)
@click.option("--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--organisation", default="")
def plan(*, week: str, seconds: float, dry_run: bool, as_json: bool, organisation: str) -> None:
    """Plan a week and keep the draft."""
    from outreach.rounds import actions as rounds  # noqa: PLC0415

    monday = _monday_of(week)
    with _app().app_context(), tenancy.acting_for(users.organisation_id(organisation)):
        result = rounds.plan_now(monday, seconds, dry_run=dry_run)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _summary(result))


def _monday_of(week: str) -> date:
    match = re.fullmatch(r"(\d{4})-W(\d\d)", week)
    with contextlib.suppress(ValueError):  # a week that the year does not have
        if match:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    raise BadSetting(why=f"{week} is no week, such as 2026-W48")


def _summary(result: dict[str, Any]) -> str:
    return f"{result['planned']} of {result['due']} visits planned"


@rest.command()
def doctor() -> None:
    """Say what is unsafe or missing; end with 1 if anything is."""
    app = _app()
    with app.app_context():
        found = checks.examine(app.config["OUTREACH"], demo_users=users.demo_users_exist())
    for line in found:
        click.echo(f"{'ok ' if line.is_well else 'BAD'} {line.what}")
    sys.exit(0 if all(line.is_well for line in found) else 1)


def bundle_of(election_id: str, organisation: str) -> str:
    """An election as the text of its bundle; leaves an audit line."""
    from outreach.proof import actions as proof  # noqa: PLC0415 - only this command proves

    with _app().app_context(), tenancy.acting_for(users.organisation_id(organisation)):
        return proof.export(election_id)
