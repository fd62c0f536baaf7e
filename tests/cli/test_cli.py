"""The command line as a whole: what it says about itself, and that it does so at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bot

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


def test_triage_alone_shows_the_help(run: Run) -> None:
    """Someone who does not know what to type is told."""
    code, out, _ = run()
    assert code == 0
    assert out == run("--help")[1]
    assert "chat " in out
    assert "check " in out
    assert "completion" not in out


def test_the_version_is_the_one_of_the_package(run: Run) -> None:
    """One number, in one place."""
    assert run("--version") == (0, f"triage {bot.__version__}\n", "")


def test_an_unknown_command_is_an_error(run: Run) -> None:
    """And the help is named."""
    code, _, errors = run("chatt")
    assert code == 2
    assert "No such command 'chatt'" in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full to write to")
def test_output_that_a_full_disk_does_not_take_is_an_error(database: str, say: Callable[..., str]) -> None:
    """An export that is not whole does not look like one that is, and its operator reads why, not a traceback."""
    say("/start")
    script = "from bot.cli import main; main()"
    with Path("/dev/full").open("wb") as full:
        export = [sys.executable, "-c", script, "export", "--all", "--db", database]
        done = subprocess.run(export, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"The output cannot be written: No space left on device.")
    assert done.stderr.count(b"\n") == 1


def test_a_closed_output_is_no_failure() -> None:
    """`>&-` asks for no output: a command does its work as with `>/dev/null`."""
    script = "import os, sys; os.close(1); sys.stdout = None; from bot.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script, "check"], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_waits_for_nothing() -> None:
    """The engine and what draws on terminals are loaded only by a command that needs them."""
    script = """
import sys
from bot.cli import app

for command in ((), ("chat",), ("check",), ("test",), ("graph",), ("paths",), ("locales",), ("schema",)):
    app([*command, "--help"], standalone_mode=False)
    print(*command, *{"rich", "jinja2", "bot.engine", "bot.flow", "bot.channels"} & sys.modules.keys(), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.count("Usage: ") == 8
    assert [len(each.split()) for each in done.stderr.splitlines()] == [0, *[1] * 7], done.stderr


def test_a_command_begins_lightly() -> None:
    """What is made stays, so garbage is looked for seldom; and nobody looks for plugins among what is installed."""
    script = (
        "import gc, os, sys; sys.argv = ['triage', 'schema']; from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(gc.get_threshold()[0], os.environ['PYDANTIC_DISABLE_PLUGINS'], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "20000 __all__\n"
