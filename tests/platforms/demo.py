"""A small bot on the raw libraries, to see the stand-ins at work before the product is started against them."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.error import TelegramError

from tests.platforms.bolt import app_for

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from tests.platforms.page.cast import Cast
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

SHOPS = ("WooCommerce", "Magento", "Shopware", "Other")
METHODS = ("Cards", "iDEAL", "Bancontact", "Klarna", "PayPal", "Apple Pay")


async def demonstrate(cast: Cast) -> None:
    """Answer on both platforms until cancelled."""
    await asyncio.gather(on_slack(cast.slack, cast.slack_desk.id), on_telegram(cast.telegram, cast.telegram_desk.id))


async def on_slack(slack: SlackStandIn, desk: str) -> None:
    """In Socket Mode: a question with buttons, a select, a modal, a card for staff."""
    app = app_for(slack)
    _listen(app, desk)
    handler = AsyncSocketModeHandler(app, slack.access.app_token)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def _listen(app: AsyncApp, desk: str) -> None:
    @app.event("message")
    @app.event("app_mention")
    async def greet(event: dict[str, Any], client: Any) -> None:
        if event.get("subtype") or event["ts"] != event.get("thread_ts", event["ts"]):
            return
        if event["type"] == "message" and event.get("channel_type") != "im":
            return
        blocks = [_rich(event["user"]), _buttons(SHOPS), _select(METHODS), _form_button()]
        where = event["channel"]
        await client.chat_postMessage(
            channel=where, thread_ts=event["ts"], text="Which shop do you use?", blocks=blocks
        )

    @app.action(re.compile("shop"))
    async def shop(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        chosen, where = body["actions"][0]["text"]["text"], body["container"]
        note = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"You chose *{chosen}*"}]}
        text = {"type": "section", "text": {"type": "mrkdwn", "text": "Which shop do you use?"}}
        await client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text=f"You chose {chosen}", blocks=[text, note]
        )

    @app.action("method")
    async def method(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        chosen = body["actions"][0]["selected_option"]["text"]["text"]
        await respond(f"{chosen} it is. Only you see this.", response_type="ephemeral", replace_original=False)

    @app.action("form")
    async def form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=_form())

    @app.view("details")
    async def details(ack: Any, view: dict[str, Any], body: dict[str, Any], client: Any) -> None:
        values = view["state"]["values"]
        order = values["order"]["value"]["value"]
        if not order.isdecimal():
            await ack(response_action="errors", errors={"order": "An order number has digits only."})
            return
        await ack()
        user = body["user"]["id"]
        await client.chat_postMessage(channel=user, text=f"Thank you. A colleague looks at order {order}.")
        problem = values["problem"]["value"]["value"]
        card = {"type": "section", "text": {"type": "mrkdwn", "text": f"*Order {order}* from <@{user}>\n>{problem}"}}
        await client.chat_postMessage(
            channel=desk, text=f"Order {order}", blocks=[card, _buttons(("Take it", "Later"))]
        )

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        header = {"type": "header", "text": _plain("Your cases")}
        none = {"type": "section", "text": {"type": "mrkdwn", "text": "There is nothing open. Shall we start?"}}
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [header, none, _form_button()]}
        )


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _rich(user: str) -> dict[str, Any]:
    words: list[dict[str, Any]] = [
        {"type": "text", "text": "Hello "},
        {"type": "user", "user_id": user},
        {"type": "text", "text": ", I collect what my colleagues need. "},
        {"type": "text", "text": "Which shop do you use?", "style": {"bold": True}},
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]}


def _buttons(labels: tuple[str, ...]) -> dict[str, Any]:
    made = [{"type": "button", "action_id": f"shop{i or ''}", "text": _plain(each)} for i, each in enumerate(labels)]
    return {"type": "actions", "elements": made}


def _select(labels: tuple[str, ...]) -> dict[str, Any]:
    options = [{"text": _plain(each), "value": each} for each in labels]
    select = {
        "type": "static_select",
        "action_id": "method",
        "placeholder": _plain("Payment method"),
        "options": options,
    }
    return {"type": "section", "text": _plain("Is it about one payment method?"), "accessory": select}


def _form_button() -> dict[str, Any]:
    button = {"type": "button", "action_id": "form", "style": "primary", "text": _plain("Describe a problem")}
    return {"type": "actions", "elements": [button]}


def _form() -> dict[str, Any]:
    words = {"type": "plain_text_input", "action_id": "value"}
    order = {"type": "input", "block_id": "order", "label": _plain("Order number"), "element": words}
    many = {**words, "multiline": True, "placeholder": _plain("What happened, and what did you expect?")}
    problem = {"type": "input", "block_id": "problem", "label": _plain("Problem"), "element": many}
    buttons = {"submit": _plain("Send"), "close": _plain("Cancel")}
    return {
        "type": "modal",
        "callback_id": "details",
        "title": _plain("A problem"),
        "blocks": [order, problem],
        **buttons,
    }


async def on_telegram(telegram: TelegramStandIn, desk: int) -> None:
    """By polling: a question with buttons, edited in place; what is typed goes to a topic for staff."""
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot") as bot:
        await bot.set_my_description("I collect what our support needs to know.")
        await bot.set_my_commands([("start", "Begin anew"), ("help", "What I can do")])
        topics: dict[int, int] = {}
        offset = 0
        while True:
            for update in await bot.get_updates(offset=offset, timeout=30, read_timeout=40):
                offset = update.update_id + 1
                try:
                    await _answer(bot, update, desk, topics)
                except TelegramError as error:
                    await bot.send_message(desk, f"That did not work: {error}")


async def _answer(bot: Bot, update: Update, desk: int, topics: dict[int, int]) -> None:
    query, message = update.callback_query, update.message
    if query is not None and query.message is not None:
        await query.answer("Noted")
        await bot.edit_message_text(
            f"You chose {query.data}. What is the problem?", query.message.chat.id, query.message.message_id
        )
    elif message is not None and message.chat.type == "private" and message.text == "/start":
        text = "Hello, I collect what my colleagues need. Which shop do you use?"
        bold = MessageEntity(MessageEntity.BOLD, text.index("Which"), len("Which shop do you use?"))
        rows = [[InlineKeyboardButton(each, callback_data=each) for each in pair] for pair in (SHOPS[:2], SHOPS[2:])]
        await bot.send_message(message.chat.id, text, entities=[bold], reply_markup=InlineKeyboardMarkup(rows))
    elif message is not None and message.chat.type == "private":
        who = message.chat.id
        if who not in topics:
            topics[who] = (await bot.create_forum_topic(desk, f"#1 {message.chat.first_name}")).message_thread_id
        await bot.copy_message(desk, who, message.message_id, message_thread_id=topics[who])
        await bot.set_message_reaction(who, message.message_id, "👀")
    elif message is not None and message.message_thread_id in topics.values() and message.text:
        who = next(key for key, topic in topics.items() if topic == message.message_thread_id)
        await bot.send_message(who, message.text)
