"""Settings, clock, ids, keys, CPR shapes, Danish order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from outreach.accounts.models import Organisation
from outreach.core import audit, calendar, clock, cpr, crypto, i18n
from outreach.core.config import Settings
from outreach.core.db import writing
from outreach.core.errors import BadSetting
from outreach.core.ids import is_id, new_id

LONG = "x" * 32


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"OUTREACH_ENV": "production"}, "OUTREACH_SECRET_KEY"),
        ({"OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": LONG}, "OUTREACH_KEYS_FILE"),
        ({"OUTREACH_ENV": "production", "OUTREACH_SECRET_KEY": LONG,
          "OUTREACH_KEYS_FILE": "k", "OUTREACH_NOW": "2026-11-24T09:00"}, "OUTREACH_NOW"),
        ({"OUTREACH_ENV": "elsewhere"}, "OUTREACH_ENV"),
        ({"PORT": "many"}, "PORT"),
    ],
)  # fmt: skip
def test_an_unusable_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], named: str
) -> None:
    monkeypatch.setenv("OUTREACH_INSTANCE", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        Settings.from_env()
    assert named in str(caught.value)


def test_the_clock_goes_on_from_where_it_was_moved_to() -> None:
    clock.move_to(datetime(2027, 3, 28, 0, 30, tzinfo=UTC))
    try:
        assert clock.today() == date(2027, 3, 28)
        assert clock.local().utcoffset() is not None
        assert clock.now() >= datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    finally:
        clock.move_to(None)


def test_ids_are_uuids_of_version_seven_and_sort_by_time() -> None:
    made = [new_id() for _n in range(100)]
    assert len(set(made)) == 100
    assert all(is_id(one) and one[14] == "7" for one in made)
    assert [one[:8] for one in made] == sorted(one[:8] for one in made)


def test_a_sealed_value_opens_only_where_it_belongs(tmp_path: Path) -> None:
    ring = crypto.Keyring.load(tmp_path / "keys.json")
    here = crypto.place("org", "site_secret", "address", "1")
    box = ring.seal("Fuglevej 77", here)
    assert "Fuglevej" not in repr(box)
    assert ring.unseal(box, here) == "Fuglevej 77"
    for elsewhere in (
        crypto.place("org", "site_secret", "address", "2"),
        crypto.place("org", "site_secret", "name", "1"),
        crypto.place("other", "site_secret", "address", "1"),
    ):
        with pytest.raises(crypto.Unreadable):
            ring.unseal(box, elsewhere)
    other = crypto.Keyring.load(tmp_path / "other.json")
    with pytest.raises(crypto.Unreadable):
        other.unseal(box, here)


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    crypto.Keyring.load(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", "", "1", '{"00000001": ""}', '{"00000001": 7}', '{"00000001": "c2hvcnQ="}',
     '{"01": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}', '{"x": "MDEy"}'],
)  # fmt: skip
def test_a_file_without_good_keys_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(BadSetting, match=r"bad\.json"):
        crypto.Keyring.load(tmp_path / "bad.json")


def test_what_was_changed_or_cut_short_does_not_open(tmp_path: Path) -> None:
    ring = crypto.Keyring.load(tmp_path / "keys.json")
    here = crypto.place("org", "site_secret", "address", "1")
    box = ring.seal("Fuglevej 77", here)
    for end in range(len(box)):
        with pytest.raises(crypto.Unreadable):
            ring.unseal(crypto.Sealed(box[:end]), here)
        changed = box[:end] + bytes([box[end] ^ 1]) + box[end + 1 :]
        with pytest.raises(crypto.Unreadable):
            ring.unseal(crypto.Sealed(changed), here)


DAYS = st.one_of(st.integers(1, 31), st.integers(61, 91))


@given(
    DAYS, st.integers(1, 12), st.integers(0, 99), st.integers(0, 9999),
    st.sampled_from(["-", "", " ", "–", "‐", "- ", " -", "."]), st.text("abc ", max_size=5),  # noqa: RUF001
)  # fmt: skip
def test_every_shape_of_a_cpr_number_is_found(
    day: int, month: int, year: int, serial: int, dash: str, around: str
) -> None:
    text = f"{around}{day:02d}{month:02d}{year:02d}{dash}{serial:04d} {around}"
    assert cpr.find(text)
    assert not cpr.find(cpr.blank(text))


@pytest.mark.parametrize(
    "text",
    ["０１０１９０-１２３４", "٠١٠١٩٠-١٢٣٤", "0101\u200b90-1234", "010190\u00ad1234",  # noqa: RUF001 - that is the point
     "0\u03321\u033201901234", "010190--1234", "010190   1234", "010190_1234", "tlf010190-1234x"],
)  # fmt: skip
def test_nothing_hides_a_cpr_number(text: str) -> None:
    assert cpr.find(text)
    assert not cpr.find(cpr.blank(text))


def test_what_only_looks_like_a_cpr_number_is_left_alone() -> None:
    dice = random.Random(7)
    phones = [f"{dice.randrange(10**8):08d}" for _n in range(10_000)]
    cases = [f"{dice.randrange(32, 61):02d}{dice.randrange(10**8):08d}" for _n in range(10_000)]
    months = [f"01{dice.randrange(13, 100)}{dice.randrange(10**6):06d}" for _n in range(10_000)]
    found = [text for text in (*phones, *cases, *months) if cpr.find(text)]
    assert len(found) / 30_000 <= 0.005


UNLUCKY = "01a20c91-a237-737e-8e26-a0102031234b"


def test_ids_and_digests_are_left_alone_and_hide_nothing() -> None:
    digest = "f0102031234" + "ab" * 26 + "c"
    for code in (UNLUCKY, UNLUCKY.upper(), digest):
        assert not cpr.find(f"{code} og {code}")
        assert cpr.blank(f"{code} 010203-1234") == f"{code} ######-####"
        assert cpr.find(f"{code} 010203-1234")
        assert cpr.find(f"010203-1234 {code}")
    assert cpr.find("a0102031234b")
    dice = random.Random(7)
    codes = [f"{dice.getrandbits(256):064x}" for _n in range(20_000)]
    assert [code for code in codes if cpr.find(code)] == []


def test_whoever_has_an_unlucky_id_is_written_into_the_log(org: Organisation) -> None:
    who = audit.actor.set(UNLUCKY)
    with writing():
        audit.record("sign-in", "user", UNLUCKY)
    audit.actor.reset(who)
    assert audit.verify() == []


def test_danish_letters_sort_after_z() -> None:
    words = ["Århus", "Ærø", "Zoo", "Ørsted", "Aabenraa", "Bo"]
    assert sorted(words, key=i18n.sort_key) == ["Bo", "Zoo", "Ærø", "Ørsted", "Aabenraa", "Århus"]


def test_dates_and_numbers_are_written_as_people_write_them(app: Flask) -> None:
    with app.test_request_context("/?lang=da"):
        assert i18n.day(date(2026, 11, 24)) == "tirsdag den 24. november 2026"
        assert (i18n.clock_time(545), i18n.number(1234.5, 1)) == ("09.05", "1.234,5")
    with app.test_request_context("/?lang=en"):
        assert i18n.day(date(2026, 11, 24)) == "Tuesday 24 November 2026"
        assert (i18n.clock_time(545), i18n.number(1234.5, 1)) == ("09:05", "1,234.5")


def test_the_great_prayer_day_was_a_holiday_until_2023() -> None:
    assert calendar.holiday(date(2023, 5, 5)) is not None
    assert calendar.holiday(date(2024, 4, 26)) is None
