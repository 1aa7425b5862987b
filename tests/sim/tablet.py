"""The tablet's rules in Python: the same as the client's, on a disk that can be copied and lost."""

from __future__ import annotations

import copy
import random
from typing import Any
from uuid import UUID

from outreach.core import clock

DAY = 86_400_000
BATCH = 5


def empty_disk(device: str, token: str, line: str) -> dict[str, Any]:
    """The store of a tablet that was just enrolled."""
    return {
        "device": device, "token": token, "line": line, "dseq": 0, "epoch": 1, "view": None,
        "outbox": [], "acked": [], "rows": {}, "off": None,
    }  # fmt: skip


class Tablet:
    """One tablet. ``disk`` is all that survives; ``waits_for`` dies with the process.

    Attributes:
        drops_rows: the fault of keeping the view before the rows, with a crash in between.
    """

    def __init__(self, user: int, r: random.Random, disk: dict[str, Any]) -> None:
        self.user, self.r, self.disk = user, r, copy.deepcopy(disk)
        self.batch = BATCH
        self.drops_rows = False
        self.waits_for: str | None = None
        self.skew = r.choice((0, -400 * DAY, 5 * 3_600_000, 3 * DAY))
        self.made: dict[str, dict[str, Any]] = {}

    def _id(self) -> str:
        return str(UUID(int=self.r.getrandbits(128), version=4))

    def act(self) -> None:
        """Somebody taps: one durable transaction."""
        disk, r = self.disk, self.r
        seen = sorted(id_ for kind, id_ in disk["rows"] if kind == "visit")
        if not seen:
            return
        visit = r.choice(seen)
        body = disk["rows"]["visit", visit]
        is_poll = "session" in body and r.random() < 0.7
        kind, args = self._poll(body["session"]) if is_poll else self._tap(body)
        disk["dseq"] += 1
        op = {
            "op": self._id(), "dseq": disk["dseq"], "t": kind, "v": 1, "args": args,
            "target": ["visit", visit], "at": clock.millis() + self.skew, "off": disk["off"],
        }  # fmt: skip
        if kind == "op.void":
            op["target"] = list(self.made[args["op"]]["target"])
        disk["outbox"].append(op)
        self.made[op["op"]] = copy.deepcopy(op)

    def _poll(self, session: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Somebody opens, swaps, closes or counts at a voting session; sometimes alone."""
        r, k = self.r, self.r.random()
        if k < 0.5:
            measure = r.choice(("votes", "assisted", "spoiled", "refused"))
            return "count.add", {"measure": measure, "n": r.randrange(-1, 4)}
        names = sorted(one["id"] for one in session["receivers"])
        people = r.sample(names, min(len(names), r.choice((1, 2, 2, 3))))
        kind = r.choice(("open", "open", "swap", "close"))
        args = {"receivers": people, "confirmed": people, "contact": None}
        return f"session.{kind}", args

    def _tap(self, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        r, k = self.r, self.r.random()
        task = r.choice(body["tasks"])
        kept = [op for op in (*self.disk["outbox"], *self.disk["acked"]) if op["t"] != "op.void"]
        if k < 0.25:
            return "visit.check", {"task": task["id"]}
        if k < 0.35:
            own = [
                op["op"]
                for op in kept
                if op["t"] == "visit.check" and op["args"]["task"] == task["id"]
            ]
            return "visit.uncheck", {"task": task["id"], "seen": sorted({*task["ops"], *own})}
        if k < 0.55:
            return "count.add", {"measure": "mitid.served", "n": r.randrange(-2, 6)}
        if k < 0.7:
            return "note.add", {"text": f"note {r.random()}"}
        if k < 0.8 and kept:
            return "op.void", {"op": r.choice(kept)["op"]}
        to = r.choice(("en_route", "in_progress", "done", "partial", "no_access", "no_show"))
        return "visit.status", {"to": to}

    def ask(self) -> tuple[str, dict[str, Any]]:
        """The next request and the token to send it with."""
        disk = self.disk
        self.waits_for = self._id()
        return disk["token"], {
            "rid": self.waits_for, "line": disk["line"], "epoch": disk["epoch"],
            "view": disk["view"], "layout": 1, "app": "1", "pending": len(disk["outbox"]),
            "ops": copy.deepcopy(disk["outbox"][:self.batch]),
        }  # fmt: skip

    def hear(self, answer: dict[str, Any]) -> None:
        """Take an answer in: one durable transaction."""
        disk = self.disk
        if answer["rid"] != self.waits_for:
            return
        self.waits_for = None
        disk["token"] = answer.get("token", disk["token"])
        if answer.get("reset"):
            disk.update(outbox=disk["acked"] + disk["outbox"], acked=[], epoch=answer["epoch"])
            self._new_line()
        elif answer.get("fork"):
            self._move_results(answer)
            self._new_line()
        elif answer["base"] in (None, disk["view"]):
            self._move_results(answer)
            self._take_rows(answer)

    def _take_rows(self, answer: dict[str, Any]) -> None:
        disk = self.disk
        disk["view"], disk["epoch"] = answer["view"], answer["epoch"]
        if self.drops_rows and self.r.random() < 0.3:
            return
        if answer["base"] is None:
            disk["rows"] = {}
        for kind, id_ in answer["del"]:
            disk["rows"].pop((kind, id_), None)
        for row in answer["put"]:
            disk["rows"][row["k"], row["id"]] = copy.deepcopy(row["body"])

    def _move_results(self, answer: dict[str, Any]) -> None:
        known = {result["op"] for result in answer["results"]}
        disk = self.disk
        disk["off"] = answer["now"] - (clock.millis() + self.skew)
        disk["acked"] += [op for op in disk["outbox"] if op["op"] in known]
        disk["outbox"] = [op for op in disk["outbox"] if op["op"] not in known]

    def _new_line(self) -> None:
        self.disk.update(line=self._id(), view=None, dseq=len(self.disk["outbox"]))
        for number, op in enumerate(self.disk["outbox"], 1):
            op["dseq"] = number

    def enrol(self, enrolment: tuple[str, str]) -> None:
        """The token is not known any more: a new one, the work stays."""
        self.disk["device"], self.disk["token"] = enrolment
        self.disk["view"] = None
        self.waits_for = None
