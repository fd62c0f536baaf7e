"""What comes in: an update of the Bot API as an arrival. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.channels.telegram.composed import composed
from bot.channels.telegram.updates import Update, read
from bot.chat.addresses import Address
from bot.chat.events import File, Message, Tap
from bot.chat.people import TELEGRAM, User
from bot.service.step import Received, Unreadable
from bot.store.rows import Arrival
from bot.text.styles import moved

if TYPE_CHECKING:
    from bot.channels.telegram import updates
    from bot.chat.events import Event, Kind
    from bot.text.styles import Style

MOST_KEPT: Final = 4_096
"""Code points that are kept of an update that cannot be read."""

_MEDIA: Final = ("document", "video", "audio", "animation")
_SILENT: Final[tuple[Kind, ...]] = ("sticker", "voice", "video_note", "contact", "location", "poll", "dice", "story")
_OTHERS: Final = ("game", "checklist", "paid_media")


class Me(NamedTuple):
    """The bot, and the chat of its staff ("" for none), whose words are no merchant's."""

    id: str
    username: str
    staff_chat: str = ""


class Press(NamedTuple):
    """A pressed button, which is to be answered at once: its query, the language of whoever pressed it.

    `stale`: the message no longer has the button; an app showed it that had not heard yet.
    """

    query: str
    language: str = ""
    stale: bool = False


def arrival(raw: object, me: Me, heard: str = "") -> Arrival | None:
    """The arrival of an update as parsed JSON; None for what is not for the bot. `heard` is an album that is.

    What cannot be read becomes an arrival, too, which no step can apply: it is parked and never brought again.
    """
    try:
        return _arrival(read(raw), me, heard)
    except (msgspec.ValidationError, ValueError):  # half a character is no text
        return unreadable(json.dumps(raw).encode(), me)  # which takes also half characters and endless numbers


def unreadable(raw: bytes, me: Me) -> Arrival:
    """The arrival of what is no update."""
    key = hashlib.sha256(raw).hexdigest()
    text = raw.decode("utf-8", "replace")[:MOST_KEPT]
    return Arrival(str(Address(TELEGRAM.name, me.id, "unreadable")), key, Unreadable(text))


def pressed(raw: object) -> Press | None:
    """The press that an update tells of, whatever else is wrong with it; None for any other update."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    if not isinstance(found, str) or not found:
        return None
    try:
        read_query = read(raw).callback_query
    except (msgspec.ValidationError, ValueError):
        read_query = None
    if read_query is None:
        return Press(found)
    at = read_query.message
    shown = at.reply_markup.inline_keyboard if at is not None and at.reply_markup is not None else ()
    stale = at is not None and all(each.callback_data != read_query.data for row in shown for each in row)
    return Press(found, read_query.sender.language_code, stale)


def shared(raw: object, me: Me) -> tuple[str, str] | None:
    """The chat and the album of what is sent as part of one in a group of merchants; None for anything else.

    Of an album that mentions the bot, the words of one part do, and nothing in the others tells that they belong to it
    but its id.
    """
    message = raw.get("message") if isinstance(raw, dict) else None
    chat, album = (message.get("chat"), message.get("media_group_id")) if isinstance(message, dict) else (None, None)
    if not isinstance(chat, dict) or not isinstance(album, str) or chat.get("type") not in {"group", "supergroup"}:
        return None
    where = str(chat.get("id"))
    return None if where == me.staff_chat else (where, album)


def _arrival(update: Update, me: Me, heard: str) -> Arrival | None:
    key = str(update.update_id)
    query = update.callback_query
    if query is not None:
        # the message of a button of an inline query is nowhere
        at = query.message
        return None if at is None or not query.data else _placed(at, query.sender, Tap(key, query.data), me)
    message = update.message or update.edited_message
    if message is None or message.sender is None or message.sender.is_bot:
        return None
    words, styles = composed(message)
    if message.chat.type != "private":
        if not (heard and message.media_group_id == heard) and not _addressed(message, words, me):
            return None
        words, styles = _without_mention(words, styles, me)
    if words.startswith("/"):
        words, styles = unnamed(words), ()
    if update.message is None:
        said = Message(key, words, edited=True, styles=styles)
        return _placed(message, message.sender, said, me) if words else None
    event = _message(message, key, words, styles)
    return None if event is None else _placed(message, message.sender, event, me)


def _placed(message: updates.Message, sender: updates.Sender, event: Event, me: Me) -> Arrival | None:
    if message.chat.type == "channel" or str(message.chat.id) == me.staff_chat:
        return None
    thread = str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""
    where = Address(TELEGRAM.name, me.id, str(message.chat.id), thread)
    received = Received(event, User(str(sender.id), sender.first_name), sender.language_code)
    return Arrival(str(where), event.key, received, "" if isinstance(event, Tap) else str(message.message_id))


def _message(message: updates.Message, key: str, words: str, styles: tuple[Style, ...]) -> Message | None:
    """The event of a message; None for one that only tells that something happened in the chat."""
    attached = tuple(files(message))
    if words or attached:
        return Message(key, words, attached, styles=styles, album=message.media_group_id if attached else "")
    kind = kind_of(message)
    return None if kind == "text" else Message(key, kind=kind)


def kind_of(message: updates.Message) -> Kind:
    """What a message is that has neither text nor files; text for one that only tells that something happened."""
    known = next((kind for kind in _SILENT if getattr(message, kind) is not None), None)
    others = any(getattr(message, kind) is not None for kind in _OTHERS)
    return known or ("other" if others else "text")


def answered(message: updates.Message) -> str:
    """The id of the message that it replies to, "" for none; whatever is in a topic replies to its opening."""
    replied = message.reply_to_message
    if replied is None or not replied.message_id or replied.forum_topic_created is not None:
        return ""
    return str(replied.message_id)


def replying(raw: object) -> str:
    """The same, of an update as parsed JSON."""
    message = raw.get("message") if isinstance(raw, dict) else None
    if not isinstance(message, dict) or "reply_to_message" not in message:
        return ""
    found = read(raw).message
    return answered(found) if found is not None else ""


def files(message: updates.Message) -> list[File]:
    """The file of a message, its id behind its kind, because Telegram wants to know both to send it on."""
    if message.photo:
        best = message.photo[-1]  # the sizes of one photo, the largest last
        return [File(f"photo/{best.file_id}", f"photo-{message.message_id}.jpg", best.file_size, "image/jpeg")]
    for kind in ("animation", *_MEDIA):  # an animation comes as a document, too
        media = getattr(message, kind)
        if media is not None:
            name = media.file_name or f"{kind}-{message.message_id}"
            return [File(f"{kind}/{media.file_id}", name, media.file_size, media.mime_type)]
    return []


def _addressed(message: updates.Message, words: str, me: Me) -> bool:
    """Whether something said in a group is said to the bot: a command, a mention or a reply."""
    if words.startswith("/"):
        return ours(words, me)
    reply = message.reply_to_message
    replied = reply.sender if reply is not None and reply.forum_topic_created is None else None
    if replied is not None and str(replied.id) == me.id:
        return True
    return _mention(me).search(words) is not None


def _without_mention(words: str, styles: tuple[Style, ...], me: Me) -> tuple[str, tuple[Style, ...]]:
    if words.startswith("/"):
        return words, styles
    gone = [(*found.span(), 0) for found in _mention(me).finditer(words)]
    left = _mention(me).sub("", words)
    lead = len(left) - len(left.lstrip())
    return left.strip(), moved(moved(styles, gone), [(0, lead, 0)] if lead else ())


def _mention(me: Me) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(me.username)}\b", re.IGNORECASE)


def ours(command: str, me: Me) -> bool:
    """Whether a command names this bot, or none: Telegram puts the name behind it where a group has several."""
    bot = command.split(None, 1)[0].partition("@")[2]
    return not bot or bot.casefold() == me.username.casefold()


def unnamed(words: str) -> str:
    """A command without the name of the bot in it."""
    name, *rest = words.split(None, 1)
    return " ".join([name.partition("@")[0], *rest])
