"""``outreach elections verify`` as a person or a machine calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outreach.cli import main
from outreach.proof import bundle
from tests.proof import made
from tests.proof.plants import PLANTS

ROOT = Path(__file__).resolve().parents[2]


def run(document: object, folder: Path, *words: str) -> Result:
    path = folder / "bundle.json"
    text = document if isinstance(document, str) else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["elections", "verify", str(path), *words])


def unlawful() -> made.Document:
    documents = map(made.election, range(1000, 1100))
    document = next(one for one in documents if PLANTS["one-receiver"](one))
    return made.sealed(document)


def test_a_clean_election_ends_with_0(tmp_path: Path) -> None:
    done = run(made.election(1), tmp_path)
    assert (done.exit_code, "No rule is broken." in done.output) == (0, True)


def test_a_breach_ends_with_1_and_is_named_in_both_languages(tmp_path: Path) -> None:
    english, danish = (run(unlawful(), tmp_path, "--language", lang) for lang in ("en", "da"))
    assert (english.exit_code, danish.exit_code) == (1, 1)
    assert "BROKEN         team-least" in english.output
    assert "BRUDT          team-least" in danish.output
    assert "1 receiver" in english.output
    assert "1 stemmemodtager" in danish.output


def test_machines_get_every_rule_with_its_result_and_place(tmp_path: Path) -> None:
    found = json.loads(run(unlawful(), tmp_path, "--json").output)
    assert found["result"] == "broken"
    broken = [one for one in found["rules"] if one["result"] == "broken"]
    assert [one["rule"] for one in broken] == ["team-least"]
    assert broken[0]["where"][0]["field"].endswith(".team.size")
    assert broken[0]["where"][0]["session"]
    assert found["windows"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("{", "not JSON", id="no-json"),
        pytest.param("{}", "format", id="no-format"),
        pytest.param(
            json.dumps({"format": bundle.FORMAT, "version": 1}), "product", id="nothing-else"
        ),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_one_line(
    text: str, field: str, tmp_path: Path
) -> None:
    done = run(text, tmp_path)
    assert (done.exit_code, len(done.output.splitlines())) == (2, 1)
    assert field in done.output


def test_a_law_that_cannot_be_read_is_named_by_its_field(tmp_path: Path) -> None:
    document = made.election(1)
    del document["law"]["document"]["channels"]["institution"]["window"]["cite"]
    done = run(made.sealed(document), tmp_path)
    assert done.exit_code == 2
    assert "law.document.channels.institution.window.cite" in done.output


def test_verifying_loads_neither_database_nor_application_nor_solver() -> None:
    words = (
        "import sys, outreach.cli; "
        "print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'solver', 'ortools') "
        "or m in ('outreach.app', 'outreach.core.config', 'outreach.core.db')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
