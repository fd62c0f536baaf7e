"""Setting up: what `make` does on a fresh machine, and what it says where something is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOUND = """\
#!/bin/sh
# stands in for Python: its environments hold a copy of it, whose pip keeps a record of what it is asked for
case "$*" in
  *'"%d.%d.%d"'*) echo {version} ;;
  *version_info*) exit {old} ;;
  *'import ensurepip'*) exit {bare} ;;
  *'-m venv'*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && cp "$0" .venv/bin/triage ;;
  *'pip install'*) echo "$*" >>pip.calls; cat pip.says; test ! -s pip.says ;;
  *) echo "$0" "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh clone, as far as setting up needs it."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(
    checkout: Path, target: str, *, gone: bool = False, old: bool = False, bare: bool = False, pip: str = ""
) -> tuple[int, str]:
    """The exit status of `make`, and what it says; the only Python there is that of `SOUND`."""
    python = checkout / "python3.12"
    version = "3.9.2" if old else "3.12.1"
    python.write_text(SOUND.format(version=version, old=int(old), bare=int(bare)), "utf-8")
    python.chmod(0o755)
    (checkout / "pip.says").write_text(pip, "utf-8")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = ["make", target, f"PYTHON={python}{'-gone' * gone}", "ARGS=--name Ana"]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_it_sets_up_once_and_begins(checkout: Path) -> None:
    """`make chat` installs the pins by their hashes and starts; the next time nothing is installed any more."""
    status, said = make(checkout, "chat")
    assert (status, said.splitlines()[-1]) == (0, ".venv/bin/triage chat --name Ana")
    calls = (checkout / "pip.calls").read_text("utf-8")
    assert "--require-hashes -r requirements.txt" in calls
    assert "--no-index --no-deps" in calls.splitlines()[-1]
    assert make(checkout, "chat") == (0, ".venv/bin/triage chat --name Ana\n")
    assert (checkout / "pip.calls").read_text("utf-8") == calls


def test_tests_are_compiled_once(checkout: Path) -> None:
    """By one process, before several run them; the next time nothing is compiled any more."""
    status, said = make(checkout, "test")
    assert status == 0
    assert "Compiling the tests" in said
    (again,) = make(checkout, "test")[1].splitlines()[1:]
    assert again == said.splitlines()[-1]
    assert "-m pytest -q -n auto" in again


@pytest.mark.parametrize(
    ("missing", "hint"),
    [
        ({"gone": True}, "Triage needs Python 3.11 or newer; found: none.\nInstall it (Debian"),
        ({"bare": True}, "has no venv module, which sets up Triage without touching your system.\nInstall it (Debian"),
        ({"old": True}, "Triage needs Python 3.11 or newer; found: "),
        ({"pip": "ERROR: No matching distribution (from versions: none)"}, "Run the same command again when you are o"),
        ({"pip": "ERROR: hashes do not match"}, "The packages could not be installed; the lines above say why."),
    ],
    ids=["no-python", "no-venv", "old-python", "offline", "refused"],
)
def test_what_is_missing_is_said(checkout: Path, missing: dict[str, bool | str], hint: str) -> None:
    """And what to do about it; nothing half set up is taken for an environment, so the same command then works."""
    for target in ("chat", "test"):
        status, said = make(checkout, target, **missing)  # type: ignore[arg-type]
        assert status != 0
        assert hint in said
    assert make(checkout, "chat")[0] == 0


def test_its_commands_are_listed(checkout: Path) -> None:
    """`make` alone says what there is."""
    _, said = make(checkout, "help")
    assert {"chat", "test", "check", "bench"} <= {line.split()[1] for line in said.splitlines()}
