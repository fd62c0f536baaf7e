"""Rich text as plain text, for where a channel has nothing better: notifications, logs, the console, measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text.nodes import Block, CodeBlock, Document, Inline, Link, List, Moment, Paragraph, Quote, Text

if TYPE_CHECKING:
    from collections.abc import Iterable


def plain(document: Document) -> str:
    """The readable text of `document`: blocks separated by a blank line, lists as `- ` or `1. `, quotes as `> `.

    A link is `label (url)`, or its label alone where that is the address. A place that has no value yet is `…`.
    """
    return "\n\n".join([_block(block) for block in document])


def plain_inlines(children: Iterable[Inline]) -> str:
    """The readable text of inline nodes."""
    return "".join([_inline(child) for child in children])


def _inline(node: Inline) -> str:
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Link):
        label = plain_inlines(node.children)
        return label if node.url in {label, f"mailto:{label}"} else f"{label} ({node.url})"
    if isinstance(node, Moment):
        return node.text
    return "…"


def _block(block: Block) -> str:
    if isinstance(block, (Paragraph, CodeBlock)):
        return plain_inlines(block.children)
    if isinstance(block, List):
        first = block.start
        return "\n".join(
            [
                _marked(plain_inlines(item), "- " if first is None else f"{first + position}. ")
                for position, item in enumerate(block.items)
            ]
        )
    if isinstance(block, Quote):
        text = "\n\n".join([plain_inlines(paragraph) for paragraph in block.paragraphs])
        return "\n".join([f"> {line}" if line else ">" for line in text.split("\n")])
    return "---"


def _marked(text: str, marker: str) -> str:
    """A list item whose further lines stand under the first; empty lines stay empty."""
    if "\n" not in text:
        return marker + text
    first, *others = text.split("\n")
    indent = " " * len(marker)
    return "\n".join([marker + first, *[indent + line if line else "" for line in others]])
