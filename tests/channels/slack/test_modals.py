"""Forms as modals: what is shown, what comes back, and what happens when it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.channels.slack import buttons, replies
from bot.channels.slack.buttons import Origin
from bot.channels.slack.modals import FEW, errors, gone, modal, open_form, skeleton
from bot.chat.effects import Ask, Button, Field, Form
from bot.text.nodes import paragraph
from tests.channels.slack.documents import DOCUMENT, WORDS
from tests.channels.slack.listening import listening, platform
from tests.channels.slack.outgoing import Desk, until
from tests.channels.slack.test_rendering import SLACK
from tests.platforms.slack.interactions import shortcut
from tests.searching import examples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.person import Person

TYPES = ("choice", "choices", "yes_no", "text", "number", "date", "url", "email", "version", "files")
FORMER = WORDS | st.sampled_from(
    ["5", "-1.5", "2026-11-26", "2026-02-31", "https://shop.example/a", "shop.example", "a@b.example", "c0, c2", "c1"]
)
FIELDS = st.builds(
    lambda type_, document, count, optional, former: (type_, document, count, optional, former),
    st.sampled_from(TYPES), DOCUMENT, st.sampled_from([0, 0, 2, FEW, FEW + 1, 120]), st.booleans(), FORMER,
)  # fmt: skip


def made(found: list[Any], title: str = "Your shop", wrong: dict[str, str] | None = None) -> Ask:
    """A question that is a form of these fields."""
    fields = [
        Field(
            f"s{at}", type_, document, tuple((f"c{each}", f"Choice {each}") for each in range(count)), optional, former
        )
        for at, (type_, document, count, optional, former) in enumerate(found)
    ]
    form = Form(title, "Send it to us, now and here", tuple(fields), wrong or {})
    return Ask("s.1", (paragraph("Your shop"),), (Button("s.1.f.x", title),), "form", form)


def one(type_: str, former: str = "", count: int = 0) -> dict[str, Any]:
    """The element for a question of that type."""
    (block,) = modal("a", made([(type_, (paragraph("?"),), count, False, former)]))["blocks"]
    element: dict[str, Any] = block["element"]
    return element


@settings(max_examples=examples(40))  # Slack's schema of a view takes its time
@given(st.lists(FIELDS, min_size=1, max_size=5), WORDS, st.dictionaries(st.sampled_from(["s0", "s1", "x"]), WORDS))
def test_modals_are_valid(found: list[Any], title: str, wrong: dict[str, str]) -> None:
    """Whatever the questions and whatever was entered before, the modal is one that Slack takes."""
    ask = made(found, title, wrong)
    view = modal("slack:T:D:", ask)
    SLACK.view(view)
    View(**view).validate_json()
    assert buttons.origin(view["private_metadata"]) == Origin("slack:T:D:", "s.1.f.x")
    assert [each["block_id"] for each in view["blocks"] if each["type"] == "input"] == [
        f"s{at}" for at in range(len(found))
    ]
    assert ask.form is not None
    assert errors(ask.form).keys() == wrong.keys() & {f"s{at}" for at in range(len(found))}


@settings(max_examples=examples(40))
@given(WORDS, WORDS)
def test_what_stands_there_meanwhile_is_valid(title: str, words: str) -> None:
    """Before the form is known, and when there is none any more."""
    for view in (skeleton(title), gone(title, words), modal("a", Ask("r", (paragraph(words),)))):
        SLACK.view(view)
        View(**view).validate_json()


@pytest.mark.parametrize(
    ("type_", "former", "count", "element", "initial"),
    [
        ("yes_no", "c1", 2, "radio_buttons", "c1"),
        ("choice", "c9", FEW, "radio_buttons", "c9"),
        ("choice", "c10", FEW + 1, "static_select", "c10"),
        ("choice", "c110", 120, "static_select", "c110"),
        ("choice", "something else", 3, "radio_buttons", None),
        ("choices", "c0, c2", 3, "checkboxes", ["c0", "c2"]),
        ("choices", "c0, c11", 12, "multi_static_select", ["c0", "c11"]),
        ("text", "a, b", 0, "plain_text_input", "a, b"),
        ("version", "1.2.3", 0, "plain_text_input", "1.2.3"),
        ("number", "5", 0, "number_input", "5"),
        ("number", "about five", 0, "plain_text_input", "about five"),
        ("date", "2026-11-26", 0, "datepicker", "2026-11-26"),
        ("date", "next Friday", 0, "plain_text_input", "next Friday"),
        ("date", "", 1, "plain_text_input", None),
        ("url", "https://shop.example", 0, "url_text_input", "https://shop.example"),
        ("url", "shop.example", 0, "plain_text_input", "shop.example"),
        ("email", "a@shop.example", 0, "email_text_input", "a@shop.example"),
        ("email", "", 0, "email_text_input", None),
    ],
)  # fmt: skip
def test_inputs(type_: str, former: str, count: int, element: str, initial: Any) -> None:
    """Each type has an element of its own, which holds what was entered before; words that it cannot hold are kept."""
    found = one(type_, former, count)
    assert found["type"] == element
    held = next((value for name, value in found.items() if name.startswith("initial_")), None)
    if isinstance(held, list):
        held = [each["value"] for each in held]
    assert (held["value"] if isinstance(held, dict) else held) == initial


def test_labels_and_hints() -> None:
    """The question is the label and what explains it the hint; so are answers that a field of text has beside it."""
    ask = made([("date", (paragraph("Since when?"), paragraph("Roughly.")), 1, True, "")], wrong={"s0": "No day."})
    error, block = modal("a", ask)["blocks"]
    assert error["text"]["text"] == "No day."
    assert (block["label"]["text"], block["hint"]["text"]) == ("Since when?", "Roughly.\nChoice 0")
    assert block["optional"]


def trigger(slack: SlackStandIn, person: Person) -> str:
    """What a press would lend."""
    found: str = shortcut(slack, person.user, "any")["trigger_id"]
    return found


@pytest.mark.anyio
async def test_a_form_opens_and_is_filled(slack: SlackStandIn, tmp_path: Path) -> None:
    """From the question to the modal, and what is sent in it is taken; wrong values come back with their errors."""
    ana = slack.user("Ana")
    desk = Desk(slack, tmp_path)
    good: dict[str, Any] = {
        "Web address": "https://shop.example", "Orders a day": "5", "Mail": "a@shop.example",
        "Since when": "2026-01-02", "Is it urgent?": "Yes", "Which parts?": ["Refunds"],
        "What goes wrong?": "All of it.",
    }  # fmt: skip
    client = await desk.client(slack.home.id)
    async with desk.serving():
        await desk.at_the_form(ana)
        question = await until(ana, "Your shop")
        assert question.buttons == ["Your shop"]
        found = buttons.pressed(question.find("Your shop")[1])
        assert found is not None
        await open_form(client, trigger(slack, ana), desk.place(ana), found.name, "Your shop", desk.recall)
        shown = await ana.next_modal()
        assert (shown.labels, shown.buttons) == (list(good), [])
        sent = shown.filled(good)
        origin = buttons.origin(sent["private_metadata"])
        assert origin is not None
        values = buttons.entered(sent["state"]["values"])
        await desk.send_form(ana, origin.token, values | {"mail": "nowhere"})
        await ana.until(lambda: "Mail – Please check this answer." in question.text, "the form says what is wrong")
        await open_form(client, trigger(slack, ana), desk.place(ana), found.name, "Your shop", desk.recall)
        filled = await ana.next_modal(shown)
        values = buttons.entered(filled.filled({"Mail": "a@shop.example"})["state"]["values"])
        await desk.send_form(ana, origin.token, values)
        await until(ana, "Any examples?")
    assert question.buttons == ["Change"]
    assert len(slack.wire.calls("views.update")) == 2


@pytest.mark.anyio
async def test_a_form_that_is_gone_and_a_trigger_too_late(slack: SlackStandIn, tmp_path: Path) -> None:
    """Nobody waits before an empty window: it says what to do. A trigger that is too old opens nothing."""
    ana, bea = slack.user("Ana"), slack.user("Bea")
    desk = Desk(slack, tmp_path)
    client = await desk.client(slack.home.id)
    async with desk.serving():
        await open_form(client, trigger(slack, ana), desk.place(ana), "no.1", "Your shop", desk.recall)
        shown = await ana.next_modal()
        assert "This form is closed." in shown.text
        assert "please try it again" in repr(replies.away(desk.recall))
        late = trigger(slack, bea)
        slack.clock.advance(4)
        await open_form(client, late, desk.place(bea), "no.1", "Your shop", desk.recall)
    assert bea.user.id not in slack.views.stacks


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_errors_show_beside_their_inputs(mode: str, slack: SlackStandIn, tmp_path: Path) -> None:
    """What is wrong is said in the window, which stays; what is right closes it, and the conversation goes on."""
    ana = slack.user("Ana")
    desk = Desk(slack, tmp_path, platform=platform(slack, mode))
    async with desk.serving(), listening(slack, desk, mode):
        for words, answered in {"/start": "platform", "Magento 2": "payment method", "Klarna": "Your shop"}.items():
            await ana.send(words)
            question = await until(ana, answered)
        await ana.press(question, "Your shop")
        shown = await ana.next_modal()
        await ana.until(lambda: shown.labels or None, "the form is there")
        values = {
            "Web address": "https://shop.example", "Orders a day": "5", "Mail": "nowhere", "Is it urgent?": "No",
            "Which parts?": ["Checkout"], "What goes wrong?": "All of it.",
        }  # fmt: skip
        await (await ana.submit(shown, values)).answered()
        assert shown.errors == {"Mail": "Please check this answer."}
        await (await ana.submit(shown, {"Mail": "ana@shop.example"})).answered()
        assert slack.views.stacks[ana.user.id] == []
        await until(ana, "Any examples?")
        await ana.until(lambda: question.buttons == ["Change"], "the form was answered")
