"""The operator's commands as the page about them describes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli.operators import operators, parked
from bot.store.erasing import Retention

if TYPE_CHECKING:
    from tests.cli.conftest import Run

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def test_every_command_is_on_the_page_and_no_other() -> None:
    """Whoever looks for one finds it, and whoever reads of one can run it."""
    ours = {str(each.name) for each in operators.registered_commands}
    assert ours | {"parked", "chat", "serve", "test"} == set(re.findall(r"`?triage ([a-z]+)", TEXT)) - {"db"}
    assert {str(each.name) for each in parked.registered_commands} >= set(re.findall(r"triage parked ([a-z]+)", TEXT))


def test_the_retention_on_the_page_is_the_default() -> None:
    """Days are promised to people whose data it is."""
    promised = {name: int(days) for days, name in re.findall(r"\| (\d+) days \| `--([a-z]+)` \|", TEXT)}
    assert promised == Retention()._asdict()


@pytest.mark.parametrize("command", ["explain", "replay", "export", "forget", "vacuum", "parked list"])
def test_each_takes_a_database(run: Run, command: str) -> None:
    """Named on the command line or in the environment."""
    out = run(*command.split(), "--help")[1]
    assert "--db" in out
    assert "TRIAGE_DATABASE_URL" in out
