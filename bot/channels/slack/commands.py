"""Commands in the way that people can give them in Slack, which keeps whatever begins with `/` for itself.

What texts call `/back` is `/triage back` there, by the one command of the app; in a thread, where Slack has none,
it is `@Triage /back`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.slack.buttons import COMMAND, NAME
from bot.channels.slack.rendering import LIMIT
from bot.text.nodes import List, Paragraph, Quote, Text
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.text.nodes import Block, Document, Inline

    Write = Callable[[str], str]

_NONE: Final = re.compile(r"(?!)")


def spelt(document: Document, names: Iterable[str], *, threaded: bool) -> Document:
    """The document with the commands in it spelt for Slack; as it is, if it would be too long for a message then."""
    pattern = _pattern(frozenset(names))
    before = f"@{NAME} /" if threaded else f"{COMMAND} "

    def write(words: str) -> str:
        return pattern.sub(lambda found: before + found[1], words)

    found = tuple(_block(each, write) for each in document)
    return found if len(plain(found)) <= LIMIT else document


@lru_cache(maxsize=8)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """A command by itself: not in an address, a path or a longer word."""
    listed = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w/.:@-])/({listed})(?![\w/-])") if listed else _NONE


def _block(block: Block, write: Write) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_inlines(block.children, write))
    if isinstance(block, List):
        return List(tuple(_inlines(each, write) for each in block.items), block.start)
    if isinstance(block, Quote):
        return Quote(tuple(_inlines(each, write) for each in block.paragraphs))
    return block


def _inlines(nodes: Iterable[Inline], write: Write) -> tuple[Inline, ...]:
    """Words alone: what a link says belongs to where it leads."""
    return tuple(
        msgspec.structs.replace(each, value=write(each.value)) if isinstance(each, Text) else each for each in nodes
    )
