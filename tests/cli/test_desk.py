"""`triage desk`: a merchant in one terminal, staff in another, over one file, without a token and a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bot.chat.places import Places
from bot.cli.platforms import routes
from tests.programs import Program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

PLACE = "console:desk:cases:"
At: TypeAlias = Callable[..., str]


@pytest.fixture
def at(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """What a terminal shows when these lines are typed; `alone`, it is a program of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_STAFF", PLACE)

    def show(command: str, *lines: str, alone: bool = False, **options: str) -> str:
        arguments = [
            command,
            f"--db=sqlite:///{tmp_path}/triage.db",
            *(f"--{name}={options[name]}" for name in options),
        ]
        typed = "".join(f"{line}\n" for line in lines)
        if alone:
            program = Program(*arguments, folder=tmp_path)
            shown, errors = (each.decode() for each in program.communicate(typed.encode()))
            code = program.wait()
        else:
            code, shown, errors = run(*arguments, stdin=typed)
        assert code == 0, errors
        return shown

    return show


def test_a_case_goes_from_one_terminal_to_the_other_and_back(at: At) -> None:
    """Called, claimed, answered, noted, taken back, solved: each side sees what is theirs."""
    merchant = at("chat", "/human", "It is urgent", name="Ana", locale="es", alone=True)
    assert "Merchant:" not in merchant
    desk = at("desk", "/cases", "/claim", "/reply Which version is it?", "wait", "/undo", name="Noor", alone=True)
    assert "It is urgent" in desk
    assert "new  normal  integrations  Ana  (nobody)" in desk
    assert "Noor has taken the case" in desk
    assert "(undone)" in desk
    merchant = at("chat", "Es la 4.2", name="Ana")
    assert "Noor: Which version is it?" in merchant
    assert "wait" not in merchant
    desk = at("desk", "/solve", "/case t-nothing", "/who", name="Noor")
    assert "Ana: Es la 4.2" in desk
    assert "There is no case T-NOTHING." in desk
    assert "está resuelto" in at("chat", name="Ana")


def test_a_desk_without_cases_says_so(at: At) -> None:
    """Nothing is selected, and nothing is lost."""
    desk = at("desk", "/cases", "/case", "hello", "/help")
    assert desk.count("No case is open.") == 2
    assert "No case has come yet." in desk
    assert "/claim" in desk


def test_without_a_place_for_staff_cases_wait_for_the_terminal() -> None:
    """No merchant is ever shown the card of their own case."""
    assert routes(Places()).staff.addresses == (PLACE,)
    assert routes(Places(("slack:T1:C1:",))).staff.addresses == ("slack:T1:C1:",)
