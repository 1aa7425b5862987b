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
        off_now: milliseconds that the tablet's clock is behind the server's; None: not known.
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
    off_now: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the tablet holds nothing, neither work nor rows on which work could be done.

        A browser that is told to forget everything does so before the tablet can object: what was
        tapped while the answer was on its way would be lost.
        """
        return self.view is None and not self.ops and self.pending == 0
