"""Whether a problem is one of lateness: then each place is searched for at its full price."""

from __future__ import annotations

from solver.problem import Problem, Shift, Visit


def is_by_lateness(problem: Problem) -> bool:
    """Whether lateness has a price, and nothing else is in the problem that goes by times.

    The search in which starts move (``solver.core.ripple``) knows windows, skills, places, loads,
    orders and steps, but no breaks, no kits and no agreed or earlier starts.
    """
    weights = problem.weights
    is_priced = weights.late_minute or weights.most_late_minute
    if not is_priced or all(visit.due is None for visit in problem.visits):
        return False
    if weights.wait_minute or weights.imbalance_minute or problem.baseline is not None:
        return False
    if problem.frozen_until is not None:
        return False
    has_wishes = weights.start_off_minute > 0
    return all(_is_plain(visit, has_wishes=has_wishes) for visit in problem.visits) and all(
        map(_is_open, problem.shifts)
    )


def _is_plain(visit: Visit, *, has_wishes: bool) -> bool:
    """Whether a visit stands alone but for order and step, and always takes the same time."""
    is_tied = visit.crews > 1 or visit.series is not None or visit.together_with is not None
    is_timed = visit.setup_minutes or (has_wishes and visit.preferred_start is not None)
    return not (is_tied or is_timed or visit.kits or visit.pin is not None)


def _is_open(shift: Shift) -> bool:
    """Whether a shift has no rule but its hours, its load and its number of visits."""
    has_break = shift.break_ is not None and shift.break_.minutes > 0
    is_limited = shift.max_travel is not None or shift.max_duration is not None
    return not (has_break or is_limited or shift.overtime)
