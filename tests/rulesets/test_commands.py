"""``outreach elections windows`` answers from the law alone, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outreach.cli import main


def windows(*words: str) -> Result:
    return CliRunner().invoke(main, ["elections", "windows", *words])


def test_windows_as_json() -> None:
    found = json.loads(windows("--ruleset", "dk-kv", "--day", "2029-11-20", "--json").stdout)
    assert found["any_voter"] == {"from": "2029-10-09", "to": "2029-11-16"}
    assert found["institution"] == {"from": "2029-10-30", "to": "2029-11-16"}
    assert found["home_application"] == {"from": "2029-10-23", "to": "2029-11-08T18:00"}


def test_the_writ_counts_and_is_asked_for() -> None:
    words = ["--ruleset", "dk-fv", "--day", "2022-11-01", "--json"]
    called = windows(*words, "--writ", "2022-10-05")
    assert json.loads(called.stdout)["home_application"]["from"] == "2022-10-05"
    assert called.stderr == ""
    assert "no --writ" in windows(*words).stderr


def test_windows_as_a_table() -> None:
    lines = windows("--ruleset", "dk-kv", "--day", "2021-11-16").stdout.splitlines()
    assert lines[0] == "Local and regional elections, dk-kv@2025-01"
    assert "home_application  2021-10-19  2021-11-04T18:00  KRV § 62" in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ruleset", "dk-xx", "--day", "2029-11-20"], "No ruleset has the name dk-xx."),
        (["--ruleset", "dk-kv", "--day", "2029-13-20"], "2029-13-20 is no day"),
        (["--ruleset", "dk-kv", "--day", "1029-11-20"], "Give a day from 2000 to 2100."),
        (["--ruleset", "dk-fv", "--day", "2029-11-20", "--writ", "2029-11-21"], "cannot be called"),
        (["--ruleset", "none.json", "--day", "2029-11-20"], "none.json cannot be read"),
    ],
    ids=["ruleset", "no day", "year", "writ", "file"],
)
def test_an_error_is_one_sentence_and_ends_with_2(words: list[str], said: str) -> None:
    found = windows(*words)
    assert found.exit_code == 2
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_a_ruleset_of_a_file_is_read_and_its_wrong_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "law.json"
    path.write_text('{"format": 2')
    assert "law.json is no JSON" in windows("--ruleset", str(path), "--day", "2029-11-20").stderr
    path.write_text('{"format": 2}')
    found = windows("--ruleset", str(path), "--day", "2029-11-20")
    assert (found.exit_code, "format:" in found.stderr) == (2, True)
