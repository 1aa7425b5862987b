"""Each rule of the checker finds its breach and says so in both languages; lawful is silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from outreach.rulesets import check as one_session
from outreach.rulesets import whole
from outreach.rulesets.check import check, check_receiver
from outreach.rulesets.facts import Finding, Level, LocalDecision, Outcome, Session
from outreach.rulesets.law import Law
from outreach.rulesets.resolve import resolve
from outreach.rulesets.schema import read
from outreach.rulesets.whole import check_election
from tests.rulesets.law import DK, ONE_EMPLOYEE, election, law, receiver, session, site

DAY = date(2021, 11, 9)
ANNA, BO = receiver("anna"), receiver("bo")
MN_DAY = date(2026, 11, 3)


def at(day: int, hour: int = 10, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2021, month, day, hour, minute, tzinfo=DK)


def judge(id_: str, party: str, **more: Any) -> Any:
    return receiver(id_, role="election_judge", attributes={"party": party}, **more)


def in_minnesota(*receivers: Any, hour: int = 10) -> tuple[Session, Law]:
    found = law("us-mn", MN_DAY)
    starts = datetime(2026, 10, 20, hour, tzinfo=found.tz)
    return session(starts=starts, receivers=receivers), found


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


BREACHES: dict[str, dict[str, Any]] = {
    "channel": {"channel": "pigeon"},
    "channel-fits": {
        "channel": "any_voter",
        "receivers": (receiver("bo", role="municipal_employee"),),
    },
    "window-before": {"starts": at(25, month=10)},
    "window-after": {"starts": at(13)},
    "window-across": {"starts": at(12, 23), "ends": at(13, 0, 1)},
    "session-minutes": {"ends": at(9, 10, 29)},
    "custody-return-by": {"starts": at(9, 17), "ends": at(9, 18, 1)},
    "custody-same-day": {"starts": at(9, 23), "ends": at(10, 1)},
    "team-least": {"receivers": (ANNA,)},
    "team-twice": {"receivers": (ANNA, BO, ANNA)},
    "team-roles-least": {
        "receivers": tuple(receiver(n, role="municipal_employee") for n in ("anna", "bo"))
    },
    "team-roles-most": {"receivers": (ANNA, receiver("bo", role="municipal_employee"))},
    "receiver-role": {"receivers": (ANNA, BO, receiver("ib", role="election_judge"))},
    "receiver-flags": {"receivers": (ANNA, receiver("bo", flags=frozenset({"candidate"})))},
    "receiver-instructed": {"receivers": (ANNA, receiver("bo", instructed_on=None))},
    "receiver-appointed": {"receivers": (ANNA, receiver("bo", appointed_on=date(2021, 11, 10)))},
    "receiver-expired": {"receivers": (ANNA, receiver("bo", expires_on=date(2021, 11, 8)))},
}


def test_a_lawful_session_and_election_have_no_finding() -> None:
    assert check(session(), law()) == ()
    assert check_election(election(), law()) == ()
    ours, there = in_minnesota(judge("anna", "D"), judge("bo", "R"))
    assert check(ours, there) == ()


@pytest.mark.parametrize("code", BREACHES)
def test_a_breach_is_found_and_told(code: str) -> None:
    found = [f for f in check(session(**BREACHES[code]), law()) if f.code == code]
    assert len(found) == 1
    assert found[0].session == "s1"
    assert found[0].da != found[0].en
    for sentence in (found[0].da, found[0].en):
        assert "  " not in sentence
        assert sentence.endswith(".")
        assert found[0].cite in sentence or code == "channel"


@pytest.mark.parametrize("code", BREACHES)
def test_only_that_breach_is_found(code: str) -> None:
    known = {"custody-same-day": {"custody-return-by"}, "team-roles-least": {"team-roles-most"},
             "window-across": {"custody-same-day", "custody-return-by"}}  # fmt: skip
    found = set(codes(check(session(**BREACHES[code]), law())))
    assert found - {code} <= known.get(code, set())


def test_a_session_across_the_change_of_clocks_is_as_long_as_it_lasts() -> None:
    there = law("dk-fa", date(2026, 4, 14))
    night = datetime(2026, 3, 29, 1, 45, tzinfo=DK)  # at two o'clock it is three
    one = session(starts=night, ends=datetime(2026, 3, 29, 3, 10, tzinfo=DK))
    assert "session-minutes" in codes(check(one, there))


@pytest.mark.parametrize(
    ("receivers", "hour", "code"),
    [
        ((judge("anna", "D"), judge("bo", "D")), 10, "team-distinct"),
        ((judge("anna", "D"), judge("bo", "")), 10, "team-distinct"),
        ((judge("anna", "D"), judge("bo", "R", vehicle="EL 2")), 10, "team-vehicle"),
        ((judge("anna", "D"), judge("bo", "R", vehicle="")), 10, "team-vehicle"),
        ((judge("anna", "D"), judge("bo", "R"), judge("ib", "G")), 10, "team-most"),
        ((judge("anna", "D"), judge("bo", "R")), 23, "custody-same-day"),
    ],
    ids=["same party", "party not known", "two vehicles", "vehicle not known", "three", "next day"],
)
def test_minnesota_needs_no_code_of_its_own(
    receivers: tuple[Any, ...], hour: int, code: str
) -> None:
    ours, there = in_minnesota(*receivers, hour=hour)
    assert [(f.code, f.level, f.status) for f in check(ours, there)] == [(code, "block", "law")]


def test_finland_needs_no_code_of_its_own() -> None:
    there = law("fi", date(2022, 1, 23))
    members = tuple(receiver(n, role="commission_member") for n in ("anna", "bo", "ib"))
    days = [datetime(2022, 1, n, 10, tzinfo=there.tz) for n in (12, 13, 14)]
    sessions = [session(f"s{n}", starts=day, receivers=members) for n, day in enumerate(days)]
    for count, wanted in ((1, []), (2, []), (3, ["visits-most"])):
        facts = election(election_day=there.election_day, sessions=tuple(sessions[:count]))
        assert codes(check_election(facts, there)) == wanted


def test_one_employee_may_be_on_the_team_when_the_council_said_so() -> None:
    ours = session(receivers=(ANNA, receiver("bo", role="municipal_employee")))
    assert codes(check(ours, law())) == ["team-roles-most"]
    assert check(ours, law("dk-kv", date(2021, 11, 16), ONE_EMPLOYEE)) == ()


def test_the_sentence_names_people_days_and_the_paragraph() -> None:
    found = check(
        session(starts=at(9), receivers=(ANNA, receiver("bo", instructed_on=None))), law()
    )
    assert found[0].da == (
        "Bo er ikke instrueret før tirsdag d. 9. november 2021 (KRV § 67, ikke verificeret)."
    )
    early = check(session(starts=at(25, month=10)), law())[0]
    assert "mandag d. 25. oktober 2021 kl. 10.00" in early.da
    assert "Monday 25 October 2021, 10:00" in early.en
    assert (early.level, early.status, early.cite) == (Level.BLOCK, "law", "KRV § 62, stk. 1")
    assert early.rule == "channels.institution.window"


def test_a_moment_is_judged_on_the_wall_clock_of_the_law() -> None:
    last = law().windows["institution"].last
    assert last.date() == date(2021, 11, 12)
    late = last.astimezone(UTC) + timedelta(seconds=1)
    inside = session(starts=late - timedelta(hours=1), ends=late - timedelta(seconds=1))
    assert "window-across" not in codes(check(inside, law()))
    assert "window-across" in codes(
        check(session(starts=late - timedelta(hours=1), ends=late), law())
    )


def test_hours_are_judged() -> None:
    there = law()
    document = there.ruleset.document()
    document["channels"]["institution"]["session"]["hours"] = {
        "from": "10:00", "to": "11:30", "cite": "X", "status": "practice", "level": "warn",
    }  # fmt: skip

    changed = resolve(read(document), there.election_day)
    assert check(session(), changed) == ()
    found = check(session(ends=at(9, 11, 31)), changed)
    assert [(f.code, f.level) for f in found] == [("session-hours", Level.WARN)]


def test_one_receiver_can_be_asked_about() -> None:
    assert check_receiver(ANNA, DAY, law(), "institution") == ()
    never = receiver("bo", appointed_on=None, instructed_on=None, flags=frozenset({"candidate"}))
    found = check_receiver(never, DAY, law(), "institution")
    assert codes(found) == ["receiver-flags", "receiver-instructed", "receiver-appointed"]
    assert {finding.receiver for finding in found} == {"bo"}


def test_every_rule_has_its_own_name_and_sentences() -> None:
    names = [rule.id for rule in whole.RULES]
    assert len(set(names)) == len(names)
    assert [rule.id for rule in one_session.RULES] == names[: len(one_session.RULES)]
    assert all(rule.da.endswith(".") and rule.en.endswith(".") for rule in whole.RULES)


def test_results_name_every_rule_and_whether_it_is_kept() -> None:
    results = whole.results(election(sessions=(session(receivers=(ANNA,)),)), law())
    assert [result.id for result in results] == [rule.id for rule in whole.RULES]
    assert [result.id for result in results if not result.is_kept] == ["team-least"]


WHOLE: dict[str, dict[str, Any]] = {
    "site-decided": {"sites": (site(), site("h2", outcome=None))},
    "site-allowed": {"sites": (site(), site("h2", outcome=Outcome.SELF_SERVED))},
    "site-reason": {"sites": (site(), site("h2", outcome=Outcome.NONE, reason="  "))},
    "site-session": {"sites": (site(), site("h2"))},
    "session-decided": {"sites": (site(outcome=Outcome.NONE, reason="lukket"),)},
    "site-parts": {"sessions": (session(part=1, parts=3), session("s2", starts=at(10), part=3,
                                                                  parts=3))},
    "receiver-one-place": {
        "sites": (site(), site("h2")),
        "sessions": (session(), session("s2", site="h2", starts=at(9, 11, 29), team="V2")),
    },
    "team-one-place": {
        "sites": (site(), site("h2")),
        "sessions": (
            session(),
            session("s2", site="h2", starts=at(9, 11, 29),
                    receivers=(receiver("ib"), receiver("eva"))),
        ),
    },
}  # fmt: skip


@pytest.mark.parametrize("code", WHOLE)
def test_a_breach_of_the_whole_is_found(code: str) -> None:
    found = check_election(election(**WHOLE[code]), law())
    assert set(codes(found)) == {code}
    assert all(f.level is Level.BLOCK and f.cite in f.da and f.cite in f.en for f in found)


def test_sessions_that_meet_do_not_clash() -> None:
    facts = election(
        sites=(site(), site("h2")),
        sessions=(session(), session("s2", site="h2", starts=at(9, 11, 30))),
    )
    assert check_election(facts, law()) == ()


def test_a_receiver_of_another_election_is_found() -> None:
    other = session("x", site="elsewhere", starts=at(9, 11), receivers=(BO, receiver("ib")))
    found = check_election(election(others=(other,)), law())
    assert [(f.code, f.session) for f in found] == [("receiver-one-place", "s1")]
    assert "Bo er på Lindely" in found[0].da


def test_an_election_that_must_be_called_has_a_writ() -> None:
    day = date(2022, 11, 1)
    facts = election(election_day=day, sites=(), sessions=())
    assert codes(check_election(facts, law("dk-fv", day))) == ["writ-known"]


def test_visits_too_few_and_too_close_are_found() -> None:

    document = law().ruleset.document()
    document["channels"]["institution"]["visits"] |= {"min": 2, "min_gap_days": 3}
    changed = resolve(read(document), law().election_day)
    assert codes(check_election(election(), changed)) == ["visits-least"]
    twice = election(sessions=(session(), session("s2", starts=at(11))))
    assert codes(check_election(twice, changed)) == ["visits-gap"]
    apart = election(sessions=(session(), session("s2", starts=at(12))))
    assert check_election(apart, changed) == ()


def test_a_local_decision_opens_an_outcome() -> None:

    herberg = site("h2", kind="shelter", outcome=Outcome.HOME)
    facts = election(sites=(site(), herberg))
    assert codes(check_election(facts, law())) == ["site-allowed"]
    decided = LocalDecision("home_procedure", date(2021, 9, 1), "21/2", "shelter")
    assert check_election(facts, law("dk-kv", law().election_day, decided)) == ()
    other = LocalDecision("home_procedure", date(2021, 9, 1), "21/2", "residential_support")
    assert codes(check_election(facts, law("dk-kv", law().election_day, other))) == ["site-allowed"]
