"""What every test may ask for: an application on an empty database, people, a moved clock."""

from __future__ import annotations

import contextvars
import os
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from outreach.accounts import actions as accounts
from outreach.accounts.models import Organisation
from outreach.app import create_app
from outreach.core import clock, tenancy
from outreach.core.auth import Role
from outreach.core.config import Settings
from outreach.core.db import Base, db

PASSWORD = "a-long-enough-password"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=clock.DK)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing leaves this machine: a socket of a test reaches the machine itself alone."""
    connect = socket.socket.connect

    def near(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test asks the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", near)
        yield


def database_url(folder: Path, suffix: str = "") -> str:
    """An empty database: a file, or one of the PostgreSQL server that is given."""
    server = os.environ.get("OUTREACH_TEST_POSTGRES")
    if not server:
        return f"sqlite:///{folder / 'test.sqlite'}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"t{os.getpid()}{suffix}"
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.rsplit("/", 1)[0] + f"/{name}"


class Browser(FlaskClient):
    """A client whose requests share no context with the test, as in a real server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request; afterwards the test sees what is stored now."""
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
            db.session.expire_all()
        return answer


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the whole run; each test gets its tables empty."""
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings(env="test", instance=folder, database_url=database_url(folder), now=TUESDAY)
    made = create_app(settings.completed())
    made.test_client_class = Browser
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        db.create_all()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """Empty tables, the clock on Tuesday 24 November 2026 at nine, an application context."""
    with app.app_context():
        clock.move_to(TUESDAY)
        yield
        db.session.rollback()
        with db.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        db.session.remove()
        clock.move_to(None)


@pytest.fixture
def org(database: None) -> Iterator[Organisation]:
    """An organisation, entered."""
    made = accounts.create_organisation("Aarhus Kommune")
    with tenancy.acting_for(made.id):
        yield made


@pytest.fixture
def client(app: Flask, org: Organisation) -> FlaskClient:
    """A browser without a session; forms need no token."""
    return app.test_client()


@pytest.fixture
def as_role(client: FlaskClient, org: Organisation) -> Callable[[Role], FlaskClient]:
    """Sign in as somebody with this role."""

    def sign_in(role: Role) -> FlaskClient:
        email = f"{role.value}@example.dk"
        accounts.create_user(email, role.value.title(), [role], PASSWORD)
        answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return sign_in
