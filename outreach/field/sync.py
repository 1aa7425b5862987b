"""One round trip of a tablet: take its operations in, then tell it what changed."""

from __future__ import annotations

from outreach.core import clock
from outreach.field.letter import Letter, Raw
from outreach.field.pull import pull
from outreach.field.push import push
from outreach.field.queries import Caller


def answer(caller: Caller, letter: Letter) -> Raw:
    """The whole answer to a request."""
    pushed = push(caller, letter)
    body: Raw = {
        "rid": letter.rid, "epoch": pushed.epoch, "now": clock.millis(),
        "results": pushed.results, "base": None, "view": None, "head": pushed.head, "safe": None,
    }  # fmt: skip
    if pushed.token:
        body["token"] = pushed.token
    if pushed.is_reset:
        return body | {"reset": True}
    if pushed.is_fork:
        return body | {"fork": True}
    if caller.is_withdrawn or not caller.may_work:
        # Work that is still on the tablet must come in before it is wiped.
        return body | {"wipe": len(pushed.results) >= letter.pending}
    return body | pull(caller, letter)
