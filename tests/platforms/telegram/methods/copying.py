"""Copying and forwarding messages from one chat to another."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.platforms.telegram.entities import formatted
from tests.platforms.telegram.methods.sending import send
from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.wire import Json

CONTENT = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "video",
    "voice",
    "audio",
    "sticker",
    "animation",
    "contact",
    "location",
)
MOST = 100


def copy_message(call: Call) -> Json:
    """The same content, sent by the bot, without a word of where it comes from."""
    content = _content(call, "copy")
    if "caption" in call.arguments:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= formatted(call.arguments, "caption")
    return {"message_id": send(call, content)["message_id"]}


def forward_message(call: Call) -> Json:
    """The same content, and who said it when."""
    source = call.message(call.chat("from_chat_id"), "forward")
    origin: Json = {"type": "user", "sender_user": source["from"], "date": source["date"]}
    return send(call, {**_content(call, "forward"), "forward_origin": source.get("forward_origin", origin)})


def copy_messages(call: Call) -> list[Json]:
    """Several at once; those that cannot be found are skipped."""
    chat = call.chat("from_chat_id")
    numbers: list[int] = call.need("message_ids")
    if not 1 <= len(numbers) <= MOST or numbers != sorted(set(numbers)):
        raise Violation(f"message_ids has not 1 to {MOST} ids in increasing order")
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    if not found:
        raise bad("there are no messages to forward")
    return [{"message_id": send(call, _of(message))["message_id"]} for message in found]


def _content(call: Call, verb: str) -> Json:
    content = _of(call.message(call.chat("from_chat_id"), verb))
    if not content:
        raise bad("message can't be copied" if verb == "copy" else "message can't be forwarded")
    return content


def _of(message: Json) -> Json:
    return copy.deepcopy({name: message[name] for name in CONTENT if name in message})


METHODS: dict[str, Method] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
}
