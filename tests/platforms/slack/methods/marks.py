"""reactions.*, pins.*, bookmarks.add: marks on messages and channels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.slack.call import Call, Method
    from tests.platforms.wire import Json

EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add_reaction(call: Call) -> Json:
    """The app's reaction."""
    call.scope("reactions:write")
    message, name = call.message(call.conversation(), "timestamp"), str(call.need("name"))
    if not EMOJI.fullmatch(name):
        raise Refusal("invalid_name")
    if not react(message, call.bot.id, name):
        raise Refusal("already_reacted")
    call.server.news.tell()
    return {}


def remove_reaction(call: Call) -> Json:
    """Take the app's reaction back."""
    call.scope("reactions:write")
    message, name = call.message(call.conversation(), "timestamp"), str(call.need("name"))
    if not unreact(message, call.bot.id, name):
        raise Refusal("no_reaction")
    call.server.news.tell()
    return {}


def react(message: Json, user: str, name: str) -> bool:
    """Whether the reaction is new."""
    reactions = message.setdefault("reactions", [])
    entry = next((each for each in reactions if each["name"] == name), None)
    if entry is None:
        entry = {"name": name, "users": [], "count": 0}
        reactions.append(entry)
    if user in entry["users"]:
        return False
    entry["users"].append(user)
    entry["count"] += 1
    return True


def unreact(message: Json, user: str, name: str) -> bool:
    """Whether there was such a reaction."""
    for entry in message.get("reactions", []):
        if entry["name"] == name and user in entry["users"]:
            entry["users"].remove(user)
            entry["count"] -= 1
            message["reactions"] = [each for each in message["reactions"] if each["count"]]
            return True
    return False


def add_pin(call: Call) -> Json:
    """Pin a message to its channel."""
    call.scope("pins:write")
    conversation = call.postable()
    message = call.message(conversation, "timestamp")
    if message["ts"] in conversation.pins:
        raise Refusal("already_pinned")
    conversation.pins.append(message["ts"])
    call.server.news.tell()
    return {}


def remove_pin(call: Call) -> Json:
    """Unpin a message."""
    call.scope("pins:write")
    conversation = call.postable()
    message = call.message(conversation, "timestamp")
    if message["ts"] not in conversation.pins:
        raise Refusal("no_pin")
    conversation.pins.remove(message["ts"])
    call.server.news.tell()
    return {}


def add_bookmark(call: Call) -> Json:
    """A link on top of a channel."""
    call.scope("bookmarks:write")
    conversation = call.conversation(name="channel_id")
    if call.need("type") != "link" or not call.get("link"):
        raise Refusal("invalid_link")
    number = call.world.ids.new("Bk")
    bookmark = {
        "id": number,
        "channel_id": conversation.id,
        "title": call.need("title"),
        "link": call.get("link"),
        "type": "link",
    }
    conversation.bookmarks.append(bookmark)
    call.server.news.tell()
    return {"bookmark": bookmark}


METHODS: dict[str, Method] = {
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "pins.add": add_pin,
    "pins.remove": remove_pin,
    "bookmarks.add": add_bookmark,
}
