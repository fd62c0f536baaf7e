"""Where messages come from and go to: one place on one platform, as text that can be a key."""

from __future__ import annotations

from urllib.parse import quote, unquote

import msgspec


class Address(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A place where a conversation is held.

    `channel` is slack, telegram or console; `account` the workspace, the bot or the terminal; `chat` the channel or
    chat; `thread` the thread or topic in it, "" for none. All are the platform's own ids.
    """

    channel: str
    account: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        """The address as a key: its four parts between colons, so that equal places have equal keys."""
        return ":".join(quote(part, safe="") for part in (self.channel, self.account, self.chat, self.thread))


def private(address: Address) -> bool:
    """Whether a merchant is alone with the bot there, as the platforms' ids tell: others would read what is said."""
    match address.channel:
        case "slack":
            return address.chat.startswith("D")
        case "telegram":
            return not address.chat.startswith("-")
    return True


def parse(key: str) -> Address:
    """The address of a key; raises ValueError."""
    parts = key.split(":")
    if "%" in key:
        parts = [unquote(part) for part in parts]
    if len(parts) != 4 or not all(parts[:3]):  # noqa: PLR2004  (as many as an address has)
        raise ValueError(f"{key!r} is no address: it has the form channel:account:chat:thread")
    return Address(*parts)
