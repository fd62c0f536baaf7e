"""The main path: an app on the unmodified slack-bolt answers somebody, over HTTP and in Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.platforms.bolt import app_for, in_socket_mode, over_http
from tests.platforms.slack import SlackStandIn

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

pytestmark = pytest.mark.anyio

BUTTON = {"type": "button", "action_id": "shop", "text": {"type": "plain_text", "text": "WooCommerce"}, "value": "woo"}
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Details"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Your shop"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


def listen(app: AsyncApp) -> None:
    """An app that answers with a button, opens a modal when that is pressed, and thanks for what was filled in."""

    @app.event("message")
    async def hello(event: dict[str, Any], say: Any) -> None:
        text = f"You said {event['text']}"
        section = {"type": "section", "text": {"type": "plain_text", "text": text}}
        await say(text=text, blocks=[section, {"type": "actions", "elements": [BUTTON]}])

    @app.action("shop")
    async def shop(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        where = body["container"]
        await client.chat_update(channel=where["channel_id"], ts=where["message_ts"], text="You chose WooCommerce")

    @app.view("form")
    async def form(ack: Any, view: dict[str, Any], body: dict[str, Any], client: Any) -> None:
        name = view["state"]["values"]["name"]["value"]["value"]
        if name == "?":
            await ack(response_action="errors", errors={"name": "Which one?"})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Thank you, {name}")


@pytest.mark.parametrize("way", [over_http, in_socket_mode])
async def test_an_app_answers(way: Any) -> None:
    """A message reaches the app, its answer the person; a press opens a modal, an error shows, and it is sent again."""
    async with SlackStandIn() as slack:
        app = app_for(slack)
        listen(app)
        ana = slack.user("Ana", locale="es-ES")
        async with way(slack, app):
            await ana.send("hello")
            reply = await ana.next_message()
            assert (reply.text, reply.buttons) == ("You said hello", ["WooCommerce"])
            assert await (await ana.press(reply, "WooCommerce")).answered() == ""
            modal = await ana.next_modal()
            assert (modal.title, modal.labels) == ("Details", ["Your shop"])
            await (await ana.submit(modal, {"Your shop": "?"})).answered()
            assert modal.errors == {"Your shop": "Which one?"}
            await (await ana.submit(modal, {"Your shop": "Lana"})).answered()
            assert (await ana.next_message()).text == "Thank you, Lana"
            assert (reply.text, reply.buttons) == ("You chose WooCommerce", [])
        assert slack.wire.violations == []
