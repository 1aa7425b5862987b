"""Settings: read once from the environment, then never change. See docs/settings.md."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach.core.clock import DK
from outreach.core.errors import BadSetting

MOST_BYTES = 2 * 1024 * 1024
"""The largest request that is read."""
Environment = Literal["development", "demo", "test", "production"]


class Settings(BaseSettings):
    """Every knob of a running server, one ``OUTREACH_*`` variable each.

    Attributes:
        env: what the server is for; ``production`` refuses every unsafe default.
        instance: the folder of the database file, keys and queue.
        database_url: SQLAlchemy address; an SQLite file in ``instance`` by default.
        secret_key: signs cookies, form tokens and the queue; must be set in production.
        keys_file: the file of the field encryption keys; must be set in production.
        queue_url: where jobs queue up; an SQLite file in ``instance`` by default.
        now: moves the clock (ISO 8601); refused in production.
        https: secure cookies and HSTS; on in production.
        proxies: how many reverse proxies stand in front.
        geocoder_url: a Nominatim or Photon server of the operator's own; none by default.
        geocoder_kind: which of the two it is.
        tablet_days: how many days after today a tablet takes along.
        port: the port of ``outreach run`` (the variable is PORT).
    """

    model_config = SettingsConfigDict(env_prefix="OUTREACH_", frozen=True, extra="ignore")

    env: Environment = "development"
    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: str = ""
    keys_file: Path | None = None
    queue_url: str = ""
    now: datetime | None = None
    https: bool | None = None
    proxies: int = Field(default=0, ge=0, le=5)
    geocoder_url: str = ""
    geocoder_kind: Literal["nominatim", "photon"] = "nominatim"
    tablet_days: int = Field(default=7, ge=1, le=14)
    port: int = Field(default=8000, ge=0, le=65535)

    @classmethod
    def from_env(cls, **given: Any) -> Self:
        """Read the environment, fill in safe development defaults.

        Raises:
            BadSetting: a value is unusable, or production lacks one.
        """
        if "PORT" in os.environ:
            given.setdefault("port", os.environ["PORT"])
        try:
            settings = cls(**given)
        except ValidationError as error:
            first = error.errors()[0]
            name = "_".join(str(part) for part in first["loc"]).upper()
            name = name if name == "PORT" else f"OUTREACH_{name}"
            raise BadSetting(why=f"{name}: {first['msg']}") from None
        return settings.checked().completed()

    @property
    def is_production(self) -> bool:
        """Whether real people's data may be in it."""
        return self.env == "production"

    @property
    def uses_https(self) -> bool:
        """Whether browsers reach the server by https."""
        return self.is_production if self.https is None else self.https

    def checked(self) -> Self:
        """Refuse what is unsafe in production."""
        if self.is_production:
            if len(self.secret_key) < 32:  # noqa: PLR2004 - 256 bits as base64 or hex is longer
                raise BadSetting(why="OUTREACH_SECRET_KEY needs at least 32 characters")
            if self.keys_file is None:
                raise BadSetting(why="OUTREACH_KEYS_FILE is not set")
            if self.now is not None:
                raise BadSetting(why="OUTREACH_NOW moves the clock and is refused in production")
        return self

    def completed(self) -> Self:
        """Fill in what development may leave out.

        Raises:
            BadSetting: the instance folder cannot be written.
        """
        folder = self.instance.resolve()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            secret_key = self.secret_key or _kept_secret(folder / "secret_key")
        except OSError as error:
            raise BadSetting(why=f"OUTREACH_INSTANCE: {error}") from None
        moment = self.now
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=DK)
        return self.model_copy(
            update={
                "instance": folder,
                "database_url": self.database_url or f"sqlite:///{folder / 'outreach.sqlite'}",
                "secret_key": secret_key,
                "keys_file": self.keys_file or folder / "keys.json",
                "queue_url": self.queue_url or f"sqlite:///{folder / 'queue.sqlite'}",
                "now": moment,
            }
        )

    def flask(self) -> dict[str, Any]:
        """The same settings under the names that Flask and its parts expect."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "TESTING": self.env == "test",
            "SESSION_COOKIE_NAME": "__Host-outreach" if self.uses_https else "outreach",
            "SESSION_COOKIE_SECURE": self.uses_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "MAX_CONTENT_LENGTH": MOST_BYTES,
            "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer; _same_origin checks better
            "BABEL_DEFAULT_LOCALE": "da",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Copenhagen",
        }


def _kept_secret(path: Path) -> str:
    """The secret in ``path``, made on first use, readable by the owner alone."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
