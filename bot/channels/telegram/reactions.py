"""Reactions as an update tells of them: who put which to a message, and who took it back. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.channels.telegram.updates import read
from bot.chat import emoji

if TYPE_CHECKING:
    from bot.channels.telegram.updates import Reaction, Sender

CUSTOM = ":custom:"
"""What an emoji is called that Telegram tells nothing of."""


class Put(NamedTuple):
    """One reaction of `user` to a message; `taken`: it is there no more. `key` as in `Event`."""

    key: str
    chat: str
    message: str
    user: Sender
    emoji: str
    taken: bool


def put(raw: object) -> list[Put]:
    """The reactions that came and went, of an update as parsed JSON; none for any other update."""
    try:
        update = read(raw)
    except (msgspec.ValidationError, ValueError):
        return []
    found = update.message_reaction
    if found is None or found.user is None or found.user.is_bot:
        return []
    chat, message, user = str(found.chat.id), str(found.message_id), found.user
    now, before = _emoji(found.new_reaction), _emoji(found.old_reaction)
    changes = [(each, True) for each in before if each not in now]
    changes += [(each, False) for each in now if each not in before]
    return [
        Put(f"{update.update_id}:{number}", chat, message, user, each, taken)
        for number, (each, taken) in enumerate(changes)
    ]


def _emoji(reactions: tuple[Reaction, ...]) -> list[str]:
    return list(dict.fromkeys(emoji.plain(each.emoji) if each.emoji else CUSTOM for each in reactions))
