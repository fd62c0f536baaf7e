"""The card: its buttons are what the case allows now, and what each stands for is done."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.events import Command
from bot.desk import card, typed
from bot.desk.macros import Macro
from bot.desk.office import Office, Terms
from bot.text.markdown import parse
from tests.desk.talk import FLOW, NOOR, Talk, told
from tests.engine.talk import library

OFFICE = Office(
    queues={"integrations": Terms(), "billing": Terms("Invoices")},
    macros={"hello": Macro("Say hello", {"en": parse("Hello {{ merchant.name }}")})},
    time_boxes=(timedelta(hours=4), timedelta(minutes=90)),
)


def shown(talk: Talk) -> dict[str, list[str]]:
    """The labels of the buttons, each with those of its menu."""
    found = card.buttons(library(FLOW), talk.office, talk.case, "en")
    return {each.label: [one.label for one in each.menu] for each in found}


def press(talk: Talk, label: str, among: str = "") -> str:
    """Press a button or pick from a menu, and read what staff are told."""
    found = card.buttons(library(FLOW), talk.office, talk.case, "en")
    buttons = next(each.menu for each in found if each.label == among) if among else found
    pressed = typed.pressed(next(each.token for each in buttons if each.label == label))
    assert pressed is not None
    return told(talk.send(Command("", NOOR, *pressed)))


def test_a_case_that_nobody_has_is_claimed_first() -> None:
    """What only whoever has it may do is not offered before."""
    talk = Talk(OFFICE, claimed=False)
    assert list(shown(talk)) == ["Claim", "Transfer", "More"]
    assert shown(talk)["Transfer"] == ["Invoices"]
    assert all(each.startswith("Priority: ") for each in shown(talk)["More"][:-4])
    assert shown(talk)["More"][-4:] == ["Duplicate of …", "not a case", "spam", "Copy for GitHub or Jira"]


def test_a_claimed_case_offers_everything_and_all_of_it_is_understood() -> None:
    """Each choice of each menu is a command that whoever has the case is not denied."""
    menus = shown(Talk(OFFICE))
    assert list(menus) == ["Send a text", "Access", "Time-box", "Return to the bot", "Transfer", "Solve", "More"]
    assert menus["Time-box"] == ["Offer · 4 h", "Offer · 1 h 30 min"]
    assert menus["Access"] == ["asked for · staging", "asked for · production"]
    for among, labels in menus.items():
        for label in labels:
            talk = Talk(OFFICE)
            press(talk, label, among)
            kinds = [each.kind for each in talk.log]
            assert (kinds.count("command_done"), kinds.count("command_denied")) == (2, 0), label


def test_menus_follow_the_case() -> None:
    """A choice that is made gives way to what comes after it."""
    talk = Talk(OFFICE)
    press(talk, "asked for · production", "Access")
    assert shown(talk)["Access"] == ["Approve", "Deny", "given", "to be deleted"]
    press(talk, "Priority: urgent", "More")
    assert "Priority: urgent" not in shown(talk)["More"]
    press(talk, "Set aside", "More")
    assert "Reopen" in shown(talk)["More"]
    press(talk, "solved", "Solve")
    assert list(shown(talk)) == ["Close", "Reopen", "Access"]


def test_without_settings_nothing_empty_is_offered() -> None:
    """No menu is empty; a closed case has no buttons."""
    talk = Talk()
    assert list(shown(talk)) == ["Access", "Return to the bot", "Solve", "More"]
    talk.command("close")
    assert shown(talk) == {}
