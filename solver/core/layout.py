"""The core's arrays and their columns: the one place that explains them.

**Nodes** are the rows of ``Board.node``: first one for each visit, in the order of the problem;
then a twin for each visit of two crews; then two sentinels for each lane, where it begins and
where it ends. A **lane** is one shift. Money is in hundredths (``SCALE``), times in minutes.

Each node has two clocks, because of the break of its lane: 0 is "still to come", 1 is "taken".

The search in which starts move has no breaks: there READY0 and DUE0 have another meaning and FIX of
the best plan is any start (``ripple`` says so, and has the columns of its ``Pond``). The columns of
stops that are taken over stand in ``load``.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Row: TypeAlias = Annotated[Ints, 1]
Table: TypeAlias = Annotated[Ints, 2]
Cube: TypeAlias = Annotated[Ints, 3]
Field: TypeAlias = Annotated[Ints, 4]
Counts: TypeAlias = Annotated[Longs, 1]
Flags: TypeAlias = Annotated[Bytes, 2]

SCALE = 100
FAR = 1 << 28
"""A time or a price that no plan has: never, or not allowed."""

# World.arc[profile, a, b, …] for the locations a and b
TO_COST, FROM_COST, TO_TIME, FROM_TIME = range(4)

# Board.node[v, …]; what stands before KEPT_OF_NODE is undone when an iteration is rejected
(
    NEXT,  # node after this one, -1 behind the end
    PREV,  # node before this one
    LANE,  # lane that it is in, -1 if left out
    READY0,  # earliest end on site, break to come
    READY1,  # earliest end on site, break taken
    DUE0,  # latest arrival from which the rest of the lane holds, break to come
    DUE1,  # the same, break taken
    FIX,  # agreed start of a visit that other lanes have a say in, -1 if free
    LENGTH,  # minutes on site after its present predecessor
    PAID,  # set-up minutes paid at its site when it ends
    CNEXT,  # cost of the leg to the next node
    STAMP,  # iteration in which it was saved for undoing
    SITE,  # location
    SETUP,  # minutes of set-up
    SERVICE,  # minutes of service
    TWIN,  # node of the other crew, -1 if there is none
) = range(16)
NODE_COLUMNS = 16
KEPT_OF_NODE = STAMP

# Board.lane[r, …]; what stands before KEPT_OF_LANE is undone
(
    SIZE,  # how many visits
    TRAVEL,  # minutes of driving
    LOAD,  # demand aboard
    SOFT,  # price of overtime, waiting, and starts that are off
    WORKED,  # minutes from leaving to returning without the break
    LANE_STAMP,  # iteration in which it was saved for undoing
    HIT,  # iteration in which a string was removed from it
    DAY,  # number of its day
    DATE,  # day number of the calendar
    OPEN,  # its team may leave
    END,  # overtime begins
    CLOSE,  # its team must be back
    REST_FROM,  # the break may begin
    REST_TO,  # the break must have begun
    REST_LENGTH,  # minutes of the break
    PROFILE,  # which matrix
    FIXED,  # price of using it at all
    MOST_VISITS,
    MOST_TRAVEL,
    ROOM,  # demand that it can take
    SLOTS,  # different pool kits that it can take
    TEAM,  # number of its team
    IS_SOFT,  # SOFT_AT_END, SOFT_IN_CHOOSING, or 0 if its times have no price
    MOST_DURATION,  # minutes from leaving to being back
    SPANNED,  # whether Board.span holds for it
    ALIKE,  # how many lanes behind it are the same but for their names
    PRICED,  # whether SOFT and WORKED are those of what stands on it now
) = range(27)
LANE_COLUMNS = 27
KEPT_OF_LANE = LANE_STAMP
SOFT_AT_END, SOFT_IN_CHOOSING = 1, 2  # priced when the step is made; also for each place looked at

# World.about[v, …]
(
    PENALTY,  # price of leaving it out
    FLAGS,  # LOCKED, APPOINTED, LEFT and OPTIONAL
    DEMAND,  # what it takes of a lane's room
    WISH,  # preferred start, -1 if none
    WAS_DAY,  # day in the baseline, -1 if none
    WAS_START,  # start in the baseline
    PIN_TEAM,  # team that one of two crews must be of, -1 if any
    PREPARE,  # longest time on site: set-up and service
    PINNED,  # the only start that the problem leaves, -1 if any
    DUE_BY,  # a later start is priced
) = range(10)
ABOUT_COLUMNS = 10
LOCKED, APPOINTED, LEFT, OPTIONAL = 1, 2, 4, 8

# World.link[k, …]: what visit ``at`` has to do with another
OTHER, HOW, DAYS, LEAST, MOST = range(5)  # days of a gap; minutes of a lag after the other
(
    GAP,  # so many days apart
    TOGETHER,  # on one lane
    FIRST,  # the other comes first
    THEN,  # the other comes later
    LAG,  # begins so long after the other, by another team
) = range(5)

# World.price[…]
PER_WAIT, PER_OVERTIME, PER_START_OFF, PER_MOVED_MINUTE, PER_IMBALANCE, PER_LATE = range(6)

# World.order[row, v]: keys by which removed visits are put back
FEW_SHIFTS, LONG, DEAR, FAR_OUT, NEAR_BY = range(5)

# Board.ctl[…]
(
    ITERATION,
    COST,
    BEST,
    BEST_LEFT,  # visits left out of the best plan
    NODES_LOGGED,
    LANES_LOGGED,
    USED,  # lanes with visits
    REMOVED,  # visits in Board.out
    BANK,  # visits left out
    OLD_BANK,
    STOP,  # set from outside: stop at once
    IMBALANCE,  # its price now
    FILLING,  # whether what is left out was never tried: look at every lane
    SHUT,  # whether this iteration opens no empty lane unless it must
    SEED,  # visit around which this iteration ruins
    FAIR,  # minutes that a team works on average; FAR where this iteration does not look at it
) = range(16)
CTL_SIZE = 16

# Board.spot[day, k, …]: the cheapest places of an appointment on a day
SPOT_DELTA, SPOT_NODE, SPOT_LANE, SPOT_START = range(4)
SPOTS = 6

# Board.span[v, …]
(
    OUT,  # fewest minutes from leaving to being done here
    LEAVE_BY,  # latest departure with so few
    BACK,  # fewest minutes from arriving here to being back
    REACH_AT,  # earliest arrival with so few
) = range(4)

# Board.best[v, …]: NEXT, LANE and FIX of the best plan
KEPT_NEXT, KEPT_LANE, KEPT_FIX = range(3)


class World(NamedTuple):
    """What never changes during a search; threads share it.

    Attributes:
        size: visits, nodes before the sentinels, lanes, days.
        arc: prices and minutes of the legs between locations, both ways in one row.
        win: opening and closing of each node's windows by day; unused ones close before they open.
        fee: price of a node on a lane; FAR where it is not allowed.
        about: what is known of each visit.
        near: for each visit the others, the nearest first.
        candidate: for each node those beside which it is first tried, -1 behind the last.
        date: day number of the calendar of each day.
        order: keys for putting visits back.
        link_at: where each visit's rows of ``link`` begin.
        link: what visits have to do with each other.
        kit_at: where each visit's entries of ``kit`` begin.
        kit: pool kits that visits need.
        pool: how many there are of each.
        owned: whether a lane has a kit of its own.
        price: of a unit of what depends on times.
        before: minutes that each team worked earlier.
    """

    size: Counts
    arc: Field
    win: Field
    fee: Table
    about: Table
    near: Table
    candidate: Table
    date: Counts
    order: Table
    link_at: Row
    link: Table
    kit_at: Row
    kit: Row
    pool: Row
    owned: Flags
    price: Counts
    before: Counts


class Board(NamedTuple):
    """What one search changes.

    Attributes:
        node: see the columns above.
        lane: see the columns above.
        ctl: counters and costs.
        dice: state of the random numbers.
        out: visits that were removed and are to be put back.
        bank: visits that are left out.
        old_bank: the bank before this iteration.
        node_log: rows of nodes as they were, and their number.
        lane_log: rows of lanes as they were, and their number.
        bag: how many visits of a lane need a kit.
        taken: how many lanes of a day take a kit.
        team: minutes worked by each team.
        spot: places under consideration for an appointment.
        span: parts of lanes that may be out for a limited time.
        best: the best plan.
    """

    node: Table
    lane: Table
    ctl: Counts
    dice: Counts
    out: Row
    bank: Row
    old_bank: Row
    node_log: Table
    lane_log: Table
    bag: Table
    taken: Table
    team: Counts
    spot: Cube
    span: Table
    best: Table
