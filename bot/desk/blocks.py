"""The card of a case as text to copy into another system: Markdown as GitHub reads it, and the markup of Jira.

What people wrote stays literal: it can format nothing there, and mention nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.text.nodes import CodeBlock, List, Text, paragraph
from bot.text.plain import plain, plain_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.text.nodes import Block, Document, Inline


class _Markup(NamedTuple):
    """A way to write: which characters mean something, and how bold words, items and line breaks are written."""

    name: str
    special: re.Pattern[str]
    bold: str
    item: str
    newline: str


_APART: Final = "\u200b"
"""Put behind @ and #, which no backslash disarms: a space without width."""
_WAYS: Final = (
    _Markup("GitHub", re.compile(r"([\\`*_{}\[\]<>|~!$]|^[-+]|(?<=^\d)\.)", re.MULTILINE), "**", "- ", "\n  "),
    _Markup("Jira", re.compile(r"([\\*_{}\[\]|!^~+?-])"), "*", "* ", r" \\ "),
)


def copies(card: Document) -> Document:
    """The card once in each markup, behind the name of what reads it."""
    return tuple(
        block for way in _WAYS for block in (paragraph(way.name, bold=True), CodeBlock((Text(_written(card, way)),)))
    )


def _written(document: Document, way: _Markup) -> str:
    return "\n\n".join(_block(block, way) for block in document)


def _block(block: Block, way: _Markup) -> str:
    if isinstance(block, List):
        return "\n".join(way.item + _inlines(each, way).replace("\n", way.newline) for each in block.items)
    children = getattr(block, "children", None)
    return _inlines(children, way) if children is not None else _literal(plain((block,)), way)


def _inlines(nodes: Iterable[Inline], way: _Markup) -> str:
    return "".join(
        f"{way.bold}{_literal(each.value, way)}{way.bold}"
        if isinstance(each, Text) and each.bold
        else _literal(plain_inlines((each,)), way)
        for each in nodes
    )


def _literal(words: str, way: _Markup) -> str:
    return way.special.sub(r"\\\1", words).replace("@", f"@{_APART}").replace("#", f"#{_APART}")
