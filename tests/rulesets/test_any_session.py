"""Whatever the checker is told, it answers, in any order the same, and it never misses a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.rulesets import whole
from outreach.rulesets.facts import ElectionFacts, Finding, Outcome, Receiver, Session, SiteFacts
from outreach.rulesets.law import Law
from outreach.rulesets.library import shipped
from outreach.rulesets.resolve import resolve
from tests.rulesets.law import DK

DAY = date(2026, 11, 3)
LAWS = {key: resolve(ruleset, DAY, DAY - timedelta(days=28)) for key, ruleset in shipped().items()}
CODES = {rule.id for rule in whole.RULES}
CHANNELS = ["institution", "home", "self_served", "any_voter", "home_application", "", "pigeon"]
KINDS = ["care_home", "shelter", "hospital", "day_centre", "library", "home"]
ROLES = ["appointed_voter", "municipal_employee", "election_judge", "commission_member", ""]

NEAR = st.integers(-45, 5).map(lambda n: DAY + timedelta(days=n))
MAYBE = st.none() | NEAR
RECEIVERS = st.builds(
    Receiver, id=st.sampled_from("abcd"), role=st.sampled_from(ROLES),
    vehicle=st.sampled_from(["", "car", "bike"]),
    attributes=st.sampled_from([{}, {"party": "D"}, {"party": "R"}]),
    flags=st.sampled_from([frozenset(), frozenset({"candidate"}), frozenset({"tired"})]),
    appointed_on=MAYBE, expires_on=MAYBE, instructed_on=MAYBE,
)  # fmt: skip
STARTS = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=DK) + minutes,
    NEAR, st.integers(0, 1439).map(lambda n: timedelta(minutes=n)),
)  # fmt: skip


def made(starts: datetime, minutes: int, **rest: object) -> Session:
    return Session(starts=starts, ends=starts + timedelta(minutes=minutes), **rest)  # type: ignore[arg-type]


SESSIONS = st.builds(
    made, STARTS, st.integers(-30, 600), id=st.sampled_from("123456"),
    site=st.sampled_from("xyz"), site_kind=st.sampled_from(KINDS),
    channel=st.sampled_from(CHANNELS), receivers=st.lists(RECEIVERS, max_size=4).map(tuple),
    part=st.integers(0, 4), parts=st.integers(0, 3), team=st.sampled_from(["", "V1", "V2"]),
)  # fmt: skip
SITES = st.builds(
    SiteFacts, id=st.sampled_from("xyz"), label=st.just("Lindely"), kind=st.sampled_from(KINDS),
    outcome=st.none() | st.sampled_from(Outcome), reason=st.sampled_from(["", "lukket"]),
)  # fmt: skip
ELECTIONS = st.builds(
    ElectionFacts, election_day=st.just(DAY), writ_day=MAYBE, decisions=st.just(()),
    sites=st.lists(SITES, max_size=4, unique_by=lambda one: one.id).map(tuple),
    sessions=st.lists(SESSIONS, max_size=5, unique_by=lambda one: one.id).map(tuple),
    others=st.lists(SESSIONS, max_size=2).map(
        lambda found: tuple(replace(one, id=f"other {n}") for n, one in enumerate(found))
    ),
)  # fmt: skip
ANY_LAW = st.sampled_from(sorted(LAWS)).map(LAWS.__getitem__)


def seen(findings: Iterable[Finding]) -> set[tuple[str, str, str | None, str | None]]:
    return {(one.code, one.rule, one.site, one.receiver) for one in findings}


@given(ELECTIONS, ANY_LAW)
@settings(max_examples=150)
def test_any_election_is_judged(facts: ElectionFacts, law: Law) -> None:
    for finding in whole.check_election(facts, law):
        assert finding.code in CODES
        assert finding.cite
        assert finding.status
        assert finding.da.endswith(".")
        assert finding.en.endswith(".")


@given(ELECTIONS, ANY_LAW)
@settings(max_examples=60)
def test_the_order_of_what_is_judged_does_not_matter(facts: ElectionFacts, law: Law) -> None:
    turned = replace(
        facts,
        sites=facts.sites[::-1],
        others=facts.others[::-1],
        sessions=tuple(
            replace(one, receivers=one.receivers[::-1]) for one in facts.sessions[::-1]
            if len({person.id for person in one.receivers}) == len(one.receivers)
        ),
    )  # fmt: skip
    again = replace(turned, sessions=turned.sessions[::-1])
    assert seen(whole.check_election(turned, law)) == seen(whole.check_election(again, law))


@given(SESSIONS, ANY_LAW)
@settings(max_examples=150)
def test_no_session_outside_its_window_is_let_through(session: Session, law: Law) -> None:
    if law.channel(session.channel) is None:
        wanted = {"channel"}
    else:
        window = law.windows[session.channel]
        wanted = {
            name
            for name, is_so in (
                ("window-before", session.starts < window.first),
                ("window-after", session.starts > window.last),
                ("window-across", session.starts <= window.last < session.ends),
            )
            if is_so
        }
    facts = ElectionFacts(DAY, None, (), (), (session,))
    found = {one.code for one in whole.check_election(facts, law)}
    assert {one for one in found if one.startswith("window") or one == "channel"} == wanted


@given(st.lists(RECEIVERS, max_size=4), ANY_LAW)
@settings(max_examples=100)
def test_no_session_with_too_few_people_is_let_through(receivers: list[Receiver], law: Law) -> None:
    starts = datetime(2026, 10, 28, 10, tzinfo=DK)
    one = made(starts, 90, id="1", site="x", site_kind="care_home", channel="institution",
               receivers=tuple(receivers))  # fmt: skip
    codes = {found.code for found in whole.check_election(
        ElectionFacts(DAY, None, (), (), (one,)), law)}  # fmt: skip
    different = len({person.id for person in receivers})
    assert ("team-least" in codes) == (different < law.team("institution").size_min)
    assert ("team-twice" in codes) == (different < len(receivers))
