"""`triage replay`: the log gives the conversation again, or a script of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SAMPLE, SHOP, execute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run

ANA = "console:ana:chat:"


@pytest.fixture
def replay(run: Run, database: str) -> Callable[..., tuple[int, str, str]]:
    """Replay Ana's conversation."""
    return lambda *options: run("replay", ANA, *SHOP, "--db", database, *options)


def test_the_log_gives_the_same_bytes(say: Callable[..., str], replay: Callable[..., tuple[int, str, str]]) -> None:
    """Also over several terminals, corrections and a restart."""
    say("/start", "woo", "it fails")
    say("/change 1", "1", "/language es", "/restart", "sí", "2")
    code, out, errors = replay()
    assert (code, errors) == (0, "")
    assert "9 events of console:ana:chat: replayed: the same" in out


def test_a_conversation_that_was_changed_is_found(
    say: Callable[..., str], replay: Callable[..., tuple[int, str, str]], database: str
) -> None:
    """The lines that differ are shown, and the exit code says so."""
    say("/start", "woo")
    execute(database, "UPDATE conversations SET document = replace(document, 'woo', 'magento')")
    code, out, _ = replay()
    assert code == 1
    assert '-          "platform": "magento"' in out
    assert '+          "platform": "woo"' in out


def test_a_conversation_becomes_a_script_that_passes(
    say: Callable[..., str], replay: Callable[..., tuple[int, str, str]], run: Run, tmp_path: Path
) -> None:
    """What was typed and pressed, with what the bot says to it; `triage test` plays it."""
    say("/start", "woo", "it\nfails", "/change 1", "Magento 2", "yesterday", "skip", "ideal, card", "done")
    code, out, errors = replay("--as-test")
    assert (code, errors) == (0, "")
    assert "- tap: change.platform" in out
    script = tmp_path / "ana.flowtest.yaml"
    script.write_text(out)
    (tmp_path / "shop.yaml").write_bytes((SAMPLE / "flows" / "shop.yaml").read_bytes())
    code, out, _ = run("test", str(script), *SHOP)
    assert (code, out.splitlines()[-1]) == (0, "1 passed, 0 failed in 1 script.")


def test_a_script_says_what_its_author_must_see_to(
    say: Callable[..., str], replay: Callable[..., tuple[int, str, str]]
) -> None:
    """A secret is not in the log, so it cannot be in the script."""
    say("/start", "woo", "my card is 5555 4444 3333 1111")
    _, out, errors = replay("--as-test")
    assert errors == "card was removed here: put a made-up one in its place.\n"
    assert "5555" not in out


def test_a_log_without_a_beginning_is_said(
    say: Callable[..., str], replay: Callable[..., tuple[int, str, str]], database: str
) -> None:
    """It can be neither replayed nor written."""
    say("/start", "woo")
    records = json.loads(execute(database, "SELECT records FROM events ORDER BY rev")[0][0])
    first = "UPDATE events SET records = :records WHERE rev = 1"
    execute(database, first, records=json.dumps(records[1:]))
    assert "the log has no beginning" in replay()[2]
    assert replay("--as-test")[0] == 1
