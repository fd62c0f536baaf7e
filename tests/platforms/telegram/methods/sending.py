"""sendMessage and what it shares with every other method that sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.telegram.entities import formatted
from tests.platforms.telegram.keyboards import checked
from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json

ACTION_SECONDS = 5
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send(call: Call, content: Json) -> Json:
    """Put a message with that content into the chat that the call names."""
    chat = call.writable()
    topic = call.topic(chat)
    extra = content | _reply(call, chat)
    if (markup := checked(call.get("reply_markup"))) is not None:
        extra["reply_markup"] = markup
    message = call.world.new_message(chat, call.world.bot, topic, **extra)
    chat.action = None
    if (given := call.get("reply_markup")) is not None and markup is None:
        call.server.show_keyboard(chat, given)
    call.server.news.tell()
    return message


def send_message(call: Call) -> Json:
    """A text."""
    call.writable()
    call.need("text")
    return send(call, formatted(call.arguments))


def send_chat_action(call: Call) -> bool:
    """What the bot is doing, shown for five seconds."""
    chat = call.writable()
    call.topic(chat)
    if call.need("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat.action = (call.get("action"), call.world.clock.now() + ACTION_SECONDS)
    call.server.news.tell()
    return True


def send_contact(call: Call) -> Json:
    """A telephone number and whose it is."""
    fields = ("phone_number", "first_name", "last_name", "user_id", "vcard")
    return send(call, {"contact": {name: call.get(name) for name in fields if name in call.arguments}})


def send_location(call: Call) -> Json:
    """A point on the map."""
    return send(call, {"location": {name: call.need(name) for name in ("latitude", "longitude")}})


def _reply(call: Call, chat: Chat) -> Json:
    wanted: dict[str, Any] | None = call.get("reply_parameters")
    if wanted is None:
        return {}
    if wanted.get("chat_id", chat.id) != chat.id:
        raise Violation("the stand-in replies within one chat only")
    answered = chat.messages.get(wanted["message_id"])
    if answered is None and not wanted.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    # one level: a message that is replied to does not show what it replies to
    return (
        {} if answered is None else {"reply_to_message": {k: v for k, v in answered.items() if k != "reply_to_message"}}
    )


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "sendContact": send_contact,
    "sendLocation": send_location,
}
