"""The rules about who is at a session together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from outreach.rulesets.facts import Finding, Session
from outreach.rulesets.judging import Rule, breach, name, place
from outreach.rulesets.law import Law
from outreach.rulesets.sentences import Both, listed
from outreach.rulesets.shape import Channel

Findings = Iterator[Finding]


def _enough_people(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    count = len({receiver.id for receiver in session.receivers})
    if channel and count < channel.team.size.min:
        least = channel.team.size.min
        yield from _size(session, channel, Both(
            f"Til {place(session)} er der {_people_da(count)}, men der skal være mindst {least}",
            f"{place(session)} has {_people_en(count)}, but needs at least {least}",
        ))  # fmt: skip


def _few_enough_people(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    count = len({receiver.id for receiver in session.receivers})
    if channel and channel.team.size.max is not None and count > channel.team.size.max:
        most = channel.team.size.max
        yield from _size(session, channel, Both(
            f"Til {place(session)} er der {_people_da(count)}, men der må højst være {most}",
            f"{place(session)} has {_people_en(count)}, but may have at most {most}",
        ))  # fmt: skip


def _size(session: Session, channel: Channel, say: Both) -> Findings:
    path = f"channels.{session.channel}.team.size"
    yield breach(channel.team.size, path, say, session=session)


def _twice(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    counted = Counter(receiver.id for receiver in session.receivers)
    for receiver in {one.id: one for one in session.receivers}.values():
        if channel and counted[receiver.id] > 1:
            who = name(receiver)
            yield from _size(session, channel, Both(
                f"{who} står to gange på {place(session)}",
                f"{who} is named twice at {place(session)}",
            ))  # fmt: skip


def _roles_enough(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    counted = Counter(one.role for one in {one.id: one for one in session.receivers}.values())
    for role, limit in channel.team.roles.items() if channel else ():
        if counted[role] < limit.min:
            words = law.roles[role]
            yield breach(
                limit, f"channels.{session.channel}.team.roles.{role}",
                Both(
                    f"Til {place(session)} er der {counted[role]} som {words.da}, "
                    f"men der skal være mindst {limit.min}",
                    f"{place(session)} has {counted[role]} as {words.en}, "
                    f"but needs at least {limit.min}",
                ),
                session=session,
            )  # fmt: skip


def _roles_few_enough(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    counted = Counter(one.role for one in {one.id: one for one in session.receivers}.values())
    for role, limit in channel.team.roles.items() if channel else ():
        most, words = law.role_max(session.channel, role), law.roles[role]
        if most is None or counted[role] <= most:
            continue
        why = Both(f"men der må højst være {most}", f"but may have at most {most}")
        if most == 0 and limit.requires_decision:
            why = Both("og det kræver en lokal beslutning", "which needs a local decision")
        yield breach(
            limit, f"channels.{session.channel}.team.roles.{role}",
            Both(
                f"Til {place(session)} er der {counted[role]} som {words.da}, {why.da}",
                f"{place(session)} has {counted[role]} as {words.en}, {why.en}",
            ),
            session=session,
        )  # fmt: skip


def _distinct(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    for attribute, field in channel.team.distinct.items() if channel else ():
        values = [one.attributes.get(attribute, "") for one in session.receivers]
        if len(set(values)) == len(values) and "" not in values:
            continue
        words, who = law.ruleset.attributes[attribute], _names(session)
        yield breach(
            field, f"channels.{session.channel}.team.distinct.{attribute}",
            Both(
                f"{who.da} på {place(session)} må ikke have samme {words.da}, "
                "og det skal være oplyst",
                f"{who.en} at {place(session)} must not share a {words.en}, and it must be known",
            ),
            session=session,
        )  # fmt: skip


def _vehicle(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    field = channel.team.same_vehicle if channel else None
    if field is None or not field.value:
        return
    vehicles = {one.vehicle for one in session.receivers}
    if len(vehicles) > 1 or "" in vehicles:
        who = _names(session)
        yield breach(
            field, f"channels.{session.channel}.team.same_vehicle",
            Both(
                f"{who.da} skal køre til {place(session)} i det samme køretøj",
                f"{who.en} must ride to {place(session)} in the same vehicle",
            ),
            session=session,
        )  # fmt: skip


def _names(session: Session) -> Both:
    return listed(name(receiver) for receiver in session.receivers)


def _people_da(count: int) -> str:
    return f"{count} stemmemodtager{'' if count == 1 else 'e'}"


def _people_en(count: int) -> str:
    return f"{count} receiver{'' if count == 1 else 's'}"


RULES: tuple[Rule[Session], ...] = (
    Rule(
        "team-least", "Der er modtagere nok.", "There are enough receivers.", _enough_people,
    ),
    Rule(
        "team-most", "Der er ikke for mange modtagere.",
        "There are not too many receivers.", _few_enough_people,
    ),
    Rule(
        "team-twice", "Ingen tæller to gange i den samme stemmemodtagelse.",
        "Nobody counts twice in the same session.", _twice,
    ),
    Rule(
        "team-roles-least", "Der er nok af hver rolle.",
        "There are enough of each role.", _roles_enough,
    ),
    Rule(
        "team-roles-most", "Der er ikke flere af en rolle, end loven og de lokale beslutninger "
        "tillader.",
        "There are no more of a role than the law and the local decisions allow.",
        _roles_few_enough,
    ),
    Rule(
        "team-distinct", "Modtagerne er forskellige, hvor loven kræver det, for eksempel i parti.",
        "The receivers differ where the law wants it, such as in party.", _distinct,
    ),
    Rule(
        "team-vehicle", "Modtagerne kører sammen, hvor loven kræver det.",
        "The receivers ride together where the law wants it.", _vehicle,
    ),
)  # fmt: skip
