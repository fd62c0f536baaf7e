"""`triage desk`: a merchant in one terminal, staff in another, over one file, without a token and a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.cli.platforms import routes

TRIAGE = Path(sys.executable).with_name("triage")
PLACE = "console:desk:cases:"


def at(folder: Path, command: str, *lines: str, **options: str) -> str:
    """What a terminal shows when these lines are typed."""
    arguments = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [TRIAGE, command, f"--db=sqlite:///{folder}/triage.db", *arguments],
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, "TRIAGE_STAFF": PLACE},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_case_goes_from_one_terminal_to_the_other_and_back(tmp_path: Path) -> None:
    """Called, claimed, answered, noted, taken back, solved: each side sees what is theirs."""
    merchant = at(tmp_path, "chat", "/human", "It is urgent", name="Ana", locale="es")
    assert "Merchant:" not in merchant
    desk = at(tmp_path, "desk", "/cases", "/claim", "/reply Which version is it?", "wait", "/undo", name="Noor")
    assert "It is urgent" in desk
    assert "new  normal  integrations  Ana  (nobody)" in desk
    assert "Noor has taken the case" in desk
    assert "(undone)" in desk
    merchant = at(tmp_path, "chat", "Es la 4.2", name="Ana")
    assert "Noor: Which version is it?" in merchant
    assert "wait" not in merchant
    desk = at(tmp_path, "desk", "/solve", "/case t-nothing", "/who", name="Noor")
    assert "→ Es la 4.2" in desk
    assert "There is no case T-NOTHING." in desk
    assert "está resuelto" in at(tmp_path, "chat", name="Ana")


def test_a_desk_without_cases_says_so(tmp_path: Path) -> None:
    """Nothing is selected, and nothing is lost."""
    desk = at(tmp_path, "desk", "/cases", "hello", "/help")
    assert "No case is open." in desk
    assert "No case has come yet." in desk
    assert "/claim" in desk


def test_without_a_place_for_staff_cases_wait_for_the_terminal() -> None:
    """No merchant is ever shown the card of their own case."""
    assert routes("").staff == PLACE
    assert routes("slack:T1:C1:").staff == "slack:T1:C1:"
