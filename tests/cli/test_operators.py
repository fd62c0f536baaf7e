"""The operator's commands as the page about them describes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli.operators import operators, parked
from bot.store.erasing import Retention

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def test_every_command_is_on_the_page_and_no_other() -> None:
    """Whoever looks for one finds it, and whoever reads of one can run it."""
    ours = {str(each.name) for each in operators.registered_commands}
    told = set(re.findall(r"`?triage ([a-z]+)", TEXT)) - {"db"}
    assert told == ours | {"parked", "webhooks", "chat", "desk", "doctor", "serve", "test"}
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


def test_the_database_of_the_deployment(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without --db it is the one that the service would use, if its settings say which; mistakes there are named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIAGE_DATABASE_URL", raising=False)
    code, _, said = run("parked", "list")
    assert (code, "say which database" in said) == (2, True)
    (tmp_path / "triage.yaml").write_text("database_url: sqlite:///ours.db\n", "utf-8")
    assert "ours.db" in run("parked", "list")[2]
    (tmp_path / "triage.yaml").write_text("database: sqlite:///ours.db\n", "utf-8")
    code, _, said = run("parked", "list")
    assert (code, said) == (1, "triage.yaml:1: database is no setting; did you mean `database_url`?\n")


@pytest.mark.parametrize("command", ["explain", "replay", "export", "forget --yes"])
def test_a_name_that_no_database_takes_names_nothing(
    run: Run, say: Callable[..., str], database: str, command: str
) -> None:
    """Such as bytes that the terminal could not decode: the operator is told, and sees no traceback."""
    say("/start")
    code, out, said = run(*command.split(), "\udcff\udcfe", "--db", database)
    assert (code, out) == (1, "")
    assert "there is no conversation" in said


@pytest.mark.parametrize(
    "command",
    [
        *("parked show 99999999999999999999", "parked retry 99999999999999999999", "parked drop 0"),
        *("webhooks show 99999999999999999999", "webhooks retry 0", "vacuum --conversations 999999999999"),
    ],
)
def test_a_number_that_no_database_takes_is_refused(run: Run, database: str, command: str) -> None:
    """Before anything is opened, with the range that is possible."""
    code, out, said = run(*command.split(), "--db", database)
    assert (code, out) == (2, "")
    assert "Input should be" in said
