"""One seed is one schedule of taps, messages, faults and re-planning; then everything heals."""

from __future__ import annotations

import copy
import random
from collections import Counter, defaultdict
from typing import Any

from outreach.field.models import Op
from outreach.voting.rules import FEWEST
from tests.sim.house import USERS, Crash, House
from tests.sim.tablet import Tablet

STEPS = 40
Message = tuple[str, int, str, Any]


class Run:
    """The state of one seed."""

    def __init__(self, house: House, seed: int) -> None:
        house.fresh()
        self.house, self.r = house, random.Random(seed)
        self.tablets = [Tablet(n, self.r, house.disks[n]) for n in range(USERS)]
        self.net: list[Message] = []
        self.kept = {n: copy.deepcopy(tablet.disk) for n, tablet in enumerate(self.tablets)}
        self.excused: set[str] = set()
        self.syncs = 0

    def play(self) -> None:
        """All steps of the schedule."""
        for _step in range(STEPS):
            self.house.tick()
            self._step()

    def _step(self) -> None:
        r, k = self.r, self.r.random()
        tablet = r.choice(self.tablets)
        if k < 0.42:
            tablet.act()
        elif k < 0.6:
            self.net.append(("ask", tablet.user, *tablet.ask()))
        elif k < 0.64:
            self._coordinate()
        elif k < 0.67:
            self._disaster(tablet)
        elif self.net:
            self._deliver()

    def _coordinate(self) -> None:
        k = self.r.random()
        if k < 0.35:
            self.house.publish(self.r)
        elif k < 0.6:
            self.house.cancel(self.r)
        elif k < 0.8:
            self.house.edit(self.r)
        else:
            self.house.tick(days=1)  # the window slides and no row is written

    def _disaster(self, tablet: Tablet) -> None:
        k = self.r.random()
        if k < 0.25:
            self.house.back_up()
        elif k < 0.45:
            self.house.restore()
        elif k < 0.55:
            self.kept[tablet.user] = copy.deepcopy(tablet.disk)
        elif k < 0.85:
            self._set_back(tablet)
        else:
            tablet.waits_for = None  # the tablet restarts and forgets the request in flight

    def _set_back(self, tablet: Tablet) -> None:
        """The tablet gets an older image: what was on its disk alone cannot be expected back."""
        before = ids_on(tablet)
        tablet.disk = copy.deepcopy(self.kept[tablet.user])
        tablet.waits_for = None
        self.excused |= before - ids_on(tablet)

    def _deliver(self) -> None:
        at = self.r.randrange(len(self.net))  # any message: late, and out of order
        kind, user, token, body = self.net[at]
        fate = self.r.random()
        if fate < 0.2:
            del self.net[at]
            return
        if fate >= 0.35:
            del self.net[at]  # else it comes a second time
        if kind == "answer":
            self.tablets[user].hear(copy.deepcopy(body))
            return
        crash_at = self.r.randrange(4) if self.r.random() < 0.1 else None
        try:
            answer = self._sync(token, body, crash_at)
        except Crash:
            return
        if answer is None:
            self.tablets[user].enrol(self.house.enrol_again(user))
        else:
            self.net.append(("answer", user, token, answer))

    def _sync(self, token: str, body: Any, crash_at: int | None = None) -> Any:
        self.syncs += 1
        return self.house.sync(token, body, crash_at)

    def _direct(self, tablet: Tablet) -> None:
        """A round trip without faults."""
        token, message = tablet.ask()
        answer = self._sync(token, message)
        if answer is None:
            tablet.enrol(self.house.enrol_again(tablet.user))
        else:
            tablet.hear(answer)

    def heal(self) -> None:
        """The network works again: everybody hands in, then hears what the others did."""
        stale = set(self.tablets)
        for tablet in self.tablets:
            tablet.batch = 50
            for _trip in range(50):
                if not tablet.disk["outbox"] and tablet.disk["epoch"] == self.house.epoch:
                    break
                stale = {t for t in self.tablets if t is not tablet} if (
                    tablet.disk["outbox"]) else stale  # fmt: skip
                self._direct(tablet)
        for tablet in self.tablets:
            if tablet in stale:
                self._direct(tablet)

    def faults(self) -> list[str]:
        """Everything that does not hold; none is right."""
        stored = self.house.stored()
        made = {id_: (t, op) for t in self.tablets for id_, op in t.made.items()}
        kept = set().union(*(ids_on(t) for t in self.tablets))
        wanted = (set(made) - self.excused) | kept
        found = (
            [f"lost operations {sorted(wanted - set(stored))[:3]}"] if wanted - set(stored) else []
        )
        found += [f"tablet {t.user} keeps unsent work" for t in self.tablets if t.disk["outbox"]]
        found += self._wrong_results(stored, made)
        bodies: dict[str, Any] = {}
        for tablet in self.tablets:
            visible = self.house.visible(tablet.user)
            bodies |= {id_: body for (kind, id_), body in visible.items() if kind == "visit"}
            if visible != tablet.disk["rows"]:
                found.append(f"tablet {tablet.user} differs from the server")
        return found + wrong_sums(stored, bodies)

    def _wrong_results(self, stored: dict[str, Op], made: dict[str, Any]) -> list[str]:
        found = []
        scopes = [self.house.scope(user) for user in range(USERS)]
        for id_, op in stored.items():
            tablet, sent = made[id_]
            is_out = op.visit_id not in scopes[tablet.user]
            fits = op.status in ("applied", "merged", "noop", "conflict")
            fits |= op.code == "bad_target"
            fits |= op.code == "too_few" and len(op.payload["args"]["confirmed"]) < FEWEST
            fits |= op.code == "not_authorised" and (is_out or self.house.restores > 0)
            if not fits:
                found.append(f"{op.kind} ended as {op.status} {op.code}")
            if {**op.payload, "dseq": 0} != {**sent, "dseq": 0}:
                found.append("the stored operation is not the one that was made")
            if op.status == "conflict" and not op.detail:
                found.append("a conflict without its story")
        return found


def ids_on(tablet: Tablet) -> set[str]:
    """Every operation that a tablet still holds."""
    return {op["op"] for op in tablet.disk["outbox"] + tablet.disk["acked"]}


def wrong_sums(stored: dict[str, Op], bodies: dict[str, Any]) -> list[str]:
    """Compare the visits' figures with sums made here from the stored operations alone."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    notes: dict[str, set[str]] = defaultdict(set)
    checks: dict[str, set[str]] = defaultdict(set)
    marks: dict[str, set[str]] = defaultdict(set)
    for op in _living(stored):
        args, visit = op.payload["args"], str(op.visit_id)
        if op.kind == "count.add":
            counts[visit][args["measure"]] += args["n"]
        elif op.kind == "note.add":
            notes[visit].add(op.op_id)
        elif op.kind == "visit.check":
            checks[visit].add(op.op_id)
        elif op.kind.startswith("session."):
            marks[visit].add(op.op_id)
    found = []
    for id_, body in bodies.items():
        figures = (
            body["counts"],
            {note["id"] for note in body["notes"]},
            {op for task in body["tasks"] for op in task["ops"]},
            {mark["op"] for mark in body["session"]["marks"]} if "session" in body else set(),
        )
        wanted = (dict(counts[id_]), notes[id_], checks[id_], marks[id_])
        if figures != wanted:
            found.append(f"{figures} instead of {wanted}")
    return found


def _living(stored: dict[str, Op]) -> list[Op]:
    """The operations that count: taken in, not undone by their user, not unchecked."""
    done = [op for op in stored.values() if op.status not in ("rejected", "failed")]
    undone = {
        op.payload["args"]["op"]
        for op in done
        if op.kind == "op.void" and _is_own(stored.get(op.payload["args"]["op"]), op)
    }
    living = [op for op in done if op.op_id not in undone]
    unchecked = {
        seen for op in living if op.kind == "visit.uncheck" for seen in op.payload["args"]["seen"]
    }
    return [op for op in living if op.kind != "visit.check" or op.op_id not in unchecked]


def _is_own(target: Op | None, void: Op) -> bool:
    return target is not None and (target.user_id, target.visit_id) == (void.user_id, void.visit_id)


def first_fault(house: House, seed: int, **faults: bool) -> list[str]:
    """Run one seed and say what does not hold."""
    run = Run(house, seed)
    for tablet in run.tablets:
        tablet.drops_rows = faults.get("drops_rows", False)
    try:
        run.play()
        run.heal()
    except Exception as error:  # noqa: BLE001 - a server that breaks is a finding
        return [f"{type(error).__name__}: {error}"]
    return run.faults()
