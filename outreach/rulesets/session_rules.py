"""The rules about when a session is, and how long. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from outreach.rulesets.base import Kind
from outreach.rulesets.facts import Finding, Level, Outcome, Session
from outreach.rulesets.judging import Rule, breach, place
from outreach.rulesets.law import Law, Window
from outreach.rulesets.sentences import Both, edge, moment, span
from outreach.rulesets.shape import Hours

Findings = Iterator[Finding]


def _channel_known(session: Session, law: Law) -> Findings:
    if law.channel(session.channel) is None:
        sentence = Both(
            f"Regelsættet kender ikke måden {session.channel} at stemme på",
            f"The ruleset knows no way of voting called {session.channel}",
        )
        yield Finding(
            Level.BLOCK, "channels", law.ruleset.key, "law", f"{sentence.da}.", f"{sentence.en}.",
            session.id, session.site,
        )  # fmt: skip


def _channel_fits(session: Session, law: Law) -> Findings:
    """What a site is visited as is the law's to say: its own channel, or as at home."""
    right = law.channel_of(session.site_kind)
    if right is None or law.channel(session.channel) is None:
        return
    if session.channel not in (right, Outcome.HOME):
        title, other = (law.ruleset.channels[one].title for one in (right, session.channel))
        kinds = law.ruleset.channels[right].site_kinds
        yield breach(
            kinds[Kind(session.site_kind)], f"channels.{right}.site_kinds.{session.site_kind}",
            Both(
                f"{place(session)} hører under »{title.da}« og kan ikke besøges som "
                f"»{other.da}«",
                f"{place(session)} falls under “{title.en}” and cannot be visited as "
                f"“{other.en}”",
            ),
            session=session,
        )  # fmt: skip


def _window_before(session: Session, law: Law) -> Findings:
    window = _window_of(session, law)
    if window and session.starts < window.first:
        first = edge(window.first, has_time=window.has_time_from)
        starts = moment(_here(session.starts, law))
        yield from _window(session, law, window, Both(
            f"Stemmemodtagelsen på {place(session)} begynder {starts.da}, "
            f"men må tidligst være {first.da}",
            f"The session at {place(session)} starts {starts.en}, "
            f"but may be no earlier than {first.en}",
        ))  # fmt: skip


def _window_after(session: Session, law: Law) -> Findings:
    window = _window_of(session, law)
    if window and session.starts > window.last:
        last = edge(window.last, has_time=window.has_time_to)
        starts = moment(_here(session.starts, law))
        yield from _window(session, law, window, Both(
            f"Stemmemodtagelsen på {place(session)} begynder {starts.da}, "
            f"men må senest være {last.da}",
            f"The session at {place(session)} starts {starts.en}, "
            f"but may be no later than {last.en}",
        ))  # fmt: skip


def _window_across(session: Session, law: Law) -> Findings:
    window = _window_of(session, law)
    if window and session.starts <= window.last < session.ends:
        last = edge(window.last, has_time=window.has_time_to)
        ends = moment(_here(session.ends, law))
        yield from _window(session, law, window, Both(
            f"Stemmemodtagelsen på {place(session)} slutter {ends.da}, "
            f"efter at vinduet lukker {last.da}",
            f"The session at {place(session)} ends {ends.en}, after the window closes {last.en}",
        ))  # fmt: skip


def _window_of(session: Session, law: Law) -> Window | None:
    return law.windows[session.channel] if law.channel(session.channel) else None


def _window(session: Session, law: Law, window: Window, say: Both) -> Findings:
    field = law.ruleset.channels[session.channel].window
    yield breach(field, window.rule, say, session=session)


def _long_enough(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    if channel is None:
        return
    least = channel.session.min_minutes
    lasts = session.ends.astimezone(UTC) - session.starts.astimezone(UTC)  # clocks are put forward
    minutes = lasts // timedelta(minutes=1)
    if minutes < max(least.value, 1):
        yield breach(
            least, f"channels.{session.channel}.session.min_minutes",
            Both(
                f"Stemmemodtagelsen på {place(session)} varer {minutes} min., "
                f"men skal vare mindst {least.value} min.",
                f"The session at {place(session)} lasts {minutes} min, "
                f"but must last at least {least.value} min",
            ),
            session=session,
        )  # fmt: skip


def _hours(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    hours = channel.session.hours if channel else None
    if hours is None:
        return
    starts, ends = _here(session.starts, law), _here(session.ends, law)
    if starts.date() != ends.date() or not _within(starts, ends, hours):
        when = span(starts, ends)
        yield breach(
            hours, f"channels.{session.channel}.session.hours",
            Both(
                f"Stemmemodtagelsen på {place(session)} er {when.da}, men skal holdes "
                f"kl. {hours.from_.replace(':', '.')}-{hours.to.replace(':', '.')}",
                f"The session at {place(session)} is {when.en}, "
                f"but must be held {hours.from_}-{hours.to}",
            ),
            session=session,
        )  # fmt: skip


def _within(starts: datetime, ends: datetime, hours: Hours) -> bool:
    return hours.from_ <= f"{starts:%H:%M}" and (f"{ends:%H:%M:%S}" <= f"{hours.to}:00")


def _same_day(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    custody = channel.custody if channel else None
    if custody is None or custody.same_day_return is None or not custody.same_day_return.value:
        return
    starts, ends = _here(session.starts, law), _here(session.ends, law)
    if starts.date() != ends.date():
        until = moment(ends)
        yield breach(
            custody.same_day_return, f"channels.{session.channel}.custody.same_day_return",
            Both(
                f"Stemmerne fra {place(session)} skal afleveres samme dag, "
                f"men stemmemodtagelsen slutter {until.da}",
                f"The votes from {place(session)} must be returned on the same day, "
                f"but the session ends {until.en}",
            ),
            session=session,
        )  # fmt: skip


def _return_by(session: Session, law: Law) -> Findings:
    channel = law.channel(session.channel)
    by = channel.custody.return_by if channel and channel.custody else None
    starts, ends = _here(session.starts, law), _here(session.ends, law)
    if by and (ends.date() > starts.date() or f"{ends:%H:%M:%S}" > f"{by.value}:00"):
        yield breach(
            by, f"channels.{session.channel}.custody.return_by",
            Both(
                f"Stemmerne fra {place(session)} skal være afleveret "
                f"kl. {by.value.replace(':', '.')}, men stemmemodtagelsen slutter kl. {ends:%H.%M}",
                f"The votes from {place(session)} must be returned by {by.value}, "
                f"but the session ends at {ends:%H:%M}",
            ),
            session=session,
        )  # fmt: skip


def _here(value: datetime, law: Law) -> datetime:
    return value.astimezone(law.tz)


RULES: tuple[Rule[Session], ...] = (
    Rule(
        "channel", "Måden at stemme på står i regelsættet.",
        "The way of voting stands in the ruleset.", _channel_known,
    ),
    Rule(
        "channel-fits", "Et sted besøges på den måde, loven nævner for stedets art.",
        "A site is visited in the way that the law names for its kind.", _channel_fits,
    ),
    Rule(
        "window-before", "Ingen stemmer modtages, før det lovlige vindue åbner.",
        "No vote is received before the legal window opens.", _window_before,
    ),
    Rule(
        "window-after", "Ingen stemmemodtagelse begynder, efter at det lovlige vindue er lukket.",
        "No session starts after the legal window has closed.", _window_after,
    ),
    Rule(
        "window-across", "Ingen stemmemodtagelse rækker ud over vinduets slutning.",
        "No session lasts across the end of the window.", _window_across,
    ),
    Rule(
        "session-minutes", "En stemmemodtagelse varer mindst den krævede tid.",
        "A session lasts at least as long as it must.", _long_enough,
    ),
    Rule(
        "session-hours", "En stemmemodtagelse ligger inden for de tilladte klokkeslæt.",
        "A session lies within the hours that are allowed.", _hours,
    ),
    Rule(
        "custody-same-day", "Stemmerne afleveres samme dag.",
        "The votes are returned on the same day.", _same_day,
    ),
    Rule(
        "custody-return-by", "Stemmerne kan være afleveret til tiden.",
        "The votes can be returned in time.", _return_by,
    ),
)  # fmt: skip
