"""Albums: files that somebody sent at once. They come one by one where a platform brings them so, and leave as one.

What came is put together again as one message, once nothing more has come for a while (`bot.conversation` keeps it
until then). What goes out is cut into as many files as a channel takes in one call.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.events import Command, Message, Reacted, Submit, Tap, Written
from bot.text.styles import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.chat.effects import Relay
    from bot.chat.events import AnyEvent, File

GATHERED_AFTER: Final = timedelta(seconds=1)
"""After the last that came; platforms bring an album within a fraction of that."""
MOST_GATHERED: Final = 30
"""Messages that are kept back at most, of all albums that are coming."""
MOST_FILES: Final = 10
"""Files that leave as one: https://core.telegram.org/bots/api#sendmediagroup; Slack's own apps send as many."""
MOST_BYTES: Final = 50_000_000
"""Of the files that leave as one, together, where they are passed on by their bytes."""

Part = Message | Written
"""A message that may be one of an album."""


def is_part(event: AnyEvent) -> bool:
    """Whether an event brings a file of an album, of which more may come."""
    # asked by type: for these classes `isinstance` takes ten times as long to say no
    if not (type(event) is Message or type(event) is Written):
        return False
    return bool(event.album and event.files) and not (event.edited or event.deleted)


def before(gathered: Iterable[Part], event: AnyEvent) -> tuple[Part, ...]:
    """Of what was gathered: what the same side sent before `event`, which must not overtake it."""
    if type(event) is Message or type(event) is Tap or type(event) is Submit:
        return tuple(each for each in gathered if type(each) is Message)
    if type(event) is Written or type(event) is Command or (type(event) is Reacted and event.person is not None):
        return tuple(each for each in gathered if type(each) is Written)
    return ()


def whole(gathered: Iterable[Part]) -> list[Part]:
    """The messages that parts are of, in the order in which the first part of each came."""
    found: dict[tuple[type[Part], str], list[Part]] = {}
    for each in gathered:
        found.setdefault((type(each), each.album), []).append(each)
    return [_joined(parts) for parts in found.values()]


def _joined(parts: Sequence[Part]) -> Part:
    """The message that has the files of all parts, and the words of those that have any.

    Its origin is that of the part with the words, so that what becomes of the words later finds them.
    """
    ordered = sorted(parts, key=lambda each: (len(each.origin), each.origin))  # Telegram counts its messages
    first = next((each for each in ordered if each.text), ordered[0])
    text = ""
    styles: list[Style] = []
    for each in ordered:
        if each.text:
            text += "\n" if text else ""
            styles += [Style(style.kind, style.start + len(text), style.end + len(text)) for style in each.styles]
            text += each.text
    if type(first) is Written:
        aside = any(type(each) is Written and each.aside for each in parts)
        first = msgspec.structs.replace(first, aside=aside)
    return msgspec.structs.replace(
        first,
        key=f"album:{parts[0].key}",
        text=text,
        styles=tuple(styles),
        files=tuple(file for each in ordered for file in each.files),
        quoted=next((each.quoted for each in ordered if each.quoted is not None), None),
        cut=any(each.cut for each in parts),
        album="",
        parts=tuple(each.origin for each in ordered for _ in each.files) if len(ordered) > 1 else (),
    )


def cut(
    relay: Relay,
    together: Callable[[File], str] = lambda _: "file",
    weight: Callable[[File], int] = lambda file: file.size,
) -> list[Relay]:
    """The files of a relay in as few as can leave as one each, in their order, without words.

    Those of which `together` gives the same can, but for ""; `weight` are the bytes of one that have to be at hand.
    """
    groups: list[list[int]] = []
    size = 0
    for at, file in enumerate(relay.files):
        last = groups[-1] if groups else []
        fits = last and together(file) and together(file) == together(relay.files[last[-1]])
        if fits and len(last) < MOST_FILES and size + weight(file) <= MOST_BYTES:
            last.append(at)
            size += weight(file)
        else:
            groups.append([at])
            size = weight(file)
    return [
        msgspec.structs.replace(
            relay,
            document=(),
            by="",
            quoted=None,
            files=tuple(relay.files[at] for at in group),
            parts=tuple(relay.parts[at] for at in group) if relay.parts else (),
        )
        for group in groups
    ]
