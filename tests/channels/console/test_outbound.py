"""How effects look: which options have numbers, where buttons go that a terminal does not have."""

from __future__ import annotations

import pytest

from bot.channels.console.buttons import Buttons
from bot.channels.console.outbound import Visible, shown
from bot.channels.console.rendering import Shown
from bot.chat.effects import Ask, Button, Edit, OpenCase, Relay, Say, spoken
from bot.chat.events import File
from bot.text.nodes import Divider, Document, Paragraph, Text, paragraph

QUESTION = (paragraph("Which?"),)
CHANGE = (Button("s.1.a.change", "Change"),)


def look(effect: Visible) -> Shown:
    """The effect as the first message of a console."""
    return shown(effect, Buttons(), lambda: (paragraph("the card"),), lambda wording: wording)


@pytest.mark.parametrize("expects", ["choice", "choices", "yes_no", "rule", "form"])
def test_options_have_numbers_where_a_number_is_a_choice(expects: str) -> None:
    """The options are counted in the order in which the engine counts them."""
    buttons = (Button("x", "One"), Button("y", "Two"))
    assert look(Ask("r", QUESTION, buttons, expects)) == Shown(QUESTION, (("1.", "One"), ("2.", "Two")))


@pytest.mark.parametrize("expects", ["text", "number", "date", "url", "email", "version", "files"])
def test_options_are_words_where_a_number_is_an_answer(expects: str) -> None:
    """`2` may be the answer to such a question, so its options carry no number."""
    assert look(Ask("r", QUESTION, (Button("x", "I don't know"),), expects)).options == (("-", "I don't know"),)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (QUESTION, (Paragraph((Text("Which?"), Text(" [Change: /change 1]"))),)),
        ((Divider(),), (Divider(), paragraph("[Change: /change 1]"))),
        ((), (paragraph("[Change: /change 1]"),)),
    ],
)
def test_a_button_beside_a_text_is_written_at_its_end(document: Document, expected: Document) -> None:
    """The hint says what to type to press it."""
    assert look(Say(document, CHANGE)) == Shown(expected)


def test_an_edit_shows_what_was_chosen() -> None:
    """The question stands above already; what is new is an aside."""
    edit = Edit("r", (paragraph("You chose One"),), CHANGE)
    assert look(edit) == Shown((Paragraph((Text("You chose One"), Text(" [Change: /change 1]"))),), quiet=True)


def test_a_case_shows_the_card() -> None:
    """The card is framed, and the frame says whom it is for."""
    case = OpenCase("T-ABC", "s", "shops", "high")
    assert look(case) == Shown((paragraph("the card"),), heading="For the team: queue shops, priority high")


def test_words_for_the_team_are_repeated() -> None:
    """The merchant sees what was passed on, files by name."""
    relay = Relay("T-ABC", (paragraph("look"),), (File("/a", "a.png"), File("/b", "b.png")))
    assert look(relay) == Shown(
        (*spoken("→ console_passed_on", (paragraph("look"), paragraph("a.png, b.png"))),), quiet=True
    )
