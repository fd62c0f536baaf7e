"""The command line as a whole: what it says about itself, and that it does so at once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import bot

if TYPE_CHECKING:
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


@pytest.mark.parametrize(
    "arguments",
    [["--help"], *([each, "--help"] for each in ("chat", "check", "test", "graph", "paths", "locales", "schema"))],
)
def test_help_waits_for_nothing(arguments: list[str]) -> None:
    """The engine and what draws on terminals are loaded only by a command that needs them."""
    script = (
        "import sys\nfrom bot.cli import app\n"
        f"try: app({arguments!r}, standalone_mode=False)\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"rich", "jinja2", "bot.engine", "bot.flow", "bot.channels"}


def test_a_command_begins_lightly() -> None:
    """What is made stays, so garbage is looked for seldom; and nobody looks for plugins among what is installed."""
    script = (
        "import gc, os, sys; sys.argv = ['triage', 'schema']; from bot.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(gc.get_threshold()[0], os.environ['PYDANTIC_DISABLE_PLUGINS'], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "20000 __all__\n"
