"""Formatted text: entities in their bounds, counted in UTF-16 units, and the HTML that yields them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.platforms.wire import Json

MAX_TEXT, MAX_CAPTION = 4096, 1024
MAX_ENTITIES = 100
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,64}(@\w+)?")),
    ("url", re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z]\w{3,31}")),
)
"""What Telegram itself marks in a text, the more telling first."""


def units(text: str) -> int:
    """The length that Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def detected(text: str) -> list[Json]:
    """The entities that Telegram finds in a text that somebody typed."""
    found: list[Json] = []
    taken: list[range] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            span = range(match.start(), match.end())
            if all(span.stop <= other.start or other.stop <= span.start for other in taken):
                taken.append(span)
                offset = units(text[: match.start()])
                found.append({"type": kind, "offset": offset, "length": units(match.group())})
    return sorted(found, key=lambda each: (each["offset"], -each["length"]))


def formatted(arguments: Json, field: str = "text") -> Json:
    """The text and entities that a call asks for, as fields of a message; `field` is text or caption."""
    entities_field = "entities" if field == "text" else "caption_entities"
    text: str = arguments.get(field, "")
    entities: list[Json] = [dict(each) for each in arguments.get(entities_field, [])]
    mode = arguments.get("parse_mode")
    if mode is not None:
        if entities:
            raise Violation(f"parse_mode and {entities_field} exclude each other")
        if mode != "HTML":
            raise Violation(f"the stand-in reads entities and HTML, not {mode}")
        text, entities = parsed_html(text)
    check_bounds(text, entities)
    text, entities = _trimmed(text, entities)
    if units(text) > (MAX_TEXT if field == "text" else MAX_CAPTION):
        raise bad("message is too long" if field == "text" else "message caption is too long")
    if field == "text" and not text:
        raise bad("message text is empty")
    if len(entities) > MAX_ENTITIES:
        raise Violation(f"only the first {MAX_ENTITIES} of {len(entities)} entities would be shown")
    automatic = [each for each in detected(text) if not _overlaps(each, entities)]
    entities = sorted(entities + automatic, key=lambda each: (each["offset"], -each["length"]))
    found: Json = {field: text} if text else {}
    return found | ({entities_field: entities} if entities else {})


def check_bounds(text: str, entities: Sequence[Json]) -> None:
    """Refuse an entity that is empty, out of the text, or cuts a character in two (tdlib, MessageEntity.cpp)."""
    encoded = text.encode("utf-16-le")
    for each in entities:
        offset, length = each["offset"], each["length"]
        if not offset >= 0 or length < 0:
            raise bad(f"wrong entity offset {offset} or length {length} specified")
        if length == 0:
            raise Violation(f"the entity at {offset} is empty")
        if offset >= len(encoded) // 2:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > len(encoded) // 2:
            raise bad(f"entity ends after the end of the text at UTF-16 offset {offset + length}")
        for edge, verb in ((offset, "begins"), (offset + length, "ends")):
            if 0xDC <= encoded[edge * 2 + 1 : edge * 2 + 2].ljust(1, b"\0")[0] <= 0xDF:
                raise bad(f"entity {verb} in a middle of a UTF-16 symbol at UTF-16 offset {edge}")


def parsed_html(source: str) -> tuple[str, list[Json]]:
    """The text and entities of Telegram's HTML; 400 "can't parse entities" for anything else."""
    reader = _Html()
    reader.feed(source)
    reader.close()
    if reader.open:
        raise bad(f"can't parse entities: can't find end tag corresponding to start tag \"{reader.open[-1][0]}\"")
    return reader.text, reader.entities


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self.open: list[tuple[str, Json]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            place = len(self.text.encode())
            raise bad(f'can\'t parse entities: unsupported start tag "{tag}" at byte offset {place}')
        entity: Json = {"type": TAGS[tag], "offset": units(self.text), "length": 0}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self.open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad(f'can\'t parse entities: unmatched end tag "{tag}" at byte offset {len(self.text.encode())}')
        _, entity = self.open.pop()
        entity["length"] = units(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram drops the white space around a message; entities move with the text."""
    start = units(text) - units(text.lstrip())
    kept = text.strip()
    size = units(kept)
    moved: list[dict[str, Any]] = []
    for each in entities:
        first, last = max(each["offset"] - start, 0), min(each["offset"] + each["length"] - start, size)
        if first < last:
            moved.append({**each, "offset": first, "length": last - first})
    return kept, moved


def _overlaps(entity: Json, others: Sequence[Json]) -> bool:
    end = entity["offset"] + entity["length"]
    return any(entity["offset"] < each["offset"] + each["length"] and each["offset"] < end for each in others)
