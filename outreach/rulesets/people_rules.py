"""The rules about one receiver on one day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.rulesets.facts import Finding, Receiver
from outreach.rulesets.judging import Rule, breach, name
from outreach.rulesets.law import Law
from outreach.rulesets.sentences import Both
from outreach.rulesets.sentences import day as say_day

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class OnDay:
    """Somebody who is to receive votes of a channel on a day."""

    receiver: Receiver
    day: date
    channel: str


def _role_known(facts: OnDay, law: Law) -> Findings:
    team, role = law.ruleset.channels[facts.channel].team, facts.receiver.role
    if role not in team.roles:
        words = law.roles.get(role)
        da, en = (words.da, words.en) if words else (role, role)
        yield breach(
            team.size, f"channels.{facts.channel}.team.roles",
            Both(
                f"{name(facts.receiver)} kan ikke modtage stemmer her som {da}",
                f"{name(facts.receiver)} cannot receive votes here as {en}",
            ),
            receiver=facts.receiver,
        )  # fmt: skip


def _flags(facts: OnDay, law: Law) -> Findings:
    for flag, field in law.ruleset.channels[facts.channel].team.exclude_flags.items():
        if flag in facts.receiver.flags:
            words = law.ruleset.flags[flag]
            yield breach(
                field, f"channels.{facts.channel}.team.exclude_flags.{flag}",
                Both(
                    f"{name(facts.receiver)} er {words.da} og kan ikke modtage stemmer",
                    f"{name(facts.receiver)} is {words.en} and cannot receive votes",
                ),
                receiver=facts.receiver,
            )  # fmt: skip


def _instructed(facts: OnDay, law: Law) -> Findings:
    field = law.ruleset.channels[facts.channel].team.instruction
    done, when = facts.receiver.instructed_on, say_day(facts.day)
    if field.value and (done is None or done > facts.day):
        yield breach(
            field, f"channels.{facts.channel}.team.instruction",
            Both(
                f"{name(facts.receiver)} er ikke instrueret før {when.da}",
                f"{name(facts.receiver)} is not instructed before {when.en}",
            ),
            receiver=facts.receiver,
        )  # fmt: skip


def _appointed(facts: OnDay, law: Law) -> Findings:
    since, when = facts.receiver.appointed_on, say_day(facts.day)
    if since is None or since > facts.day:
        yield from _appointment(facts, law, Both(
            f"{name(facts.receiver)} er ikke udpeget endnu {when.da}",
            f"{name(facts.receiver)} is not appointed yet on {when.en}",
        ))  # fmt: skip


def _not_expired(facts: OnDay, law: Law) -> Findings:
    until, when = facts.receiver.expires_on, say_day(facts.day)
    if until is not None and until < facts.day:
        end = say_day(until)
        yield from _appointment(facts, law, Both(
            f"Udpegningen af {name(facts.receiver)} udløb {end.da}, før {when.da}",
            f"The appointment of {name(facts.receiver)} ended {end.en}, before {when.en}",
        ))  # fmt: skip


def _appointment(facts: OnDay, law: Law, say: Both) -> Findings:
    field = law.ruleset.channels[facts.channel].team.appointment
    path = f"channels.{facts.channel}.team.appointment"
    yield breach(field, path, say, receiver=facts.receiver)


RULES: tuple[Rule[OnDay], ...] = (
    Rule(
        "receiver-role", "Modtageren har en rolle, som loven kender her.",
        "The receiver has a role that the law knows here.", _role_known,
    ),
    Rule(
        "receiver-flags", "Modtageren er ikke udelukket, for eksempel som kandidat.",
        "The receiver is not excluded, such as a candidate.", _flags,
    ),
    Rule(
        "receiver-instructed", "Modtageren er instrueret.",
        "The receiver is instructed.", _instructed,
    ),
    Rule(
        "receiver-appointed", "Modtageren er udpeget på dagen.",
        "The receiver is appointed by the day.", _appointed,
    ),
    Rule(
        "receiver-expired", "Modtagerens udpegning er ikke udløbet.",
        "The receiver's appointment has not ended.", _not_expired,
    ),
)  # fmt: skip
