"""What comes in: one event of one conversation. `key` identifies it for good; a key seen before changes nothing."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Kind = Literal["text", "sticker", "voice", "video_note", "contact", "location", "other"]


class File(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A file as its channel names it; the bytes stay with the channel. `size` in bytes, 0 if unknown."""

    id: str
    name: str
    size: int = 0
    mime: str = ""


class Message(msgspec.Struct, frozen=True, gc=False, tag="message", omit_defaults=True):
    """Something the merchant wrote or sent. `kind` other than text: what it is that has no text."""

    key: str
    text: str = ""
    files: tuple[File, ...] = ()
    kind: Kind = "text"
    removed: tuple[str, ...] = ()
    """Kinds of secrets that were taken out of the text before anything looked at it."""
    edited: bool = False
    """The new words of a message that was there before: no answer to whatever waits by now."""


class Tap(msgspec.Struct, frozen=True, gc=False, tag="tap", omit_defaults=True):
    """A pressed button; `token` is the one its `Button` carried."""

    key: str
    token: str


class Submit(msgspec.Struct, frozen=True, gc=False, tag="submit", omit_defaults=True):
    """A filled-in form: the token of its `Ask` and what was entered, by slot (choices by id, dates as typed)."""

    key: str
    token: str
    values: dict[str, str | list[str]] = msgspec.field(default_factory=dict)
    removed: tuple[str, ...] = ()


class Due(msgspec.Struct, frozen=True, gc=False, tag="due", omit_defaults=True):
    """A timer of an earlier `Schedule` came due; `late`: so long ago that whoever set it may not mean it any more."""

    key: str
    timer: str
    late: bool = False


class Performed(msgspec.Struct, frozen=True, gc=False, tag="performed", omit_defaults=True):
    """The outcome of an earlier `Perform`: its values, or the error that kept it from having any."""

    key: str
    action: str
    values: dict[str, Any] = msgspec.field(default_factory=dict)
    error: str = ""


class Control(msgspec.Struct, frozen=True, gc=False, tag="control", omit_defaults=True):
    """A person accepts the conversation, or releases it to the bot."""

    key: str
    verb: Literal["accept", "release"]
    person: str


Event = Message | Tap | Submit | Due | Performed
"""What the bot's turn can be about."""

AnyEvent = Event | Control
