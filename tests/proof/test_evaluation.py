"""What an election teaches the next one follows from its counts alone."""

from __future__ import annotations

from dataclasses import replace

from outreach.proof.evaluation import Measured, learn

HOME = Measured("a", "Hjemmet", "care_home", expected=30, votes=20, minutes=100, desks=1)


def test_a_site_without_an_earlier_election_proposes_what_came() -> None:
    (site,) = learn([HOME], {}).sites
    assert (site.proposal, site.earlier, site.minutes_per_vote) == (20, None, 5.0)


def test_two_elections_propose_their_middle_rounded_up() -> None:
    (site,) = learn([HOME], {"a": 25}).sites
    assert site.proposal == 23


def test_the_parts_of_a_split_home_are_one_site() -> None:
    lessons = learn([HOME, replace(HOME, votes=10, minutes=80)], {})
    assert len(lessons.sites) == 1
    assert (lessons.expected, lessons.votes) == (60, 30)
    assert lessons.sites[0].minutes_per_vote == 6.0


def test_two_desks_take_two_minutes_of_work_in_one() -> None:
    assert learn([replace(HOME, desks=2)], {}).seconds_per_vote == 600


def test_few_votes_say_nothing_of_their_pace() -> None:
    lessons = learn([replace(HOME, votes=4)], {})
    assert (lessons.seconds_per_vote, lessons.sites[0].minutes_per_vote) == (None, None)
    assert lessons.sites[0].proposal == 4


def test_the_greatest_difference_comes_first() -> None:
    near = replace(HOME, site_id="b", votes=29)
    assert [one.site_id for one in learn([near, HOME], {}).sites] == ["a", "b"]


def test_an_election_without_sessions_teaches_nothing() -> None:
    lessons = learn([], {"a": 3})
    assert (lessons.sites, lessons.votes, lessons.seconds_per_vote) == ((), 0, None)
