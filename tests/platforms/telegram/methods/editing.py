"""Changing, deleting, pinning and reacting to messages; answering button presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.call import ADMINISTRATORS
from tests.platforms.telegram.entities import formatted
from tests.platforms.telegram.keyboards import checked
from tests.platforms.telegram.refusals import NOT_MODIFIED, QUERY_TOO_OLD, Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json

DELETABLE_SECONDS = 48 * 3600
QUERY_SECONDS = 30
"""How long a press can be answered; the real server says tens of seconds."""
ALERT_LENGTH = 200
REACTIONS = (
    " 👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 "
    "🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
"""The emoji that a bot may react with, between spaces."""


def edit_text(call: Call) -> Json:
    """New text, and new buttons or none."""
    call.need("text")
    return _edit(call, formatted(call.arguments), ("text", "entities"))


def edit_caption(call: Call) -> Json:
    """New caption, and new buttons or none."""
    return _edit(call, formatted(call.arguments, "caption"), ("caption", "caption_entities"))


def edit_markup(call: Call) -> Json:
    """New buttons or none."""
    return _edit(call, {}, ())


def delete(call: Call) -> bool:
    """Remove a message for everybody."""
    chat = call.chat()
    _delete(call, chat, call.message(chat, "delete"))
    return True


def delete_several(call: Call) -> bool:
    """Remove up to a hundred messages; those that cannot be found are skipped."""
    chat = call.chat()
    if not 1 <= len(call.need("message_ids")) <= 100:
        raise Violation("message_ids has not 1 to 100 ids")
    for number in call.get("message_ids"):
        if number in chat.messages:
            _delete(call, chat, chat.messages[number])
    return True


def pin(call: Call) -> bool:
    """Pin a message."""
    chat = call.writable()
    message = call.message(chat, "pin")
    if message["message_id"] not in chat.pinned:
        chat.pinned.append(message["message_id"])
    call.server.news.tell()
    return True


def unpin(call: Call) -> bool:
    """Unpin a message, or the last pinned one."""
    chat = call.writable()
    number = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    call.server.news.tell()
    return True


def react(call: Call) -> bool:
    """The bot's reaction, one at most; none takes it back. Of an album it is on the first message that is left."""
    chat = call.writable()
    message = call.message(chat, "react")
    album = message.get("media_group_id")
    if album is not None:
        message = next(each for each in chat.messages.values() if each.get("media_group_id") == album)
    reactions: list[Json] = call.get("reaction", [])
    if len(reactions) > 1 or any(
        each.get("type") != "emoji" or f" {each['emoji']} " not in REACTIONS for each in reactions
    ):
        raise bad("REACTION_INVALID")
    chat.reactions[message["message_id"]] = reactions
    call.server.news.tell()
    return True


def answer_query(call: Call) -> bool:
    """Stop the button's spinner, with a notice or an alert if there is a text."""
    query = call.server.queries.get(call.need("callback_query_id"))
    call.text("text", ALERT_LENGTH)
    if query is None or query.done or call.world.clock.now() > query.at + QUERY_SECONDS:
        raise bad(QUERY_TOO_OLD)
    query.answer(call.get("text", ""), alert=bool(call.get("show_alert")))
    call.server.news.tell()
    return True


def _edit(call: Call, content: Json, fields: tuple[str, ...]) -> Json:
    if "inline_message_id" in call.arguments:
        raise Violation("the stand-in has no inline messages")
    chat = call.writable()
    message = call.message(chat, "edit")
    if message["from"]["id"] != call.world.bot.id or "forward_origin" in message:
        raise bad("message can't be edited")
    if "text" in fields and "text" not in message:
        raise bad("there is no text in the message to edit")
    if "caption" in fields and "text" in message:
        raise bad("there is no caption in the message to edit")
    markup = call.get("reply_markup")
    if markup is not None and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    if (kept := checked(markup)) is not None:
        content["reply_markup"] = kept
    names = (*fields, "reply_markup")
    if content == {name: message[name] for name in names if name in message}:
        raise bad(NOT_MODIFIED)
    for name in names:
        message.pop(name, None)
    message |= content | {"edit_date": call.world.date()}
    call.server.news.tell()
    return message


def _delete(call: Call, chat: Chat, message: Json) -> None:
    bot = call.world.bot.id
    own = message["from"]["id"] == bot
    may = own or chat.type == "private" or chat.members.get(bot) in ADMINISTRATORS
    if not may or call.world.clock.now() > message["date"] + DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    call.server.news.tell()


METHODS: dict[str, Method] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete,
    "deleteMessages": delete_several,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "setMessageReaction": react,
    "answerCallbackQuery": answer_query,
}
