"""What comes in: one event of one conversation. `key` identifies it for good; a key seen before changes nothing."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.chat.people import Person, User
from bot.text.nodes import Block
from bot.text.styles import Style

Kind = Literal["text", "sticker", "voice", "video_note", "contact", "location", "poll", "dice", "story", "other"]


class File(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A file as its channel names it; the bytes stay with the channel. `size` in bytes, 0 if unknown."""

    id: str
    name: str
    size: int = 0
    mime: str = ""


class Quoted(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The message that another one is about: the name that its copy has, and its first words."""

    ref: str
    words: str = ""


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
    deleted: bool = False
    """It is there no more; `text` is what it said."""
    origin: str = ""
    """The platform's id of the message: what becomes of it later names it so."""
    styles: tuple[Style, ...] = ()
    """Which stretches of the text are written how."""
    author: User | None = None
    """Who wrote it, where that is not whose conversation it is."""
    quoted: Quoted | None = None
    """What it replies to, where that was passed on between staff and the merchant."""
    album: str = ""
    """What the messages have in common that somebody sent at once, where the platform brings them one by one."""
    cut: bool = False
    """It was longer than what is kept of a message."""
    parts: tuple[str, ...] = ()
    """Such messages are one here: the origins of those that each of the files came in."""


class Tap(msgspec.Struct, frozen=True, gc=False, tag="tap", omit_defaults=True):
    """A pressed button; `token` is the one its `Button` carried, `author` as in `Message`."""

    key: str
    token: str
    author: User | None = None


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


class Returned(msgspec.Struct, frozen=True, gc=False, tag="returned", omit_defaults=True):
    """A person gave the conversation back; it goes on at the question for the slot `at`, or where it stood."""

    key: str
    at: str = ""


class Written(msgspec.Struct, frozen=True, gc=False, tag="written", omit_defaults=True):
    """Something a member of staff wrote at the place of a case; `origin` is what `bot.chat.places` calls the message.

    `aside`: it speaks to a colleague. `edited` and `deleted`: what became of a message that was there before. `typed`:
    the text is a command now, the words of which are meant. `cut`, `album` and `parts` as in `Message`.
    """

    key: str
    person: Person
    origin: str
    text: str = ""
    files: tuple[File, ...] = ()
    removed: tuple[str, ...] = ()
    aside: bool = False
    edited: bool = False
    deleted: bool = False
    styles: tuple[Style, ...] = ()
    kind: Kind = "text"
    quoted: Quoted | None = None
    typed: bool = False
    cut: bool = False
    album: str = ""
    parts: tuple[str, ...] = ()


class Reacted(msgspec.Struct, frozen=True, gc=False, tag="reacted", omit_defaults=True):
    """Somebody reacted to the copy of a message, or, `taken`, took that back; `person` if it is one of the staff.

    `emoji` are its characters, or a name between colons where it has none. `author` as in `Message`, `at` as in
    `Command`.
    """

    key: str
    emoji: str
    quoted: Quoted = Quoted("")
    person: Person | None = None
    author: User | None = None
    taken: bool = False
    at: str = ""


class Command(msgspec.Struct, frozen=True, gc=False, tag="command", omit_defaults=True):
    """What a member of staff wants done with a case, however they said it: by button, modal or typed command.

    `at` is the channel by which they said it, where staff are on several; `origin` as in `Written`, "" if it stands in
    no message; `cut` as in `Message`.
    """

    key: str
    person: Person
    name: str
    arguments: dict[str, str] = msgspec.field(default_factory=dict)
    removed: tuple[str, ...] = ()
    at: str = ""
    origin: str = ""
    cut: bool = False


class Piece(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What one copy of somebody's words holds; `more`: other pieces of them have arrived. `parts` as in `Message`."""

    document: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    quoted: Quoted | None = None
    more: bool = False
    parts: tuple[str, ...] = ()


class Delivered(msgspec.Struct, frozen=True, gc=False, tag="delivered", omit_defaults=True):
    """A copy of what somebody wrote ended so, at the other side's place; `ref` is the name that the copy has.

    `waiting`: it has not ended, because that place takes no messages until somebody sees to it. Where staff are on
    several channels, `at` is the one by which it went to them, and `others` are the rest.
    """

    key: str
    ref: str
    state: Literal["sent", "refused", "uncertain", "waiting"]
    reason: str = ""
    at: str = ""
    others: tuple[str, ...] = ()
    lacking: Piece | None = None
    """What the merchant has not, or may not have, of what staff wrote."""


class Dropped(msgspec.Struct, frozen=True, gc=False, tag="dropped", omit_defaults=True):
    """A one-time form was filled in, or what it holds was shown to `person`. What that is stands in no event."""

    key: str
    drop: str
    state: Literal["filled", "opened"]
    person: str = ""


class Forgetting(msgspec.Struct, frozen=True, gc=False, tag="forgetting", omit_defaults=True):
    """The merchant wants everything of theirs removed; `asked`: it is here that they said so.

    `left` is the case of theirs whose temporary account has to go before, "" if nothing is in the way.
    """

    key: str
    asked: bool = False
    left: str = ""


class Joined(msgspec.Struct, frozen=True, gc=False, tag="joined", omit_defaults=True):
    """`case` was found to be a duplicate of `into`, as `by` said, and both learn of it.

    `refused`: it cannot be; `others` are the open cases of the same merchant that it could be a duplicate of.
    """

    key: str
    case: str
    into: str
    by: str = ""
    refused: bool = False
    others: tuple[str, ...] = ()


Event = Message | Tap | Submit | Due | Performed | Returned
"""What the bot's turn can be about."""

AnyEvent = Event | Written | Command | Reacted | Delivered | Dropped | Forgetting | Joined
