"""A stand-in for what comes in: hears direct messages, presses and forms on slack-bolt, in either mode."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from bot.channels.slack import buttons
from bot.channels.slack.modals import open_form
from bot.chat.addresses import Address
from bot.chat.events import File, Message, Submit, Tap
from bot.chat.people import SLACK
from tests.platforms.bolt import app_for, in_socket_mode, over_http

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from slack_bolt.async_app import AsyncApp

    from tests.channels.slack.outgoing import Desk
    from tests.platforms.slack import SlackStandIn


@contextlib.asynccontextmanager
async def listening(slack: SlackStandIn, desk: Desk, mode: str) -> AsyncIterator[None]:
    """Hear people by "http" or "socket" while this lasts."""
    app = app_for(slack)
    _listen(app, desk)
    async with over_http(slack, app) if mode == "http" else in_socket_mode(slack, app):
        yield


def _listen(app: AsyncApp, desk: Desk) -> None:
    def place(payload: dict[str, Any]) -> str:
        return str(Address(SLACK.name, payload["team"]["id"], payload["channel"]["id"], ""))

    async def said(event: dict[str, Any], body: dict[str, Any]) -> None:
        files = tuple(File(each["id"], each["name"], each["size"]) for each in event.get("files", []))
        where = Address(SLACK.name, body["team_id"], event["channel"], "")
        text = re.sub(r"<(https?://[^|>]+)>", r"\1", event["text"])
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        await desk.bring(str(where), event["user"], Message(body["event_id"], text, files))

    app.event("message")(said)
    app.event({"type": "message", "subtype": "file_share"})(said)

    @app.action(re.compile(".*"))
    async def pressed(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        (action,) = body["actions"]
        found = buttons.pressed(action)
        if found is not None and found.verb == "tap":
            await desk.bring(place(body), body["user"]["id"], Tap(body["trigger_id"], found.name))
        elif found is not None and found.verb == "form":
            title = action["text"]["text"]
            await open_form(client, body["trigger_id"], place(body), found.name, title, desk.recall)

    @app.view(buttons.FORM)
    async def sent(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        origin = buttons.origin(body["view"]["private_metadata"])
        assert origin is not None
        values = buttons.entered(body["view"]["state"]["values"])
        await desk.bring(origin.address, body["user"]["id"], Submit(body["trigger_id"], origin.token, values))
