"""Rich text as Telegram's text and entities. Entities come from the AST alone, so nobody's words become markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.chat.people import LIMITS, TELEGRAM
from bot.text.nodes import CodeBlock, Link, List, Moment, Paragraph, Quote, Text
from bot.text.plain import plain_inlines
from bot.text.split import split, utf16_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.text.nodes import Block, Document, Inline

LIMIT: Final = LIMITS[TELEGRAM.name].text
"""UTF-16 code units of a message."""
MOST_ENTITIES: Final = 100
"""Entities of a message that Telegram heeds."""

_STYLES: Final = ("bold", "italic", "code")


class Entity(NamedTuple):
    """A stretch of a text in one style, in UTF-16 code units; `type` and `url` as in the Bot API's MessageEntity."""

    type: str
    offset: int
    length: int
    url: str = ""
    at: int = 0
    """The time that a `date_time` shows, in seconds since 1970 UTC."""


class Rendered(NamedTuple):
    """A text and the entities in it."""

    text: str
    entities: tuple[Entity, ...] = ()


def chunks(document: Document) -> list[Document]:
    """The document in pieces that each are one message; none for a document without text."""
    return split(document, LIMIT, utf16_units)


def rendered(document: Document) -> Rendered:
    """The message of a document."""
    writer = _Writer()
    for position, block in enumerate(document):
        if position:
            writer.write("\n\n")
        writer.block(block)
    return Rendered("".join(writer.parts), tuple(writer.entities[:MOST_ENTITIES]))


class _Writer:
    """Text so far, and its entities."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.entities: list[Entity] = []
        self.at = 0

    def write(self, text: str) -> None:
        # a lone surrogate can be neither sent nor measured as others measure it
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self.parts.append(text)
        self.at += utf16_units(text)

    def mark(self, kind: str, start: int, url: str = "", at: int = 0) -> None:
        if self.at > start:
            self.entities.append(Entity(kind, start, self.at - start, url, at))

    def block(self, block: Block) -> None:
        start = self.at
        if isinstance(block, Paragraph):
            self.inlines(block.children)
        elif isinstance(block, CodeBlock):
            self.write(plain_inlines(block.children))
            self.mark("pre", start)
        elif isinstance(block, List):
            self.items(block.items, block.start)
        elif isinstance(block, Quote):
            for position, paragraph in enumerate(block.paragraphs):
                if position:
                    self.write("\n\n")
                self.inlines(paragraph)
            self.mark("blockquote", start)
        else:
            self.write("---")

    def items(self, items: Sequence[Iterable[Inline]], first: int | None) -> None:
        for position, item in enumerate(items):
            marker = "- " if first is None else f"{first + position}. "
            self.write(("\n" if position else "") + marker)
            self.inlines(item)

    def inlines(self, nodes: Iterable[Inline]) -> None:
        for node in nodes:
            start = self.at
            if isinstance(node, Text):
                self.write(node.value)
                for style in _STYLES:
                    if getattr(node, style):
                        self.mark(style, start)
                if node.strike:
                    self.mark("strikethrough", start)
            elif isinstance(node, Link):
                self.link(node)
            elif isinstance(node, Moment):
                self.write(node.text)
                self.mark("date_time", start, at=node.at)
            else:
                self.write("…")

    def link(self, node: Link) -> None:
        """Telegram links no mail addresses behind a label; there the address stands beside it."""
        start = self.at
        if node.url.startswith("mailto:"):
            self.write(plain_inlines((node,)))
            return
        self.inlines(node.children)
        self.mark("text_link", start, node.url)
