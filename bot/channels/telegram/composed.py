"""What people compose in Telegram's apps: the text and the entities of their message, as a text and its styles.

Mentions stay the text that they are: nobody is mentioned by what is made of it.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.text.styles import Kind, Style, moved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.telegram.updates import Message

_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "bold": "bold",
        "italic": "italic",
        "strikethrough": "strike",
        "code": "code",
        "pre": "pre",
        "blockquote": "quote",
        "expandable_blockquote": "quote",
        "url": "link",
        "text_link": "link",
    }
)
"""Entities that have a way to be written elsewhere; others are their text alone."""


def composed(message: Message) -> tuple[str, tuple[Style, ...]]:
    """The words of a message, or below its file, and how they are written.

    A link behind words has its address beside them: nobody reads where it leads in its words.
    """
    text = message.text or message.caption
    found = message.entities if message.text else message.caption_entities
    if not found:
        return text, ()
    units = [0, *accumulate(2 if ord(each) > 0xFFFF else 1 for each in text)]  # noqa: PLR2004  (the BMP ends there)
    parts: list[str] = []
    styles: list[Style] = []
    at, edits = 0, list[tuple[int, int, int]]()
    for each in sorted(found, key=lambda entity: entity.offset):
        start, end = bisect_left(units, each.offset), min(bisect_left(units, each.offset + each.length), len(text))
        if each.type not in _KINDS or not 0 <= start < end:
            continue
        if each.type == "text_link" and each.url.rstrip("/") != text[start:end].rstrip("/") and end >= at:
            parts += text[at:end], f" ({each.url})"
            edits.append((end, end, len(each.url) + 3))
            at = end
        else:
            styles.append(Style(_KINDS[each.type], start, end))
    return "".join([*parts, text[at:]]), moved(styles, edits)
