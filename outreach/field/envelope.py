"""From a request's bytes to a checked letter; a broken envelope is refused whole with 400.

A single operation that cannot be understood is no broken envelope: it is kept and refused by
itself, so that nothing behind it waits.
"""

from __future__ import annotations

import json
import math
import zlib
from typing import Any, NoReturn
from uuid import UUID

from flask import Request
from pydantic import ValidationError

from outreach.core import clock
from outreach.core.errors import TooLarge
from outreach.core.http import BadRequest
from outreach.core.ids import is_id
from outreach.field.letter import Letter
from outreach.field.wire import MOST_OPS, PROTO, SyncRequest

_MOST_BYTES = 2 * 1024 * 1024
_MOST_NUMBER = 2**53


def read_letter(request: Request, device_id: str) -> Letter:
    """Check everything but the operations' own content.

    Raises:
        BadRequest: it is no JSON, or the envelope lacks something.
        TooLarge: it holds more than 200 operations, or more bytes than are read.
    """
    raw = _json(_plain(request))
    ops = raw.get("ops")
    if not isinstance(ops, list):
        raise BadRequest
    if len(ops) > MOST_OPS:
        raise TooLarge
    try:
        asked = SyncRequest.model_validate(raw | {"ops": []})
    except ValidationError:
        raise BadRequest from None
    if asked.proto != PROTO or asked.device != device_id:
        raise BadRequest
    return Letter(
        rid=asked.rid, line=asked.line, epoch=asked.epoch, layout=asked.layout, app=asked.app,
        view=asked.view if asked.view and is_id(asked.view) else None, pending=asked.pending,
        ops=[_envelope(op) for op in ops], off_now=clock.millis() - asked.now,
    )  # fmt: skip


def _plain(request: Request) -> bytes:
    data = request.get_data()
    if request.headers.get("Content-Encoding") != "gzip":
        return data
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(data, _MOST_BYTES)
    except zlib.error:
        raise BadRequest from None
    if reader.unconsumed_tail:
        raise TooLarge
    return plain


def _not_a_number(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _not_a_number(text)


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data, parse_constant=_not_a_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(found, dict):
        raise BadRequest
    return found


def _envelope(op: Any) -> dict[str, Any]:
    """The operation as it was sent, with a usable id and number."""
    if not isinstance(op, dict) or not isinstance(op.get("op"), str):
        raise BadRequest
    number = op.get("dseq")
    if type(number) is not int or not 1 <= number <= _MOST_NUMBER:
        raise BadRequest
    try:
        return op | {"op": str(UUID(op["op"]))}
    except ValueError:
        raise BadRequest from None
