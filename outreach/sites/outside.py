"""The one way out: asks the one server that the settings name, and nothing else."""

from __future__ import annotations

import json
import time
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderServiceError, GeocoderTimedOut

_LARGEST = 2 * 1024 * 1024
_PIECE = 64 * 1024


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the address to a host that nobody has allowed."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never."""


class PolicyAdapter(BaseSyncAdapter):  # type: ignore[misc] # geopy has no types
    """Reaches one origin: no redirects, no proxies, no slow and no large answers.

    Attributes:
        origin: scheme and host with its port.
    """

    def __init__(self, *, origin: tuple[str, str], proxies: object, ssl_context: object) -> None:
        """Make the only connection there is; proxies of the environment are not used."""
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.origin = origin
        self._opener = build_opener(
            HTTPSHandler(context=ssl_context),  # type: ignore[arg-type] # geopy gives an SSLContext
            ProxyHandler({}),
            _NoRedirect(),
        )

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Ask and read the answer as JSON."""
        text = self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise GeocoderServiceError("the answer is no JSON") from None

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Ask, if the address is allowed; never quotes what was asked."""
        if urlsplit(url)[:2] != self.origin:
            raise GeocoderServiceError("this is not the geocoder of the settings")
        try:
            asked = Request(url, headers=headers)  # noqa: S310 - the origin was checked
            with self._opener.open(asked, timeout=timeout) as answer:
                return _read(answer, timeout).decode("utf-8", "replace")
        except (OSError, HTTPException, ValueError):
            raise GeocoderServiceError("the geocoder does not answer as it should") from None


def _read(answer: HTTPResponse, seconds: float) -> bytes:
    """The body, as long as it comes within the time and stays small."""
    end, body = time.monotonic() + seconds, b""
    while piece := answer.read1(_PIECE):
        body += piece
        if len(body) > _LARGEST:
            raise GeocoderServiceError("the answer is too large")
        if time.monotonic() > end:
            raise GeocoderTimedOut("the answer is too slow")
    return body
