"""A gate that cannot fail guards nothing: each is shown a planted fault, and must name it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import gate

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
NODE = ROOT / "tests/js/node_modules"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small copy of the house to plant faults in."""
    for name in ("outreach", "solver"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, *words: str) -> tuple[bool, str]:
    """Whether a tool is content, and all it said."""
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=folder, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "HOME": str(folder)},
    )  # fmt: skip
    return done.returncode == 0, done.stdout


FORKS = "".join(f"    if n == {k}:\n        return {k}\n" for k in range(9))
CHECK = ("ruff", "check", "--no-cache", "solver")


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("import datetime\n\nnow = datetime.datetime.now()\n", "DTZ005"),
        ("import datetime\n\nnow = datetime.datetime.now(datetime.UTC)\n", "TID251"),
        ("def f(a, b):\n    return a\n", "ARG001"),
        (f"def f(n: int) -> int:\n{FORKS}    return 0\n", "C901"),
    ],
)
def test_ruff_names_a_planted_fault(house: Path, fault: str, rule: str) -> None:
    assert run(house, *CHECK) == (True, "All checks passed!\n")
    (house / "solver/planted.py").write_text(f'"""Planted."""\n\n{fault}')
    is_content, said = run(house, *CHECK)
    assert not is_content
    assert rule in said


def test_the_formatter_names_a_planted_fault(house: Path) -> None:
    words = ("ruff", "format", "--check", "--no-cache", "solver")
    assert run(house, *words)[0]
    (house / "solver/planted.py").write_text("x=1\n")
    is_content, said = run(house, *words)
    assert not is_content
    assert "solver/planted.py" in said


def test_mypy_names_a_planted_fault(house: Path) -> None:
    planted = house / "solver/planted.py"
    words = ("mypy", "--no-incremental", "--no-error-summary", "solver/planted.py")
    planted.write_text('"""Planted."""\n\nCOUNT: int = 3\n')
    assert run(house, *words) == (True, "")
    planted.write_text('"""Planted."""\n\nCOUNT: int = "three"\n')
    assert run(house, *words)[1].startswith("solver/planted.py:3: error: Incompatible types")


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("outreach/sites/queries.py", "from outreach.catalogue import forms", "one direction"),
        ("outreach/people/rules.py", "import flask", "Rules are pure"),
        ("outreach/people/views.py", "import sqlalchemy", "never touch the database"),
        ("outreach/people/queries.py", "import solver", "the solver's door"),
        ("outreach/people/queries.py", "import ortools", "the solver's door"),
        ("solver/check.py", "import outreach.core.clock", "knows nothing of the web"),
        ("outreach/people/models.py", "from outreach.people import views", "Inside a feature"),
    ],
)
def test_an_import_contract_names_a_planted_fault(
    house: Path, file: str, line: str, contract: str
) -> None:
    path = house / file
    path.write_text(path.read_text().replace("\nfrom ", f"\n{line}\nfrom ", 1))
    is_content, said = run(house, "lint-imports", "--no-cache")
    assert not is_content
    broken = [one for one in said.splitlines() if " BROKEN" in one]
    assert [one for one in broken if contract in one], said


def test_a_folder_without_a_place_in_the_order_is_named(house: Path) -> None:
    (house / "outreach/planted").mkdir()
    (house / "outreach/planted/__init__.py").write_text('"""Planted."""\n')
    is_content, said = run(house, "lint-imports", "--no-cache")
    assert not is_content
    assert "planted" in said


def test_djlint_names_a_planted_fault(house: Path) -> None:
    words = ("djlint", "templates", "--lint", "--profile=jinja", "--quiet")
    (house / "templates/planted.html").write_text(
        '<img src="/x.png" alt="" width="1" height="1">\n'
    )
    assert run(house, *words)[0]
    (house / "templates/planted.html").write_text('<img src="/x.png">\n')
    is_content, said = run(house, *words)
    assert not is_content
    assert "H013" in said


@pytest.mark.parametrize(
    ("file", "lost"),
    [
        ("test_planted.py", "def a_test_without_its_prefix() -> None:\n    assert True\n"),
        ("planted_story.py", "def test_that_nobody_collects() -> None:\n    assert True\n"),
    ],
)
def test_a_test_that_would_never_run_is_named(house: Path, file: str, lost: str) -> None:
    (house / "tests/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tests/tools/never_run.py", house / "tests/tools")
    assert run(house, "python", "tests/tools/never_run.py")[0]
    (house / f"tests/{file}").write_text(lost)
    is_content, said = run(house, "python", "tests/tools/never_run.py")
    assert not is_content
    assert file in said


@pytest.mark.parametrize(
    ("script", "file", "fault", "named"),
    [
        ("format", "static/js/lib/planted.js", "const  x=1;export{x}\n", "planted.js"),
        ("lint", "static/js/lib/planted.js",
         "/** @returns {Promise<void>} */\nasync function go() {\n  await fetch('/');\n}\ngo();\n",
         "no-floating-promises"),
        ("types", "static/js/lib/planted.js", "/** @type {number} */\nexport const x = 'one';\n",
         "TS2322"),
        ("test", "tests/js/planted.test.js",
         "import test from 'node:test';\ntest('planted', () => {\n  throw new Error('no');\n});\n",
         "not ok"),
    ],
)  # fmt: skip
def test_a_javascript_gate_names_a_planted_fault(
    tmp_path: Path, script: str, file: str, fault: str, named: str
) -> None:
    if not NODE.exists() and not os.environ.get("OUTREACH_STRICT"):
        pytest.skip("npm has not installed the tools")
    shutil.copytree(ROOT / "static", tmp_path / "static")
    tools = tmp_path / "tests/js"
    shutil.copytree(ROOT / "tests/js", tools, ignore=shutil.ignore_patterns("node_modules"))
    (tools / "node_modules").symlink_to(NODE)
    (tmp_path / file).write_text(fault)
    done = subprocess.run(
        ["npm", "run", script], cwd=tools, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode != 0
    assert named in done.stdout


def test_the_javascript_gate_runs_each_of_its_scripts() -> None:
    scripts = json.loads((ROOT / "tests/js/package.json").read_text())["scripts"]
    steps = [step.strip() for step in scripts["check"].split("&&")]
    assert steps == [f"npm run {name}" for name in scripts if name != "check"]


def test_a_gate_that_fails_ends_everything() -> None:
    gate.run("content", [sys.executable, "-c", ""])
    with pytest.raises(SystemExit, match="planted failed"):
        gate.run("planted", [sys.executable, "-c", "raise SystemExit(3)"])


def test_what_is_missing_is_said_and_fails_where_nothing_may_be_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "STRICT", False)
    gate.skip("Chromium")
    assert "NOT RUN: Chromium" in capsys.readouterr().out
    monkeypatch.setattr(gate, "STRICT", True)
    with pytest.raises(SystemExit, match="Chromium is missing"):
        gate.skip("Chromium")
