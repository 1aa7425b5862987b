"""How each rule is looked at, and on which fields of the ruleset it rests.

What a rule asks is said by the rule itself (``rulesets.whole.RULES``); the rules of the file are
said here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    da: str
    en: str

    def of(self, language: str) -> str:
        """The text in ``da`` or ``en``."""
        return self.da if language == "da" else self.en


@dataclass(frozen=True, slots=True)
class Basis:
    """The fields of a ruleset on which a rule rests, and how it is looked at."""

    fields: re.Pattern[str]
    how: Words


SESSION = Words(
    "Set på hver planlagt og hver afholdt stemmemodtagelse.",
    "Looked at for every planned and every held session.",
)
WINDOW = Words(
    "Vinduet er regnet ud på ny af regelsættet i filen; set på hver planlagt og hver afholdt "
    "stemmemodtagelse.",
    "The window is worked out anew from the ruleset in the file; looked at for every planned and "
    "every held session.",
)
TEAM = Words(
    "Set på hvert planlagt hold, og på dem, der åbnede og lukkede en afholdt stemmemodtagelse.",
    "Looked at for every planned team, and for those who opened and closed a held session.",
)
SITE = Words("Set på hvert sted i filen.", "Looked at for every site in the file.")
DAYS = Words("Dagene for hvert sted er talt.", "The days of every site are counted.")
TIMES = Words(
    "Tiderne er lagt ved siden af hinanden, planlagte og afholdte, også dem fra andre valg.",
    "The times are laid side by side, planned and held, those of other elections too.",
)
FILE = Words("Set på filen selv.", "Looked at in the file itself.")
CHECKER = Words("Set på med den fælles kontrol.", "Looked at with the one checker.")
NOTHING = re.compile(r"(?!)")


def _channel(rest: str) -> re.Pattern[str]:
    return re.compile(rf"^channels\.\w+\.{rest}$")


def _general(name: str) -> re.Pattern[str]:
    return re.compile(rf"^general\.{name}$")


BASES: Mapping[str, Basis] = {
    "channel": Basis(NOTHING, SESSION),
    "channel-fits": Basis(_channel(r"site_kinds\.\w+"), SESSION),
    "window-before": Basis(_channel("window"), WINDOW),
    "window-after": Basis(_channel("window"), WINDOW),
    "window-across": Basis(_channel("window"), WINDOW),
    "session-minutes": Basis(_channel(r"session\.min_minutes"), SESSION),
    "session-hours": Basis(_channel(r"session\.hours"), SESSION),
    "custody-same-day": Basis(_channel(r"custody\.same_day_return"), SESSION),
    "custody-return-by": Basis(_channel(r"custody\.return_by"), SESSION),
    "team-least": Basis(_channel(r"team\.size"), TEAM),
    "team-most": Basis(_channel(r"team\.size"), TEAM),
    "team-twice": Basis(_channel(r"team\.size"), TEAM),
    "team-roles-least": Basis(_channel(r"team\.roles\.\w+"), TEAM),
    "team-roles-most": Basis(_channel(r"team\.roles\.\w+"), TEAM),
    "team-distinct": Basis(_channel(r"team\.distinct\.\w+"), TEAM),
    "team-vehicle": Basis(_channel(r"team\.same_vehicle"), TEAM),
    "receiver-role": Basis(_channel(r"team\.roles\.\w+"), TEAM),
    "receiver-flags": Basis(_channel(r"team\.exclude_flags\.\w+"), TEAM),
    "receiver-instructed": Basis(_channel(r"team\.instruction"), TEAM),
    "receiver-appointed": Basis(_channel(r"team\.appointment"), TEAM),
    "receiver-expired": Basis(_channel(r"team\.appointment"), TEAM),
    "writ-known": Basis(_general("not_before_writ"), FILE),
    "site-decided": Basis(_general("decide_every_site"), SITE),
    "site-allowed": Basis(_channel(r"(outcomes|site_kinds\.\w+)"), SITE),
    "site-reason": Basis(_general("decide_every_site"), SITE),
    "site-session": Basis(_general("hold_what_is_decided"), SITE),
    "session-decided": Basis(_general("hold_what_is_decided"), SITE),
    "site-parts": Basis(_general("all_parts"), SITE),
    "visits-least": Basis(_channel("visits"), DAYS),
    "visits-most": Basis(_channel("visits"), DAYS),
    "visits-gap": Basis(_channel("visits"), DAYS),
    "receiver-one-place": Basis(_general("one_place_at_a_time"), TIMES),
    "team-one-place": Basis(_general("one_place_at_a_time"), TIMES),
}
"""By the id of a rule."""

OF_THE_FILE: Mapping[str, Words] = {
    "bundle-digest": Words(
        "Indholdet er det, som fingeraftrykket (SHA-256) blev lavet af.",
        "The content is what the digest (SHA-256) was made of.",
    ),
    "bundle-ids": Words(
        "Hver kode står én gang og findes i filen.",
        "Every code stands once and is found in the file.",
    ),
    "bundle-totals": Words("Summerne passer med delene.", "The sums fit the parts."),
    "bundle-law": Words(
        "Regelsættet i filen er det, som filen nævner.",
        "The ruleset in the file is the one that the file names.",
    ),
    "bundle-times": Words("Intet slutter, før det begynder.", "Nothing ends before it begins."),
    "bundle-counts": Words("Tællingerne passer med hinanden.", "The counts fit each other."),
}
"""What the rules of the file itself ask, by their ids."""


def basis(rule: str) -> Basis:
    """How a rule is looked at; a rule that nobody described is looked at by the checker."""
    return BASES.get(rule) or Basis(NOTHING, CHECKER)
