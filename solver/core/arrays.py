"""From a problem to the core's arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import date

import numpy as np
import numpy.typing as npt

from solver.agree import Agreement
from solver.core import layout as at
from solver.core.layout import (
    ABOUT_COLUMNS,
    APPOINTED,
    CTL_SIZE,
    DEMAND,
    DUE_BY,
    FAR,
    FLAGS,
    LANE_COLUMNS,
    LEFT,
    LOCKED,
    NODE_COLUMNS,
    OPTIONAL,
    PENALTY,
    PIN_TEAM,
    PINNED,
    PREPARE,
    SCALE,
    SOFT_AT_END,
    SOFT_IN_CHOOSING,
    SPOTS,
    WAS_DAY,
    WAS_START,
    WISH,
    Board,
    Ints,
    Longs,
    World,
)
from solver.core.lists import company, links, needs
from solver.core.nearby import alike, candidates, nearest, orders, starts
from solver.core.rng import make_rng
from solver.indexed import baseline_places, frozen_places, is_named, may_serve
from solver.problem import Problem, Shift, Visit

_NEAR, _BESIDE = 160, 10
_MISSED = 10_000
"""What leaving out a pinned or mandatory visit costs the search beyond its skip cost."""
Floats = npt.NDArray[np.float64]


class Arrays:
    """The arrays of one problem, and where visits and shifts stand in them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.visits, self.shifts = problem.visits, problem.shifts
        self.number = {visit.id: v for v, visit in enumerate(self.visits)}
        self.lane_of = {shift.id: r for r, shift in enumerate(self.shifts)}
        self._rules, self._partners = Agreement(problem), company(problem.visits)
        self._frozen = frozen_places(problem)
        twins = [v for v, visit in enumerate(self.visits) if visit.crews > 1]
        self.owner = np.array([*range(len(self.visits)), *twins], np.int32)
        self.twin = {v: len(self.visits) + k for k, v in enumerate(twins)}
        self.days = [date.fromisoformat(day).toordinal() for day in problem.days]
        self._teams = {t: k for k, t in enumerate(dict.fromkeys(s.team for s in self.shifts))}
        self._profiles = list(problem.profiles)
        self._kits = list(problem.kits)
        self.world = self._world()
        self.node = self._nodes()
        self.lane = self._lanes()
        self.left = int((self.world.about[:, FLAGS] & LEFT > 0).sum())

    @property
    def nodes(self) -> int:
        """How many nodes stand before the sentinels."""
        return len(self.owner)

    @property
    def leg(self) -> float:
        """What a leg from a visit to one of its nearest neighbours costs on average."""
        if not (near := self.world.near[:, :_BESIDE]).size:
            return 0.0
        sites = np.array([visit.location for visit in self.visits], np.int32)
        legs = self.world.arc[0, sites[:, None], sites[near], at.TO_COST]
        return float(legs.mean()) / SCALE

    def board(self, seed: int) -> Board:
        """An empty board with dice of its own."""
        nodes, visits, lanes = len(self.node), len(self.visits), len(self.shifts)
        kits, days = len(self._kits), len(self.days)

        def ints(*shape: int) -> Ints:
            return np.zeros(shape, np.int32)

        board = Board(
            node=self.node.copy(), lane=self.lane.copy(), ctl=np.zeros(CTL_SIZE, np.int64),
            dice=make_rng(seed), out=ints(visits + 1), bank=ints(visits + 1),
            old_bank=ints(visits + 1), node_log=ints(nodes, at.KEPT_OF_NODE + 1),
            lane_log=ints(lanes + 1, at.KEPT_OF_LANE + 1), bag=ints(lanes + 1, kits),
            taken=ints(days, kits), team=np.zeros(max(1, len(self._teams)), np.int64),
            spot=ints(days, SPOTS, 4), span=ints(nodes, 4), best=ints(nodes, 3),
        )  # fmt: skip
        board.ctl[at.FAIR] = FAR
        board.ctl[at.BEST] = np.iinfo(np.int64).max
        return board

    def clear(self, board: Board) -> None:
        """Take everything off a board; its best plan and its counters stay."""
        board.node[:] = self.node
        board.lane[:] = self.lane
        for books in (board.bag, board.taken, board.team):
            books[...] = 0
        for counter in (at.USED, at.BANK, at.REMOVED, at.IMBALANCE):
            board.ctl[counter] = 0

    # The world

    def _world(self) -> World:
        win, weights = self._windows(), self.problem.weights
        allowed = self._allowed(win)
        arcs = [self._arc(name) for name in self._profiles or [""]]
        arc = arcs[0][None] if len(arcs) == 1 else np.stack(arcs)
        first = arc[0, :, :, at.TO_TIME]
        sites = np.array([v.location for v in self.visits], np.int32)[self.owner]
        fee = np.where(allowed, self._prices(), FAR).astype(np.int32)
        link_at, link = links(self.visits, self._partners)
        kit_at, kit = needs(self.visits, self._kits)
        near = nearest(first, sites[: len(self.visits)], sites[: len(self.visits)], _NEAR)
        close = nearest(first, sites, sites, _NEAR) if self.twin else near
        on = starts(win, [self.visits[v].service_minutes for v in self.owner])
        prices = [
            weights.wait_minute, weights.overtime_minute, weights.start_off_minute,
            weights.moved_minute, weights.imbalance_minute, weights.late_minute,
        ]  # fmt: skip
        return World(
            size=np.array([len(self.visits), self.nodes, len(self.shifts), len(self.days)]),
            arc=arc, win=win, fee=fee, about=self._about(),
            near=near, candidate=candidates(first, (sites, self.owner), close, fee < FAR, on),
            date=np.array(self.days, np.int64), order=orders(self.problem, fee, first),
            link_at=link_at, link=link, kit_at=kit_at, kit=kit,
            pool=np.array([self.problem.kits[k] for k in self._kits], np.int32),
            owned=np.array(
                [[kit in shift.kits for kit in self._kits] for shift in self.shifts], np.uint8
            ).reshape(len(self.shifts), len(self._kits)),
            price=np.array([round(SCALE * price) for price in prices], np.int64),
            before=self._before(),
        )  # fmt: skip

    def _arc(self, name: str) -> Ints:
        if not name:
            return np.zeros((1, 1, 4), np.int32)
        profile, weights = self.problem.profiles[name], self.problem.weights
        minutes = np.array(profile.minutes, np.int32)
        cost = SCALE * weights.travel_minute * minutes
        if weights.kilogram_co2 and profile.grams_per_km:
            grams = np.array(profile.metres, np.float64) * profile.grams_per_km / 1000
            cost = cost + SCALE * weights.kilogram_co2 * grams / 1000
        arc = np.empty((*minutes.shape, 4), np.int32)
        money = np.rint(cost)
        arc[:, :, at.TO_COST], arc[:, :, at.FROM_COST] = money, money.T
        arc[:, :, at.TO_TIME], arc[:, :, at.FROM_TIME] = minutes, minutes.T
        return arc

    def _allowed(self, win: Ints) -> npt.NDArray[np.bool_]:
        """Which node may be on which lane, whatever the time; alike visits are judged once."""
        kinds: dict[Hashable, list[int]] = defaultdict(list)
        for r, shift in enumerate(self.shifts):
            kinds[_offer(shift)].append(r)
        judged: dict[Hashable, npt.NDArray[np.bool_]] = {}
        rows = np.zeros((len(self.visits), len(self.shifts)), bool)
        for v, visit in enumerate(self.visits):
            want = _wish(visit)
            if want not in judged:
                judged[want] = self._row(visit, kinds)
            rows[v] = judged[want]
            if visit.id in self._frozen:
                rows[v] &= [shift.id in self._frozen[visit.id] for shift in self.shifts]
            elif visit.allowed_shifts is not None or visit.forbidden_shifts:
                rows[v] &= [is_named(visit, shift) for shift in self.shifts]
        return rows[self.owner] & self._open_days(win)

    def _row(self, visit: Visit, kinds: dict[Hashable, list[int]]) -> npt.NDArray[np.bool_]:
        row = np.zeros(len(self.shifts), bool)
        for lanes in kinds.values():
            row[lanes] = may_serve(self.problem, visit, self.shifts[lanes[0]], by_name=False)
        return row

    def _open_days(self, win: Ints) -> npt.NDArray[np.bool_]:
        """Which node has a window on the day of which lane, as far as it is not past."""
        is_open: npt.NDArray[np.bool_] = np.any(win[..., 1] >= win[..., 0], axis=2)
        return is_open[:, [shift.day for shift in self.shifts]]

    def _windows(self) -> Ints:
        """Windows by node and day, in order, as far as they are not past."""
        found = [self._open_windows(visit) for visit in self.visits]
        most = max((len(day) for mine in found for day in mine), default=0)
        win = np.zeros((len(self.visits), len(self.days), max(1, most), 2), np.int32)
        win[..., 1] = -1
        for v, mine in enumerate(found):
            for day, windows in enumerate(mine):
                if windows:
                    win[v, day, : len(windows)] = sorted(windows)
        return np.ascontiguousarray(win[self.owner])

    def _open_windows(self, visit: Visit) -> list[list[tuple[int, int]]]:
        mine: list[list[tuple[int, int]]] = [[] for _ in self.days]
        limit = self.problem.frozen_until
        if visit.id in self._rules.frozen:
            limit = None
        for window in visit.windows:
            first = window.from_
            if limit is not None and window.day == limit.day:
                first = max(first, limit.minute)
            if first <= window.to and (limit is None or window.day >= limit.day):
                mine[window.day].append((first, window.to))
        return mine

    def _prices(self) -> Floats:
        """What a node pays for being on a lane; a moved day is shared by two crews."""
        weights, was = self.problem.weights, baseline_places(self.problem)
        teams = np.array([self._teams[shift.team] for shift in self.shifts], np.int64)
        days = np.array([shift.day for shift in self.shifts], np.int64)
        price = np.zeros((len(self.visits), len(self.shifts)))
        for v, visit in enumerate(self.visits):
            if visit.preferred_teams:
                liked = [self._teams.get(team, -1) for team in visit.preferred_teams]
                price[v] += weights.unpreferred_team * ~np.isin(teams, liked)
            if visit.id in was:
                before = [self._teams[team] for team in was[visit.id].teams]
                price[v] += weights.moved_team * ~np.isin(teams, before)
                price[v] += weights.moved_day * (days != was[visit.id].day) / visit.crews
        return np.rint(SCALE * price[self.owner])

    def _about(self) -> Ints:
        was = baseline_places(self.problem)
        about = np.zeros((len(self.visits), ABOUT_COLUMNS), np.int32)
        fixed, linked = self._rules.fixed, self._rules.linked
        for v, visit in enumerate(self.visits):
            must = visit.mandatory or visit.pin is not None
            row = about[v]
            row[PENALTY] = min(round(SCALE * (visit.skip_cost + _MISSED * must)), FAR)
            row[FLAGS] = (
                LOCKED * (visit.id in self._frozen) | APPOINTED * (visit.id in linked)
                | LEFT * self._is_left(visit) | OPTIONAL * visit.optional
            )  # fmt: skip
            row[DEMAND] = visit.demand
            row[WISH] = -1 if visit.preferred_start is None else visit.preferred_start
            row[DUE_BY] = FAR if visit.due is None else visit.due
            row[WAS_DAY] = was[visit.id].day if visit.id in was else -1
            row[WAS_START] = was[visit.id].start if visit.id in was else 0
            team = visit.pin.team if visit.pin else None
            row[PIN_TEAM] = -1 if team is None else self._teams.get(team, -2)
            row[PREPARE] = visit.setup_minutes + visit.service_minutes
            row[PINNED] = fixed.get(visit.id, -1)
        return about

    def _is_left(self, visit: Visit) -> bool:
        """Whether the core leaves a visit to the exact prober: company of two crews."""
        partners = self._partners.get(visit.id, ())
        crews = [self.visits[self.number[other]].crews for other in partners]
        return bool(crews) and max(*crews, visit.crews) > 1

    def _before(self) -> Longs:
        before = np.zeros(max(1, len(self._teams)), np.int64)
        for shift in self.shifts:
            before[self._teams[shift.team]] = shift.used_minutes_before
        return before

    # The empty board

    def _nodes(self) -> Ints:
        lanes = len(self.shifts)
        node = np.zeros((self.nodes + 2 * lanes, NODE_COLUMNS), np.int32)
        node[:, [at.NEXT, at.PREV, at.LANE, at.FIX, at.TWIN]] = -1
        for x, v in enumerate(self.owner):
            visit = self.visits[v]
            node[x, at.SITE] = visit.location
            node[x, at.SETUP] = visit.setup_minutes
            node[x, at.SERVICE] = visit.service_minutes
            node[x, at.FIX] = self._rules.fixed.get(visit.id, -1)
            if x >= len(self.visits):
                node[x, at.TWIN] = v
            elif visit.crews > 1:
                node[x, at.TWIN] = self.twin[x]
        for r, shift in enumerate(self.shifts):
            a, b = self.nodes + 2 * r, self.nodes + 2 * r + 1
            node[[a, b], at.LANE] = r
            node[a, at.NEXT], node[b, at.PREV] = b, a
            node[a, at.SITE], node[b, at.SITE] = shift.from_location, shift.to_location
            node[a, at.READY0], node[a, at.READY1] = shift.start, FAR
            close = shift.end + shift.overtime
            rests = shift.break_ is not None and shift.break_.minutes > 0
            node[b, at.DUE0], node[b, at.DUE1] = (-FAR, close) if rests else (close, -FAR)
        return node

    def _lanes(self) -> Ints:
        lane = np.zeros((max(1, len(self.shifts)), LANE_COLUMNS), np.int32)
        is_soft, weights = self._is_soft(), self.problem.weights
        for r, shift in enumerate(self.shifts):
            row, rest = lane[r], shift.break_
            row[at.DAY], row[at.DATE] = shift.day, self.days[shift.day]
            row[at.OPEN], row[at.END] = shift.start, shift.end
            row[at.CLOSE] = shift.end + shift.overtime
            row[at.REST_TO] = -FAR
            if rest is not None and rest.minutes > 0:
                row[at.REST_FROM], row[at.REST_TO] = rest.from_, rest.to - rest.minutes
                row[at.REST_LENGTH] = rest.minutes
            row[at.PROFILE] = self._profiles.index(shift.profile)
            row[at.FIXED] = round(SCALE * (shift.fixed_cost + weights.used_shift))
            row[at.MOST_VISITS], row[at.ROOM] = _or_far(shift.max_visits), _or_far(shift.capacity)
            row[at.MOST_TRAVEL], row[at.SLOTS] = _or_far(shift.max_travel), _or_far(shift.kit_slots)
            row[at.TEAM] = self._teams[shift.team]
            row[at.IS_SOFT] = max(is_soft, SOFT_AT_END * (shift.overtime > 0))
            row[at.MOST_DURATION] = _or_far(shift.max_duration)
        if not (weights.imbalance_minute or self._rules.linked):
            lane[:, at.ALIKE] = alike(lane, self.node[self.nodes :, at.SITE], self.world)
        return lane

    def _is_soft(self) -> int:
        """Whether every lane has to be priced by its times, and whether already in choosing.

        A moved minute costs too little for that: choosing takes longer, and no repair was cheaper.
        """
        weights, problem = self.problem.weights, self.problem
        is_chosen = (
            weights.wait_minute
            or (weights.late_minute and any(visit.due is not None for visit in self.visits))
            or (weights.start_off_minute
                and any(visit.preferred_start is not None for visit in self.visits))
        )  # fmt: skip
        if is_chosen:
            return SOFT_IN_CHOOSING
        is_moved = weights.moved_minute and problem.baseline is not None
        return SOFT_AT_END if weights.imbalance_minute or is_moved else 0


def _or_far(limit: int | None) -> int:
    return FAR if limit is None else min(limit, FAR)


def _offer(shift: Shift) -> Hashable:
    """What decides whom a shift may serve, its id and times left out."""
    return (
        shift.team, shift.day, frozenset(shift.skills), shift.people,
        frozenset(shift.clearances), frozenset(shift.kits),
    )  # fmt: skip


def _wish(visit: Visit) -> Hashable:
    pin = visit.pin
    return (
        visit.skills, visit.people, visit.clearance, visit.kits, visit.crews,
        pin.day if pin else None, pin.team if pin else None,
    )  # fmt: skip
