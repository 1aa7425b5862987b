from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from outreach.receivers.lists import Person, Skipped, Terms, Understood, is_cpr, understand
from outreach.receivers.matching import Known, Step, dry_run

TODAY = date(2026, 11, 24)
ROLES = {"tilforordnetvaelger": "appointed_voter", "kommunaltansat": "municipal_employee"}
TERMS = Terms(TODAY, ROLES, "appointed_voter")


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=da"):
        yield


def read(*rows: list[str], terms: Terms = TERMS) -> Understood:
    return understand(rows, terms)


def test_heads_are_known_whatever_their_case_and_signs() -> None:
    found = read(
        ["Fornavn(e)", "EFTERNAVN", "E-mail adresse", "Rolle", "Udløber", "Skostørrelse"],
        ["Anna", "Ø. Berg", "anna@example.dk", "Kommunalt ansat", "31.12.2026", "39"],
    )
    assert found.people == (
        Person(2, "Anna Ø. Berg", email="anna@example.dk", role="municipal_employee",
               expires=date(2026, 12, 31)),
    )  # fmt: skip
    assert found.ignored == ("Skostørrelse",)


def test_a_list_without_names_says_which_column_is_missing() -> None:
    found = read(["E-mail", "Fornavn"], ["a@example.dk", "Anna"])
    assert found.missing
    assert not found.people


def test_a_list_without_heads_shows_no_cpr_number() -> None:
    found = read(["010203-1234", "Anna"], ["020304-1234", "Bo"])
    assert found.missing
    assert found.dropped == 1
    assert not any(is_cpr(text) for text in found.ignored)


@pytest.mark.parametrize("head", ["CPR", "cpr-nr.", "Personnummer", "Fødselsnummer", "SSN"])
def test_a_column_of_cpr_numbers_is_dropped_by_its_head(head: str) -> None:
    found = read(["Navn", head], ["Anna", "hemmelig"])
    assert (found.dropped, found.ignored) == (1, ())
    assert found.people == (Person(2, "Anna", role="appointed_voter"),)


@pytest.mark.parametrize("content", ["0102031234", "010203-1234", "010203 1234", "102031234"])
@pytest.mark.parametrize("head", ["Nr.", "Telefon", "Kode"])
def test_a_column_of_cpr_numbers_is_dropped_by_its_content(head: str, content: str) -> None:
    found = read(["Navn", head], ["Anna", content], ["Bo", ""])
    assert found.dropped == 1
    assert [one.number + one.phone for one in found.people] == ["", ""]


def test_a_line_with_a_cpr_number_elsewhere_is_left_out_and_never_shown() -> None:
    found = read(
        ["Navn", "E-mail"], ["Anna 010203-1234", "a@example.dk"], ["Bo", "b@example.dk"],
        ["Carl", "c@example.dk"],
    )  # fmt: skip
    assert [one.name for one in found.people] == ["Bo", "Carl"]
    assert [(one.row, one.name) for one in found.skipped] == [(2, "")]
    assert "CPR" in found.skipped[0].why


@pytest.mark.parametrize(
    ("head", "cell"),
    [("Rolle", "Kaptajn"), ("E-mail", "ikke en adresse"), ("Udpeget", "i går"),
     ("Udpeget", "31-2-2026"), ("Kandidat", "måske"), ("Instrueret", "2027-01-01"),
     ("Mobil", "1" * 30),
     ("Navn", "x" * 121), ("Udpeget", "01-01-1970")],
)  # fmt: skip
def test_a_cell_that_cannot_be_used_leaves_its_line_out_with_a_reason(head: str, cell: str) -> None:
    heads = ["Navn", head] if head != "Navn" else ["Navn"]
    row = ["Anna", cell] if head != "Navn" else [cell]
    found = read(heads, row)
    assert not found.people
    assert found.skipped[0].row == 2
    assert found.skipped[0].why.endswith(".")
    assert cell not in found.skipped[0].why


@pytest.mark.parametrize("text", ["2026-11-20", "20-11-2026", "20.11.2026", "20/11/2026", "46346"])
def test_dates_are_read_as_offices_and_excel_write_them(text: str) -> None:
    assert read(["Navn", "Udpeget"], ["Anna", text]).people[0].appointed == date(2026, 11, 20)


def test_days_and_flags_are_read() -> None:
    heads = ["Navn", "Dage", "Kandidat", "Reserve", "Instrueret"]
    person = read(heads, ["Anna", "2026-11-30, 1-12-2026", "Nej", "x", "ja"]).people[0]
    assert person.days == (date(2026, 11, 30), date(2026, 12, 1))
    assert (person.candidate, person.reserve, person.instructed) == (False, True, TODAY)


def test_the_party_is_read_only_where_the_law_wants_it() -> None:
    rows = (["Navn", "Parti"], ["Anna", "A"])
    assert read(*rows).people[0].party == ""
    assert read(*rows).ignored == ("Parti",)
    wants = Terms(TODAY, ROLES, "appointed_voter", wants_party=True)
    assert read(*rows, terms=wants).people[0].party == "A"


KNOWN = (
    Known("1", "Anna Berg", "anna@example.dk", "", frozenset({"D1"}), {
        "number": "D1", "role": "appointed_voter", "appointed": TODAY, "expires": None,
        "instructed": None, "candidate": False, "reserve": False, "days": None, "party": ""}),
    Known("2", "Bo Dam", "bo@example.dk", "11223344"),
    Known("3", "Bo Dam", "", ""),
)  # fmt: skip


def steps(*people: Person) -> list[tuple[str, str, tuple[str, ...]]]:
    run = dry_run(people, (), KNOWN)
    return [(one.step.value, one.staff_id, one.fields) for one in run.changes]


def test_the_number_counts_more_than_the_address_and_that_more_than_the_name() -> None:
    assert steps(Person(2, "Anna Ny", number="D1", email="bo@example.dk")) == [
        ("change", "1", ("name", "email"))
    ]
    assert steps(Person(2, "Anna Berg", number="D9", email="BO@example.dk")) == [
        ("appoint", "2", ())
    ]
    assert steps(Person(2, "anna  berg")) == [("same", "1", ())]
    assert steps(Person(2, "Eva Friis")) == [("make", "", ())]


def test_what_is_unsure_is_left_out() -> None:
    run = dry_run(
        [Person(2, "Bo Dam"), Person(3, "Eva"), Person(4, "Eva"), Person(5, "Anna Berg"),
         Person(6, "X", number="D1")],
        [Skipped(7, "", "…")], KNOWN,
    )  # fmt: skip
    assert [one.row for one in run.skipped] == [2, 4, 6, 7]
    assert [one.person.row for one in run.changes] == [3, 5]


def test_only_what_the_list_says_is_changed() -> None:
    person = Person(2, "Anna Berg", role="appointed_voter", instructed=TODAY, candidate=False)
    assert steps(person) == [("change", "1", ("instructed",))]
    assert steps(Person(2, "Anna Berg", phone="12345678")) == [("change", "1", ("phone",))]
    run = dry_run([Person(2, "Anna Berg")], (), KNOWN)
    assert run.of(Step.SAME)


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), min_size=1, max_size=6))
def test_no_table_makes_it_stumble_and_no_cpr_number_gets_through(rows: list[list[str]]) -> None:
    found = understand([["Navn", "Nr."], *rows, ["Bo", "010203-1234"]], TERMS)
    texts = [text for p in found.people for text in (p.name, p.number, p.email, p.phone)]
    texts += [text for one in found.skipped for text in (one.name, one.why)]
    assert not any(is_cpr(text) for text in texts)


def test_a_number_that_two_columns_of_a_name_make_together_is_seen() -> None:
    found = read(["Fornavn", "Efternavn"], ["Anna", "Berg"], ["Bo", "Dal"], ["010203", "1234"])
    assert [one.name for one in found.people] == ["Anna Berg", "Bo Dal"]
    assert [(one.row, one.name) for one in found.skipped] == [(4, "")]
