"""A gate that cannot fail guards nothing: each is shown a planted fault."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small copy of the house to plant faults in."""
    for name in ("outreach", "solver"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def passes(folder: Path, *words: str) -> bool:
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=folder, capture_output=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder), "HOME": str(folder)},
    )  # fmt: skip
    return done.returncode == 0


@pytest.mark.parametrize(
    "fault",
    ["import datetime\nnow = datetime.datetime.now()\n", "def f(a, b):\n    return a\n", "x=1\n"],
)
def test_ruff_finds_a_planted_fault(house: Path, fault: str) -> None:
    assert passes(house, "ruff", "check", "--no-cache", "solver")
    (house / "solver/planted.py").write_text(f'"""Planted."""\n{fault}')
    assert not (
        passes(house, "ruff", "check", "--no-cache", "solver")
        and passes(house, "ruff", "format", "--check", "--no-cache", "solver")
    )


def test_mypy_finds_a_planted_fault(house: Path) -> None:
    planted = house / "solver/planted.py"
    planted.write_text('"""Planted."""\n\nCOUNT: int = "three"\n')
    assert not passes(house, "mypy", "--no-incremental", str(planted))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("outreach/catalogue/queries.py", "from outreach.sites import rules"),
        ("outreach/people/rules.py", "import flask"),
        ("outreach/people/views.py", "import sqlalchemy"),
        ("outreach/people/queries.py", "import solver"),
        ("solver/check.py", "import outreach.core.clock"),
        ("outreach/people/models.py", "from outreach.people import views"),
    ],
)
def test_the_import_contracts_find_a_planted_fault(house: Path, file: str, line: str) -> None:
    path = house / file
    path.write_text(path.read_text().replace("\nfrom ", f"\n{line}\nfrom ", 1))
    assert not passes(house, "lint-imports", "--no-cache")


def test_djlint_finds_a_planted_fault(house: Path) -> None:
    (house / "templates/planted.html").write_text('<img src="/x.png">\n')
    assert not passes(house, "djlint", "templates", "--lint", "--profile=jinja", "--quiet")


def test_vulture_finds_a_test_that_would_never_run(house: Path) -> None:
    (house / "tests/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tests/tools/never_run.py", house / "tests/tools")
    assert passes(house, "python", "tests/tools/never_run.py")
    lost = "def a_test_without_its_prefix() -> None:\n    assert True\n"
    (house / "tests/test_planted.py").write_text(lost)
    assert not passes(house, "python", "tests/tools/never_run.py")
