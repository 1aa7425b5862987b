"""What the house needs of a machine: brought where it can be, named where it cannot."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "bash", "ls", "grep", "make", "pwd", "awk")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of programs that is all that a machine has; Python is there."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)
    (programs / "python3").symlink_to(sys.executable)
    return programs


def give(programs: Path, **scripts: str) -> None:
    """Add programs that do as little as a test needs."""
    for name, script in scripts.items():
        path = programs / name.replace("_", "-")
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


def run(programs: Path, folder: Path, *words: str) -> tuple[int, str]:
    """Run something on the bare machine."""
    done = subprocess.run(
        words, cwd=folder, env={"PATH": str(programs)}, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_what_apt_can_bring_is_brought(bare: Path) -> None:
    give(bare, id="echo 0", apt_get='echo "apt $*"', node="echo v20.1.0", npm="")
    code, said = run(bare, ROOT, "sh", ".ci/system")
    assert code == 0, said
    assert "apt install -y -qq --no-install-recommends chromium" in said
    assert said.splitlines()[-1].endswith(" gcc")


def test_what_cannot_be_brought_is_named(bare: Path) -> None:
    give(bare, id="echo 1000", apt_get='echo "apt $*"', node="echo v20.1.0", npm="")
    code, said = run(bare, ROOT, "sh", ".ci/system")
    assert (code, "Missing on this machine: chromium" in said) == (1, True), said
    assert "apt install" not in said


@pytest.mark.parametrize("version", ["v18.19.0", "v8.1.0"])
def test_an_old_node_is_named(bare: Path, version: str) -> None:
    give(bare, id="echo 0", apt_get="", node=f"echo {version}", npm="")
    assert run(bare, ROOT, "sh", ".ci/system") == (
        1, "Node 20 or newer with npm is needed for the JavaScript gate\n",
    )  # fmt: skip


def test_a_python_that_will_not_do_is_named_and_nothing_is_made(bare: Path) -> None:
    house = bare.parent / "house"
    house.mkdir()
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, house)
    give(bare, python3="exit 1")
    code, said = run(bare, house, "make", "run")
    assert code != 0
    assert said.startswith("Python 3.11 or newer with venv is needed")
    assert not (house / ".venv").exists()


def test_a_test_that_asks_the_network_would_be_found() -> None:
    with socket.socket() as planted, pytest.raises(RuntimeError, match="asks the network"):
        planted.connect(("192.0.2.1", 80))
