"""Messages with something to press or pick: always valid, every token and label in reach."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack import buttons
from bot.channels.slack.buttons import Pressed
from bot.channels.slack.content import GROUP, MOST_BUTTONS, Content, content, edited
from bot.channels.slack.parts import parts
from bot.chat.effects import Ask, Button, Edit, Field, Form, Say
from bot.text.nodes import Document, Paragraph, Text, paragraph
from tests.channels.slack.documents import DOCUMENT, WORDS
from tests.channels.slack.test_rendering import taken

LABELS = WORDS | st.text(max_size=90)


def keys(count: int) -> tuple[Button, ...]:
    """So many choices."""
    return tuple(Button(f"s.1.step.{each:x}", f"Choice {each}") for each in range(count))


def choices(found: Content) -> list[Pressed | None]:
    """What each button and each option means."""
    meant = []
    for block in found.blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            groups = element.get("option_groups", [{"options": element.get("options", [])}])
            options = [each for group in groups for each in group["options"]]
            if "action_id" in element:
                meant += [buttons.pressed({**element, "selected_option": each}) for each in options or [None]]
    return meant


@given(DOCUMENT, st.lists(LABELS, max_size=8))
def test_messages_are_valid(document: Document, labels: list[str]) -> None:
    """Whatever is said and offered, each of its parts is a message that Slack takes."""
    given_ = tuple(Button(f"s.1.step.{at:x}", each) for at, each in enumerate(labels))
    for effect in (Say(document, given_), Ask("s.1", document, given_)):
        for part in parts(effect):
            assert isinstance(part, (Say, Ask))
            found = content(part)
            assert found.text
            assert taken(found.blocks)


def test_few_choices_are_buttons_and_more_are_a_list() -> None:
    """Every choice can be pressed or picked, however many there are; a long list has groups."""
    for count in (1, MOST_BUTTONS, MOST_BUTTONS + 1, GROUP, GROUP + 1, 250):
        found = content(Ask("s.1", (paragraph("Which?"),), keys(count)))
        assert taken(found.blocks)
        assert choices(found) == [Pressed("tap", each.token) for each in keys(count)]
        (element, *others) = found.blocks[-1]["elements"]
        assert element["type"] == ("button" if count <= MOST_BUTTONS else "static_select")
        assert len(others) == (count - 1 if count <= MOST_BUTTONS else 0)
        assert ("option_groups" in element) == (count > GROUP)


def test_a_button_with_a_menu_is_a_list_beside_the_others() -> None:
    """However many buttons there are, a menu among them keeps its own label and all its choices."""
    menu = Button("", "More", keys(3))
    found = content(Say((paragraph("A case"),), (*keys(6), menu)))
    assert taken(found.blocks)
    assert choices(found) == [Pressed("tap", each.token) for each in (*keys(6), *keys(3))]
    assert found.blocks[-1]["elements"][-1]["placeholder"]["text"] == "More"


def form(errors: dict[str, str] | None = None) -> Ask:
    """A question that is a form."""
    fields = (Field("site", "text", (paragraph("Web site"), paragraph("with https"))), Field("day", "date", ()))
    return Ask("s.1", (paragraph("Your shop"),), keys(1), "form", Form("Your shop", "Send", fields, errors or {}))


def test_a_form_is_opened_by_a_button() -> None:
    """It names the question, so that whoever presses it is shown the form; it is the one primary button."""
    found = content(form())
    assert taken(found.blocks)
    assert choices(found) == [Pressed("form", "s.1")]
    assert found.blocks[-1]["elements"][0]["style"] == "primary"


def test_a_form_that_comes_back_says_why() -> None:
    """Each error stands beside the name of its field; one of a field that is not there is left out."""
    found = content(form({"site": "This is no address.", "gone": "?"}))
    assert taken(found.blocks)
    assert "Web site – This is no address." in found.text
    assert "?" not in found.text


@given(DOCUMENT, st.lists(WORDS, max_size=3), st.lists(LABELS, max_size=7))
def test_edited_questions_are_valid(question: Document, chosen: list[str], labels: list[str]) -> None:
    """Whatever was asked and answered, what stands there afterwards is a message that Slack takes."""
    document = (Paragraph(tuple(Text(each, bold=True) for each in chosen)),) if chosen else ()
    given_ = tuple(Button(f"s.1.step.{at:x}", each) for at, each in enumerate(labels))
    *_, last = parts(Ask("s.1", question))
    assert isinstance(last, Ask)
    found = edited(last.document, Edit("s.1", document, given_))
    assert len(found.text) <= 4000
    assert taken(found.blocks)
    assert choices(found) == [Pressed("tap", each.token) for each in given_]


def test_an_answered_question_is_one_line_more() -> None:
    """The question stays; its buttons give way to what was chosen, with the button that changes it beside it."""
    chosen = (Paragraph((Text("You chose "), Text("Shopify", bold=True))),)
    found = edited((paragraph("Which shop system?"),), Edit("s.1", chosen, (Button("s.1.step.c", "Change"),)))
    expected: dict[str, Any] = {"type": "mrkdwn", "text": "You chose *Shopify*", "verbatim": True}
    assert [each["type"] for each in found.blocks] == ["rich_text", "section"]
    assert found.blocks[1]["text"] == expected
    assert found.blocks[1]["accessory"]["text"]["text"] == "Change"
    assert found.text == "Which shop system?\n\nYou chose Shopify"
