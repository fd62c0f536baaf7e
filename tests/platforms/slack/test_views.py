"""Modals and the home tab: triggers, stacks, hashes, answers to submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.platforms.bolt import in_socket_mode
from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.slack.refused import refused

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio


def text(words: str) -> dict[str, Any]:
    """A text object."""
    return {"type": "plain_text", "text": words}


def asking(label: str, element: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "block_id": label.lower(), "label": text(label), "element": element, **fields}


WORDS = {"type": "plain_text_input", "action_id": "value"}
SELECT = {
    "type": "static_select",
    "action_id": "value",
    "options": [{"text": text("Card"), "value": "card"}, {"text": text("iDEAL"), "value": "ideal"}],
}


def modal(title: str = "Form", **fields: Any) -> dict[str, Any]:
    """A modal that is right, but for the fields given."""
    blocks = [asking("Name", WORDS), asking("Method", SELECT, optional=True)]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": text(title),
        "submit": text("Send"),
        "blocks": blocks,
        **fields,
    }


HOME = {"type": "home", "blocks": [{"type": "header", "text": text("Your cases")}]}


async def test_a_trigger_serves_once_and_soon(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """A trigger opens one modal within three seconds; used, late and unknown ones have a code each."""
    ana = slack.user("Ana")
    trigger = slack.triggers.new(ana.user.id)
    await client.views_open(trigger_id=trigger, view=modal())
    with refused("exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal())
    late = slack.triggers.new(ana.user.id)
    slack.clock.advance(3.1)
    with refused("expired_trigger_id"):
        await client.views_open(trigger_id=late, view=modal())
    with refused("invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=modal())


async def test_a_stack_has_three_views(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Two views can be pushed on the first; the next is refused, as is pushing on nothing."""
    ana = slack.user("Ana")
    with refused("not_found"):
        await client.views_push(trigger_id=slack.triggers.new(ana.user.id), view=modal())
    first = await client.views_open(trigger_id=slack.triggers.new(ana.user.id), view=modal("1"))
    second = await client.views_push(trigger_id=slack.triggers.new(ana.user.id), view=modal("2"))
    await client.views_push(trigger_id=slack.triggers.new(ana.user.id), view=modal("3"))
    assert (second["view"]["root_view_id"], second["view"]["previous_view_id"]) == (first["view"]["id"],) * 2
    with refused("push_limit_reached"):
        await client.views_push(trigger_id=slack.triggers.new(ana.user.id), view=modal("4"))
    await ana.close(await ana.next_modal())
    assert (await ana.next_modal()).title == "2"


async def test_updates_of_a_view_meet_by_hash(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """The second of two updates with one hash is refused; without a hash the last one wins; a closed view is none."""
    ana = slack.user("Ana")
    opened = await client.views_open(trigger_id=slack.triggers.new(ana.user.id), view=modal(external_id="mine"))
    view, known = opened["view"]["id"], opened["view"]["hash"]
    await client.views_update(view_id=view, view=modal("One"), hash=known)
    with refused("hash_conflict"):
        await client.views_update(view_id=view, view=modal("Two"), hash=known)
    await client.views_update(view_id=view, view=modal("Three", external_id="mine"))
    await client.views_update(external_id="mine", view=modal("Four"))
    shown = await ana.next_modal()
    assert shown.title == "Four"
    await ana.close(shown)
    with refused("not_found"):
        await client.views_update(view_id=view, view=modal())


WRONG = {
    "a title of 25": modal("x" * 25),
    "101 blocks": modal(blocks=[{"type": "divider"}] * 101),
    "an input without submit": {name: value for name, value in modal().items() if name != "submit"},
    "metadata of 3001": modal(private_metadata="x" * 3001),
    "a callback of 256": modal(callback_id="x" * 256),
    "a label of 2001": modal(blocks=[{**asking("N", WORDS), "label": text("x" * 2001)}]),
    "a block twice": modal(blocks=[asking("N", WORDS)] * 2),
    "an unknown field": modal(colour="red"),
    "no title": {name: value for name, value in modal().items() if name != "title"},
    "a message": {"type": "message"},
}


@NEEDS_SPECS
@pytest.mark.parametrize("name", WRONG)
async def test_wrong_views_are_refused(slack: SlackStandIn, client: AsyncWebClient, name: str) -> None:
    """Each rule about views is kept; the trigger is not used up by a refused view."""
    trigger = slack.triggers.new(slack.user("Ana").user.id)
    with refused("invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=WRONG[name])
    await client.views_open(trigger_id=trigger, view=modal())


async def test_a_view_has_a_size(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """A view above 250 kB is too large, whatever it is made of."""
    blocks = [{"type": "section", "text": text("x" * 3000)} for _ in range(90)]
    with refused("view_too_large"):
        await client.views_open(trigger_id=slack.triggers.new(slack.user("Ana").user.id), view=modal(blocks=blocks))


async def test_a_home_tab_is_published(slack: SlackStandIn, client: AsyncWebClient, app: AsyncApp) -> None:
    """Opening the home tab tells the app, whose view shows; later publishing can be guarded by hash."""

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    ana = slack.user("Ana")
    async with in_socket_mode(slack, app):
        await ana.open_home()
        home = await ana.home()
        assert home.text == "Your cases"
        with refused("hash_conflict"):
            await client.views_publish(user_id=ana.user.id, view=HOME, hash="1.2")
        await client.views_publish(user_id=ana.user.id, view=HOME, hash=home.raw["hash"])
        with refused("invalid_arguments"):
            await client.views_publish(user_id=ana.user.id, view=modal())


async def test_a_submission_is_answered_in_four_ways(
    slack: SlackStandIn, client: AsyncWebClient, app: AsyncApp
) -> None:
    """Errors show at their input, update and push change the stack, nothing closes the view, clear closes all."""
    answers: dict[str, dict[str, Any]] = {
        "errors": {"response_action": "errors", "errors": {"name": "Too short"}},
        "update": {"response_action": "update", "view": modal("Second")},
        "push": {"response_action": "push", "view": modal("On top")},
        "close": {},
        "clear": {"response_action": "clear"},
    }
    seen = []

    @app.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        seen.append(values["method"]["value"]["selected_option"])
        await ack(**answers[values["name"]["value"]["value"]])

    ana = slack.user("Ana")
    async with in_socket_mode(slack, app):
        await client.views_open(trigger_id=slack.triggers.new(ana.user.id), view=modal())
        shown = await ana.next_modal()
        for wrong in ({"Nam": "x"}, {"Name": ""}):
            with pytest.raises(AssertionError, match=r"no input|must be filled in"):
                await ana.submit(shown, wrong)
        await (await ana.submit(shown, {"Name": "errors", "Method": "iDEAL"})).answered()
        assert shown.errors == {"Name": "Too short"}
        assert seen[0]["value"] == "ideal"
        await (await ana.submit(shown, {"Name": "update"})).answered()
        assert (shown.title, shown.errors) == ("Second", {})
        await (await ana.submit(shown, {"Name": "push"})).answered()
        top = await ana.next_modal(after=shown)
        assert top.title == "On top"
        await (await ana.submit(top, {"Name": "close"})).answered()
        assert (await ana.next_modal()).raw is shown.raw
        await (await ana.submit(shown, {"Name": "clear"})).answered()
        assert slack.views.stacks[ana.user.id] == []


async def test_errors_for_no_input_are_noted(slack: SlackStandIn, client: AsyncWebClient, app: AsyncApp) -> None:
    """An app that answers with errors for a block that has no input did something that Slack does not show."""

    @app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="errors", errors={"nam": "Too short"})

    ana = slack.user("Ana")
    async with in_socket_mode(slack, app):
        await client.views_open(trigger_id=slack.triggers.new(ana.user.id), view=modal())
        await (await ana.submit(await ana.next_modal(), {"Name": "x"})).answered()
    assert slack.wire.violations == ["slack view_submission: errors for no input: ['nam']"]


async def test_closing_tells_the_app_on_demand(slack: SlackStandIn, client: AsyncWebClient, app: AsyncApp) -> None:
    """A view with notify_on_close says that it was closed, others do not."""
    closed = []

    @app.view_closed("form")
    async def gone(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        closed.append(body["view"]["title"]["text"])

    ana = slack.user("Ana")
    async with in_socket_mode(slack, app):
        for title, notify in (("Quiet", False), ("Loud", True)):
            view = modal(title, notify_on_close=notify)
            await client.views_open(trigger_id=slack.triggers.new(ana.user.id), view=view)
            await ana.close(await ana.next_modal())
        await slack.news.until(lambda: slack.wire.deliveries("view_closed") or None, "the app is told")
    assert closed == ["Loud"]
