"""A checked request, as the server works with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A checked request; the operations are still as they were sent.

    Attributes:
        layout: the wire's ``schema``.
        ops: each has an ``op`` id and a number at least.
    """

    rid: str
    line: str
    epoch: int
    view: str | None
    layout: int
    app: str
    pending: int
    ops: list[Raw]
