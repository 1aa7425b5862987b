"""Where static/ and templates/ lie, and the address that a page asks for.

A wheel carries both folders inside the package; a checkout has them beside it. The version is a
folder of the address, so that relative imports and CSS ``url()`` inherit it.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from pathlib import Path

from flask import Flask, Response, make_response, send_from_directory, url_for

from outreach.core.auth import May, requires

_PACKAGE = Path(__file__).resolve().parents[1]
_HOME = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
STATIC = _HOME / "static"
TEMPLATES = _HOME / "templates"

_A_YEAR = 31_536_000
_TABLET = (
    "css/tokens.css", "css/tablet", "js/lib/", "js/tablet/", "icons/", "manifest.webmanifest",
)  # fmt: skip
_NOT_SHIPPED = (".d.ts", ".txt", ".md")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/manifest+json", ".webmanifest")


def files() -> list[str]:
    """Every static file, by its path under static/."""
    return sorted(p.relative_to(STATIC).as_posix() for p in STATIC.rglob("*") if p.is_file())


def version_of(folder: Path) -> str:
    """Twelve hex digits that change when any file under ``folder`` does."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def shell(version: str) -> list[str]:
    """The addresses that the tablet keeps for work without a network."""
    wanted = [f for f in files() if f.startswith(_TABLET) and not f.endswith(_NOT_SHIPPED)]
    return ["/t/", *(f"/static/{version}/{name}" for name in wanted)]


def init_app(app: Flask) -> None:
    """Serve ``/static/<version>/…`` with a cache life of a year, and ``/sw.js``."""
    version = version_of(STATIC) + version_of(TEMPLATES / "tablet")[:4]
    app.extensions["asset_version"] = version

    @requires(May.PUBLIC)
    def static(build: str, filename: str) -> Response:
        # A page that was opened just before an upgrade asks for the old version: give it today's.
        fresh = build == version
        response = send_from_directory(STATIC, filename, max_age=_A_YEAR if fresh else 0)
        response.cache_control.public = True
        response.cache_control.immutable = fresh
        return response

    @requires(May.PUBLIC)
    def service_worker() -> Response:
        build = json.dumps({"version": version, "shell": shell(version)})
        code = (STATIC / "sw.js").read_text()
        response = make_response(f"const BUILD = {build};\n{code}")
        response.mimetype = "text/javascript"
        response.cache_control.no_cache = True
        return response

    app.add_url_rule("/static/<build>/<path:filename>", "static", static)
    app.add_url_rule("/sw.js", "service_worker", service_worker)

    def asset(path: str) -> str:
        return url_for("static", build=version, filename=path)

    app.jinja_env.globals["asset"] = asset
