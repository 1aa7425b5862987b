"""The checker of a whole election: every session, and what holds across sites and people. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

from outreach.rulesets import check
from outreach.rulesets.base import Cited
from outreach.rulesets.facts import ElectionFacts, Finding, Outcome, Session, SiteFacts
from outreach.rulesets.judging import Result, Rule, breach, judge, name, place
from outreach.rulesets.law import Law
from outreach.rulesets.sentences import Both, day, listed, span
from outreach.rulesets.shape import Visits

Findings = Iterator[Finding]


def check_election(facts: ElectionFacts, law: Law) -> tuple[Finding, ...]:
    """Everything that speaks against an election's sites and sessions."""
    return tuple(finding for result in results(facts, law) for finding in result.findings)


def results(facts: ElectionFacts, law: Law) -> tuple[Result, ...]:
    """What each rule says, those of single sessions first."""
    return judge(RULES, _labelled(facts), law)


def _labelled(facts: ElectionFacts) -> ElectionFacts:
    """Every session called as its site is."""
    labels = {site.id: site.label for site in facts.sites}
    named = (replace(one, label=one.label or labels.get(one.site, "")) for one in facts.sessions)
    return replace(facts, sessions=tuple(named))


def _writ(facts: ElectionFacts, law: Law) -> Findings:
    if law.ruleset.writ == "required" and facts.writ_day is None:
        say = Both(
            "Dagen for valgets udskrivelse er ikke angivet",
            "The day on which the election was called is not given",
        )
        yield breach(law.ruleset.general.not_before_writ, "general.not_before_writ", say)


def _decided(facts: ElectionFacts, law: Law) -> Findings:
    for site in facts.sites:
        if site.outcome is None and law.channel_of(site.kind):
            yield breach(
                law.ruleset.general.decide_every_site, "general.decide_every_site",
                Both(
                    f"Det er ikke besluttet, hvad der sker på {site.label}",
                    f"It is not decided what happens at {site.label}",
                ),
                site=site,
            )  # fmt: skip


def _allowed(facts: ElectionFacts, law: Law) -> Findings:
    for site in facts.sites:
        if site.outcome is None or site.outcome in law.outcomes(site.kind):
            continue
        field, path = _outcomes_field(site, law)
        words = _WORDS[site.outcome]
        yield breach(
            field, path,
            Both(
                f"{site.label} kan ikke have beslutningen »{words.da}«",
                f"{site.label} cannot have the decision “{words.en}”",
            ),
            site=site,
        )  # fmt: skip


def _outcomes_field(site: SiteFacts, law: Law) -> tuple[Cited, str]:
    channel = law.channel_of(site.kind)
    outcomes = law.ruleset.channels[channel].outcomes if channel else None
    if outcomes is None:
        return law.ruleset.general.decide_every_site, "general.decide_every_site"
    return outcomes, f"channels.{channel}.outcomes"


def _reasoned(facts: ElectionFacts, law: Law) -> Findings:
    for site in facts.sites:
        is_open = Outcome.NONE in law.opened_outcomes(site.kind)
        if site.outcome is Outcome.NONE and not site.reason.strip() and not is_open:
            yield breach(
                law.ruleset.general.decide_every_site, "general.decide_every_site",
                Both(
                    f"Der mangler en grund til, at der ikke modtages stemmer på {site.label}",
                    f"The reason is missing why no votes are received at {site.label}",
                ),
                site=site,
            )  # fmt: skip


def _held(facts: ElectionFacts, law: Law) -> Findings:
    served = {session.site for session in facts.sessions}
    for site in facts.sites:
        if site.outcome is Outcome.SESSION and site.id not in served:
            yield breach(
                law.ruleset.general.hold_what_is_decided, "general.hold_what_is_decided",
                Both(
                    f"Der er besluttet stemmemodtagelse på {site.label}, men ingen er planlagt",
                    f"A session is decided at {site.label}, but none is planned",
                ),
                site=site,
            )  # fmt: skip


def _asked_for(facts: ElectionFacts, law: Law) -> Findings:
    decided = {site.id: site.outcome for site in facts.sites}
    for session in facts.sessions:
        if session.site not in decided and law.channel_of(session.site_kind) is None:
            continue  # a place that needs no decision, such as a library
        if decided.get(session.site) is not _outcome_of(session):
            yield breach(
                law.ruleset.general.hold_what_is_decided, "general.hold_what_is_decided",
                Both(
                    f"Der er planlagt stemmemodtagelse på {place(session)}, "
                    "men det er ikke besluttet",
                    f"A session is planned at {place(session)}, but it is not decided",
                ),
                session=session,
            )  # fmt: skip


def _outcome_of(session: Session) -> Outcome:
    """What must be decided for a site, so that the session may be there."""
    return Outcome.HOME if session.channel == Outcome.HOME else Outcome.SESSION


def _all_parts(facts: ElectionFacts, law: Law) -> Findings:
    for sessions in _by_site(facts).values():
        parts = max(session.parts for session in sessions)
        missing = set(range(1, parts + 1)) - {session.part for session in sessions}
        if missing:
            which = listed(str(part) for part in sorted(missing))
            yield breach(
                law.ruleset.general.all_parts, "general.all_parts",
                Both(
                    f"{place(sessions[0])} er delt i {parts}, men del {which.da} mangler",
                    f"{place(sessions[0])} is split into {parts}, but part {which.en} is missing",
                ),
                session=sessions[0],
            )  # fmt: skip


def _visits_enough(facts: ElectionFacts, law: Law) -> Findings:
    for sessions, limits, path in _visited(facts, law):
        days = _days(sessions, law)
        if len(days) < limits.min:
            yield breach(
                limits, path,
                Both(
                    f"{place(sessions[0])} får besøg på {len(days)} dage, mindst {limits.min} "
                    "kræves",
                    f"{place(sessions[0])} is visited on {len(days)} days, "
                    f"at least {limits.min} are needed",
                ),
                session=sessions[0],
            )  # fmt: skip


def _visits_few_enough(facts: ElectionFacts, law: Law) -> Findings:
    for sessions, limits, path in _visited(facts, law):
        days = _days(sessions, law)
        if limits.max is not None and len(days) > limits.max:
            yield breach(
                limits, path,
                Both(
                    f"{place(sessions[0])} får besøg på {len(days)} dage, højst {limits.max} er "
                    "tilladt",
                    f"{place(sessions[0])} is visited on {len(days)} days, "
                    f"at most {limits.max} are allowed",
                ),
                session=sessions[0],
            )  # fmt: skip


def _visits_apart(facts: ElectionFacts, law: Law) -> Findings:
    for sessions, limits, path in _visited(facts, law):
        for one, other in pairwise(_days(sessions, law)):
            if (other - one).days < limits.min_gap_days:
                first, second = day(one), day(other)
                yield breach(
                    limits, path,
                    Both(
                        f"Mellem besøgene på {place(sessions[0])} {first.da} og {second.da} "
                        f"skal der være mindst {limits.min_gap_days} dage",
                        f"The visits at {place(sessions[0])} on {first.en} and {second.en} "
                        f"must be at least {limits.min_gap_days} days apart",
                    ),
                    session=sessions[0],
                )  # fmt: skip


def _visited(facts: ElectionFacts, law: Law) -> Iterator[tuple[list[Session], Visits, str]]:
    for sessions in _by_site(facts).values():
        channel = law.channel(sessions[0].channel)
        if channel:
            yield sessions, channel.visits, f"channels.{sessions[0].channel}.visits"


def _by_site(facts: ElectionFacts) -> dict[str, list[Session]]:
    found: dict[str, list[Session]] = defaultdict(list)
    for session in sorted(facts.sessions, key=lambda one: (one.starts, one.id)):
        found[session.site].append(session)
    return found


def _days(sessions: list[Session], law: Law) -> list[date]:
    return sorted({session.starts.astimezone(law.tz).date() for session in sessions})


def _one_place(facts: ElectionFacts, law: Law) -> Findings:
    """Also in two elections; what the other elections do among themselves is theirs."""
    ours = {session.id for session in facts.sessions}
    by_person: dict[str, list[Session]] = defaultdict(list)
    for session in (*facts.sessions, *facts.others):
        for person in dict.fromkeys(receiver.id for receiver in session.receivers):
            by_person[person].append(session)
    for person, sessions in by_person.items():
        for one, other in _overlapping(sessions):
            if one.id in ours or other.id in ours:
                mine, there = (one, other) if one.id in ours else (other, one)
                receiver = next(found for found in mine.receivers if found.id == person)
                yield from _clash(mine, there, name(receiver), law)


def _team_one_place(facts: ElectionFacts, law: Law) -> Findings:
    by_team: dict[str, list[Session]] = defaultdict(list)
    for session in facts.sessions:
        if session.team:
            by_team[session.team].append(session)
    for team, sessions in by_team.items():
        for one, other in _overlapping(sessions):
            yield from _clash(one, other, team, law)


def _overlapping(sessions: list[Session]) -> Iterator[tuple[Session, Session]]:
    ordered = sorted(sessions, key=lambda session: session.starts)
    for one, other in combinations(ordered, 2):
        if other.starts < one.ends and one.starts < other.ends:
            yield one, other


def _clash(mine: Session, there: Session, who: str, law: Law) -> Findings:
    one = span(mine.starts.astimezone(law.tz), mine.ends.astimezone(law.tz))
    other = span(there.starts.astimezone(law.tz), there.ends.astimezone(law.tz))
    yield breach(
        law.ruleset.general.one_place_at_a_time, "general.one_place_at_a_time",
        Both(
            f"{who} er på {place(mine)} {one.da} og samtidig på {place(there)} {other.da}",
            f"{who} is at {place(mine)} {one.en} and at the same time at {place(there)} "
            f"{other.en}",
        ),
        session=mine,
    )  # fmt: skip


_WORDS = {
    Outcome.SESSION: Both("stemmemodtagelse", "session"),
    Outcome.HOME: Both("stemmer i hjemmet", "voting at home"),
    Outcome.SELF_SERVED: Both("modtager selv", "self-served"),
    Outcome.NONE: Both("ingen", "none"),
}


def _of_each(rule: Rule[Session]) -> Rule[ElectionFacts]:
    """A rule about one session, asked of every session."""

    def find(facts: ElectionFacts, law: Law) -> Findings:
        for session in facts.sessions:
            yield from rule.find(session, law)

    return Rule(rule.id, rule.da, rule.en, find)


RULES: tuple[Rule[ElectionFacts], ...] = (
    *(_of_each(rule) for rule in check.RULES),
    Rule(
        "writ-known", "Dagen for valgets udskrivelse er angivet, hvor loven kræver det.",
        "The day on which the election was called is given where the law wants it.", _writ,
    ),
    Rule(
        "site-decided", "For hvert sted, loven nævner, er det besluttet, hvad der sker.",
        "For every site that the law names it is decided what happens.", _decided,
    ),
    Rule(
        "site-allowed", "Beslutningen er en, loven tillader for stedets art.",
        "The decision is one that the law allows for the kind of site.", _allowed,
    ),
    Rule(
        "site-reason", "Hvor der ikke modtages stemmer, er der en grund.",
        "Where no votes are received there is a reason.", _reasoned,
    ),
    Rule(
        "site-session", "Hvor der er besluttet stemmemodtagelse, er der planlagt en.",
        "Where a session is decided, one is planned.", _held,
    ),
    Rule(
        "session-decided", "Der er kun stemmemodtagelse, hvor det er besluttet.",
        "Sessions are only where they are decided.", _asked_for,
    ),
    Rule(
        "site-parts", "Alle dele af et delt sted er med.",
        "All parts of a split site are there.", _all_parts,
    ),
    Rule(
        "visits-least", "Et sted besøges på dage nok.",
        "A site is visited on enough days.", _visits_enough,
    ),
    Rule(
        "visits-most", "Et sted besøges ikke på for mange dage.",
        "A site is not visited on too many days.", _visits_few_enough,
    ),
    Rule(
        "visits-gap", "Der er dage nok mellem besøgene på et sted.",
        "The visits at a site are far enough apart.", _visits_apart,
    ),
    Rule(
        "receiver-one-place", "Ingen modtager er to steder på samme tid, heller ikke ved to valg.",
        "No receiver is at two places at once, not even for two elections.", _one_place,
    ),
    Rule(
        "team-one-place", "Intet hold er to steder på samme tid.",
        "No team is at two places at once.", _team_one_place,
    ),
)  # fmt: skip
